//! In which room an event happens.

use crate::ids::RoomCode;
use crate::protocol::events::{
    Announcement, ChatCleared, ChatHistory, ChatMessage, ConversationJoined, ErrorEvent, Heartbeat,
    HostChanged, HostDisconnected, HostReconnected, JoinNotice, MediaChanged, MemberUpdated, MessageDeleted,
    MessageEdited, MessageReacted, Passage, PlaybackState, Pong, QueueUpdated, ReadReceipt, ResumeFailed,
    Resumed, RoomDeleted, RoomParticipants, RoomUpdated, SyncCorrection, Typing, WaitingFor,
};

pub(in crate::protocol::events) trait InRoom {
    fn room(&self) -> Option<&RoomCode>;
}

macro_rules! in_room {
    ($($event:ty)*) => {
        $(impl InRoom for $event {
            fn room(&self) -> Option<&RoomCode> {
                Some(&self.place.room)
            }
        })*
    };
}

in_room! {
    Box<ChatMessage> MessageEdited MessageDeleted MessageReacted ChatCleared Typing ReadReceipt
    ChatHistory ConversationJoined Resumed ResumeFailed RoomParticipants Passage MemberUpdated
    PlaybackState SyncCorrection MediaChanged QueueUpdated WaitingFor
    HostDisconnected HostReconnected HostChanged RoomUpdated RoomDeleted JoinNotice
}

impl InRoom for Announcement {
    fn room(&self) -> Option<&RoomCode> {
        self.place.as_ref().map(|place| &place.room)
    }
}

impl InRoom for ErrorEvent {
    fn room(&self) -> Option<&RoomCode> {
        self.room.as_ref()
    }
}

impl InRoom for Pong {
    fn room(&self) -> Option<&RoomCode> {
        None
    }
}

impl InRoom for Heartbeat {
    fn room(&self) -> Option<&RoomCode> {
        None
    }
}
