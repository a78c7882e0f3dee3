//! Rooms: who is in them, who may do what, and how one gets in.

mod code;
mod entry;
mod invitation;
mod kind;
mod member_name;
mod rights;
mod settings;
mod standing;

pub use self::code::{CodeRefused, LOBBY, chosen_code, conversation_code, generated_code};
pub use self::entry::{DENIED_FOR, EntryFacts, EntryRefused, EntryVerdict, decide_entry};
pub use self::invitation::{InvitationTerms, InvitationToken, MAX_INVITATION_LIFE, invitation_terms};
pub use self::kind::{MAX_CONVERSATION, RoomKind};
pub use self::member_name::{folded_name, numbered_name};
pub use self::rights::{Act, Rank, Refused, may};
pub use self::settings::{
    EntryMode, MAX_CAPACITY, MAX_DESCRIPTION, MAX_ROOM_NAME, MAX_SLOW_MODE, Retention, SettingsChange,
    WhoMayQueue, default_room_name, room_name,
};
pub use self::standing::{RoomRole, Status};
