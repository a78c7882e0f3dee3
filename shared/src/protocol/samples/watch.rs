//! Watching together.

use super::{anagh, cinema, moment};
use crate::protocol::{
    Event, MediaChanged, NamedPerson, PlaybackCause, PlaybackState, QueueItem, QueueUpdated, SyncCorrection,
    WaitingFor,
};

pub(super) fn events() -> Vec<Event> {
    [playback(), queue()].into_iter().flatten().collect()
}

fn playback() -> Vec<Event> {
    let joined = PlaybackState {
        is_playing: true,
        time: 12.5,
        version: 7,
        server_time: moment(0),
        starts_at: None,
        rate: 1.0,
        item: Some("i-1".to_owned()),
        waiting: false,
        cause: PlaybackCause::Join,
        place: cinema(),
    };
    let sought = PlaybackState {
        starts_at: Some(moment(1)),
        waiting: true,
        cause: PlaybackCause::Command,
        ..joined.clone()
    };
    let jump = SyncCorrection {
        time: 15.1,
        is_playing: true,
        version: 7,
        server_time: moment(0),
        rate: None,
        seconds: None,
        place: cinema(),
    };
    let drift = SyncCorrection { rate: Some(1.05), seconds: Some(2.0), ..jump.clone() };
    vec![Event::Playback(joined), Event::Playback(sought), Event::Correction(jump), Event::Correction(drift)]
}

fn queue() -> Vec<Event> {
    let named = || NamedPerson { id: anagh().id, name: anagh().name };
    let item = || QueueItem {
        id: "i-1".to_owned(),
        provider: "url".to_owned(),
        video_id: "https://example.com/film.mp4".to_owned(),
        url: Some("https://example.com/film.mp4".to_owned()),
        title: Some("The Third Man".to_owned()),
        duration: Some(5580.0),
        poster: None,
        added_by: named(),
    };
    vec![
        Event::MediaChanged(MediaChanged { item: Some(item()), place: cinema() }),
        Event::QueueUpdated(QueueUpdated::fitting(cinema(), vec![item()])),
        Event::WaitingFor(WaitingFor::fitting(cinema(), 8, vec![named()], moment(8))),
    ]
}
