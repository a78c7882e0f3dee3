//! What a client knows of a room that keeps the three-line rule: it remembers the highest number below which it misses
//! nothing, drops what it has, and asks for what a gap leaves out.

use std::collections::BTreeMap;

use serde_json::Value;

/// What a client knows of a room's log.
#[derive(Debug, Clone, Default)]
pub(crate) struct View {
    /// Nothing is missing from `base` to here.
    pub(crate) mark: u64,
    /// What it began after.
    pub(crate) base: u64,
    pub(crate) events: BTreeMap<u64, Value>,
    /// Whether it has asked for all that there was when all was quiet.
    pub(crate) is_complete: bool,
    /// Whether a look at a gap is planned.
    pub(crate) is_look_due: bool,
}

/// A message as a client shows it.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(crate) struct Shown {
    pub(crate) text: String,
    pub(crate) is_deleted: bool,
    pub(crate) reactions: String,
}

impl View {
    /// Takes an event; tells whether something before it is missing.
    pub(crate) fn take(&mut self, id: u64, event: &Value) -> bool {
        if id > self.mark {
            self.events.entry(id).or_insert_with(|| event.clone());
        }
        while self.events.contains_key(&(self.mark + 1)) {
            self.mark += 1;
        }
        self.has_gap()
    }

    pub(crate) fn has_gap(&self) -> bool {
        self.events.last_key_value().is_some_and(|(last, _)| *last > self.mark)
    }

    /// Begins anew after a number.
    pub(crate) fn begin_after(&mut self, id: u64) {
        self.events = self.events.split_off(&(id + 1));
        (self.base, self.mark) = (id, id);
        while self.events.contains_key(&(self.mark + 1)) {
            self.mark += 1;
        }
    }

    /// The messages as they are after all events, in the order of their numbers.
    pub(crate) fn shown(&self) -> BTreeMap<u64, Shown> {
        let mut shown: BTreeMap<u64, Shown> = BTreeMap::new();
        for (id, event) in &self.events {
            let target = |event: &Value| event["message_id"].as_u64();
            match event["type"].as_str().unwrap_or_default() {
                "CHAT_MESSAGE" | "new_message" => drop(shown.insert(*id, message(event))),
                "MESSAGE_EDITED" => change(&mut shown, target(event), |message| {
                    message.text = event["message"].as_str().unwrap_or_default().to_owned();
                }),
                "MESSAGE_REACTED" => change(&mut shown, target(event), |message| {
                    message.reactions = event["reactions"].to_string();
                }),
                "MESSAGE_DELETED" => change(&mut shown, target(event), delete),
                "CHAT_CLEARED" => {
                    for id in event["message_ids"].as_array().into_iter().flatten() {
                        change(&mut shown, id.as_u64(), delete);
                    }
                }
                _ => {}
            }
        }
        shown
    }
}

fn message(event: &Value) -> Shown {
    Shown {
        text: event["message"].as_str().unwrap_or_default().to_owned(),
        is_deleted: event["deleted"] == true,
        reactions: event["reactions"].to_string(),
    }
}

fn delete(message: &mut Shown) {
    *message = Shown { is_deleted: true, ..Shown::default() };
}

fn change(shown: &mut BTreeMap<u64, Shown>, id: Option<u64>, change: impl FnOnce(&mut Shown)) {
    if let Some(message) = id.and_then(|id| shown.get_mut(&id)).filter(|message| !message.is_deleted) {
        change(message);
    }
}
