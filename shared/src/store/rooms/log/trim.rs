//! Takes away the beginning of a log, entry by entry: whenever it breaks off, what is left is whole.

use futures_util::{StreamExt, TryStreamExt, stream};

use super::keys::{entry_key, reactions_of_message};
use super::read;
use super::table_room_log::last;
use crate::ids::{EventId, RoomCode};
use crate::ports::{Condition, Entry, Keep, Slice, Table, TableError, Write};
use crate::store::media::room_media::hide;
use crate::store::record::refused;

/// How many entries are taken away at a time.
const STEP: usize = 100;
/// How many items go together with an entry, at most.
const TOGETHER: usize = 100;
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
        remove(table, room, entry).await?;
    }
    Ok(going.len() == STEP)
}

/// Removes an entry with all that depends on it: a message that stayed after all would be counted as having reactions that
/// nobody can take back.
async fn remove(table: &dyn Table, room: &RoomCode, entry: &Entry) -> Result<(), TableError> {
    let mut writes = vec![Write::Delete(entry_key(room, entry.id), Condition::Always)];
    if let Some(message) = entry.event.message() {
        let file = message.attachment.as_ref();
        writes.extend(file.map(|file| hide(file.media_id, room, entry.id)));
        if !message.reactions.is_empty() {
            writes.extend(reactions(table, room, entry.id).await?);
        }
    }
    // So many do not go together: the last ones go first, the entry with as many as it can.
    let beyond = writes.split_off(writes.len().min(TOGETHER));
    all(table, beyond.into_iter()).await?;
    match <[Write; 1]>::try_from(writes) {
        Ok([alone]) => table.write(alone).await.map(drop),
        Err(writes) => table.transact(writes).await,
    }
}

/// The writes that forget who reacted to a message.
async fn reactions(table: &dyn Table, room: &RoomCode, message: EventId) -> Result<Vec<Write>, TableError> {
    let (mut query, mut writes) = (reactions_of_message(room, message), Vec::new());
    loop {
        let page = table.query(&query).await?;
        writes.extend(page.items.into_iter().map(|item| Write::Delete(item.key, Condition::Always)));
        match page.next {
            Some(next) => query.after = Some(next),
            None => return Ok(writes),
        }
    }
}

/// Forgets who reacted to a message that is no more.
pub(super) async fn forget_reactions(
    table: &dyn Table,
    room: &RoomCode,
    message: EventId,
) -> Result<(), TableError> {
    all(table, reactions(table, room, message).await?.into_iter()).await
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
