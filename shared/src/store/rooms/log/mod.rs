//! A room's log: numbered entries, and what belongs to them.

mod append;
mod draft;
mod keys;
mod message_change;
mod read;
mod row;
mod table_room_log;
mod trim;

#[cfg(feature = "embedded")]
pub(crate) use self::draft::{Draft, Last, NoPlan, Owner, Plan};
#[cfg(feature = "embedded")]
pub(crate) use self::keys::{last_entries, reactions_partition};
pub use self::table_room_log::TableRoomLog;
