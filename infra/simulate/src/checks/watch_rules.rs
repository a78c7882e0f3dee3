//! What is watched, and who is host.

use serde_json::Value;

use super::book::{Books, RoomBook, number};
use super::ledger::Entry;

/// How long a host is waited for at the least, in microseconds: with clocks as far apart as they may be, and where noting
/// that they are missed takes as long as it may.
const GRACE: i64 = 17_000_000;

pub(super) fn playback_written(books: &mut Books, entry: &Entry<'_>) {
    let Some(after) = entry.written.after else { return };
    let room = books.rooms.entry(entry.name.to_owned()).or_default();
    let version = |item: &super::book::Attributes| number(item, "version").unwrap_or(0);
    let before = room.playback.as_ref().map_or(0, version);
    if version(after) != before && version(after) != before + 1 {
        let what = format_args!("{}: {} after {before}", entry.name, version(after));
        entry.world.violated("each change of what is watched counts one", what);
    }
    let last = |item: &super::book::Attributes| {
        let last = item.get("last")?;
        Some((last["connection"].as_str()?.to_owned(), last["sent_at"].as_i64()?))
    };
    let changed = room.playback.as_ref().and_then(last).zip(last(after));
    if let Some(((one, earlier), (other, later))) = changed
        && one == other
        && later < earlier
    {
        let what = format_args!("{}: {one} sent it at {later}, after {earlier}", entry.name);
        entry.world.violated("of one socket's commands the later counts", what);
    }
    check_same_version(room, entry, after);
    room.playback = Some(after.clone());
}

/// What everybody was told under a number stays so.
fn check_same_version(room: &RoomBook, entry: &Entry<'_>, after: &super::book::Attributes) {
    let Some(before) = &room.playback else { return };
    let told = ["position", "is_playing", "rate", "at"];
    // What is said of an item may be looked up later.
    let item = |state: &super::book::Attributes| state.get("item").map(|item| item["id"].clone());
    let differs =
        told.iter().any(|name| before.get(*name) != after.get(*name)) || item(before) != item(after);
    if number(before, "version") == number(after, "version") && differs {
        entry.world.violated("a version is one state", format_args!("{}", entry.name));
    }
}

/// A host who is replaced because they are away has been missed for as long as they are waited for.
pub(super) fn host_written(room: &mut RoomBook, entry: &Entry<'_>) {
    let (Some(before), Some(after)) = (&room.meta, entry.written.after) else { return };
    let host = |item: &super::book::Attributes| item.get("host").and_then(Value::as_u64);
    let is_replaced = host(before).is_some() && host(after) != host(before);
    if is_replaced && entry.label().contains("end_host_grace") && entry.now - room.missed_since < GRACE {
        let what = format_args!("{}: {:?}, missed since {}", entry.name, host(before), room.missed_since);
        entry.world.violated("a host is waited for", what);
    }
    if number(before, "absence") != number(after, "absence") {
        room.missed_since = entry.now;
    }
}
