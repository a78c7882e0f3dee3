//! An application whose queue and clock the test holds.

use std::io::{self, IoSlice};
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::Duration;

use async_trait::async_trait;
use bytes::Bytes;
use parlor::app::{self, App, Entry, Ports, Settings, SignIn};
use parlor::embedded::{
    LocalChannelLayer, LocalTurns, OutboxLimits, SocketRegistry, SqliteRoomLog, SqliteTable, Wire,
};
use parlor::ports::{ByteStream, Clock as _, Condition, Connection, Endpoint, Identity, Job, Write};
use parlor::protocol::Timestamp;
use parlor::store::{User, Users};
use parlor::system::OsRandom;
use parlor::testing::SettableClock;
use tokio::sync::mpsc;

use super::kept_mails::KeptMails;
use super::listed_jobs::ListedJobs;
use super::played_outbound::PlayedOutbound;
use crate::taking_media::TakingMedia;
use crate::vouching::Vouching;

pub(crate) const HOUR: Duration = Duration::from_secs(3600);

/// An application whose queue and clock the test holds.
pub(crate) struct Bench {
    pub(crate) app: App,
    pub(crate) clock: Arc<SettableClock>,
    pub(crate) jobs: Arc<ListedJobs>,
    pub(crate) media: Arc<TakingMedia>,
    pub(crate) providers: Arc<Vouching>,
    pub(crate) mails: Arc<KeptMails>,
    pub(crate) outbound: Arc<PlayedOutbound>,
    pub(crate) registry: Arc<SocketRegistry>,
}

impl Bench {
    pub(crate) fn new() -> Self {
        let clock = Arc::new(SettableClock::at(Timestamp::from_secs(1_000_000_005)));
        Self::on(Arc::new(SqliteTable::in_memory(clock.clone()).unwrap()), clock)
    }

    /// Another process on the same table.
    pub(crate) fn on(table: Arc<SqliteTable>, clock: Arc<SettableClock>) -> Self {
        let registry = SocketRegistry::start(OutboxLimits::default());
        let (jobs, random) = (Arc::new(ListedJobs::default()), Arc::new(OsRandom));
        let media = Arc::new(TakingMedia::default());
        let providers = Arc::new(Vouching::default());
        let mails = Arc::new(KeptMails::default());
        let outbound = Arc::new(PlayedOutbound::default());
        let log = Arc::new(SqliteRoomLog::new(table.clone(), clock.clone(), Arc::new(OsRandom)));
        let ports = Ports {
            table,
            log,
            turns: Arc::new(LocalTurns::default()),
            media: media.clone(),
            jobs: jobs.clone(),
            identities: providers.clone(),
            mailer: mails.clone(),
            outbound: outbound.clone(),
            ..Ports::absent(clock.clone(), random.clone())
        };
        let sockets = LocalChannelLayer::new(registry.clone(), jobs.clone(), clock.clone(), random);
        let ports = ports.with_sockets(Arc::new(sockets));
        let app = App::new(ports, Settings::new("http://localhost"));
        Self { app, clock, jobs, mails, media, outbound, providers, registry }
    }

    pub(crate) async fn sign_in(&self) -> (SignIn, Identity) {
        let sign_in = app::sign_in_guest(&self.app, "Ann").await.unwrap();
        let identity = sign_in.session_token.identity.clone();
        (sign_in, identity)
    }

    /// Changes a person behind everybody's back.
    pub(crate) async fn put_user(&self, user: &User) {
        let Write::Put(item, _) = Users::addition(user).unwrap() else { panic!("a put") };
        self.app.ports().table.write(Write::Put(item, Condition::Exists)).await.unwrap();
    }

    /// Somebody with an account, as far as rooms can tell.
    pub(crate) async fn person(&self, name: &str) -> Identity {
        let sign_in = app::sign_in_guest(&self.app, name).await.unwrap();
        let identity = sign_in.session_token.identity.clone();
        let guest = Users(&*self.app.ports().table).get(identity.user).await.unwrap().unwrap();
        self.put_user(&User { is_guest: false, expires_at: None, ..guest }).await;
        identity
    }

    /// A feed socket whose handshake has been answered; answers what is written to it.
    pub(crate) async fn connect(&self, name: &str, identity: Option<Identity>) -> Sent {
        self.open(name, Endpoint::Feed, identity).await.1
    }

    /// A socket whose handshake has been answered; answers it and what is written to it.
    pub(crate) async fn open(
        &self,
        name: &str,
        endpoint: Endpoint,
        identity: Option<Identity>,
    ) -> (Connection, Sent) {
        let connection = Connection::new(name.parse().unwrap(), endpoint, identity, self.clock.now());
        let sent = self.admit(&connection).await;
        (connection, sent)
    }

    /// The same of a handshake that asks for more.
    pub(crate) async fn admit(&self, connection: &Connection) -> Sent {
        let outbox = self.registry.admit(connection.id.clone(), self.clock.now());
        assert_eq!(app::connect(&self.app, connection).await.unwrap(), Entry::Accepted);
        let (wire, sent) = mpsc::unbounded_channel();
        outbox.attach(Arc::new(TestWire(wire)));
        self.registry.open(&outbox);
        Sent(sent)
    }

    pub(crate) async fn run(&self, jobs: Vec<(Job, Duration)>) {
        for (job, _) in jobs {
            app::run_job(&self.app, job, None).await.unwrap();
        }
    }

    /// Runs a job that wants the queue, while the queue takes nothing.
    pub(crate) async fn run_in_vain(&self, job: &Job) {
        self.jobs.fails.store(true, Ordering::SeqCst);
        assert!(app::run_job(&self.app, job.clone(), None).await.is_err());
        self.jobs.fails.store(false, Ordering::SeqCst);
    }
}

/// What was written to a socket.
pub(crate) struct Sent(mpsc::UnboundedReceiver<String>);

impl Sent {
    pub(crate) async fn until(&mut self, text: &str) -> String {
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

pub(crate) fn body(text: &'static str) -> ByteStream {
    Box::pin(futures_util::stream::iter([Ok(Bytes::from_static(text.as_bytes()))]))
}
