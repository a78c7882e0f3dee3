//! Rooms' logs: dense, without repetition, by people who may speak, and folded at once.

use parlor::ports::EXPIRES_AT;
use serde_json::Value;

use super::book::{Books, LogEntry, RoomBook, number, text};
use super::ledger::Entry;
use crate::kernel::World;

/// How much workers' clocks may be apart, and how long a charge may come before its entry, in microseconds.
const SLACK: i64 = 3_000_000;

pub(super) fn written(books: &mut Books, entry: &Entry<'_>) {
    let Ok(id) = entry.place.parse::<u64>() else { return };
    let was_known = books.rooms.get(entry.name).is_some_and(|room| room.log.contains_key(&id));
    match (was_known, entry.written.before, entry.written.after) {
        (false, _, Some(_)) => appended(books, entry, id),
        (true, None, Some(_)) => {
            entry.world.violated("numbers are given once", format_args!("{}: {id} again", entry.name));
        }
        (true, _, after) => changed(books, entry, id, after.cloned()),
        (false, _, None) => {}
    }
}

fn appended(books: &mut Books, entry: &Entry<'_>, id: u64) {
    let Some(item) = entry.written.after else { return };
    let room = books.rooms.entry(entry.name.to_owned()).or_default();
    if id != room.head + 1 {
        let what = format_args!("{}: {id} after {}", entry.name, room.head);
        entry.world.violated("numbers are dense and never begin again", what);
    }
    room.head = id;
    if item.contains_key(EXPIRES_AT) {
        entry.world.violated("the newest event never expires", format_args!("{}: {id}", entry.name));
    }
    let ids = |name: &str| item.get(name).and_then(Value::as_array).into_iter().flatten();
    let targets = number(item, "m").into_iter().chain(ids("ms").filter_map(Value::as_u64)).collect();
    let kind = item.get("k").and_then(Value::as_str).unwrap_or("m").to_owned();
    let appended = LogEntry {
        author: number(item, "u"),
        text: text(item, "x").to_owned(),
        replaced: Vec::new(),
        targets,
        task: entry.task.as_ref().map(|(id, _)| *id),
        stored: Some(item.clone()),
        deleted_at: None,
        due: room.rows.iter().map(|(_, socket)| socket.clone()).collect(),
        is_excused: false,
        kind,
    };
    let is_erased =
        item.contains_key("un") && appended.author.is_some_and(|user| books.erased.contains(&user));
    if !is_erased {
        check_author(entry.world, room, entry, &appended);
    }
    finish(books, entry, id, appended);
}

fn finish(books: &mut Books, entry: &Entry<'_>, id: u64, mut appended: LogEntry) {
    let Some(room) = books.rooms.get_mut(entry.name) else { return };
    for person in room.listed_people() {
        appended.due.extend(books.inboxes.get(&person).into_iter().flatten().cloned());
    }
    if appended.kind == "m" {
        let before = books.said.insert(appended.text.clone(), (entry.name.to_owned(), id));
        if let Some((room, first)) = before {
            let what = format_args!("{}: {id} says what {room}: {first} said", entry.name);
            entry.world.violated("what is said is in the log once", what);
        }
    }
    if matches!(appended.kind.as_str(), "d" | "c") {
        for target in &appended.targets {
            if let Some(target) = room.log.get_mut(target) {
                target.deleted_at.get_or_insert(entry.now);
            }
        }
    }
    room.log.insert(id, appended);
}

/// Nobody speaks who is not in, or silenced. (The reactions of who is gone are taken back in their name, which is no speech.)
fn check_author(world: &World, room: &RoomBook, entry: &Entry<'_>, appended: &LogEntry) {
    let Some(author) = appended.author.filter(|_| appended.kind == "m" || appended.kind == "r") else {
        return;
    };
    let since = entry.began() - SLACK;
    let Some(member) = room.members.get(&author) else {
        world.violated("whoever speaks is a member", format_args!("{}: {author}", entry.name));
        return;
    };
    if member.in_until.is_none_or(|until| until < since) {
        world.violated("whoever speaks is a member", format_args!("{}: {author}", entry.name));
    }
    let until = member.row.get("muted_until").and_then(Value::as_i64).unwrap_or(0);
    let is_over = until < entry.now + SLACK;
    if member.muted_since.is_some_and(|muted| muted < since) && !is_over {
        world.violated("whoever is silenced does not speak", format_args!("{}: {author}", entry.name));
    }
}

fn changed(books: &mut Books, entry: &Entry<'_>, id: u64, after: Option<super::book::Attributes>) {
    let Some(room) = books.rooms.get_mut(entry.name) else { return };
    let newest = room.head;
    if let Some(item) = &after
        && id == newest
        && item.contains_key(EXPIRES_AT)
    {
        let what = format_args!("{}: {id} expires and has no successor", entry.name);
        entry.world.violated("the newest event never expires", what);
    }
    if let Some(known) = room.log.get_mut(&id) {
        if after.as_ref().is_some_and(|item| item.get("d") == Some(&Value::Bool(true))) {
            known.deleted_at.get_or_insert(entry.now);
        }
        let said = |item: &super::book::Attributes| text(item, "x").to_owned();
        let (before, now) = (known.stored.as_ref().map(said), after.as_ref().map(said));
        if let Some(before) = before.filter(|before| Some(before) != now.as_ref()) {
            known.replaced.push((before, entry.now));
        }
        known.stored = after;
    }
}
