//! Use cases over the embedded ports, with time in the tests' own hands.
#![cfg(all(feature = "embedded", feature = "testing"))]
#![expect(clippy::unwrap_used, reason = "what a test cannot do is its failure")]

use std::io::{self, IoSlice};
use std::ops::RangeInclusive;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use async_trait::async_trait;
use bytes::Bytes;
use parlor::app::{self, App, AppError, Ports, Settings, SignIn, upload_medium};
use parlor::embedded::{LocalChannelLayer, OutboxLimits, SocketRegistry, SqliteTable, Wire};
use parlor::ids::{ConnectionId, StoredName};
use parlor::ports::{
    ByteStream, Clock as _, Connection, DownloadTerms, DropBox, DropBoxError, DropRef, Endpoint, Identity,
    Job, Jobs, JobsError, MediaError, MediaStore, SignedRequest, StoredMedia, UploadTerms,
};
use parlor::protocol::Timestamp;
use parlor::store::{HeartbeatPlan, Sessions};
use parlor::system::OsRandom;
use parlor::testing::SettableClock;
use tokio::sync::mpsc;

const HOUR: Duration = Duration::from_secs(3600);

/// An application whose queue and clock the test holds.
struct House {
    app: App,
    clock: Arc<SettableClock>,
    jobs: Arc<ListedJobs>,
    registry: Arc<SocketRegistry>,
}

impl House {
    fn new() -> Self {
        let clock = Arc::new(SettableClock::at(Timestamp::from_secs(1_000_000_005)));
        Self::on(Arc::new(SqliteTable::in_memory(clock.clone()).unwrap()), clock)
    }

    /// Another process on the same table.
    fn on(table: Arc<SqliteTable>, clock: Arc<SettableClock>) -> Self {
        let registry = SocketRegistry::start(OutboxLimits::default());
        let jobs = Arc::new(ListedJobs::default());
        let ports = Ports {
            table,
            channels: Arc::new(LocalChannelLayer::new(registry.clone(), clock.clone())),
            media: Arc::new(CountingMedia),
            drops: Arc::new(NoDrops),
            jobs: jobs.clone(),
            clock: clock.clone(),
            random: Arc::new(OsRandom),
        };
        let app = App::new(ports, Settings::new("http://localhost"));
        Self { app, clock, jobs, registry }
    }

    async fn sign_in(&self) -> (SignIn, Identity) {
        let sign_in = app::sign_in_guest(&self.app, "Ann").await.unwrap();
        let identity = sign_in.session_token.identity.clone();
        (sign_in, identity)
    }

    /// A feed socket whose handshake has been answered; answers what is written to it.
    async fn connect(&self, name: &str, identity: Option<Identity>) -> Sent {
        let id: ConnectionId = name.parse().unwrap();
        let outbox = self.registry.admit(id.clone(), self.clock.now());
        let connection =
            Connection { id, endpoint: Endpoint::Feed, identity, connected_at: self.clock.now() };
        app::connect(&self.app, &connection).await.unwrap();
        let (wire, sent) = mpsc::unbounded_channel();
        outbox.attach(Arc::new(TestWire(wire)));
        self.registry.open(&outbox);
        Sent(sent)
    }

    async fn run(&self, jobs: Vec<(Job, Duration)>) {
        for (job, _) in jobs {
            app::run_job(&self.app, job).await.unwrap();
        }
    }
}

/// What was written to a socket.
struct Sent(mpsc::UnboundedReceiver<String>);

impl Sent {
    async fn until(&mut self, text: &str) -> String {
        let mut all = String::new();
        while !all.contains(text) {
            let more = tokio::time::timeout(Duration::from_secs(20), self.0.recv()).await;
            all += &more.unwrap_or_else(|_| panic!("no {text} in {all:?}")).unwrap();
        }
        all
    }
}

#[derive(Debug)]
struct TestWire(mpsc::UnboundedSender<String>);

