//! Rooms and their people.

use super::book::{Books, approved, is_alive, number, text};
use super::ledger::Entry;

const FOR_EVER: i64 = i64::MAX;
const COMES_IN: &str = "nobody comes in whose account is gone";

pub(super) fn member_written(books: &mut Books, entry: &Entry<'_>) {
    if let Some(name) = entry.place.strip_prefix("NAME#") {
        return name_written(books, entry, name);
    }
    let (now, after) = (entry.now, entry.written.after);
    let room = books.rooms.entry(entry.name.to_owned()).or_default();
    let Ok(user) = entry.place.parse::<u64>() else { return };
    let member = room.members.entry(user).or_default();
    let Some(item) = after else {
        member.row.clear();
        return;
    };
    let is_in = text(item, "status") == approved();
    let was_in = text(&member.row, "status") == approved();
    if is_in && !was_in && books.erased.contains(&user) {
        entry.world.violated(COMES_IN, format_args!("{}: {user}", entry.name));
    }
    if is_in {
        (member.in_until, member.out_since) = (Some(FOR_EVER), None);
    } else if was_in {
        (member.in_until, member.went_by) = (Some(now), entry.began());
    }
    let is_muted =
        item.get("muted_until").and_then(serde_json::Value::as_i64).is_some_and(|until| until > now);
    member.muted_since = is_muted.then(|| member.muted_since.unwrap_or(now));
    member.row = item.clone();
}

/// Who bears a name in a room.
fn name_written(books: &mut Books, entry: &Entry<'_>, name: &str) {
    let (now, after) = (entry.now, entry.written.after);
    let room = books.rooms.entry(entry.name.to_owned()).or_default();
    let (before, after_user) = (room.names.get(name).cloned(), after.and_then(|item| number(item, "user")));
    let is_taken = before.filter(|before| is_alive(before, now)).and_then(|before| number(&before, "user"));
    if let (Some(mine), Some(theirs)) = (after_user, is_taken)
        && mine != theirs
    {
        let what = format_args!("{}: {name} of {theirs} goes to {mine}", entry.name);
        entry.world.violated("a name in a room is one person's", what);
    }
    if let Some(user) = after_user.filter(|user| is_taken.is_none() && books.erased.contains(user)) {
        entry.world.violated(COMES_IN, format_args!("{}: {user} as {name}", entry.name));
    }
    match after {
        Some(item) => drop(room.names.insert(name.to_owned(), item.clone())),
        None => drop(room.names.remove(name)),
    }
}

pub(super) fn room_written(books: &mut Books, entry: &Entry<'_>) {
    let Some(meta) = entry.written.after else { return };
    let people: Vec<u64> = meta
        .get("people")
        .and_then(|people| people.as_array())
        .into_iter()
        .flatten()
        .filter_map(serde_json::Value::as_u64)
        .collect();
    let is_pair = text(meta, "kind") == "pair" || text(meta, "kind") == "notes";
    if entry.written.before.is_none() && is_pair {
        let mut pair = people;
        pair.sort_unstable();
        if let Some(other) = books.pairs.insert(pair.clone(), entry.name.to_owned()) {
            let what = format_args!("{pair:?}: {other} and {}", entry.name);
            entry.world.violated("two people have one conversation", what);
        }
    }
    let room = books.rooms.entry(entry.name.to_owned()).or_default();
    super::watch_rules::host_written(room, entry);
    room.meta = Some(meta.clone());
}

pub(super) fn person_written(books: &mut Books, entry: &Entry<'_>) {
    let Ok(user) = entry.name.parse::<u64>() else { return };
    if entry.place == "PROFILE" && entry.written.after.is_none() {
        books.erased.insert(user);
    }
    if let Some(session) = entry.place.strip_prefix("SESSION#") {
        match entry.written.after {
            Some(_) => drop(books.sessions.insert((user, session.to_owned()))),
            None => drop(books.sessions.remove(&(user, session.to_owned()))),
        }
    }
}
