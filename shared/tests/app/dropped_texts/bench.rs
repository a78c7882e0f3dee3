//! An application with a drop box and sockets that the test holds.

use std::sync::Arc;

use parlor::app::{App, DropFailure, DropOutcome, Ports, Settings, broadcast_drop};
use parlor::embedded::{SqliteRoomLog, SqliteTable};
use parlor::ports::{DropRef, Group};
use parlor::protocol::Timestamp;
use parlor::system::OsRandom;
use parlor::testing::SettableClock;

use super::published::Published;
use super::texts::{Mood, Texts};

/// An application with a drop box and sockets that the test holds.
pub(crate) struct Bench {
    pub(crate) app: App,
    pub(crate) clock: Arc<SettableClock>,
    pub(crate) drops: Arc<Texts>,
    pub(crate) channels: Arc<Published>,
}

impl Bench {
    pub(crate) fn new() -> Self {
        let clock = Arc::new(SettableClock::at(Timestamp::from_secs(1_000_000_000)));
        let drops = Arc::new(Texts::default());
        let channels = Arc::new(Published::default());
        let table = Arc::new(SqliteTable::in_memory(clock.clone()).unwrap());
        let log = Arc::new(SqliteRoomLog::new(table.clone(), clock.clone(), Arc::new(OsRandom)));
        let ports = Ports {
            table,
            log,
            sender: channels.clone(),
            drops: drops.clone(),
            ..Ports::absent(clock.clone(), Arc::new(OsRandom))
        };
        let app = App::new(ports, Settings::new("http://localhost"));
        Self { app, clock, drops, channels }
    }

    pub(crate) fn drop(&self, path: &str, text: impl AsRef<[u8]>) -> DropRef {
        self.drops.put(path, "v1", text)
    }

    pub(crate) async fn send(&self, text: &DropRef) -> Result<DropOutcome, DropFailure> {
        broadcast_drop(&self.app, text).await
    }

    /// A worker that dies while it is sending.
    pub(crate) async fn send_and_die(&self, text: &DropRef) {
        self.channels.set(Mood::Hanging);
        tokio::select! {
            result = self.send(text) => panic!("it lived: {result:?}"),
            () = self.channels.hangs.notified() => {}
        }
        self.channels.set(Mood::Well);
    }

    pub(crate) fn published(&self) -> Vec<(Group, String)> {
        std::mem::take(&mut self.channels.sent.lock().unwrap())
    }
}

pub(crate) fn feed(text: &str) -> (Group, String) {
    (Group::Feed, text.to_owned())
}
