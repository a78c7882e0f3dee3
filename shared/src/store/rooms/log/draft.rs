//! What is written for a new entry, given what was read: the same for both adapters.

use std::time::Duration;

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde::{Deserialize, Serialize};

use super::keys::{entry_id, entry_key, marker_key, reactions_key};
use super::message_change::{message_change, reaction_cleared};
use super::row::Row;
use crate::domain::chat::{FoldRefused, LoggedEvent, Message, NewEvent};
use crate::ids::{EventId, RoomCode};
use crate::ports::{
    Change, Condition, EXPIRES_AT, Entry, Head, Item, Key, MAX_CLEARED, NewEntry, RoomLogError, TableError,
    Write,
};
use crate::protocol::Timestamp;
use crate::store::media::room_media::{hide, show};
use crate::store::record::{from_item, to_item};

/// How long a client id is remembered.
const REMEMBERED: Duration = Duration::from_secs(24 * 3600);

/// An entry on its way into a room's log.
#[derive(Debug)]
pub(crate) struct Draft {
    pub(crate) room: RoomCode,
    pub(crate) entry: NewEntry,
    /// Whether what it does to earlier messages has been done.
    pub(crate) is_folded: bool,
    nonce: String,
}

/// The last entry of a log, as far as the next one depends on it.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Last {
    pub(crate) head: Head,
    /// When it was made, in microseconds since 1970.
    pub(crate) at: i64,
    /// When the one before it was made, if that was asked for.
    pub(crate) previous_at: Option<i64>,
}

/// What is to be written.
#[derive(Debug, Clone)]
pub(crate) struct Plan {
    pub(crate) head: Head,
    /// The entry, on the condition that its place is free.
    pub(crate) entry: Item,
    /// The note of its client id, if it has one, on the condition that there is none.
    pub(crate) marker: Option<Item>,
    /// What becomes of earlier messages, on the condition that they are as they were read, and who may get what files.
    pub(crate) folds: Vec<Write>,
    /// The message that the entry is about, as it will be.
    pub(crate) target: Option<Message>,
    /// Messages that are no more: whoever reacted to them is to be forgotten.
    pub(crate) gone: Vec<EventId>,
}

/// Why nothing is to be written.
#[derive(Debug)]
pub(crate) enum NoPlan {
    /// What the entry is about does not allow it.
    Refused(FoldRefused),
    /// It cannot be told.
    Failed(TableError),
}

impl From<TableError> for NoPlan {
    fn from(error: TableError) -> Self {
        Self::Failed(error)
    }
}

/// The note of what an author has said under a name.
#[derive(Serialize, Deserialize)]
struct Marker {
    id: EventId,
    #[serde(rename = "c")]
    nonce: String,
    expires_at: i64,
}

/// How somebody reacted to a message.
#[derive(Default, Serialize, Deserialize)]
struct Reactions {
    #[serde(rename = "r")]
    reactions: Vec<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    expires_at: Option<i64>,
}

/// Whose an item is that stands where a plan wanted to write.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Owner {
    /// This very draft's: it was written before, and the answer was lost.
    Ours(EventId),
    /// Another one's.
    Others(EventId),
}

impl Draft {
    /// A draft that is recognised by these bytes, which nobody else has.
    pub(crate) fn new(room: &RoomCode, mut entry: NewEntry, nonce: [u8; 8]) -> Result<Self, RoomLogError> {
        if let NewEvent::Cleared { message_ids } = &mut entry.event {
            message_ids.sort_unstable();
            message_ids.dedup();
        }
        if entry.event.targets().len() > MAX_CLEARED {
            return Err(RoomLogError("too many messages are to be cleared at once".into()));
        }
        let nonce = URL_SAFE_NO_PAD.encode(nonce);
        Ok(Self { room: room.clone(), entry, is_folded: false, nonce })
    }

    /// Where it is noted that its author has said it.
    pub(crate) fn marker(&self) -> Option<Key> {
        let id = self.entry.client_msg_id.as_ref()?;
        Some(marker_key(&self.room, self.entry.author?, id))
    }

