//! Bodies of answers about rooms.

use serde::Serialize;

use crate::ids::{EventId, UserId};
use crate::openapi_macros::ToSchema;
use crate::protocol::{ChatMessage, QueueItem, RetentionBody, Timestamp};

/// A room that was made.
#[derive(Clone, Serialize, ToSchema)]
pub struct MadeRoomBody {
    /// Its code.
    pub room_id: String,
    /// The same.
    pub code: String,
    /// Its name.
    pub name: String,
    /// Whether it is kept off the public list.
    pub is_private: bool,
    /// `OPEN`, `PASSWORD` or `APPROVAL`.
    pub entry_mode: &'static str,
    /// A generated password: it is told this once.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub room_password: Option<String>,
}

/// What came of a wish to come in.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct JoinedBody {
    /// The room's code.
    pub room_id: String,
    /// The same.
    pub code: String,
    /// `APPROVED`, or `PENDING` until host or co-host decide.
    pub status: &'static str,
    /// Whether one is its host.
    pub is_host: bool,
}

/// A room of one's own list.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct OwnRoomBody {
    /// Its code.
    pub code: String,
    /// The same.
    pub room_id: String,
    /// Its name.
    pub name: String,
    /// The name of its host.
    #[schema(required)]
    pub host: Option<String>,
    /// Whether one is its host.
    pub is_host: bool,
    /// `APPROVED` or `PENDING`.
    pub status: &'static str,
    /// `OPEN`, `PASSWORD` or `APPROVAL`.
    pub entry_mode: &'static str,
    /// Whether it is kept off the public list.
    pub is_private: bool,
    /// How many messages of others one has not read.
    pub unread: u64,
    /// The number of its last event.
    pub last_id: EventId,
    /// Up to which event one has read.
    pub last_read_id: EventId,
    /// Its last message.
    #[schema(required)]
    pub last_message: Option<ChatMessage>,
}

/// A room of the public list.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct PublicRoomBody {
    /// Its code.
    pub code: String,
    /// Its name.
    pub name: String,
    /// The name of its host; the lobby has none.
    #[schema(required)]
    pub host: Option<String>,
    /// How many people are in it, as counted at most ten seconds ago.
    pub viewers: u64,
    /// `OPEN`, `PASSWORD` or `APPROVAL`.
    pub entry_mode: &'static str,
    /// When it was made.
    #[schema(value_type = String, format = DateTime)]
    pub created_at: Timestamp,
}

/// A room in detail.
#[derive(Clone, Serialize, ToSchema)]
pub struct RoomBody {
    /// Its code.
    pub room_id: String,
    /// The same.
    pub code: String,
    /// Its name.
    pub name: String,
    /// What it is about.
    pub description: String,
    /// `ACTIVE`.
    pub state: &'static str,
    /// `true`.
    pub is_active: bool,
    /// Whether it is kept off the public list.
    pub is_private: bool,
    /// `OPEN`, `PASSWORD` or `APPROVAL`.
    pub entry_mode: &'static str,
    /// Whether messages are taken.
    pub is_chat_enabled: bool,
    /// Whether nobody new gets in.
    pub is_locked: bool,
    /// The name of its host.
    #[schema(required)]
    pub host: Option<String>,
    /// Their number.
    #[schema(required)]
    pub host_id: Option<UserId>,
    /// Whether one is its host.
    pub is_host: bool,
    /// Where what is being watched comes from.
    #[schema(required)]
    pub video_provider: Option<String>,
    /// What it is called there.
    #[schema(required)]
    pub video_id: Option<String>,
    /// What is being watched.
    #[schema(required)]
    pub item: Option<QueueItem>,
    /// When it was made.
    #[schema(value_type = String, format = DateTime)]
    pub created_at: Timestamp,
    /// How many members there may be.
    #[schema(required)]
    pub capacity: Option<u32>,
    /// How many there are.
    pub members_count: u32,
    /// The pause between one person's messages, in seconds.
    pub slow_mode_seconds: u32,
    /// How long messages are kept; null for ever.
    #[schema(required)]
    pub retention: Option<RetentionBody>,
    /// `HOST` or `MEMBERS`.
    pub who_may_queue: &'static str,
    /// Whether playing waits until everybody is ready.
    pub ready_gate: bool,
    /// Whether what has been watched comes last in the queue again.
    pub loop_queue: bool,
    /// Whether other programs are told what happens here.
    pub webhooks: bool,
    /// Where one stands: `APPROVED`, `PENDING`, `DENIED`, `LEFT`, or null.
    #[schema(required)]
    pub status: Option<&'static str>,
    /// `member`, or `admin` for host, co-hosts and admins of this Parlor.
    pub role: &'static str,
    /// Until when one is silenced.
    #[schema(required, value_type = Option<String>, format = DateTime)]
    pub muted_until: Option<Timestamp>,
    /// The number of its last event; 0 for who isn't in.
    pub last_id: EventId,
    /// A generated password: it is told this once.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub room_password: Option<String>,
}

/// Somebody in a room.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct ParticipantBody {
    /// Their number.
    pub id: UserId,
    /// Their name there.
    pub display_name: String,
    /// URL of their picture.
    #[schema(required)]
    pub photo: Option<String>,
    /// `member`, or `admin` for host, co-hosts and admins of this Parlor.
    pub role: &'static str,
    /// Whether they are host.
    pub is_host: bool,
    /// Whether they help the host.
    pub is_cohost: bool,
    /// Whether they are a guest.
    pub is_guest: bool,
    /// `APPROVED`, `PENDING` or `BANNED`.
    pub status: &'static str,
    /// Whether they are there now.
    pub present: bool,
    /// Until when they are silenced.
    #[schema(required, value_type = Option<String>, format = DateTime)]
    pub muted_until: Option<Timestamp>,
    /// Up to which event they have read; in rooms of up to 50 members.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub last_read_id: Option<EventId>,
}

/// An invitation that was made.
#[derive(Clone, Serialize, ToSchema)]
pub struct MadeInvitationBody {
    /// Its name in the list.
    pub id: String,
    /// Whoever sends it to `POST /api/rooms/join/` as `invitation` comes in. It is told this once.
    pub token: String,
    /// A page that does so.
    pub url: String,
    /// When it ends.
    #[schema(value_type = String, format = DateTime)]
    pub expires_at: Timestamp,
    /// How many people may come in by it.
    pub uses: u32,
}

/// An invitation of a room's list.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct InvitationBody {
    /// Its name.
    pub id: String,
    /// When it ends.
    #[schema(value_type = String, format = DateTime)]
    pub expires_at: Timestamp,
    /// How many people may come in by it.
    pub uses: u32,
    /// How many have.
    pub used: u32,
    /// Who made it.
    pub created_by: UserId,
}

/// Something that was done in a room.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct RoomDeedBody {
    /// When.
    #[schema(value_type = String, format = DateTime)]
    pub at: Timestamp,
    /// What.
    pub action: String,
    /// By whom.
    #[schema(required)]
    pub actor_id: Option<UserId>,
    /// Their name in the room.
    #[schema(required)]
    pub actor: Option<String>,
    /// To whom.
    #[schema(required)]
    pub target_id: Option<UserId>,
    /// Their name in the room.
    #[schema(required)]
    pub target: Option<String>,
    /// What exactly.
    pub detail: String,
}

/// What was done.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct StatusBody {
    /// What became of it.
    pub status: &'static str,
}

/// Whether an applicant was let in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
pub struct ApprovedBody {
    /// Whether they are in.
    pub approved: bool,
}
