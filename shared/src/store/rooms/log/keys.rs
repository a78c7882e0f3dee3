//! Where a room's log lies: `LOG#<code>` with a number of ten digits for each entry, `CID#<code>#<user>#<client id>` for what
//! an author has said under a name, `REACT#<code>#<entry>` with an item for each person who reacted.

use crate::ids::{ClientMsgId, EventId, RoomCode, UserId};
use crate::ports::{Consistency, Direction, Key, Partition, Query, SortRange, TableError};
use crate::store::record::key;

/// The partition of a room's entries.
pub(super) fn log_partition(room: &RoomCode) -> String {
    format!("LOG#{}", room.folded())
}

/// The place of an entry in its partition.
fn entry_place(id: EventId) -> String {
    format!("{:010}", id.0.min(EventId::LAST.0))
}

/// The entry of this number.
pub(super) fn entry_key(room: &RoomCode, id: EventId) -> Key {
    key(log_partition(room), entry_place(id))
}

/// Entries from one number to another, both included.
pub(super) fn entry_range(from: EventId, to: EventId) -> SortRange {
    SortRange::Between(entry_place(from), entry_place(to))
}

/// The number of the entry under a key.
pub(super) fn entry_id(key: &Key) -> Result<EventId, TableError> {
    let foreign = |_| TableError::Unavailable("a log holds an item that is no entry".into());
    key.sk.parse().map(EventId).map_err(foreign)
}

/// The note of what an author has said under a name.
pub(super) fn marker_key(room: &RoomCode, author: UserId, id: &ClientMsgId) -> Key {
    key(format!("CID#{}#{author}#{id}", room.folded()), "ID")
}

/// The partition of those who reacted to a message.
pub(crate) fn reactions_partition(room: &RoomCode, message: EventId) -> String {
    format!("REACT#{}#{message}", room.folded())
}

/// How a person reacted to a message.
pub(super) fn reactions_key(room: &RoomCode, message: EventId, user: UserId) -> Key {
    key(reactions_partition(room, message), user.to_string())
}

/// The question for the last entries of a room's log.
pub(crate) fn last_entries(room: &RoomCode, limit: usize) -> Query {
    Query {
        partition: Partition::Table(log_partition(room)),
        range: SortRange::All,
        direction: Direction::Backward,
        limit,
        after: None,
        consistency: Consistency::Strong,
    }
}

/// The question for all who reacted to a message.
pub(super) fn reactions_of_message(room: &RoomCode, message: EventId) -> Query {
    Query {
        partition: Partition::Table(reactions_partition(room, message)),
        range: SortRange::All,
        direction: Direction::Forward,
        limit: 100,
        after: None,
        consistency: Consistency::Strong,
    }
}
