//! Rooms: making and finding them, coming in and going, and what host and co-hosts do.

mod all_rooms;
pub(in crate::app) mod arrivals;
pub(in crate::app) mod census;
mod change_room;
mod create_room;
mod entering;
mod find_members;
mod find_rooms;
pub(in crate::app) mod hosts;
mod moderate;
mod note;
pub(in crate::app) mod people;
mod refusal;
pub(in crate::app) mod shown;
mod standing;
pub(in crate::app) mod tell;

pub use self::all_rooms::{ExistingRoom, all_rooms};
pub(in crate::app) use self::arrivals::CrowdLists;
pub use self::change_room::{change_room, close_room};
pub(in crate::app) use self::create_room::blank_room;
pub use self::create_room::{MadeRoom, NewRoom, create_room};
pub use self::entering::decide_applicant::decide_applicant;
pub use self::entering::join_room::{EntryPass, Joined, join_room};
pub use self::entering::leave_room::leave_room;
pub use self::entering::room_invitations::{end_invitation, invitations, invite};
pub use self::find_members::{find_members, members_count};
pub use self::find_rooms::{
    ListedRoom, OwnRoom, Participants, RoomDetails, own_rooms, participants, public_rooms, room_details,
};
pub use self::hosts::{Appointment, appoint};
pub use self::moderate::{Measure, moderate};
pub(in crate::app) use self::note::note;
pub use self::note::room_audit;
pub use self::refusal::RoomRefusal;
pub use self::standing::{Standing, Target};
pub(in crate::app) use self::standing::{active_room, standing, target};
pub use self::tell::Origin;
