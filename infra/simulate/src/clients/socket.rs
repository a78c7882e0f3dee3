//! A socket, as its client and the gateway know it.

use std::collections::BTreeMap;

/// What a socket serves.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    Feed,
    Inbox,
    /// A room's chat; with all events or with messages alone.
    Chat {
        all: bool,
    },
    Conversation,
    Watch,
}

/// Where a socket stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum SocketState {
    /// Its handshake has not been answered.
    Opening,
    Open,
    Closed,
}

/// A socket.
#[derive(Debug, Clone)]
pub(crate) struct Socket {
    pub(crate) person: Option<usize>,
    pub(crate) user: Option<u64>,
    pub(crate) kind: Kind,
    /// Its room's code, if it belongs to one.
    pub(crate) room: Option<String>,
    pub(crate) state: SocketState,
    /// What the authorizer said.
    pub(crate) context: BTreeMap<String, String>,
    /// In milliseconds since 1970.
    pub(crate) connected_at: i64,
    /// When something came by it last, in microseconds since 1970.
    pub(crate) used_at: i64,
    /// In microseconds since 1970.
    pub(crate) closed_at: i64,
    /// The numbers of events that reached it, by room.
    pub(crate) told: BTreeMap<String, Vec<u64>>,
    /// Up to which event of each room its greeting left everything to pages.
    pub(crate) to_read: BTreeMap<String, u64>,
    /// How often it was greeted with the state of what is watched.
    pub(crate) greetings: u32,
    /// Whether a fault may have made its greeting come twice.
    pub(crate) is_greeting_disturbed: bool,
}

impl Kind {
    /// Whether it gets every event of its room's log.
    pub(crate) fn gets_all(self) -> bool {
        matches!(self, Self::Chat { all: true } | Self::Conversation | Self::Watch | Self::Inbox)
    }
}
