//! Watches every write of the table: keeps the books, and says at once which rule a write breaks.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use super::book::Books;
use super::{log_rules, member_rules, presence_rules, watch_rules};
use crate::kernel::world::Facts;
use crate::kernel::{TaskId, World};
use crate::table::{Committed, Watcher};

/// The books of one world.
#[derive(Debug)]
pub(crate) struct Ledger {
    world: Arc<World>,
    books: Mutex<Books>,
}

/// A write, and what is known of the work that made it.
pub(super) struct Entry<'a> {
    pub(super) world: &'a World,
    pub(super) now: i64,
    /// The part of the partition key after the first `#`.
    pub(super) name: &'a str,
    /// The sort key.
    pub(super) place: &'a str,
    pub(super) written: &'a Committed<'a>,
    pub(super) task: Option<(TaskId, Facts)>,
}

impl Entry<'_> {
    /// Since when the work has been under way that made the write.
    pub(super) fn began(&self) -> i64 {
        self.task.as_ref().map_or(self.now, |(_, facts)| facts.began)
    }

    pub(super) fn label(&self) -> &str {
        self.task.as_ref().map_or("", |(_, facts)| facts.label.as_str())
    }
}

impl Ledger {
    pub(crate) fn new(world: Arc<World>) -> Self {
        Self { world, books: Mutex::default() }
    }

    pub(crate) fn books(&self) -> MutexGuard<'_, Books> {
        self.books.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Somebody was answered that a person is out of a room; if they were put out by work that began then, their sockets are,
    /// too. (Unless they came in again, and are about to go by something else.)
    pub(crate) fn is_out(&self, room: &str, user: u64, put_out: Option<i64>) {
        let now = self.world.now();
        let mut books = self.books();
        let book = books.rooms.entry(room.to_owned()).or_default();
        if !book.is_in(user, now)
            && let Some(member) = book.members.get_mut(&user)
        {
            let row = book.rows.iter().find(|(owner, _)| *owner == user);
            let is_so = |began| member.went_by == began || member.in_until.is_none_or(|until| until < began);
            if let Some((_, socket)) = row.filter(|_| put_out.is_some_and(is_so)) {
                let what = format_args!("{room}: {socket} of {user}");
                self.world.violated("whoever is put out has no row once that is answered", what);
            }
            // Of two who leave at once, one is answered while the other one's sockets are taken out.
            if row.is_none() {
                member.out_since = Some(now);
            }
        }
    }

    /// Whoever had to tell what that work appended has died, does not know of it, or could not leave it to the queue.
    pub(crate) fn excuse(&self, task: TaskId) {
        let books = &mut *self.books();
        let entries = books.rooms.values_mut().flat_map(|room| room.log.values_mut());
        entries.filter(|entry| entry.task == Some(task)).for_each(|entry| entry.is_excused = true);
    }
}

impl Watcher for Ledger {
    fn committed(&self, writes: &[Committed<'_>]) {
        let (now, task) = (self.world.now(), self.world.current());
        let books = &mut *self.books();
        for written in writes {
            let (kind, name) = written.key.pk.split_once('#').unwrap_or((written.key.pk.as_str(), ""));
            let (place, task) = (written.key.sk.as_str(), task.clone());
            let entry = Entry { world: &self.world, now, name, place, written, task };
            match kind {
                "LOG" => log_rules::written(books, &entry),
                "MEMBERS" => member_rules::member_written(books, &entry),
                "ROOM" => room_written(books, &entry),
                "GROUP" => presence_rules::row_written(books, &entry),
                "HERE" => presence_rules::mark_written(books, &entry),
                "USER" => member_rules::person_written(books, &entry),
                _ => {}
            }
        }
    }
}

fn room_written(books: &mut Books, entry: &Entry<'_>) {
    match entry.place {
        "META" => member_rules::room_written(books, entry),
        "COUNT" => {
            let members = entry.written.after.and_then(|item| item.get("members")?.as_i64());
            books.rooms.entry(entry.name.to_owned()).or_default().count = members.unwrap_or(0);
        }
        "PLAYBACK" => watch_rules::playback_written(books, entry),
        _ => {}
    }
}
