//! Uploads that go into the store directly, from their announcement to word of them on the feed.

use std::collections::BTreeMap;
use std::sync::atomic::Ordering;
use std::time::Duration;

use parlor::app::{
    self, AnnouncedFile, AppError, DirectUpload, UploadOutcome, begin_upload, finish_upload, upload_medium,
};
use parlor::domain::media::Medium;
use parlor::ids::{StoredName, UserId};
use parlor::ports::{Group, Job};
use parlor::store::{Media, Uploads};

use crate::use_cases::bench::*;

const OWNER: UserId = UserId(7);
const DAY: Duration = Duration::from_secs(24 * 3600);

fn file() -> AnnouncedFile {
    AnnouncedFile {
        filename: "dir/song.mp3".to_owned(),
        content_type: None,
        size: 3,
        sha256: Some("ab".repeat(32)),
        fields: BTreeMap::from([("mood".to_owned(), "calm".to_owned())]),
    }
}

async fn begin(bench: &Bench, request: Option<&str>) -> (DirectUpload, StoredName) {
    let upload = begin_upload(&bench.app, OWNER, file(), request).await.unwrap();
    let (name, _) = bench.media.signed.lock().unwrap().pop().unwrap();
    (upload, name)
}

async fn medium(bench: &Bench, upload: &DirectUpload) -> Option<Medium> {
    Media(&*bench.app.ports().table).get(upload.media_id).await.unwrap()
}

async fn finish(bench: &Bench, name: &StoredName) -> UploadOutcome {
    finish_upload(&bench.app, name).await.unwrap()
}

