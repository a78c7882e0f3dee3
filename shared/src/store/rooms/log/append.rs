//! Appends to a log on which others are at work at the same time.

use std::time::Duration;

use futures_util::future::{join, join3, try_join};

use super::draft::{Draft, Last, NoPlan, Owner, Plan};
use super::table_room_log::last;
use super::{read, trim};
use crate::ids::EventId;
use crate::ports::{
    Appended, Clock, Consent, Consented, Consistency, Item, Random, Refusal, Table, TableError, Write,
};
use crate::store::record::refused;

/// How often a place is tried for that others take.
const TRIES: u32 = 8;
/// How often a write is made again whose fate is unknown.
const REPEATS: u32 = 3;
/// The longest pause after the first try; after the second it is twice as long, and so on.
const PAUSE: Duration = Duration::from_millis(10);
/// How many messages a clear takes along in its transaction, with a write more for each that has a file; if there are more,
/// they are cleared before it.
const CLEARED_ALONG: usize = 45;
/// How often it is looked for messages of a clear that have changed meanwhile.
const CLEAR_ROUNDS: usize = 5;

/// One entry's way into a log.
pub(super) struct Append<'a> {
    pub(super) table: &'a dyn Table,
    pub(super) clock: &'a dyn Clock,
    pub(super) random: &'a dyn Random,
    pub(super) draft: Draft,
}

/// What the next entry rests on: the last one, and the messages that it is about.
type Seen = (Last, Vec<Item>);

/// What the charge came to.
enum Charge {
    Made(Option<Item>),
    Refused(Option<Item>),
}

/// What an attempt to write a plan came to.
enum Attempt {
    Written,
    /// Its author had said it before.
    Repeated(Owner),
    /// Somebody was quicker: the plan is worth nothing any more.
    Overtaken,
    /// It may be written.
    Unclear(TableError),
    /// It is not written, since a transaction has hold of an item. That may be an earlier attempt of ours.
    Held,
}

