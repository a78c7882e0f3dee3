//! A watch room, and the people who come to it.

use std::sync::Arc;
use std::time::Duration;

use parlor::app::{self, Appointment, EntryPass, NewRoom};
use parlor::ids::RoomCode;
use parlor::ports::{Clock as _, Connection, Endpoint, Identity, Job};
use parlor::store::{Room, Rooms, User, Users};
use tokio::sync::mpsc;

use super::seat::{Seat, SeatWire};
use crate::use_cases::bench::Bench;

/// A watch room, with time and the queue in the test's own hands.
pub(crate) struct Cinema {
    pub(crate) bench: Bench,
    pub(crate) code: RoomCode,
    pub(crate) host: Identity,
}

impl Cinema {
    /// A room whose host is Ann. She is not there yet.
    pub(crate) async fn new() -> Self {
        Self::of(Bench::new()).await
    }

    pub(crate) async fn of(bench: Bench) -> Self {
        let host = member(&bench, "Ann").await;
        let new = NewRoom { code: Some("kino".into()), ..NewRoom::default() };
        let code = app::create_room(&bench.app, host.user, new).await.unwrap().room.code;
        Self { bench, code, host }
    }

    /// Somebody with an account, who is in the room.
    pub(crate) async fn member(&self, name: &str) -> Identity {
        let member = member(&self.bench, name).await;
        self.join(&member).await;
        member
    }

    /// A guest who is in the room.
    pub(crate) async fn guest(&self, name: &str) -> Identity {
        let guest = app::sign_in_guest(&self.bench.app, name).await.unwrap();
        let guest = guest.session_token.identity.clone();
        self.join(&guest).await;
        guest
    }

    async fn join(&self, who: &Identity) {
        let pass = EntryPass::default();
        app::join_room(&self.bench.app, who.user, Some(&self.code), &pass).await.unwrap();
    }

    /// Makes somebody a co-host.
    pub(crate) async fn promote(&self, who: &Identity) {
        let appointment = Appointment::CoHost;
        app::appoint(&self.bench.app, self.host.user, &self.code, who.user, appointment).await.unwrap();
    }

    /// Opens somebody's socket, and has it greeted.
    pub(crate) async fn sit_down(&self, name: &str, who: &Identity) -> Seat {
        let id = format!("{name}=").parse().unwrap();
        let now = self.bench.clock.now();
        let connection = Connection::new(id, Endpoint::Watch(self.code.clone()), Some(who.clone()), now);
        let outbox = self.bench.registry.admit(connection.id.clone(), now);
        assert_eq!(app::connect(&self.bench.app, &connection).await.unwrap(), app::Entry::Accepted);
        let (wire, bytes) = mpsc::unbounded_channel();
        outbox.attach(Arc::new(SeatWire(wire)));
        self.bench.registry.open(&outbox);
        let welcome = Job::Welcome { connection: connection.id.clone() };
        app::run_job(&self.bench.app, welcome, None).await.unwrap();
        Seat::new(connection, bytes)
    }

    /// The same, and everything that it is told on joining is heard.
    pub(crate) async fn seated(&self, name: &str, who: &Identity) -> Seat {
        let mut seat = self.sit_down(name, who).await;
        seat.hear("PLAYBACK_STATE").await;
        seat
    }

    /// Closes a socket.
    pub(crate) async fn stand_up(&self, seat: Seat) {
        app::disconnect(&self.bench.app, &seat.connection.id).await.unwrap();
        self.run_due(Duration::ZERO).await;
    }

    /// Does all that is due within that time, and what comes of it; keeps the rest.
    pub(crate) async fn run_due(&self, within: Duration) {
        let mut waiting = self.bench.jobs.take();
        let mut passed = Duration::ZERO;
        loop {
            waiting.sort_by_key(|(_, delay)| *delay);
            let Some(due) = waiting.first().map(|(_, delay)| *delay).filter(|delay| *delay <= within) else {
                break;
            };
            let (job, _) = waiting.remove(0);
            self.bench.clock.advance(due.saturating_sub(passed));
            passed = passed.max(due);
            if !matches!(job, Job::Welcome { .. } | Job::KeepAlive { .. }) {
                app::run_job(&self.bench.app, job, None).await.unwrap();
            }
            waiting.extend(self.bench.jobs.take().into_iter().map(|(job, delay)| (job, delay + passed)));
        }
        self.bench.clock.advance(within.saturating_sub(passed));
        let rest = waiting.into_iter().map(|(job, delay)| (job, delay.saturating_sub(within)));
        self.bench.jobs.put_back(rest.collect());
    }

    pub(crate) async fn room(&self) -> Room {
        Rooms(&*self.bench.app.ports().table).get(&self.code).await.unwrap().unwrap()
    }
}

async fn member(bench: &Bench, name: &str) -> Identity {
    let signed_in = app::sign_in_guest(&bench.app, name).await.unwrap();
    let identity = signed_in.session_token.identity.clone();
    let guest = Users(&*bench.app.ports().table).get(identity.user).await.unwrap().unwrap();
    bench.put_user(&User { is_guest: false, expires_at: None, ..guest }).await;
    identity
}
