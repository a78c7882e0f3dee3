//! Rooms, their members, the ways in, and their logs.

mod all_rooms;
mod census;
mod charge;
mod directory;
mod invitations;
pub(crate) mod log;
mod pairs;
mod people;
mod public_rooms;
mod room;
mod room_audit;
mod session_words;

pub(in crate::store) use self::all_rooms::room_key;
pub use self::all_rooms::{Changed, Created, Rooms};
pub use self::census::Census;
pub use self::charge::{Charge, ChargeRefused, Spoken};
pub use self::directory::Directory;
pub use self::invitations::{Invitation, Invitations};
pub use self::log::TableRoomLog;
pub use self::pairs::Pairs;
pub(in crate::store) use self::pairs::pair_key;
pub use self::people::member::{Member, MemberName};
pub use self::people::members::{MemberPage, Members};
pub use self::people::membership::{Joining, Membership, Moved, NewMember};
pub(in crate::store) use self::people::person_rooms::ROOM as ROOM_OF_PERSON;
pub use self::people::person_rooms::{PersonRoom, PersonRooms};
pub use self::public_rooms::{PublicPage, PublicRoom, PublicRooms};
pub use self::room::{Room, RoomState};
pub use self::room_audit::{RoomAudit, RoomAuditPage, RoomDeed, RoomRecord};
pub use self::session_words::{SessionWords, SpokenIn};
