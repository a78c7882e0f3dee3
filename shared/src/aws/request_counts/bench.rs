//! An application on counting ports.

use std::num::NonZeroU32;
use std::sync::{Arc, Mutex};

use super::bucket::CountingBucket;
use super::expected::Counts;
use super::ports::{CountingQueue, CountingSockets, CountingTable, Tally};
use crate::app::{self, App, Entry, Ports, Settings};
use crate::aws::ApiGatewayChannelLayer;
use crate::aws::recording_table::RecordingTable;
use crate::aws::replay::{ConstantRandom, JumpingClock};
use crate::domain::refresh_chain::RefreshChain;
use crate::domain::token::{OpaqueToken, TokenKind};
use crate::ids::{SessionId, UserId};
use crate::ports::{Connection, Endpoint, Group, Identity, Job, Jobs, Random, Table};
use crate::protocol::Timestamp;
use crate::store::{Session, Sessions, TableRoomLog};

pub(super) struct Bench {
    pub(super) app: App,
    pub(super) bucket: Arc<CountingBucket>,
    pub(super) clock: Arc<JumpingClock>,
    queue: Arc<CountingQueue>,
    tally: Arc<Tally>,
}

impl Bench {
    pub(super) fn new() -> Self {
        let (clock, tally) = (Arc::new(JumpingClock::default()), Arc::new(Tally::new()));
        let random: Arc<dyn Random> = Arc::new(ConstantRandom(0x80));
        let table: Arc<dyn Table> =
            Arc::new(CountingTable(RecordingTable::new(clock.clone()), tally.clone()));
        let queue = Arc::new(CountingQueue(Mutex::default(), tally.clone()));
        let jobs: Arc<dyn Jobs> = queue.clone();
        let sockets = Arc::new(CountingSockets(tally.clone()));
        let pace = NonZeroU32::new(1_000_000).unwrap();
        let channels = ApiGatewayChannelLayer::on(
            table.clone(),
            jobs.clone(),
            sockets,
            clock.clone(),
            random.clone(),
            pace,
        );
        let bucket = Arc::new(CountingBucket::new(tally.clone()));
        let (media, drops) = (bucket.clone(), bucket.clone());
        let log = Arc::new(TableRoomLog::new(table.clone(), clock.clone(), random.clone()));
        let ports = Ports { table, log, media, drops, jobs, ..Ports::absent(clock.clone(), random) };
        let ports = ports.with_sockets(Arc::new(channels));
        Self { app: App::new(ports, Settings::new("https://app.test")), bucket, clock, queue, tally }
    }

    /// What is asked for by doing something.
    pub(super) async fn count<T>(&self, work: impl Future<Output = T>) -> Counts {
        self.tally.begin();
        work.await;
        self.tally.end()
    }

    fn connection(&self, id: &str, identity: Option<Identity>) -> Connection {
        Connection::new(id.parse().unwrap(), Endpoint::Feed, identity, self.app.ports.clock.now())
    }

    /// A handshake, its authorizer included.
    pub(super) async fn connect(&self, id: &str, token: Option<&str>) {
        let identity = match token {
            Some(token) => Some(app::authenticate(&self.app, token).await.unwrap()),
            None => None,
        };
        let entry = app::connect(&self.app, &self.connection(id, identity)).await;
        assert_eq!(entry.unwrap(), Entry::Accepted);
    }

    pub(super) async fn greet(&self, id: &str) {
        app::welcome(&self.app, &id.parse().unwrap()).await.unwrap();
    }

    /// Does all that is in the queue, and what comes of it, one job after another; ticks are left.
    pub(super) async fn work_off(&self) {
        self.work_off_until(None).await;
    }

    /// The same with workers of which the first has to stop at that moment.
    pub(super) async fn work_off_until(&self, mut until: Option<Timestamp>) {
        loop {
            let jobs = std::mem::take(&mut *self.queue.0.lock().unwrap());
            let jobs = jobs.into_iter().filter(|job| !matches!(job, Job::Tick { .. }));
            let jobs: Vec<_> = jobs.collect();
            if jobs.is_empty() {
                return;
            }
            for job in jobs {
                app::run_job(&self.app, job, until.take()).await.unwrap();
            }
        }
    }

    /// Signs somebody in; answers their opaque token.
    pub(super) async fn sign_in(&self, user: u64) -> String {
        let identity = Identity { user: UserId(user), session: SessionId::from_random([1; 16]) };
        let token = OpaqueToken::new(TokenKind::Session, identity.clone(), [2; 32]);
        let refresh = OpaqueToken::new(TokenKind::Refresh, identity.clone(), [4; 32]);
        let now = self.app.ports.clock.now();
        let session = Session {
            user: identity.user,
            id: identity.session,
            is_guest: false,
            token_hash: token.hash(),
            refresh: RefreshChain::new([3; 32], &token, &refresh, now),
            created_at: now.as_micros(),
            // As new as sessions are: nothing is extended.
            expires_at: now.as_secs() + 30 * 86_400,
        };
        let table: &dyn Table = &*self.app.ports.table;
        table.write(Sessions::beginning(&session).unwrap()).await.unwrap();
        token.reveal()
    }

    /// The same application in a process that knows nothing yet.
    pub(super) fn restarted(self) -> Self {
        let app = App::new(self.app.ports().clone(), self.app.settings().clone());
        Self { app, ..self }
    }

    /// Sockets that are members of a group.
    pub(super) async fn fill(&self, group: &Group, members: u64) {
        for number in 0..members {
            let connection = self.connection(&format!("socket{number:09}="), None);
            self.app.ports.connections.register(&connection).await.unwrap();
            self.app.ports.groups.join(group, &connection, None).await.unwrap();
        }
    }
}
