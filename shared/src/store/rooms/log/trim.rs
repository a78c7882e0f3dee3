//! Takes away the beginning of a log.

use futures_util::{StreamExt, TryStreamExt, stream};

use super::keys::{entry_key, reactions_of_message};
use super::read;
use super::table_room_log::last;
use crate::ids::{EventId, RoomCode};
use crate::ports::{Condition, Entry, Keep, Query, Slice, Table, TableError, Write};
use crate::store::media::room_media::hide;
use crate::store::record::refused;

/// How many entries are taken away at a time.
const STEP: usize = 100;
/// How many items are deleted at once.
const AT_ONCE: usize = 8;

/// Takes away the first entries that are not to be kept; tells whether there may be more of them. The last one stays.
pub(super) async fn trim(table: &dyn Table, room: &RoomCode, keep: &Keep) -> Result<bool, TableError> {
    let head = last(table, room, 1).await?.head;
    let oldest = read::slice(table, room, Slice::after(EventId::default(), STEP)).await?;
    let is_kept = |entry: &Entry| {
        let is_recent = keep.since.is_none_or(|since| entry.at >= since);
        let is_among_last = keep.messages.is_none_or(|count| entry.messages + count > head.messages);
        entry.id >= head.id || (is_recent && is_among_last)
    };
    let going: Vec<Entry> = oldest.entries.into_iter().take_while(|entry| !is_kept(entry)).collect();
    for entry in &going {
        if entry.event.message().is_some_and(|message| !message.reactions.is_empty()) {
            forget_reactions(table, room, entry.id).await?;
        }
    }
    let deletes = going.iter().map(|entry| Write::Delete(entry_key(room, entry.id), Condition::Always));
    let files =
        going.iter().filter_map(|entry| Some((entry.id, entry.event.message()?.attachment.as_ref()?)));
    let hidden = files.map(|(id, file)| hide(file.media_id, room, id));
    all(table, deletes.chain(hidden)).await?;
    Ok(going.len() == STEP)
}

/// Forgets who reacted to a message that is no more.
pub(super) async fn forget_reactions(
    table: &dyn Table,
    room: &RoomCode,
    message: EventId,
) -> Result<(), TableError> {
    let mut query: Query = reactions_of_message(room, message);
    loop {
        let page = table.query(&query).await?;
        all(table, page.items.into_iter().map(|item| Write::Delete(item.key, Condition::Always))).await?;
        match page.next {
            Some(next) => query.after = Some(next),
            None => return Ok(()),
        }
    }
}

/// Does writes that have nothing to do with each other; those whose condition does not hold are passed over.
pub(super) async fn all(
    table: &dyn Table,
    writes: impl Iterator<Item = Write> + Send,
) -> Result<(), TableError> {
    let writes: Vec<Write> = writes.collect();
    let writes = stream::iter(writes).map(|write| async { refused(table.write(write).await).map(drop) });
    writes.buffer_unordered(AT_ONCE).try_collect().await
}
