//! All events in one table: what each is called, and who is told.

use std::fmt;

#[cfg(feature = "openapi")]
use super::described::EventShape;
use super::in_room::InRoom;
use super::spelling::envelope;
use super::{
    Announcement, ChatCleared, ChatHistory, ChatMessage, ConversationJoined, ErrorEvent, Heartbeat,
    HostChanged, HostDisconnected, HostReconnected, JoinNotice, MediaChanged, MemberUpdated, MessageDeleted,
    MessageEdited, MessageReacted, Passage, PlaybackState, Pong, QueueUpdated, ReadReceipt, ResumeFailed,
    Resumed, RoomDeleted, RoomParticipants, RoomUpdated, SyncCorrection, Typing, WaitingFor,
};
use crate::ids::{MediaId, RoomCode};
use crate::protocol::Close;
use crate::protocol::Dialect::{self, Feed, Full, Inbox, Numbered, Plain, Watch};

/// The type that describes what is sent of a body.
#[cfg(feature = "openapi")]
macro_rules! on_wire {
    ($body:ty) => {
        $body
    };
    ($body:ty, $wire:ty) => {
        $wire
    };
}

macro_rules! events {
    ($($(#[doc = $doc:literal])+ $event:ident($body:ty $(as $wire:ty)?) $name:literal $dialects:expr;)*) => {
        /// Something that is said to clients.
        #[derive(Clone, PartialEq)]
        pub enum Event {
            /// The feed's heartbeat, a plain text.
            FeedHeartbeat,
            /// To the feed: a medium was uploaded, play it.
            Play {
                /// Which one.
                media_id: MediaId,
            },
            $($(#[doc = $doc])+ $event($body),)*
        }

        impl Event {
            /// The types of all events that have one.
            pub const NAMES: &[&str] = &[$($name),*];

            /// Its type; none for what the feed gets.
            pub const fn name(&self) -> Option<&'static str> {
                match self {
                    Self::FeedHeartbeat | Self::Play { .. } => None,
                    $(Self::$event(_) => Some($name),)*
                }
            }

            /// Who is told.
            pub const fn dialects(&self) -> &'static [Dialect] {
                match self {
                    Self::FeedHeartbeat | Self::Play { .. } => &[Feed],
                    $(Self::$event(_) => $dialects,)*
                }
            }

            /// Its room, if it has one.
            pub fn room(&self) -> Option<&RoomCode> {
                match self {
                    Self::FeedHeartbeat | Self::Play { .. } => None,
                    $(Self::$event(event) => event.room(),)*
                }
            }

            /// What all events that have a type are, for the description of the sockets.
            #[cfg(feature = "openapi")]
            pub fn described() -> Vec<EventShape> {
                vec![$(EventShape::of::<on_wire!($body $(, $wire)?)>($name, &[$($doc),+], $dialects)),*]
            }

            pub(super) fn enveloped(&self, conversation: Option<&RoomCode>) -> String {
                match self {
                    Self::FeedHeartbeat | Self::Play { .. } => String::new(),
                    $(Self::$event(event) => envelope($name, event, conversation),)*
                }
            }
        }
    };
}

/// All signed-in sockets.
const SIGNED_IN: &[Dialect] = &[Inbox, Plain, Numbered, Full, Watch];
/// Those whose clients know more than messages. The inbox's dialect is that of conversations, too, which hear everything.
const ALL: &[Dialect] = &[Inbox, Full, Watch];
/// The same, and apps that know some events as actions.
const ALL_AND_ACTIONS: &[Dialect] = &[Inbox, Numbered, Full, Watch];
/// Watch rooms alone.
const WATCH: &[Dialect] = &[Watch];

events! {
    /// The answer to a `ping`.
    Pong(Pong) "pong" &Dialect::ALL;
    /// The connection is alive.
    Heartbeat(Heartbeat) "HEARTBEAT" SIGNED_IN;
    /// Why something was not done, or why a socket is closed.
    Error(ErrorEvent) "ERROR" &Dialect::ALL;
    /// Somebody said something; on the inbox this is called `new_message`.
    Message(Box<ChatMessage> as ChatMessage) "CHAT_MESSAGE" SIGNED_IN;
    /// A message says something else.
    Edited(MessageEdited) "MESSAGE_EDITED" ALL_AND_ACTIONS;
    /// A message is gone.
    Deleted(MessageDeleted) "MESSAGE_DELETED" ALL_AND_ACTIONS;
    /// A reaction was put on a message, or taken away.
    Reacted(MessageReacted) "MESSAGE_REACTED" ALL_AND_ACTIONS;
    /// Somebody's messages are gone.
    Cleared(ChatCleared) "CHAT_CLEARED" ALL;
    /// Somebody is writing, or no longer.
    Typing(Typing) "typing" ALL_AND_ACTIONS;
    /// Somebody has read.
    Read(ReadReceipt) "read_receipt" ALL;
    /// The newest messages of the room.
    History(ChatHistory) "CHAT_HISTORY" WATCH;
    /// This socket hears a room from now on.
    Joined(ConversationJoined) "conversation_joined" SIGNED_IN;
    /// All that was missed has been sent.
    Resumed(Resumed) "RESUMED" SIGNED_IN;
    /// What was missed can't be sent.
    ResumeFailed(ResumeFailed) "RESUME_FAILED" SIGNED_IN;
    /// Who is present.
    Participants(RoomParticipants) "ROOM_PARTICIPANTS" WATCH;
    /// Somebody came.
    UserJoined(Passage) "USER_JOINED" WATCH;
    /// Somebody has gone.
    UserLeft(Passage) "USER_LEFT" WATCH;
    /// What others see of a member has changed.
    MemberUpdated(MemberUpdated) "MEMBER_UPDATED" ALL;
    /// Where playing stands.
    Playback(PlaybackState) "PLAYBACK_STATE" WATCH;
    /// This player is somewhere else than the room.
    Correction(SyncCorrection) "SYNC_CORRECTION" WATCH;
    /// Something else is watched, or more is known of it: then its `id` is the same as before.
    MediaChanged(MediaChanged) "MEDIA_CHANGED" WATCH;
    /// Something else is watched next.
    QueueUpdated(QueueUpdated) "QUEUE_UPDATED" WATCH;
    /// Playing waits for somebody.
    WaitingFor(WaitingFor) "WAITING_FOR" WATCH;
    /// The host has no socket in the room any more.
    HostDisconnected(HostDisconnected) "HOST_DISCONNECTED" WATCH;
    /// The host is back in time.
    HostReconnected(HostReconnected) "HOST_RECONNECTED" WATCH;
    /// Somebody else is host.
    HostChanged(HostChanged) "HOST_CHANGED" WATCH;
    /// Some of the room's settings have changed.
    RoomUpdated(RoomUpdated) "ROOM_UPDATED" ALL;
    /// The room was closed.
    RoomDeleted(RoomDeleted) "ROOM_DELETED" ALL;
    /// A text from whoever runs the place.
    Announcement(Announcement) "BROADCAST" ALL;
    /// Somebody wants to join: to host and co-hosts.
    JoinRequested(JoinNotice) "JOIN_REQUESTED" ALL;
    /// Somebody may join: to them.
    JoinApproved(JoinNotice) "JOIN_APPROVED" ALL;
    /// Somebody may not join: to them.
    JoinDenied(JoinNotice) "JOIN_DENIED" ALL;
}

impl Event {
    /// The last message before the application closes a socket.
    pub fn closing(reason: Close) -> Self {
        Self::Error(ErrorEvent::closing(reason))
    }
}

/// Says only which event it is: what people write does not belong in logs.
impl fmt::Debug for Event {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Event({})", self.name().unwrap_or("of the feed"))
    }
}
