//! Something that happened, on its way to receivers.

use serde::{Deserialize, Serialize};

use super::Happening;
use crate::ids::{RoomCode, WebhookId};
use crate::protocol::{Timestamp, timestamp};

/// Something that happened, with the name by which receivers know a repetition.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct News {
    /// Its name: the same for every receiver and every attempt.
    pub id: String,
    /// In which room.
    pub room: RoomCode,
    /// What.
    pub happening: Happening,
    /// When, in microseconds since 1970.
    #[serde(with = "timestamp::micros")]
    pub at: Timestamp,
}

impl News {
    /// What has happened now. Events of a log have a name of their own; of anything else `chance` makes one.
    pub fn new(room: &RoomCode, happening: Happening, at: Timestamp, chance: [u8; 8]) -> Self {
        let id = match &happening {
            Happening::Logged { id } => format!("evt_{}_{id}", room.folded()),
            _ => format!("evt_{:016x}", u64::from_be_bytes(chance)),
        };
        Self { id, room: room.clone(), happening, at }
    }
}

/// Something that a receiver is to be told.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct WebhookCall {
    /// Which receiver.
    pub hook: WebhookId,
    /// What.
    pub news: News,
    /// Since when it is tried, in microseconds since 1970.
    #[serde(with = "timestamp::micros")]
    pub since: Timestamp,
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ids::EventId;

    #[test]
    fn an_event_of_a_log_has_the_same_name_whenever_it_is_told() {
        let room: RoomCode = "Film".parse().unwrap();
        let told = |id, chance| {
            let happening = Happening::Logged { id: EventId(id) };
            News::new(&room, happening, Timestamp::from_secs(1), chance).id
        };
        assert_eq!(told(7, [0; 8]), told(7, [1; 8]));
        assert_ne!(told(7, [0; 8]), told(8, [0; 8]));
        let closed = |chance| News::new(&room, Happening::Closed, Timestamp::from_secs(1), chance).id;
        assert_ne!(closed([0; 8]), closed([1; 8]));
    }
}
