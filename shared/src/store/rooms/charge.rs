//! What one person may say in a room is counted in their row there, so that it holds across all workers.

use std::time::Duration;

use serde_json::{Value, json};

use super::people::members::{approved, may_speak, member_key};
use crate::domain::chat::{Budget, Pace};
use crate::domain::rooms::{RoomRole, Status};
use crate::ids::{RoomCode, UserId};
use crate::ports::{Change, Comparison, Condition, Item, Write};
use crate::protocol::Timestamp;

/// When all of the budget of messages is there again, in microseconds since 1970.
const BUDGET: &str = "budget";
/// The same of edits, deletions and reactions.
const EDITS: &str = "edits";
/// A hash of the last text.
const SAID: &str = "said";
/// When it was said, in microseconds since 1970.
const SAID_AT: &str = "said_at";
/// From when on somebody may speak again in slow mode, in microseconds since 1970.
const SLOW_UNTIL: &str = "slow_until";
const ROLE: &str = "role";
/// How many messages were let through.
const SPOKEN: &str = "spoken";

/// What is counted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Spoken {
    /// A message; none stands for one without text.
    Message {
        /// A hash of its text.
        text: Option<String>,
    },
    /// An edit or a reaction.
    Edit,
    /// A deletion, counted with edits. Who is silenced may take back what they have said.
    Deletion,
}

/// One thing that somebody says, to be counted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Charge {
    /// Where.
    pub room: RoomCode,
    /// Who.
    pub user: UserId,
    /// What.
    pub counted: Spoken,
    /// When.
    pub now: Timestamp,
    /// How much there may be of it.
    pub budget: Budget,
    /// Within which time the same text counts as a repetition.
    pub repeated_within: Duration,
    /// The pause that slow mode asks for; 0 for none.
    pub slow_mode_seconds: u32,
}

/// Why it may not be said.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ChargeRefused {
    /// They are not in; this is where they stand, if anywhere.
    NotIn(Option<Status>),
    /// They are silenced.
    Muted,
    /// They have just said the same.
    Repeated {
        /// In how many seconds they may.
        retry_after: u64,
    },
    /// Slow mode holds them back.
    Slow {
        /// For so many seconds.
        retry_after: u64,
    },
    /// Some of the budget is spent, but not all: [`Charge::burst`] is to be tried.
    InBurst,
    /// All of it is spent.
    Spent {
        /// In how many seconds there is more.
        retry_after: u64,
    },
}

impl Charge {
    /// The write for who has said nothing for a while.
    pub fn first(&self) -> Write {
        let attribute = self.attribute();
        let unspent = Condition::Any(vec![
            Condition::Not(Box::new(Condition::Has(attribute.to_owned()))),
            Condition::Compare(attribute.to_owned(), Comparison::AtMost, json!(self.now.as_micros())),
        ]);
        let next = json!(self.now.plus(self.budget.step()).as_micros());
        self.write(Change::Set(attribute.to_owned(), next), unspent)
    }

    /// The write for who is in the middle of a burst.
    pub fn burst(&self) -> Write {
        let attribute = self.attribute();
        let latest = json!(self.budget.latest(self.now).as_micros());
        let some_left = Condition::All(vec![
            Condition::Compare(attribute.to_owned(), Comparison::Greater, json!(self.now.as_micros())),
            Condition::Compare(attribute.to_owned(), Comparison::AtMost, latest),
        ]);
        let step = i64::try_from(self.budget.step().as_micros()).unwrap_or(i64::MAX);
        self.write(Change::Add(attribute.to_owned(), step), some_left)
    }

    /// A write that nobody passes: for where nothing new may be said, but what was said before may be repeated.
    pub fn never(&self) -> Write {
        let never = Condition::All(vec![Condition::Exists, Condition::Not(Box::new(Condition::Exists))]);
        Write::Update(member_key(&self.room, self.user), vec![Change::Remove("no".to_owned())], never)
    }

