//! Dropped texts, from the bucket's event to the sockets' groups, with time and failures in the tests' own hands.
#![cfg(all(feature = "embedded", feature = "testing"))]
#![expect(clippy::unwrap_used, reason = "a test's helpers may fail as the test may")]

use std::collections::HashMap;
use std::ops::RangeInclusive;
use std::sync::{Arc, Mutex, MutexGuard};
use std::time::Duration;

use async_trait::async_trait;
use bytes::Bytes;
use parlor::app::{App, DropFailure, DropOutcome, Ports, Settings, broadcast_drop};
use parlor::domain::drop::{NotADrop, Rejection};
use parlor::embedded::SqliteTable;
use parlor::ids::{ConnectionId, StoredName, UserId};
use parlor::inbound::object_event;
use parlor::ports::{
    ByteStream, ChannelError, ChannelLayer, Connection, Delivery, DownloadTerms, DropBox, DropBoxError,
    DropRef, FanOut, Group, Job, Jobs, JobsError, MediaError, MediaStore, SignedRequest, StoredMedia,
    UploadTerms, WelcomeLease,
};
use parlor::protocol::{Close, Frame, MAX_FRAME_BYTES, Timestamp};
use parlor::system::OsRandom;
use parlor::testing::SettableClock;
use serde_json::{Value, json};
use tokio::sync::Notify;

/// An application with a drop box and sockets that the test holds.
struct House {
    app: App,
    clock: Arc<SettableClock>,
    drops: Arc<Texts>,
    channels: Arc<Published>,
}

impl House {
    fn new() -> Self {
        let clock = Arc::new(SettableClock::at(Timestamp::from_secs(1_000_000_000)));
        let drops = Arc::new(Texts::default());
        let channels = Arc::new(Published::default());
        let ports = Ports {
            table: Arc::new(SqliteTable::in_memory(clock.clone()).unwrap()),
            channels: channels.clone(),
            media: Arc::new(Nothing),
            drops: drops.clone(),
            jobs: Arc::new(Nothing),
            clock: clock.clone(),
            random: Arc::new(OsRandom),
        };
        let app = App::new(ports, Settings::new("http://localhost"));
        Self { app, clock, drops, channels }
    }

    fn drop(&self, path: &str, text: impl AsRef<[u8]>) -> DropRef {
        self.drops.put(path, "v1", text)
    }

    async fn send(&self, text: &DropRef) -> Result<DropOutcome, DropFailure> {
        broadcast_drop(&self.app, text).await
    }

    /// A worker that dies while it is sending.
    async fn send_and_die(&self, text: &DropRef) {
        self.channels.set(Mood::Hanging);
        tokio::select! {
            result = self.send(text) => panic!("it lived: {result:?}"),
            () = self.channels.hangs.notified() => {}
        }
        self.channels.set(Mood::Well);
    }

    fn published(&self) -> Vec<(Group, String)> {
        std::mem::take(&mut self.channels.sent.lock().unwrap())
    }
}

fn feed(text: &str) -> (Group, String) {
    (Group::Feed, text.to_owned())
}

/// How a fake feels.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
enum Mood {
    #[default]
    Well,
    Failing,
    /// It does what it is asked to, but never answers.
    Hanging,
}

#[derive(Debug, Default)]
struct Texts {
    texts: Mutex<HashMap<(String, String), Vec<u8>>>,
    rejected: Mutex<Vec<String>>,
    reads: Mutex<Mood>,
    removals: Mutex<Mood>,
}

impl Texts {
    fn put(&self, path: &str, version: &str, text: impl AsRef<[u8]>) -> DropRef {
        let text = text.as_ref().to_owned();
        self.texts.lock().unwrap().insert((path.to_owned(), version.to_owned()), text);
        DropRef { path: path.to_owned(), version: version.to_owned() }
    }

    fn holds(&self, text: &DropRef) -> bool {
        self.all().contains_key(&key(text))
    }

    fn all(&self) -> MutexGuard<'_, HashMap<(String, String), Vec<u8>>> {
        self.texts.lock().unwrap()
    }
}

fn key(text: &DropRef) -> (String, String) {
    (text.path.clone(), text.version.clone())
}

fn answer(mood: &Mutex<Mood>) -> Result<(), DropBoxError> {
    let is_well = *mood.lock().unwrap() == Mood::Well;
    is_well.then_some(()).ok_or_else(|| DropBoxError("out of order".into()))
}

#[async_trait]
impl DropBox for Texts {
    async fn read(&self, drop: &DropRef, limit: usize) -> Result<Option<Bytes>, DropBoxError> {
        answer(&self.reads)?;
        let cut = |bytes: &Vec<u8>| bytes[..bytes.len().min(limit)].to_vec().into();
        Ok(self.all().get(&key(drop)).map(cut))
    }

