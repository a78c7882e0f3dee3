//! What the server says on sockets: a file for each family of events, with their fields in the order of the contract.
//!
//! One event is spelled differently for different clients ([`Dialect`]): [`Event::frames`] spells it once for all.

mod answers;
mod changes;
mod error;
mod event;
mod feed;
mod history;
mod message;
mod playback;
mod presence;
mod rendering;
mod room;
mod signals;
mod whereabouts;

#[cfg(feature = "openapi")]
use self::rendering::described;
use self::rendering::{fitting, spelling};

use self::whereabouts::{action, in_room, place};

pub use answers::{Heartbeat, Pong};
pub use changes::{ChatCleared, MAX_CLEARED, MessageDeleted, MessageEdited, MessageReacted};
#[cfg(feature = "openapi")]
pub use described::EventShape;
pub use error::ErrorEvent;
pub use event::Event;
pub use history::{ChatHistory, ConversationJoined, MAX_HISTORY, ResumeFailed, Resumed};
pub use message::{Attachment, ChatMessage, MediaDetails, Reactions, Reader, Watched};
pub use place::{Author, Place, ShownRole, conversation_number};
pub use playback::{
    MAX_QUEUE_TOLD, MediaChanged, NamedPerson, PlaybackCause, PlaybackState, QueueItem, QueueUpdated,
    SyncCorrection, WaitingFor,
};
pub use presence::{MemberUpdated, Passage, Person, RoomParticipants};
pub use room::{
    Announcement, HostChanged, HostDisconnected, HostReconnected, JoinNotice, RetentionBody, RoomChanges,
    RoomDeleted, RoomUpdated,
};
pub use signals::{ReadReceipt, Typing};
pub use spelling::OwnFrames;
