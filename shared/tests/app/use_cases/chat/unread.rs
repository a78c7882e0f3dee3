//! Unread is exact, whatever people do: any sequence of sends, reads, edits, deletions, joins and clears on two devices
//! against a model.

use std::collections::BTreeMap;
use std::time::Duration;

use parlor::app::{self, Amendment, Author, EntryPass, NewRoom, Words};
use parlor::domain::rooms::Status;
use parlor::ids::{EventId, RoomCode, SessionId, UserId};
use parlor::ports::{Identity, Job};

use crate::use_cases::bench::Bench;

/// What is known of a room without looking into it.
#[derive(Default)]
struct Model {
    head: u64,
    /// The messages that are there, with author and session.
    messages: BTreeMap<u64, (UserId, SessionId)>,
    marks: BTreeMap<UserId, u64>,
}

impl Model {
    fn unread(&self, user: UserId) -> u64 {
        let mark = self.marks[&user];
        self.messages.iter().filter(|(id, (author, _))| **id > mark && *author != user).count() as u64
    }

    fn read(&mut self, user: UserId, id: u64) {
        let mark = self.marks.entry(user).or_default();
        *mark = (*mark).max(id);
    }
}

/// Numbers that one seed gives again.
struct Dice(u64);

impl Dice {
    fn below(&mut self, end: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(self.0 >> 33).unwrap() % end
    }
}

struct Game {
    bench: Bench,
    dice: Dice,
    model: Model,
    code: RoomCode,
    /// Two devices of Ann's, and others.
    devices: Vec<Identity>,
    newcomers: Vec<Identity>,
    is_private: bool,
}

impl Game {
    async fn new(seed: u64, is_private: bool) -> Self {
        let bench = Bench::new();
        let ann = bench.person("Ann").await;
        let (bob, eve) = (bench.person("Bob").await, bench.person("Eve").await);
        let second = Identity { session: SessionId::from_random([2; 16]), ..ann.clone() };
        let code = if is_private {
            let others = [bob.user, eve.user];
            app::start_conversation(&bench.app, ann.user, &others, None).await.unwrap().room.code
        } else {
            app::create_room(&bench.app, ann.user, NewRoom::default()).await.unwrap().room.code
        };
        let mut devices = vec![ann, second];
        let mut newcomers = Vec::new();
        if is_private { &mut devices } else { &mut newcomers }.extend([bob, eve]);
        let marks = devices.iter().map(|device| (device.user, 0)).collect();
        let model = Model { marks, ..Model::default() };
        Self { bench, dice: Dice(seed), model, code, devices, newcomers, is_private }
    }

    async fn step(&mut self) {
        self.bench.clock.advance(Duration::from_secs(5));
        let place = self.dice.below(self.devices.len());
        let who = self.devices[place].clone();
        match self.dice.below(10) {
            0..=3 => self.send(&who).await,
            4 | 5 => self.read(&who).await,
            6 => self.amend(&who, Amendment::Edit(format!("edited at {}", self.model.head))).await,
            7 => self.amend(&who, Amendment::Delete).await,
            8 => self.join().await,
            _ => self.clear(&who).await,
        }
    }

    fn author(who: &Identity) -> Author {
        Author { user: who.user, session: Some(who.session.clone()), origin: None }
    }

    async fn send(&mut self, who: &Identity) {
        let words = Words { text: format!("message {}", self.model.head), ..Words::default() };
        let said = app::say(&self.bench.app, &Self::author(who), &self.code, words).await.unwrap();
        self.model.head += 1;
        assert_eq!(said.entry.unwrap().id, EventId(self.model.head));
        self.model.messages.insert(self.model.head, (who.user, who.session.clone()));
        self.model.read(who.user, self.model.head);
    }

    async fn read(&mut self, who: &Identity) {
        let id = self.dice.below(usize::try_from(self.model.head).unwrap() + 3) as u64;
        let up_to = Some(EventId(id)).filter(|_| id > 0);
        app::mark_read(&self.bench.app, who.user, &self.code, up_to).await.unwrap();
        let id = if up_to.is_some() { id.min(self.model.head) } else { self.model.head };
        self.model.read(who.user, id);
    }

    async fn amend(&mut self, who: &Identity, amendment: Amendment) {
        let own: Vec<u64> =
            self.model.messages.iter().filter(|(_, by)| by.0 == who.user).map(|(id, _)| *id).collect();
        if own.is_empty() {
            return;
        }
        let id = own[self.dice.below(own.len())];
        let is_deletion = amendment == Amendment::Delete;
        app::amend(&self.bench.app, &Self::author(who), &self.code, EventId(id), amendment).await.unwrap();
        self.model.head += 1;
        if is_deletion {
            self.model.messages.remove(&id);
        }
    }

    async fn join(&mut self) {
        let Some(newcomer) = self.newcomers.pop() else { return };
        let joined =
            app::join_room(&self.bench.app, newcomer.user, Some(&self.code), &EntryPass::default()).await;
        joined.unwrap();
        self.model.marks.insert(newcomer.user, self.model.head);
        self.devices.push(newcomer);
    }

    /// In rooms nothing is cleared.
    async fn clear(&mut self, who: &Identity) {
        let job = Job::ClearSaid { identity: who.clone(), is_last: false };
        app::run_job(&self.bench.app, job, None).await.unwrap();
        let is_said = |by: &(UserId, SessionId)| self.is_private && *by == (who.user, who.session.clone());
        let before = self.model.messages.len();
        self.model.messages.retain(|_, by| !is_said(by));
        self.model.head += u64::from(self.model.messages.len() < before);
    }

    async fn check(&self, seed: u64, step: usize) {
        for user in self.model.marks.keys() {
            let own = app::own_rooms(&self.bench.app, *user, None, 50, |_| true).await.unwrap().0;
            let summary = app::summary(&self.bench.app, &own[0]).await.unwrap();
            let expected = (self.model.unread(*user), self.model.marks[user], self.model.head);
            let seen = (summary.unread, summary.last_read.0, summary.head.0);
            assert_eq!(seen, expected, "seed {seed}, step {step}, person {user}");
        }
        let (app, ann) = (&self.bench.app, self.devices[0].user);
        let all = app::participants(app, ann, &self.code, Status::Approved, None, 50).await.unwrap();
        let marks = all.page.members.iter().map(|member| (member.user, member.last_read));
        assert_eq!(marks.collect::<BTreeMap<_, _>>(), self.model.marks, "seed {seed}, step {step}");
    }
}

#[tokio::test]
async fn unread_is_what_a_model_says() {
    for seed in 0..12 {
        let mut game = Game::new(seed, seed % 2 == 0).await;
        // Some games are so long that nobody looks back to their beginning.
        for step in 0..if seed < 2 { 600 } else { 60 } {
            game.step().await;
            game.check(seed, step).await;
        }
        assert!(game.model.head > 20, "much has happened");
    }
}
