//! What is chosen or queued is looked up where it lies, and nobody waits for that.

use std::time::Duration;

use bytes::Bytes;
use parlor::app::{self, Commander};
use parlor::ids::MediaId;
use parlor::ports::{Job, NotAllowed, OutboundAnswer, OutboundCall, OutboundError};
use parlor::protocol::{MediaChoice, MediaSource, QueueItem};

use super::cinema::Cinema;

fn url(url: &str) -> MediaChoice {
    MediaChoice { source: MediaSource::Url(url.to_owned()), title: None, duration: None }
}

impl Cinema {
    async fn choose(&self, choice: &MediaChoice) {
        let by = Commander { user: self.host.user, sent: None };
        app::set_media(&self.bench.app, &by, &self.code, choice).await.unwrap();
    }

    async fn look_up(&self) {
        self.run_due(Duration::from_secs(10)).await;
    }

    async fn chosen(&self) -> QueueItem {
        let details = app::room_details(&self.bench.app, self.host.user, &self.code).await.unwrap();
        details.item.unwrap()
    }
}

fn boxed(kind: &[u8; 4], payload: &[u8]) -> Vec<u8> {
    let size = u32::try_from(payload.len() + 8).unwrap();
    [&size.to_be_bytes()[..], kind, payload].concat()
}

/// A film of 90.5 seconds whose header comes last.
fn film() -> Vec<u8> {
    let mvhd = [&[0; 12][..], &1000u32.to_be_bytes(), &90_500u32.to_be_bytes(), &[0; 80]].concat();
    let moov = boxed(b"moov", &boxed(b"mvhd", &mvhd));
    [boxed(b"ftyp", b"isom0000"), boxed(b"mdat", &vec![7; 300_000]), moov].concat()
}

/// What a server that knows ranges answers for a file.
fn part(file: &[u8], call: &OutboundCall) -> Result<OutboundAnswer, OutboundError> {
    let range = &call.headers.iter().find(|(name, _)| *name == "range").unwrap().1;
    let (from, to) = range.strip_prefix("bytes=").unwrap().split_once('-').unwrap();
    let (from, to): (usize, usize) = (from.parse().unwrap(), to.parse().unwrap());
    let to = (to + 1).min(file.len());
    let headers = vec![("content-range".to_owned(), format!("bytes {from}-{}/{}", to - 1, file.len()))];
    let body = Bytes::copy_from_slice(&file[from..to]);
    assert!(body.len() <= call.max_answer);
    Ok(OutboundAnswer { status: 206, headers, body, is_cut: false, url: call.url.clone() })
}

fn whole(text: &str, call: &OutboundCall) -> OutboundAnswer {
    let body = Bytes::copy_from_slice(text.as_bytes());
    OutboundAnswer { status: 200, headers: Vec::new(), body, is_cut: false, url: call.url.clone() }
}

#[tokio::test]
async fn a_film_elsewhere_is_told_again_with_its_title_and_length() {
    let cinema = Cinema::new().await;
    let mut seat = cinema.seated("a", &cinema.host.clone()).await;
    let file = film();
    cinema.bench.outbound.answer(move |call| part(&file, call));
    cinema.choose(&url("https://example.org/The%20Third_Man.mp4")).await;
    let first = seat.hear("MEDIA_CHANGED").await;
    assert!(first["item"]["title"].is_null() && first["item"]["duration"].is_null());
    assert!(cinema.bench.outbound.calls().is_empty(), "no command waits");
    cinema.look_up().await;
    let again = seat.hear("MEDIA_CHANGED").await;
    assert_eq!(
        (&again["item"]["title"], &again["item"]["duration"]),
        (&"The Third Man".into(), &90.5.into())
    );
    assert_eq!(again["item"]["id"], first["item"]["id"]);
    // The beginning, and the header behind the pictures: no more is read.
    let calls = cinema.bench.outbound.calls();
    assert_eq!(calls.len(), 2, "{calls:?}");
}

#[tokio::test]
async fn what_is_queued_is_looked_up_too_and_what_was_said_of_it_stands() {
    let cinema = Cinema::new().await;
    let list = "#EXTM3U\n#EXTINF:9.5,\na.ts\n#EXTINF:3,\nb.ts\n#EXT-X-ENDLIST\n";
    let master = "#EXTM3U\n#EXT-X-STREAM-INF:BANDWIDTH=1\nlow/index.m3u8\n";
    cinema.bench.outbound.answer(move |call| {
        Ok(whole(if call.url.ends_with("/low/index.m3u8") { list } else { master }, call))
    });
    let choice = MediaChoice { title: Some("Mine".to_owned()), ..url("https://example.org/master.m3u8") };
    let user = cinema.host.user;
    app::add_to_queue(&cinema.bench.app, user, &cinema.code, &choice).await.unwrap();
    cinema.look_up().await;
    let (queue, _) = app::queue(&cinema.bench.app, user, &cinema.code, None, 10).await.unwrap();
    assert_eq!((queue[0].title.as_deref(), queue[0].duration), (Some("Mine"), Some(12.5)));
    let urls: Vec<_> = cinema.bench.outbound.calls().into_iter().map(|call| call.url).collect();
    assert_eq!(urls[2], "https://example.org:443/low/index.m3u8");
}

#[tokio::test]
async fn what_cannot_be_reached_or_makes_no_sense_is_watched_all_the_same() {
    let cinema = Cinema::new().await;
    cinema.bench.outbound.answer(|_| Err(OutboundError::NotAllowed(NotAllowed::NotPublic)));
    cinema.choose(&url("https://intranet.example.org/film.mp4")).await;
    cinema.look_up().await;
    assert_eq!(cinema.chosen().await.duration, None);
    cinema.bench.outbound.answer(|call| Ok(whole("<!doctype html>", call)));
    cinema.choose(&url("https://example.org/film.mp4")).await;
    cinema.look_up().await;
    let item = cinema.chosen().await;
    assert_eq!((item.duration, item.title.as_deref()), (None, Some("film")));
}

#[tokio::test]
async fn nothing_is_asked_for_what_is_known_or_lies_with_others() {
    let cinema = Cinema::new().await;
    cinema.bench.jobs.take();
    let known = MediaChoice {
        title: Some("Film".to_owned()),
        duration: Some(3.0),
        ..url("https://example.org/film.mp4")
    };
    cinema.choose(&known).await;
    cinema.choose(&url("https://youtu.be/dQw4w9WgXcQ")).await;
    let jobs = cinema.bench.jobs.take();
    assert!(!jobs.iter().any(|(job, _)| matches!(job, Job::LookUpItem { .. })), "{jobs:?}");
}

#[tokio::test]
async fn a_sound_of_our_own_tells_its_length_by_its_bytes() {
    let cinema = Cinema::new().await;
    let id: MediaId = "904cb473-5d17-4885-9363-46f466a7d140".parse().unwrap();
    let choice = MediaChoice { source: MediaSource::Medium(id), title: None, duration: None };
    cinema.choose(&choice).await;
    cinema.look_up().await;
    let item = cinema.chosen().await;
    assert!(item.duration.is_some_and(|seconds| (0.1..600.0).contains(&seconds)), "{item:?}");
    assert!(cinema.bench.outbound.calls().is_empty());
}