#[async_trait]
impl Wire for TestWire {
    fn try_write(&self, slices: &[IoSlice<'_>]) -> io::Result<usize> {
        let bytes: Vec<u8> = slices.iter().flat_map(|slice| slice.iter().copied()).collect();
        let _ = self.0.send(String::from_utf8_lossy(&bytes).into_owned());
        Ok(bytes.len())
    }

    async fn writable(&self) -> io::Result<()> {
        Ok(())
    }

    fn finish(&self) {}

    fn abort(&self) {}
}

/// A queue that only lists what it took; it can be told to fail.
#[derive(Debug, Default)]
struct ListedJobs {
    taken: Mutex<Vec<(Job, Duration)>>,
    fails: AtomicBool,
}

impl ListedJobs {
    fn take(&self) -> Vec<(Job, Duration)> {
        std::mem::take(&mut self.taken.lock().unwrap())
    }

    fn ticks(&self) -> Vec<(i64, u64)> {
        let jobs = self.take();
        let tick = |(job, delay): (Job, Duration)| match job {
            Job::Tick { at } => Some((at.as_secs(), delay.as_secs())),
            _ => None,
        };
        jobs.into_iter().filter_map(tick).collect()
    }
}

#[async_trait]
impl Jobs for ListedJobs {
    async fn enqueue(&self, jobs: Vec<(Job, Duration)>) -> Result<(), JobsError> {
        if self.fails.load(Ordering::SeqCst) {
            return Err(JobsError("out of order".into()));
        }
        self.taken.lock().unwrap().extend(jobs);
        Ok(())
    }
}

#[derive(Debug)]
struct CountingMedia;

#[async_trait]
impl MediaStore for CountingMedia {
    async fn put(
        &self,
        _: &StoredName,
        _: &str,
        mut body: ByteStream,
        _: u64,
    ) -> Result<StoredMedia, MediaError> {
        use futures_util::StreamExt as _;
        let mut size = 0;
        while let Some(piece) = body.next().await {
            size += piece.map_err(MediaError::Body)?.len() as u64;
        }
        Ok(StoredMedia { size, sha256: "0".repeat(64) })
    }

    async fn get(&self, _: &StoredName, _: Option<RangeInclusive<u64>>) -> Result<ByteStream, MediaError> {
        Err(MediaError::NotFound)
    }

    async fn size(&self, _: &StoredName) -> Result<u64, MediaError> {
        Err(MediaError::NotFound)
    }

    async fn delete(&self, _: &StoredName) -> Result<(), MediaError> {
        Ok(())
    }

    async fn sign_upload(&self, _: &StoredName, _: &UploadTerms) -> Result<SignedRequest, MediaError> {
        Err(MediaError::NotFound)
    }

    async fn sign_download(&self, _: &StoredName, _: &DownloadTerms) -> Result<SignedRequest, MediaError> {
        Err(MediaError::NotFound)
    }
}

#[derive(Debug)]
struct NoDrops;

#[async_trait]
impl DropBox for NoDrops {
    async fn read(&self, _: &DropRef, _: usize) -> Result<Option<Bytes>, DropBoxError> {
        Ok(None)
    }

    async fn remove(&self, _: &DropRef) -> Result<(), DropBoxError> {
        Ok(())
    }