    async fn remove(&self, drop: &DropRef) -> Result<(), DropBoxError> {
        answer(&self.removals)?;
        self.all().remove(&key(drop));
        Ok(())
    }

    async fn reject(&self, drop: &DropRef) -> Result<(), DropBoxError> {
        self.all().remove(&key(drop));
        self.rejected.lock().unwrap().push(drop.path.clone());
        Ok(())
    }
}

#[derive(Debug, Default)]
struct Published {
    sent: Mutex<Vec<(Group, String)>>,
    mood: Mutex<Mood>,
    hangs: Notify,
}

impl Published {
    fn set(&self, mood: Mood) {
        *self.mood.lock().unwrap() = mood;
    }
}

fn nowhere<T>() -> Result<T, ChannelError> {
    Err(ChannelError("nobody asks for this".into()))
}

#[async_trait]
impl ChannelLayer for Published {
    async fn publish(&self, group: &Group, frame: &Frame) -> Result<(), ChannelError> {
        let mood = *self.mood.lock().unwrap();
        if mood == Mood::Failing {
            return Err(ChannelError("out of order".into()));
        }
        self.sent.lock().unwrap().push((group.clone(), frame.as_str().to_owned()));
        if mood == Mood::Hanging {
            self.hangs.notify_one();
            std::future::pending::<()>().await;
        }
        Ok(())
    }

    async fn register(&self, _: &Connection) -> Result<(), ChannelError> {
        nowhere()
    }

    async fn connection(&self, _: &ConnectionId) -> Result<Option<Connection>, ChannelError> {
        nowhere()
    }

    async fn lease_welcome(&self, _: &ConnectionId) -> Result<WelcomeLease, ChannelError> {
        nowhere()
    }

    async fn release_welcome(&self, _: &ConnectionId) -> Result<(), ChannelError> {
        nowhere()
    }

    async fn welcomed(&self, _: &ConnectionId) -> Result<(), ChannelError> {
        nowhere()
    }

    async fn join(&self, _: &Group, _: &Connection) -> Result<bool, ChannelError> {
        nowhere()
    }

    async fn leave(&self, _: &Group, _: &Connection) -> Result<bool, ChannelError> {
        nowhere()
    }

    async fn confirm_left(&self, _: &Group, _: UserId) -> Result<bool, ChannelError> {
        nowhere()
    }

    async fn present(&self, _: &Group) -> Result<Vec<UserId>, ChannelError> {
        nowhere()
    }

    async fn is_occupied(&self, _: &Group) -> Result<bool, ChannelError> {
        nowhere()
    }

    async fn send(&self, _: &ConnectionId, _: &Frame) -> Result<Delivery, ChannelError> {
        nowhere()
    }

    async fn fan_out(&self, _: FanOut) -> Result<(), ChannelError> {
        nowhere()
    }

    async fn close(&self, _: &ConnectionId, _: Close) -> Result<(), ChannelError> {
        nowhere()
    }

    async fn forget(&self, _: &ConnectionId) -> Result<Option<Connection>, ChannelError> {
        nowhere()
    }
}

/// What dropped texts have no use for.
#[derive(Debug)]
struct Nothing;

#[async_trait]
impl Jobs for Nothing {
    async fn enqueue(&self, _: Vec<(Job, Duration)>) -> Result<(), JobsError> {
        Err(JobsError("nobody asks for this".into()))
    }
}

#[async_trait]
impl MediaStore for Nothing {
    async fn put(&self, _: &StoredName, _: &str, _: ByteStream, _: u64) -> Result<StoredMedia, MediaError> {
        Err(MediaError::NotFound)
    }

    async fn get(&self, _: &StoredName, _: Option<RangeInclusive<u64>>) -> Result<ByteStream, MediaError> {
        Err(MediaError::NotFound)
    }

    async fn size(&self, _: &StoredName) -> Result<u64, MediaError> {
        Err(MediaError::NotFound)
    }

    async fn delete(&self, _: &StoredName) -> Result<(), MediaError> {
        Err(MediaError::NotFound)
    }

    async fn sign_upload(&self, _: &StoredName, _: &UploadTerms) -> Result<SignedRequest, MediaError> {
        Err(MediaError::NotFound)
    }

    async fn sign_download(&self, _: &StoredName, _: &DownloadTerms) -> Result<SignedRequest, MediaError> {
        Err(MediaError::NotFound)
    }
}

#[tokio::test]
async fn a_dropped_text_is_sent_once_and_taken_away() {
    let house = House::new();
    let text = house.drop("x.txt", "hello\n");
    assert_eq!(house.send(&text).await.unwrap(), DropOutcome::Sent);
    assert_eq!(house.published(), [feed("hello\n")]);
    assert!(!house.drops.holds(&text));
}

