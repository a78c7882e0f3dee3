//! What an event does to the message that it is about.

use super::{Message, NewEvent};
use crate::ids::EventId;
use crate::protocol::{Timestamp, fits_reactions};

/// Why an event cannot be, given the message that it is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FoldRefused {
    /// There is no such message, or it was deleted.
    NoSuchMessage,
    /// It has as many different reactions, or as long ones, as there may be.
    TooManyReactions,
    /// It has that reaction of that person already, or hasn't.
    Unchanged,
}

impl Message {
    /// This message after an event about it. `mine` are the reactions to it of the event's author, which may change.
    pub fn fold(
        &self,
        event: &NewEvent,
        (id, at): (EventId, Timestamp),
        mine: &mut Vec<String>,
    ) -> Result<Self, FoldRefused> {
        if self.is_deleted {
            return Err(FoldRefused::NoSuchMessage);
        }
        let folded = match event {
            NewEvent::Edited { text, .. } => Self { text: text.clone(), edited_at: Some(at), ..self.clone() },
            NewEvent::Deleted { .. } | NewEvent::Cleared { .. } => {
                Self { is_deleted: true, message_type: self.message_type.clone(), ..Self::default() }
            }
            NewEvent::Reacted { reaction, added, .. } => self.react(reaction, *added, mine)?,
            NewEvent::Message(_) => self.clone(),
        };
        Ok(Self { changed_by: Some(id), ..folded })
    }

    fn react(&self, reaction: &str, added: bool, mine: &mut Vec<String>) -> Result<Self, FoldRefused> {
        let known = mine.iter().position(|known| known == reaction);
        let is_new_here = added && !self.reactions.contains_key(reaction);
        let with_it = || self.reactions.keys().map(String::as_str).chain([reaction]);
        if is_new_here && !fits_reactions(with_it()) {
            return Err(FoldRefused::TooManyReactions);
        }
        let mut folded = self.clone();
        let count = folded.reactions.entry(reaction.to_owned()).or_default();
        match (added, known) {
            (true, Some(_)) | (false, None) => return Err(FoldRefused::Unchanged),
            (true, None) => {
                *count += 1;
                mine.push(reaction.to_owned());
            }
            (false, Some(place)) => {
                *count = count.saturating_sub(1);
                mine.remove(place);
            }
        }
        folded.reactions.retain(|_, count| *count > 0);
        Ok(folded)
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;

    const WHEN: (EventId, Timestamp) = (EventId(9), Timestamp::from_secs(99));

    fn message() -> Message {
        let text = "hello".to_owned();
        Message {
            text,
            message_type: "text".into(),
            mentions: vec![crate::ids::UserId(3)],
            ..Message::default()
        }
    }

    fn reacted(reaction: &str, added: bool) -> NewEvent {
        NewEvent::Reacted { message_id: EventId(1), reaction: reaction.into(), added }
    }

    #[test]
    fn an_edit_changes_the_text_and_says_when() {
        let edit = NewEvent::Edited { message_id: EventId(1), text: "bye".into() };
        let edited = message().fold(&edit, WHEN, &mut Vec::new()).unwrap();
        let expected =
            Message { text: "bye".into(), edited_at: Some(WHEN.1), changed_by: Some(WHEN.0), ..message() };
        assert_eq!(edited, expected);
    }

    #[test]
    fn of_a_deleted_message_nothing_is_left_and_nothing_becomes_of_it() {
        let delete = NewEvent::Deleted { message_id: EventId(1) };
        let deleted = message().fold(&delete, WHEN, &mut Vec::new()).unwrap();
        let nothing = Message {
            message_type: "text".into(),
            is_deleted: true,
            changed_by: Some(WHEN.0),
            ..Message::default()
        };
        assert_eq!(deleted, nothing);
        for event in [delete, reacted("+", true)] {
            assert_eq!(deleted.fold(&event, WHEN, &mut Vec::new()), Err(FoldRefused::NoSuchMessage));
        }
    }

    #[test]
    fn a_person_reacts_once_in_each_way_and_may_take_it_back() {
        let (mut ann, mut bob) = (Vec::new(), Vec::new());
        let one = message().fold(&reacted("+", true), WHEN, &mut ann).unwrap();
        assert_eq!(one.fold(&reacted("+", true), WHEN, &mut ann), Err(FoldRefused::Unchanged));
        let two = one.fold(&reacted("+", true), WHEN, &mut bob).unwrap();
        assert_eq!(two.reactions, BTreeMap::from([("+".to_owned(), 2)]));
        let one = two.fold(&reacted("+", false), WHEN, &mut ann).unwrap();
        assert_eq!(one.fold(&reacted("+", false), WHEN, &mut ann), Err(FoldRefused::Unchanged));
        let none = one.fold(&reacted("+", false), WHEN, &mut bob).unwrap();
        assert_eq!((none.reactions, ann, bob), (BTreeMap::new(), Vec::new(), Vec::new()));
    }

    #[test]
    fn a_message_has_at_most_twenty_different_reactions() {
        let mut mine = Vec::new();
        let full = (0..20).fold(message(), |message, number| {
            message.fold(&reacted(&number.to_string(), true), WHEN, &mut mine).unwrap()
        });
        let refused = full.fold(&reacted("another", true), WHEN, &mut mine.clone());
        assert_eq!(refused, Err(FoldRefused::TooManyReactions));
        assert!(full.fold(&reacted("3", true), WHEN, &mut Vec::new()).is_ok());
    }
}