    /// Why a write was refused, by the row as it was found.
    pub fn why(&self, row: Option<&Item>) -> ChargeRefused {
        let status = row.and_then(|row| serde_json::from_value(row.attributes.get("status")?.clone()).ok());
        let Some((row, Status::Approved)) = row.zip(status) else {
            return ChargeRefused::NotIn(status);
        };
        if self.is_speech() && micros(row, "muted_until").is_some_and(|until| until > self.now) {
            return ChargeRefused::Muted;
        }
        if let Some(until) = micros(row, SLOW_UNTIL).filter(|until| self.is_slow() && *until > self.now) {
            let is_exempt =
                row.attributes.get(ROLE).is_some_and(|role| *role != json!(RoomRole::Member.name()));
            if !is_exempt {
                return ChargeRefused::Slow { retry_after: seconds(until.since(self.now)) };
            }
        }
        if let Some(retry_after) = self.repeated_for(row) {
            return ChargeRefused::Repeated { retry_after };
        }
        match self.budget.spend(micros(row, self.attribute()), self.now) {
            Pace::Free(_) => ChargeRefused::InBurst,
            Pace::Spent { wait } => ChargeRefused::Spent { retry_after: seconds(wait) },
        }
    }

    fn repeated_for(&self, row: &Item) -> Option<u64> {
        let Spoken::Message { text: Some(text) } = &self.counted else { return None };
        let is_same = row.attributes.get(SAID).and_then(Value::as_str) == Some(text);
        let free_at = micros(row, SAID_AT)?.plus(self.repeated_within);
        (is_same && free_at > self.now).then(|| seconds(free_at.since(self.now)))
    }

    fn write(&self, change: Change, pace: Condition) -> Write {
        let mut changes = vec![change];
        let mut conditions = vec![approved(), pace];
        conditions.extend(self.is_speech().then(|| may_speak(self.now)));
        if let Spoken::Message { .. } = &self.counted {
            changes.push(Change::Add(SPOKEN.to_owned(), 1));
        }
        if let Spoken::Message { text: Some(text) } = &self.counted {
            conditions.push(self.is_new(text));
            changes.push(Change::Set(SAID.to_owned(), json!(text)));
            changes.push(Change::Set(SAID_AT.to_owned(), json!(self.now.as_micros())));
        }
        if self.is_slow() {
            conditions.push(may_speak_slowly(self.now));
            changes.push(self.next_pause());
        }
        Write::Update(member_key(&self.room, self.user), changes, Condition::All(conditions))
    }

    /// The write for slow mode alone; none without it.
    pub fn pause(&self) -> Option<Write> {
        let conditions = Condition::All(vec![approved(), may_speak_slowly(self.now)]);
        let write = || Write::Update(member_key(&self.room, self.user), vec![self.next_pause()], conditions);
        self.is_slow().then(write)
    }

    fn next_pause(&self) -> Change {
        let until = self.now.plus(Duration::from_secs(u64::from(self.slow_mode_seconds)));
        Change::Set(SLOW_UNTIL.to_owned(), json!(until.as_micros()))
    }

    fn is_speech(&self) -> bool {
        self.counted != Spoken::Deletion
    }

    fn is_slow(&self) -> bool {
        self.slow_mode_seconds > 0 && matches!(self.counted, Spoken::Message { .. })
    }

    fn is_new(&self, text: &str) -> Condition {
        let within = i64::try_from(self.repeated_within.as_micros()).unwrap_or(i64::MAX);
        let long_ago = json!(self.now.as_micros().saturating_sub(within));
        let same = Condition::Compare(SAID.to_owned(), Comparison::Equal, json!(text));
        Condition::Any(vec![
            Condition::Not(Box::new(same)),
            Condition::Compare(SAID_AT.to_owned(), Comparison::AtMost, long_ago),
        ])
    }

    fn attribute(&self) -> &'static str {
        match self.counted {
            Spoken::Message { .. } => BUDGET,
            Spoken::Edit | Spoken::Deletion => EDITS,
        }
    }
}

/// The last pause is over; host and co-hosts have none.
fn may_speak_slowly(now: Timestamp) -> Condition {
    let role = |role: RoomRole| Condition::Compare(ROLE.to_owned(), Comparison::Equal, json!(role.name()));
    Condition::Any(vec![
        role(RoomRole::Host),
        role(RoomRole::CoHost),
        Condition::Not(Box::new(Condition::Has(SLOW_UNTIL.to_owned()))),
        Condition::Compare(SLOW_UNTIL.to_owned(), Comparison::AtMost, json!(now.as_micros())),
    ])
}

fn micros(row: &Item, name: &str) -> Option<Timestamp> {
    row.attributes.get(name).and_then(Value::as_i64).map(Timestamp::from_micros)
}

/// Rounded up: whoever waits so long is not refused again.
fn seconds(wait: Duration) -> u64 {
    wait.as_secs() + u64::from(wait.subsec_nanos() > 0)
}