#[tokio::test]
async fn each_folder_has_its_own_group() {
    let house = House::new();
    let room = house.drop("rooms/Kino/x.txt", "hello");
    let person = house.drop("users/17/x.txt", r#"{"type": "X"}"#);
    house.send(&room).await.unwrap();
    house.send(&person).await.unwrap();
    let wrapped = r#"{"type":"BROADCAST","text":"hello"}"#.to_owned();
    assert_eq!(
        house.published(),
        [
            (Group::Room("Kino".parse().unwrap()), wrapped),
            (Group::User(UserId(17)), r#"{"type": "X"}"#.to_owned()),
        ]
    );
}

#[tokio::test]
async fn a_repeated_event_only_takes_away_what_is_still_there() {
    let house = House::new();
    let text = house.drop("x.txt", "hello");
    *house.drops.removals.lock().unwrap() = Mood::Failing;
    assert!(matches!(house.send(&text).await, Err(DropFailure::DropBox(_))));
    assert!(house.drops.holds(&text));
    *house.drops.removals.lock().unwrap() = Mood::Well;
    house.clock.advance(Duration::from_secs(6 * 3600));
    assert_eq!(house.send(&text).await.unwrap(), DropOutcome::AlreadySent);
    assert!(!house.drops.holds(&text));
    assert_eq!(house.published(), [feed("hello")]);
}

#[tokio::test]
async fn two_versions_of_a_path_are_two_texts() {
    let house = House::new();
    let (one, two) = (house.drops.put("x.txt", "v1", "one"), house.drops.put("x.txt", "v2", "two"));
    house.send(&one).await.unwrap();
    assert!(house.drops.holds(&two));
    house.send(&two).await.unwrap();
    assert_eq!(house.published(), [feed("one"), feed("two")]);
}

#[tokio::test]
async fn a_text_that_another_worker_is_sending_is_left_to_it_until_its_lease_ends() {
    let house = House::new();
    let text = house.drop("x.txt", "hello");
    house.send_and_die(&text).await;
    assert_eq!(house.published(), [feed("hello")]);
    house.clock.advance(Duration::from_secs(89));
    assert!(matches!(house.send(&text).await, Err(DropFailure::Running)));
    assert_eq!(house.published(), []);
    assert!(house.drops.holds(&text));

    house.clock.advance(Duration::from_secs(1));
    assert_eq!(house.send(&text).await.unwrap(), DropOutcome::Sent);
    assert_eq!(house.published(), [feed("hello")], "repeated, as nobody knows how far the first one got");
    assert!(!house.drops.holds(&text));
}

#[tokio::test]
async fn a_text_that_could_not_be_sent_is_still_there_and_can_be_tried_again_at_once() {
    let house = House::new();
    let text = house.drop("x.txt", "hello");
    house.channels.set(Mood::Failing);
    assert!(matches!(house.send(&text).await, Err(DropFailure::Channels(_))));
    house.channels.set(Mood::Well);
    *house.drops.reads.lock().unwrap() = Mood::Failing;
    assert!(matches!(house.send(&text).await, Err(DropFailure::DropBox(_))));
    assert!(house.drops.holds(&text));
    *house.drops.reads.lock().unwrap() = Mood::Well;
    assert_eq!(house.send(&text).await.unwrap(), DropOutcome::Sent);
    assert_eq!(house.published(), [feed("hello")]);
}

#[tokio::test]
async fn a_text_that_is_gone_is_nothing_to_be_sent() {
    let house = House::new();
    let text = DropRef { path: "x.txt".to_owned(), version: "v1".to_owned() };
    assert_eq!(house.send(&text).await.unwrap(), DropOutcome::Gone);
    assert_eq!(house.published(), []);
}

#[tokio::test]
async fn an_empty_text_is_only_taken_away() {
    let house = House::new();
    let text = house.drop("x.txt", "");
    assert_eq!(house.send(&text).await.unwrap(), DropOutcome::Empty);
    assert!(!house.drops.holds(&text));
    assert_eq!(house.published(), []);
}

#[tokio::test]
async fn what_cannot_be_sent_is_put_among_the_rejected() {
    let house = House::new();
    let binary = house.drop("binary.txt", b"\xff\xfe");
    let large = house.drop("rooms/kino/large.txt", "é".repeat(MAX_FRAME_BYTES));
    assert_eq!(house.send(&binary).await.unwrap(), DropOutcome::Rejected(Rejection::NotUtf8));
    assert_eq!(house.send(&large).await.unwrap(), DropOutcome::Rejected(Rejection::TooLarge));
    assert_eq!(*house.drops.rejected.lock().unwrap(), ["binary.txt", "rooms/kino/large.txt"]);
    assert_eq!(house.published(), []);
}

#[tokio::test]
async fn what_is_no_dropped_text_is_left_alone() {
    let house = House::new();
    let text = house.drop("notes.md", "hello");
    assert_eq!(house.send(&text).await.unwrap(), DropOutcome::NotADrop(NotADrop::Extension));
    assert!(house.drops.holds(&text));
    assert_eq!(house.published(), []);
}

/// A record as S3 writes it, for a key as it appears there: encoded.
fn record(key: &str, version: Option<&str>) -> Value {
    let mut record = json!({
        "eventVersion": "2.1",
        "eventSource": "aws:s3",
        "awsRegion": "eu-central-1",
        "eventTime": "2026-11-20T12:00:00.000Z",
        "eventName": "ObjectCreated:Put",
        "userIdentity": {"principalId": "AWS:AIDAEXAMPLE"},
        "requestParameters": {"sourceIPAddress": "192.0.2.1"},
        "responseElements": {"x-amz-request-id": "EXAMPLE123456789", "x-amz-id-2": "example/id=="},
        "s3": {
            "s3SchemaVersion": "1.0",
            "configurationId": "messages",
            "bucket": {
                "name": "parlor-example",
                "ownerIdentity": {"principalId": "EXAMPLE"},
                "arn": "arn:aws:s3:::parlor-example",
            },
            "object": {
                "key": key,
                "size": 5,
                "eTag": "5d41402abc4b2a76b9719d911017c592",
                "sequencer": "0066F1A2B3C4D5E6F7",
            },
        },
    });
    if let Some(version) = version {
        record["s3"]["object"]["versionId"] = version.into();
    }
    record
}

fn event(records: impl IntoIterator<Item = Value>) -> Value {
    json!({ "Records": records.into_iter().collect::<Vec<_>>() })
}

#[tokio::test]
async fn an_object_event_sends_the_version_that_it_names() {
    let house = House::new();
    house.drops.put("Grüße + mehr.txt", "096fKKXTRTtl3on89fVO.nfljtsv6qko", "hello");
    house.drops.put("Grüße + mehr.txt", "another", "not this one");
    let encoded = "messages/Gr%C3%BC%C3%9Fe+%2B+mehr.txt";
    let event = event([record(encoded, Some("096fKKXTRTtl3on89fVO.nfljtsv6qko"))]);
    object_event::handle(&house.app, event).await.unwrap();
    assert_eq!(house.published(), [feed("hello")]);
}

#[tokio::test]
async fn without_versions_an_object_is_named_by_its_etag() {
    let house = House::new();
    house.drops.put("rooms/kino/x.txt", "\"5d41402abc4b2a76b9719d911017c592\"", "{}");
    let event = event([record("messages/rooms/kino/x.txt", None)]);
    object_event::handle(&house.app, event).await.unwrap();
    assert_eq!(house.published(), [(Group::Room("kino".parse().unwrap()), "{}".to_owned())]);
}

#[tokio::test]
async fn of_several_objects_all_are_tried_even_if_one_fails() {
    let house = House::new();
    let stuck = house.drop("stuck.txt", "stuck");
    house.send_and_die(&stuck).await;
    house.published();
    let names = ["one", "stuck", "two"];
    names.iter().for_each(|name| drop(house.drop(&format!("{name}.txt"), name)));
    let mut records = names.map(|name| record(&format!("messages/{name}.txt"), Some("v1"))).to_vec();
    records.insert(1, json!({"s3": "unreadable"}));
    records.insert(2, record("messages/%FF.txt", Some("v1")));
    let error = object_event::handle(&house.app, event(records)).await.unwrap_err();
    assert_eq!(error.to_string(), "3 of 5 objects could not be sent");
    assert_eq!(house.published(), [feed("one"), feed("two")]);
}

#[tokio::test]
async fn objects_elsewhere_and_other_events_are_none_of_our_business() {
    let house = House::new();
    let text = house.drop("x.txt", "hello");
    let mut removed = record("messages/x.txt", Some("v1"));
    removed["eventName"] = "ObjectRemoved:Delete".into();
    let elsewhere = record("media/messages/x.txt", Some("v1"));
    object_event::handle(&house.app, event([removed, elsewhere])).await.unwrap();
    assert_eq!(house.published(), []);
    assert!(house.drops.holds(&text));
}

#[tokio::test]
async fn the_test_event_is_welcome_and_anything_else_is_not() {
    let house = House::new();
    let test = json!({
        "Service": "Amazon S3",
        "Event": "s3:TestEvent",
        "Time": "2026-11-20T12:00:00.000Z",
        "Bucket": "parlor-example",
        "RequestId": "EXAMPLE123456789",
        "HostId": "example/id==",
    });
    object_event::handle(&house.app, test).await.unwrap();
    for foreign in [json!({}), json!(null), json!({"Records": 7}), json!({"detail-type": "Object Created"})] {
        assert!(object_event::handle(&house.app, foreign.clone()).await.is_err(), "{foreign}");
    }
}