    /// What has to be read before it is known what to write.
    pub(crate) fn reads(&self) -> Vec<Key> {
        if self.is_folded {
            return Vec::new();
        }
        let targets = self.entry.event.targets().iter();
        let mut keys: Vec<Key> = targets.map(|id| entry_key(&self.room, *id)).collect();
        keys.extend(self.reactions());
        keys
    }

    /// Where the author's reactions to the message are that this draft is about.
    fn reactions(&self) -> Option<Key> {
        match (&self.entry.event, self.entry.author) {
            (NewEvent::Reacted { message_id, .. }, Some(author)) => {
                Some(reactions_key(&self.room, *message_id, author))
            }
            _ => None,
        }
    }

    /// What to write after that last entry, given what was found under [`reads`](Self::reads).
    pub(crate) fn plan(&self, last: &Last, found: Vec<Item>) -> Result<Plan, NoPlan> {
        let is_message = matches!(self.entry.event, NewEvent::Message(_));
        let head = Head { id: last.head.id.next(), messages: last.head.messages + u64::from(is_message) };
        if head.id > EventId::LAST {
            return Err(TableError::Invalid("the log is full".into()).into());
        }
        let (entry, marker) = (self.item(head)?, self.note(head.id)?);
        let mut plan = Plan { head, entry, marker, folds: Vec::new(), target: None, gone: Vec::new() };
        self.fold_into(&mut plan, found)?;
        plan.folds.extend(self.showing(head.id));
        Ok(plan)
    }

    /// What shows the message's file to its room.
    fn showing(&self, id: EventId) -> Option<Write> {
        let NewEvent::Message(Message { attachment: Some(file), .. }) = &self.entry.event else {
            return None;
        };
        let expires_at = self.entry.keep_for.map(|keep_for| self.entry.at.plus(keep_for));
        Some(show(file.media_id, &self.room, id, expires_at))
    }

    fn item(&self, head: Head) -> Result<Item, TableError> {
        let NewEntry { author, session, at, event, .. } = &self.entry;
        let entry = Entry {
            id: head.id,
            messages: head.messages,
            author: *author,
            session: session.clone(),
            at: *at,
            event: logged(event),
        };
        let row = Row::new(entry, self.nonce.clone());
        let mut item = to_item(entry_key(&self.room, head.id), &row)?;
        if planted!(ExpiryOnNewest)
            && let Some(keep_for) = self.entry.keep_for
        {
            let expires_at = at.plus(keep_for).as_secs();
            item.attributes.insert(EXPIRES_AT.to_owned(), expires_at.into());
        }
        Ok(item)
    }

    fn note(&self, id: EventId) -> Result<Option<Item>, TableError> {
        let Some(key) = self.marker() else { return Ok(None) };
        let expires_at = self.entry.at.plus(REMEMBERED).as_secs();
        let marker = Marker { id, nonce: self.nonce.clone(), expires_at };
        to_item(key, &marker).map(Some)
    }

    /// Adds what becomes of earlier messages. What a clear finds deleted or not at all is passed over.
    fn fold_into(&self, plan: &mut Plan, found: Vec<Item>) -> Result<(), NoPlan> {
        let reactions = self.reactions();
        let (known, messages): (Vec<_>, Vec<_>) =
            found.into_iter().partition(|item| Some(&item.key) == reactions.as_ref());
        let known = known.into_iter().next().map(self::reactions).transpose()?;
        let mut mine = known.unwrap_or_default();
        let is_clear = self.is_clear();
        if messages.is_empty() && !is_clear && !self.entry.event.targets().is_empty() {
            return Err(NoPlan::Refused(FoldRefused::NoSuchMessage));
        }
        for message in messages {
            match self.fold(plan, message, &mut mine) {
                Err(NoPlan::Refused(_)) if is_clear => {}
                folded => folded?,
            }
        }
        if let Some(key) = reactions {
            plan.folds.push(self.reactions_write(key, mine)?);
        }
        Ok(())
    }