impl Append<'_> {
    /// The first round: the charge, beside a look at where the log ends and whatever the consent rests on. The second: the
    /// entry.
    pub(super) async fn run(mut self, consent: Consent<'_>) -> Result<Appended, TableError> {
        let (charge, seen, consented) = join3(self.charge(), self.look(), consent).await;
        let Consented::Given(late) = consented else { return Ok(Appended::Withheld) };
        let charged = match charge? {
            Charge::Made(item) => item,
            Charge::Refused(current) => return self.unless_repeated(Appended::Refused { current }).await,
        };
        let mut seen = seen?;
        let expires = self.draft.entry.keep_for.is_some();
        self.draft.entry = self.draft.entry.completed(late);
        if self.draft.entry.keep_for.is_some() && !expires {
            seen = self.look().await?;
        }
        if self.draft.entry.event.targets().len() > CLEARED_ALONG {
            seen = self.clear_ahead(seen).await?;
        }
        for attempt in 1..=TRIES {
            let plan = match self.draft.plan(&seen.0, seen.1) {
                Ok(plan) => plan,
                Err(NoPlan::Refused(why)) => return self.unless_repeated(Appended::NotFolded(why)).await,
                Err(NoPlan::Failed(error)) => return Err(error),
            };
            match self.carry_out(&plan, &seen.0).await? {
                Attempt::Written => return Ok(self.written(plan, charged).await),
                Attempt::Repeated(Owner::Ours(id) | Owner::Others(id)) => {
                    return Ok(Appended::Repeated { id });
                }
                Attempt::Overtaken | Attempt::Held | Attempt::Unclear(_) => self.pause(attempt).await,
            }
            seen = self.look().await?;
        }
        Ok(Appended::Busy)
    }

    async fn charge(&self) -> Result<Charge, TableError> {
        let Some(charge) = self.draft.entry.charge.clone() else { return Ok(Charge::Made(None)) };
        match self.table.write(charge).await {
            Ok(item) => Ok(Charge::Made(item)),
            Err(TableError::ConditionFailed(refusals)) => {
                Ok(Charge::Refused(refusals.into_iter().find_map(|refusal| refusal.current)))
            }
            Err(error) => Err(error),
        }
    }

    /// What is refused may have been said before: then it is not refused.
    async fn unless_repeated(&self, refused: Appended) -> Result<Appended, TableError> {
        let Some(marker) = self.draft.marker() else { return Ok(refused) };
        let Some(item) = self.table.get(&marker, Consistency::Strong).await? else { return Ok(refused) };
        let (Owner::Ours(id) | Owner::Others(id)) = self.draft.owner_of_marker(item)?;
        Ok(Appended::Repeated { id })
    }

    async fn look(&self) -> Result<Seen, TableError> {
        let reads = self.draft.reads();
        let entries = if self.draft.entry.keep_for.is_some() { 2 } else { 1 };
        try_join(last(self.table, &self.draft.room, entries), read::items(self.table, &reads)).await
    }

    /// Clears more messages than a transaction holds, one by one, until all of them are. Whoever repeats this after a crash
    /// finds what is left of them.
    async fn clear_ahead(&mut self, seen: Seen) -> Result<Seen, TableError> {
        let (last, mut found) = seen;
        for _ in 0..CLEAR_ROUNDS {
            let plan = match self.draft.plan(&last, found) {
                Ok(plan) => plan,
                Err(NoPlan::Failed(error)) => return Err(error),
                Err(NoPlan::Refused(_)) => break,
            };
            if plan.folds.is_empty() {
                break;
            }
            trim::all(self.table, plan.folds.into_iter()).await?;
            self.forget_reactions(&plan.gone).await;
            found = read::items(self.table, &self.draft.reads()).await?;
        }
        self.draft.is_folded = true;
        Ok((last, Vec::new()))
    }

    /// Writes a plan, and beside it lets the entry before the last one expire, which has a successor whatever becomes of the
    /// plan. The two don't meet in one item unless the plan changes messages.
    async fn carry_out(&self, plan: &Plan, last: &Last) -> Result<Attempt, TableError> {
        let before_last = last.head.id.previous().zip(last.previous_at);
        let expiry = self.expire(before_last.and_then(|(id, at)| self.draft.expiry(id, at)));
        if plan.folds.is_empty() {
            return join(self.insist(plan), expiry).await.0;
        }
        let attempt = self.insist(plan).await;
        expiry.await;
        attempt
    }

    /// What can't be written, though it is tried several times, is found when the log is trimmed.
    async fn expire(&self, expiry: Option<Write>) {
        let Some(expiry) = expiry else { return };
        let mut failed = None;
        for repeat in 0..=REPEATS {
            self.pause(repeat).await;
            match refused(self.table.write(expiry.clone()).await) {
                Ok(_) => return,
                Err(error) => failed = Some(error),
            }
        }
        if let Some(error) = failed {
            tracing::warn!(%error, "an entry stays longer than it should");
        }
    }

    /// Makes the same attempt until it is known what came of it.
    async fn insist(&self, plan: &Plan) -> Result<Attempt, TableError> {
        let mut doubt = None;
        for repeat in 0..=REPEATS {
            self.pause(repeat).await;
            match self.attempt(plan).await? {
                Attempt::Unclear(error) => doubt = Some(error),
                Attempt::Held if doubt.is_some() => {}
                clear => return Ok(clear),
            }
        }
        doubt.map_or(Ok(Attempt::Held), Err)
    }

    async fn attempt(&self, plan: &Plan) -> Result<Attempt, TableError> {
        let mut writes = plan.writes();
        #[cfg(feature = "mutants")]
        if planted!(FoldOutsideTransaction) && !plan.folds.is_empty() {
            return self.attempt_apart(plan).await;
        }
        let written = match writes.len() {
            1 => self.table.write(writes.remove(0)).await.map(drop),
            _ => self.table.transact(writes).await,
        };
        match written {
            Ok(()) => Ok(Attempt::Written),
            Err(TableError::ConditionFailed(refusals)) => self.judge(refusals),
            Err(TableError::Conflict) => Ok(Attempt::Held),
            Err(error @ TableError::Unavailable(_)) => Ok(Attempt::Unclear(error)),
            Err(error @ TableError::Invalid(_)) => Err(error),
        }
    }

    /// As it must not be done: whoever dies in between leaves one without the other.
    #[cfg(feature = "mutants")]
    async fn attempt_apart(&self, plan: &Plan) -> Result<Attempt, TableError> {
        let apart = Plan { folds: Vec::new(), ..plan.clone() };
        let attempt = match self.table.transact(apart.writes()).await {
            Ok(()) => Attempt::Written,
            Err(TableError::ConditionFailed(refusals)) => self.judge(refusals)?,
            Err(TableError::Conflict) => Attempt::Held,
            Err(error) => Attempt::Unclear(error),
        };
        if matches!(attempt, Attempt::Written) {
            trim::all(self.table, plan.folds.iter().cloned()).await?;
        }
        Ok(attempt)
    }

    /// What stands where the plan wanted to write: perhaps what an earlier attempt wrote, whose answer was lost.
    fn judge(&self, refusals: Vec<Refusal>) -> Result<Attempt, TableError> {
        let has_marker = self.draft.marker().is_some();
        let mut attempt = Attempt::Overtaken;
        for Refusal { index, current } in refusals {
            match (index, current) {
                (0, Some(entry)) => {
                    if let Owner::Ours(_) = self.draft.owner_of_entry(entry)? {
                        return Ok(Attempt::Written);
                    }
                }
                (1, Some(marker)) if has_marker => {
                    attempt = Attempt::Repeated(self.draft.owner_of_marker(marker)?);
                }
                _ => {}
            }
        }
        Ok(attempt)
    }

    async fn written(&self, plan: Plan, charged: Option<Item>) -> Appended {
        self.forget_reactions(&plan.gone).await;
        let Plan { head, target, .. } = plan;
        Appended::New { id: head.id, messages: head.messages, charged, target: target.map(Box::new) }
    }

    async fn forget_reactions(&self, gone: &[EventId]) {
        for message in gone {
            if let Err(error) = trim::forget_reactions(self.table, &self.draft.room, *message).await {
                tracing::warn!(%error, "who reacted to a message that is gone is still noted");
            }
        }
    }

    async fn pause(&self, tries: u32) {
        if tries == 0 {
            return;
        }
        let share = f64::from(u32::from_le_bytes(self.random.bytes())) / f64::from(u32::MAX);
        let pause = (PAUSE * tries).mul_f64(share);
        self.clock.sleep_until(self.clock.now().plus(pause)).await;
    }
}
