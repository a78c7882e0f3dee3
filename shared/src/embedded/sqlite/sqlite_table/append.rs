//! Appending to rooms' logs: what was said before, charge, what it does to earlier messages and the entry in one piece of
//! the writer's transaction, which everything is decided in before anything is written.

use std::collections::HashMap;

use rusqlite::Connection;

use super::apply::{Decision, decide};
use super::{pages, rows, unavailable};
use crate::ids::{EventId, RoomCode};
use crate::ports::table::rules;
use crate::ports::{Appended, TableError};
use crate::store::rooms::log::{Draft, Last, NoPlan, Owner, Plan, last_entries, reactions_partition};

/// How many rooms' last entries are kept in memory.
const MAX_ROOMS: usize = 10_000;

/// The last entries of logs, as far as they are known.
#[derive(Debug, Default)]
pub(super) struct LastEntries(HashMap<String, Last>);

impl LastEntries {
    /// Forgets everything: what was written may not have been committed.
    pub(super) fn clear(&mut self) {
        self.0.clear();
    }

    fn of(&self, db: &Connection, room: &RoomCode, now: i64) -> Result<Last, TableError> {
        match self.0.get(&room.folded()) {
            Some(last) => Ok(*last),
            None => read_last(db, room, now),
        }
    }

    fn note(&mut self, room: &RoomCode, last: Last) {
        if self.0.len() >= MAX_ROOMS {
            self.0.clear();
        }
        self.0.insert(room.folded(), last);
    }
}

fn read_last(db: &Connection, room: &RoomCode, now: i64) -> Result<Last, TableError> {
    let page = pages::query(db, &last_entries(room, 1), now)?;
    page.items.into_iter().next().map_or(Ok(Last::default()), |item| Last::of(item, None))
}

/// Why an entry was not appended.
pub(super) enum AppendError {
    /// Nothing had been written.
    Before(TableError),
    /// Something may have been written.
    During(TableError),
}

impl From<TableError> for AppendError {
    fn from(error: TableError) -> Self {
        Self::Before(error)
    }
}

/// Appends an entry, all of it or nothing. An error [`During`](AppendError::During) it leaves the surrounding transaction in
/// an unknown state.
pub(super) fn append(
    db: &Connection,
    known: &mut LastEntries,
    draft: &Draft,
    now: i64,
) -> Result<Appended, AppendError> {
    if let Some(id) = said_before(db, draft, now)? {
        return Ok(Appended::Repeated { id });
    }
    let charge = match draft.entry.charge.clone().map(|write| decide(db, write, now)).transpose()? {
        Some(Decision::Refused(current)) => return Ok(Appended::Refused { current }),
        Some(Decision::Go(pending)) => Some(pending),
        None => None,
    };
    let mut last = known.of(db, &draft.room, now)?;
    let plan = match insert(db, &mut last, draft, now) {
        Ok(plan) => plan,
        Err(NoPlan::Refused(why)) => return Ok(Appended::NotFolded(why)),
        Err(NoPlan::Failed(error)) => return Err(error.into()),
    };
    let charged = write_beside(db, &plan, &last, draft, now)
        .and_then(|()| charge.map(|pending| pending.carry_out(db)).transpose())
        .map_err(AppendError::During)?;
    let Plan { head, target, .. } = plan;
    known.note(&draft.room, Last { head, at: draft.entry.at.as_micros(), previous_at: None });
    let (charged, target) = (charged.flatten(), target.map(Box::new));
    Ok(Appended::New { id: head.id, messages: head.messages, charged, target })
}

fn said_before(db: &Connection, draft: &Draft, now: i64) -> Result<Option<EventId>, TableError> {
    let Some(marker) = draft.marker() else { return Ok(None) };
    let Some(item) = rows::get_live(db, &[marker], now)?.pop() else { return Ok(None) };
    let (Owner::Ours(id) | Owner::Others(id)) = draft.owner_of_marker(item)?;
    Ok(Some(id))
}

/// Puts the entry after the last one; looks where that is if it isn't where it was thought to be, since others may write
/// to the table itself.
fn insert(db: &Connection, last: &mut Last, draft: &Draft, now: i64) -> Result<Plan, NoPlan> {
    let found = rows::get_live(db, &draft.reads(), now)?;
    loop {
        let plan = draft.plan(last, found.clone())?;
        [&plan.entry].into_iter().chain(&plan.marker).try_for_each(rules::check_item)?;
        if rows::insert(db, &plan.entry)? {
            return Ok(plan);
        }
        let there = read_last(db, &draft.room, now)?;
        if there == *last {
            return Err(unavailable("the place after the last entry of a log is taken").into());
        }
        *last = there;
    }
}

/// Whatever goes with an entry.
fn write_beside(
    db: &Connection,
    plan: &Plan,
    last: &Last,
    draft: &Draft,
    now: i64,
) -> Result<(), TableError> {
    if let Some(marker) = &plan.marker {
        rows::put(db, marker)?;
    }
    for fold in &plan.folds {
        match decide(db, fold.clone(), now)? {
            Decision::Go(pending) => drop(pending.carry_out(db)?),
            Decision::Refused(_) => return Err(unavailable("a message changed while it was being changed")),
        }
    }
    for message in &plan.gone {
        rows::delete_partition(db, &reactions_partition(&draft.room, *message))?;
    }
    // The last entry has a successor now.
    let expiry = draft.expiry(last.head.id, last.at);
    if let Some(Decision::Go(pending)) = expiry.map(|write| decide(db, write, now)).transpose()? {
        pending.carry_out(db)?;
    }
    Ok(())
}