    fn fold(&self, plan: &mut Plan, item: Item, mine: &mut Vec<String>) -> Result<(), NoPlan> {
        let (id, place) = (entry_id(&item.key)?, item.key.clone());
        let row = from_item::<Row>(item)?;
        let before = match row.clone().into_entry(id).event {
            LoggedEvent::Message(before) => before,
            LoggedEvent::Reacted { reaction, .. } if self.is_clear() && !reaction.is_empty() => {
                plan.folds.push(reaction_cleared(place));
                return Ok(());
            }
            _ => return Err(NoPlan::Refused(FoldRefused::NoSuchMessage)),
        };
        let event = (plan.head.id, self.entry.at);
        let after = before.fold(&self.entry.event, event, mine).map_err(NoPlan::Refused)?;
        let changed = row.clone().with_message(after.clone());
        plan.folds.push(message_change(place, &row, &changed, before.changed_by)?);
        if after.is_deleted {
            plan.folds.extend(before.attachment.map(|file| hide(file.media_id, &self.room, id)));
            plan.gone.extend((!before.reactions.is_empty()).then_some(id));
        }
        plan.target = (!self.is_clear()).then_some(after);
        Ok(())
    }

    fn is_clear(&self) -> bool {
        matches!(self.entry.event, NewEvent::Cleared { .. })
    }

    /// Their condition is the message's, which every reaction to it changes.
    fn reactions_write(&self, key: Key, reactions: Vec<String>) -> Result<Write, TableError> {
        if reactions.is_empty() {
            return Ok(Write::Delete(key, Condition::Always));
        }
        let expires_at = self.entry.keep_for.map(|keep_for| self.entry.at.plus(keep_for).as_secs());
        let item = to_item(key, &Reactions { reactions, expires_at })?;
        Ok(Write::Put(item, Condition::Always))
    }

    /// What lets an entry expire that was made at that moment and is known to have a successor.
    pub(crate) fn expiry(&self, id: EventId, at: i64) -> Option<Write> {
        let expires_at = Timestamp::from_micros(at).plus(self.entry.keep_for?).as_secs();
        let changes = vec![Change::Set(EXPIRES_AT.to_owned(), expires_at.into())];
        (id.0 > 0).then(|| Write::Update(entry_key(&self.room, id), changes, Condition::Exists))
    }

    /// Whose the entry is that lies under this number.
    pub(crate) fn owner_of_entry(&self, item: Item) -> Result<Owner, TableError> {
        let id = entry_id(&item.key)?;
        Ok(self.owner(id, &from_item::<Row>(item)?.nonce))
    }

    /// Whose a note of the client id is.
    pub(crate) fn owner_of_marker(&self, item: Item) -> Result<Owner, TableError> {
        let marker: Marker = from_item(item)?;
        Ok(self.owner(marker.id, &marker.nonce))
    }

    fn owner(&self, id: EventId, nonce: &str) -> Owner {
        if nonce == self.nonce && !planted!(NoNonce) { Owner::Ours(id) } else { Owner::Others(id) }
    }
}

impl Plan {
    /// All of it, in this order.
    pub(crate) fn writes(&self) -> Vec<Write> {
        let new = [&self.entry].into_iter().chain(&self.marker);
        let new = new.map(|item| Write::Put(item.clone(), Condition::Absent));
        new.chain(self.folds.iter().cloned()).collect()
    }
}

impl Last {
    /// What an entry, and perhaps the one before it, are to the next one.
    pub(crate) fn of(last: Item, previous: Option<Item>) -> Result<Self, TableError> {
        let id = entry_id(&last.key)?;
        let row: Row = from_item(last)?;
        let previous = previous.map(from_item::<Row>).transpose()?;
        let previous_at = previous.map(|previous| previous.at);
        Ok(Self { head: Head { id, messages: row.messages }, at: row.at, previous_at })
    }
}

/// The reactions that an item holds.
pub(super) fn reactions(item: Item) -> Result<Vec<String>, TableError> {
    Ok(from_item::<Reactions>(item)?.reactions)
}

fn logged(event: &NewEvent) -> LoggedEvent {
    event.clone().into_logged()
}