    async fn reject(&self, _: &DropRef) -> Result<(), DropBoxError> {
        Ok(())
    }
}

fn body(text: &'static str) -> ByteStream {
    Box::pin(futures_util::stream::iter([Ok(Bytes::from_static(text.as_bytes()))]))
}

#[tokio::test]
async fn a_guest_who_is_about_stays_and_one_who_is_not_goes_after_a_day() {
    let house = House::new();
    let (sign_in, identity) = house.sign_in().await;
    let opaque = sign_in.session_token.reveal();
    let who = async |token: &str| app::authenticate(&house.app, token).await;
    assert_eq!(who(&opaque).await.unwrap(), identity);
    assert_eq!(who(&sign_in.access_token).await.unwrap(), identity);
    house.clock.advance(20 * HOUR);
    assert_eq!(who(&opaque).await.unwrap(), identity);
    house.clock.advance(20 * HOUR);
    assert_eq!(who(&opaque).await.unwrap(), identity);
    assert!(matches!(who(&sign_in.access_token).await, Err(AppError::Unauthenticated)), "a JWT lives a day");
    house.clock.advance(25 * HOUR);
    assert!(matches!(who(&opaque).await, Err(AppError::SessionEnded)));
}

#[tokio::test]
async fn both_tokens_die_with_their_session_at_once() {
    let house = House::new();
    let (sign_in, identity) = house.sign_in().await;
    app::authenticate(&house.app, &sign_in.access_token).await.unwrap();
    Sessions(&*house.app.ports().table).end(&identity).await.unwrap();
    for token in [sign_in.access_token, sign_in.session_token.reveal()] {
        assert!(matches!(app::authenticate(&house.app, &token).await, Err(AppError::SessionEnded)));
    }
}

#[tokio::test]
async fn twenty_processes_that_start_at_once_agree_on_one_signing_key() {
    let first = House::new();
    let clock = first.clock.clone();
    let table = Arc::new(SqliteTable::in_memory(clock.clone()).unwrap());
    let houses: Vec<_> = (0..20).map(|_| House::on(table.clone(), clock.clone())).collect();
    let signed_in = futures_util::future::join_all(houses.iter().map(House::sign_in)).await;
    let kid = |token: &str| token.split('.').next().unwrap().to_owned();
    assert!(signed_in.iter().all(|(one, _)| kid(&one.access_token) == kid(&signed_in[0].0.access_token)));
    for (house, (sign_in, identity)) in houses.iter().rev().zip(&signed_in) {
        assert_eq!(app::authenticate(&house.app, &sign_in.access_token).await.unwrap(), *identity);
    }
}

#[tokio::test]
async fn a_socket_whose_session_ended_before_its_welcome_is_closed() {
    let house = House::new();
    let (_, identity) = house.sign_in().await;
    let mut sent = house.connect("dead=", Some(identity.clone())).await;
    Sessions(&*house.app.ports().table).end(&identity).await.unwrap();
    house.run(house.jobs.take()).await;
    let said = sent.until("4009").await;
    assert!(said.contains(r#""code":"SESSION_ENDED","close":4009"#), "{said:?}");
}

#[tokio::test]
async fn a_welcome_that_comes_twice_greets_once() {
    let house = House::new();
    let _sent = house.connect("one=", None).await;
    let welcome = house.jobs.take();
    house.run(welcome.clone()).await;
    assert_eq!(house.jobs.ticks().len(), 12);
    house.clock.advance(HOUR);
    house.run(welcome).await;
    assert_eq!(house.jobs.ticks().len(), 0);
}

#[tokio::test]
async fn nobody_is_no_reason_for_a_heartbeat() {
    let house = House::new();
    app::every_minute(&house.app).await.unwrap();
    assert_eq!(house.jobs.take(), []);
}

#[tokio::test]
async fn the_first_listener_starts_the_beats_and_every_minute_adds_six() {
    let house = House::new();
    let _sent = house.connect("one=", None).await;
    house.run(house.jobs.take()).await;
    let ticks = house.jobs.ticks();
    assert_eq!(ticks[0], (1_000_000_010, 5), "the next full ten seconds");
    assert_eq!((ticks.len(), ticks[11].1), (12, 115));
    let _other = house.connect("two=", None).await;
    house.run(house.jobs.take()).await;
    assert_eq!(house.jobs.ticks(), [], "they are planned already");
    house.clock.advance(Duration::from_secs(60));
    app::every_minute(&house.app).await.unwrap();
    let more: Vec<i64> = house.jobs.ticks().into_iter().map(|(slot, _)| slot).collect();
    assert_eq!(more, (13..=18).map(|n| 1_000_000_000 + 10 * n).collect::<Vec<_>>());
}

#[tokio::test]
async fn a_beat_is_sent_once_by_whoever_wins_its_slot_and_never_late() {
    let house = House::new();
    let mut sent = house.connect("one=", None).await;
    let tick = async |at| app::tick(&house.app, Timestamp::from_secs(at)).await.unwrap();
    house.clock.set(Timestamp::from_secs(1_000_000_010));
    for _ in 0..3 {
        tick(1_000_000_010).await;
    }
    tick(1_000_000_000).await;
    let all = sent.until("heartbeat").await;
    house.clock.set(Timestamp::from_secs(1_000_000_020));
    tick(1_000_000_020).await;
    let all = all + &sent.until("heartbeat").await;
    assert_eq!(all.matches("[ping] Server heartbeat").count(), 2, "{all:?}");
}

#[tokio::test]
async fn another_interval_on_the_same_store_beats_at_once_and_at_its_own_pace() {
    let mut house = House::new();
    let mut sent = house.connect("one=", None).await;
    house.run(house.jobs.take()).await;
    let old = house.jobs.take();
    app::tick(&house.app, Timestamp::from_secs(1_000_000_010)).await.unwrap();
    sent.until("heartbeat").await;
    house.app = App::new(house.app.ports().clone(), {
        let mut settings = Settings::new("http://localhost");
        settings.heartbeat = Duration::from_secs(60);
        settings
    });
    app::every_minute(&house.app).await.unwrap();
    let new = house.jobs.ticks();
    assert_eq!(new.iter().map(|(at, _)| *at).collect::<Vec<_>>(), [1_000_000_020, 1_000_000_080]);
    house.clock.set(Timestamp::from_secs(1_000_000_030));
    for (job, _) in old {
        app::run_job(&house.app, job).await.unwrap();
    }
    let beat = sent.until("heartbeat").await;
    assert_eq!(beat.matches("heartbeat").count(), 1, "the one beat that both intervals share");
}

#[tokio::test]
async fn a_planner_that_dies_is_replaced_when_its_lease_has_ended() {
    let house = House::new();
    let _sent = house.connect("one=", None).await;
    house.jobs.take();
    let plan = HeartbeatPlan { table: &*house.app.ports().table, interval: Duration::from_secs(10) };
    plan.lease(house.clock.now()).await.unwrap();
    app::every_minute(&house.app).await.unwrap();
    assert_eq!(house.jobs.ticks(), [], "somebody is at it");
    house.clock.advance(Duration::from_secs(10));
    app::every_minute(&house.app).await.unwrap();
    assert_eq!(house.jobs.ticks().len(), 12);
}

#[tokio::test]
async fn a_welcome_that_failed_may_be_tried_again_at_once() {
    let house = House::new();
    let _sent = house.connect("one=", None).await;
    let welcome = house.jobs.take();
    house.jobs.fails.store(true, Ordering::SeqCst);
    assert!(app::run_job(&house.app, welcome[0].0.clone()).await.is_err());
    house.jobs.fails.store(false, Ordering::SeqCst);
    app::run_job(&house.app, welcome[0].0.clone()).await.unwrap();
    assert_eq!(house.jobs.ticks().len(), 12);
}

#[tokio::test]
async fn a_token_is_good_at_once_however_lately_a_stale_one_was_looked_up() {
    let (house, other) = (House::new(), House::new());
    let (stale, _) = other.sign_in().await;
    assert!(app::authenticate(&house.app, &stale.access_token).await.is_err());
    let (fresh, identity) = house.sign_in().await;
    assert_eq!(app::authenticate(&house.app, &fresh.access_token).await.unwrap(), identity);
}

#[tokio::test]
async fn a_queue_that_fails_leaves_the_beats_to_be_planned_again() {
    let house = House::new();
    let _sent = house.connect("one=", None).await;
    let welcome = house.jobs.take();
    house.jobs.fails.store(true, Ordering::SeqCst);
    assert!(app::run_job(&house.app, welcome[0].0.clone()).await.is_err());
    house.jobs.fails.store(false, Ordering::SeqCst);
    app::every_minute(&house.app).await.unwrap();
    assert_eq!(house.jobs.ticks().len(), 12);
}

#[tokio::test]
async fn a_repeated_upload_is_announced_if_its_announcement_had_failed() {
    let house = House::new();
    let (_, identity) = house.sign_in().await;
    let upload = async || {
        let file = upload_medium::store(&house.app, "a.mp3", None, body("abc")).await.unwrap();
        upload_medium::accept(&house.app, identity.user, file, Default::default(), Some("key")).await
    };
    house.jobs.fails.store(true, Ordering::SeqCst);
    assert!(upload().await.is_err());
    house.jobs.fails.store(false, Ordering::SeqCst);
    let medium = upload().await.unwrap();
    assert_eq!(upload().await.unwrap(), medium);
    let announced = house.jobs.take();
    assert_eq!(announced.len(), 1);
    let delay = announced[0].1.as_millis();
    assert!((1_000..=10_000).contains(&delay), "{delay} ms");
}