#[tokio::test]
async fn bytes_that_were_announced_become_a_medium_that_the_feed_hears_of_once() {
    let bench = Bench::new();
    let (upload, name) = begin(&bench, None).await;
    assert!(medium(&bench, &upload).await.is_none());
    let found = app::find_by_id(&bench.app, OWNER, upload.media_id).await;
    assert!(matches!(found, Err(AppError::NotFound)), "not before its bytes are there");
    bench.media.take(&name, b"abc");
    bench.clock.advance(HOUR);
    assert_eq!(finish(&bench, &name).await, UploadOutcome::Finished);
    let medium = medium(&bench, &upload).await.unwrap();
    assert_eq!((medium.owner, medium.size, medium.stored_name.clone()), (OWNER, 3, name.clone()));
    assert_eq!((medium.filename.as_str(), medium.content_type.as_str()), ("song.mp3", "audio/mpeg"));
    assert_eq!((medium.sha256, medium.created_at), (Some("ab".repeat(32)), bench.app.ports().clock.now()));
    assert_eq!(medium.fields["mood"], "calm");
    assert!(app::find_by_name(&bench.app, &name).await.is_ok());

    assert_eq!(finish(&bench, &name).await, UploadOutcome::AlreadyFinished);
    let announced = bench.jobs.take();
    let [(Job::Publish { group: Group::Feed, frame }, delay)] = &announced[..] else {
        panic!("{announced:?}")
    };
    let said = frame.as_str();
    assert_eq!(said, format!(r#"{{"action": "PLAY", "value": "{}"}}"#, upload.media_id));
    assert!((1_000..=10_000).contains(&delay.as_millis()), "{delay:?}");
    assert_eq!(bench.media.files().len(), 1);
}

#[tokio::test]
async fn bytes_that_are_not_what_was_announced_are_taken_away() {
    let kind = |text: &str| Some(text.to_owned());
    for (bytes, known) in [
        (&b"abcd"[..], (None, None)),
        (b"abc", (kind("text/html"), None)),
        (b"abc", (kind("audio/mpeg"), Some("cd".repeat(32)))),
    ] {
        let bench = Bench::new();
        let (upload, name) = begin(&bench, Some("key")).await;
        *bench.media.known.lock().unwrap() = known.clone();
        bench.media.take(&name, bytes);
        assert_eq!(finish(&bench, &name).await, UploadOutcome::Refused, "{bytes:?} {known:?}");
        assert_eq!(bench.media.files().len(), 0);
        // The same name again brings nothing; the same request may begin anew.
        bench.media.take(&name, b"abc");
        assert_eq!(finish(&bench, &name).await, UploadOutcome::Unexpected);
        assert!(medium(&bench, &upload).await.is_none() && bench.jobs.take().is_empty());
        let (again, _) = begin(&bench, Some("key")).await;
        assert_ne!(again.media_id, upload.media_id);
    }
}

#[tokio::test]
async fn what_the_store_tells_of_a_checksum_that_nobody_announced_is_kept() {
    let bench = Bench::new();
    let unsaid = AnnouncedFile { sha256: None, ..file() };
    let upload = begin_upload(&bench.app, OWNER, unsaid, None).await.unwrap();
    let (name, terms) = bench.media.signed.lock().unwrap().pop().unwrap();
    assert_eq!(terms.sha256, None);
    bench.media.take(&name, b"abc");
    *bench.media.known.lock().unwrap() = (Some("audio/mpeg".to_owned()), Some("cd".repeat(32)));
    assert_eq!(finish(&bench, &name).await, UploadOutcome::Finished);
    assert_eq!(medium(&bench, &upload).await.unwrap().sha256, Some("cd".repeat(32)));
}

#[tokio::test]
async fn an_upload_that_comes_after_two_days_is_taken_away() {
    let bench = Bench::new();
    let (upload, name) = begin(&bench, None).await;
    bench.clock.advance(2 * DAY + Duration::from_secs(1));
    bench.media.take(&name, b"abc");
    assert_eq!(finish(&bench, &name).await, UploadOutcome::Unexpected);
    assert!(medium(&bench, &upload).await.is_none());
    assert_eq!((bench.media.files().len(), bench.jobs.take().len()), (0, 0));
}

#[tokio::test]
async fn bytes_that_nobody_announced_are_taken_away_and_media_never_are() {
    let bench = Bench::new();
    let stranger = StoredName::direct_from_random([9; 16], "x");
    bench.media.take(&stranger, b"abc");
    assert_eq!(finish(&bench, &stranger).await, UploadOutcome::Unexpected);
    assert_eq!(bench.media.files().len(), 0);

    let stored = upload_medium::store(&bench.app, "a.mp3", None, body("abc")).await.unwrap();
    let medium = upload_medium::accept(&bench.app, OWNER, stored, BTreeMap::new(), None).await.unwrap();
    bench.clock.advance(30 * DAY);
    assert_eq!(finish(&bench, &medium.stored_name).await, UploadOutcome::AlreadyFinished);
    assert_eq!(bench.media.files().len(), 1);
}

#[tokio::test]
async fn an_event_without_its_bytes_leaves_the_upload_under_way() {
    let bench = Bench::new();
    let (_, name) = begin(&bench, None).await;
    assert_eq!(finish(&bench, &name).await, UploadOutcome::Gone);
    bench.media.take(&name, b"abc");
    assert_eq!(finish(&bench, &name).await, UploadOutcome::Finished);
}

#[tokio::test]
async fn a_finish_whose_announcement_failed_announces_when_it_is_tried_again() {
    let bench = Bench::new();
    let (upload, name) = begin(&bench, None).await;
    bench.media.take(&name, b"abc");
    bench.jobs.fails.store(true, Ordering::SeqCst);
    assert!(finish_upload(&bench.app, &name).await.is_err());
    bench.jobs.fails.store(false, Ordering::SeqCst);
    assert_eq!(finish(&bench, &name).await, UploadOutcome::AlreadyFinished);
    assert_eq!(bench.jobs.take().len(), 1);
    assert!(medium(&bench, &upload).await.is_some());
}

#[tokio::test]
async fn of_several_events_at_the_same_time_one_finishes_and_none_takes_the_bytes_away() {
    let bench = Bench::new();
    let (_, name) = begin(&bench, None).await;
    bench.media.take(&name, b"abc");
    let outcomes = futures_util::future::join_all((0..8).map(|_| finish(&bench, &name))).await;
    let finished = outcomes.iter().filter(|outcome| **outcome == UploadOutcome::Finished).count();
    let known = outcomes.iter().filter(|outcome| **outcome == UploadOutcome::AlreadyFinished).count();
    assert_eq!((finished, known), (1, 7), "{outcomes:?}");
    assert_eq!(bench.media.files().len(), 1);
}

#[tokio::test]
async fn a_worker_whose_clock_is_behind_cannot_finish_what_was_taken_away() {
    let bench = Bench::new();
    let (upload, name) = begin(&bench, None).await;
    bench.media.take(&name, b"abc");
    let uploads = Uploads(&*bench.app.ports().table);
    let behind = uploads.pending(&name).await.unwrap().unwrap();
    bench.clock.advance(2 * DAY);
    assert_eq!(finish(&bench, &name).await, UploadOutcome::Unexpected);
    assert!(!uploads.finish(&behind.medium).await.unwrap());
    assert!(medium(&bench, &upload).await.is_none());
}

#[tokio::test]
async fn the_same_request_after_its_upload_is_for_the_medium_that_is_there() {
    let bench = Bench::new();
    let (upload, name) = begin(&bench, Some("key")).await;
    bench.media.take(&name, b"abc");
    finish(&bench, &name).await;
    let (again, same_name) = begin(&bench, Some("key")).await;
    assert_eq!((again.media_id, same_name), (upload.media_id, name));
    bench.clock.advance(DAY);
    let (anew, _) = begin(&bench, Some("key")).await;
    assert_ne!(anew.media_id, upload.media_id, "keys are forgotten after a day");
}
