//! A message as it is kept.

use std::collections::BTreeMap;

use crate::domain::media::PictureSize;
use crate::ids::{ClientMsgId, EventId, MediaId, StoredName, UserId};
use crate::protocol::Timestamp;

/// What somebody said, as it is now: edited, reacted to, or deleted.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Message {
    /// Its text; empty if it is a file alone, or deleted.
    pub text: String,
    /// What kind of message its client says it is; `text` for most.
    pub message_type: String,
    /// The file that came with it.
    pub attachment: Option<Attachment>,
    /// Which message it answers.
    pub reply_to: Option<EventId>,
    /// Whom it names.
    pub mentions: Vec<UserId>,
    /// Where in what was being watched it was said, in seconds.
    pub media_time: Option<f64>,
    /// What was being watched then.
    pub item: Option<String>,
    /// Its client's own name for it.
    pub client_msg_id: Option<ClientMsgId>,
    /// When its text was changed last.
    pub edited_at: Option<Timestamp>,
    /// How many people reacted how.
    pub reactions: BTreeMap<String, u32>,
    /// Whether it was deleted or cleared: then nothing of what was said is left.
    pub is_deleted: bool,
    /// The last event that changed it.
    pub changed_by: Option<EventId>,
}

/// A moment of what is being watched.
#[derive(Debug, Clone, PartialEq)]
pub struct Moment {
    /// Where in it, in seconds.
    pub time: f64,
    /// Which item it is.
    pub item: String,
}

impl Message {
    /// This message, said at that moment.
    #[must_use]
    pub fn said_at(self, moment: Option<Moment>) -> Self {
        let (media_time, item) = moment.map(|moment| (moment.time, moment.item)).unzip();
        Self { media_time, item, ..self }
    }
}

/// A file that came with a message.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Attachment {
    /// Its medium.
    pub media_id: MediaId,
    /// The unguessable name of its bytes.
    pub stored_name: StoredName,
    /// The name that its uploader gave it.
    pub name: String,
    /// Its type.
    pub content_type: String,
    /// Its size in bytes.
    pub size: u64,
    /// How large it is to look at, if it is a picture.
    pub picture: Option<PictureSize>,
}
