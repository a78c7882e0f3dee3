//! Rows of sockets in groups, and marks of people in rooms.

use super::book::Books;
use super::ledger::Entry;

/// How long after their last join somebody has left at the earliest, in microseconds.
const GRACE: i64 = 4_900_000;

pub(super) fn row_written(books: &mut Books, entry: &Entry<'_>) {
    let mut parts = entry.place.split('#');
    let (Some(user), Some(socket)) = (parts.next().and_then(|user| user.parse::<u64>().ok()), parts.next())
    else {
        return;
    };
    let row = (user, socket.to_owned());
    let is_there = entry.written.after.is_some();
    match entry.name.split_once('#') {
        Some(("room", code)) => {
            let room = books.rooms.entry(code.to_owned()).or_default();
            if is_there && user > 0 && !room.is_in(user, entry.now) {
                let what = format_args!("{code}: {} of {user}", row.1);
                entry.world.violated("no row is written without the right to it", what);
            }
            if is_there {
                room.rows.insert(row);
            } else {
                room.rows.remove(&row);
            }
        }
        Some(("inbox", _)) => {
            let inbox = books.inboxes.entry(user).or_default();
            if is_there {
                inbox.insert(row.1);
            } else {
                inbox.remove(&row.1);
            }
        }
        _ => {}
    }
}

pub(super) fn mark_written(books: &mut Books, entry: &Entry<'_>) {
    let Ok(user) = entry.place.parse::<u64>() else { return };
    let room = books.rooms.entry(entry.name.to_owned()).or_default();
    let Some(mark) = entry.written.after else {
        room.here.remove(&user);
        return;
    };
    let was_here = room.here.get(&user).is_some_and(|mark| !mark.contains_key("left_by"));
    if was_here && mark.contains_key("left_by") && entry.label().contains("check_absence") {
        let joined = room.joined_at.get(&user);
        if let Some(joined) = joined.filter(|joined| entry.now.saturating_sub(**joined) < GRACE) {
            let what = format_args!("{}: {user}, who joined at {joined}", entry.name);
            entry.world.violated("nobody has left within five seconds of a join", what);
        }
    }
    if room.here.get(&user).is_none_or(|before| before.get("token") != mark.get("token")) {
        room.joined_at.insert(user, entry.now);
    }
    room.here.insert(user, mark.clone());
}
