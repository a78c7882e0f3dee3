//! Rooms, their members, the ways in, and their logs.

mod all_rooms;
mod census;
mod charge;
mod departures;
mod directory;
mod invitations;
pub(crate) mod log;
mod member;
mod members;
mod membership;
mod pairs;
mod person_rooms;
mod public_rooms;
mod renaming;
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
pub use self::member::{Member, MemberName};
pub use self::members::{MemberPage, Members};
pub use self::membership::{Joining, Membership, Moved, NewMember};
pub use self::pairs::Pairs;
pub(in crate::store) use self::pairs::pair_key;
pub(in crate::store) use self::person_rooms::ROOM as ROOM_OF_PERSON;
pub use self::person_rooms::{PersonRoom, PersonRooms};
pub use self::public_rooms::{PublicPage, PublicRoom, PublicRooms};
pub use self::room::{Room, RoomState};
pub use self::room_audit::{RoomAudit, RoomAuditPage, RoomDeed, RoomRecord};
pub use self::session_words::{SessionWords, SpokenIn};
