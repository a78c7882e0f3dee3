//! What a host may set.

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::domain::visible_text::{composed, has_invisible};
use crate::openapi_macros::ToSchema;

/// The longest name of a room, in characters.
pub const MAX_ROOM_NAME: usize = 80;
/// The longest description, in characters.
pub const MAX_DESCRIPTION: usize = 500;
/// The longest pause between one person's messages in slow mode, in seconds.
pub const MAX_SLOW_MODE: u32 = 3600;
/// The most members that a room may be limited to.
pub const MAX_CAPACITY: u32 = 100_000;
/// How long messages may be kept at most, in days.
const MAX_RETENTION_DAYS: u32 = 3650;
/// How many messages may be kept at most.
const MAX_RETENTION_MESSAGES: u32 = 1_000_000;

/// How one gets in.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum EntryMode {
    /// Whoever knows the code.
    #[default]
    Open,
    /// Whoever knows the password, too.
    Password,
    /// Whoever is approved by host or co-host.
    Approval,
}

/// Who may add to the queue of what is watched next.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum WhoMayQueue {
    /// Host and co-hosts.
    #[default]
    Host,
    /// Every member.
    Members,
}

/// How long messages are kept. With both bounds, whichever is reached first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Retention {
    /// For so many days.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub days: Option<u32>,
    /// The last so many.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub messages: Option<u32>,
}

impl EntryMode {
    /// Its name on the wire.
    pub fn name(self) -> &'static str {
        match self {
            Self::Open => "OPEN",
            Self::Password => "PASSWORD",
            Self::Approval => "APPROVAL",
        }
    }
}

impl WhoMayQueue {
    /// Its name on the wire.
    pub fn name(self) -> &'static str {
        match self {
            Self::Host => "HOST",
            Self::Members => "MEMBERS",
        }
    }
}

/// What a host wants changed; what is none stays.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct SettingsChange {
    /// The room's name.
    pub name: Option<String>,
    /// What it is about; empty for nothing.
    pub description: Option<String>,
    /// Whether it is kept off the public list.
    pub is_private: Option<bool>,
    /// How one gets in.
    pub entry_mode: Option<EntryMode>,
    /// The password of entry mode `PASSWORD`.
    pub password: Option<String>,
    /// Whether messages are taken.
    pub is_chat_enabled: Option<bool>,
    /// Whether nobody new gets in.
    pub is_locked: Option<bool>,
    /// How many members there may be.
    pub capacity: Option<Option<u32>>,
    /// The pause between one person's messages, in seconds; 0 for none.
    pub slow_mode_seconds: Option<u32>,
    /// How long messages are kept; none for ever.
    pub retention: Option<Option<Retention>>,
    /// Who may add to the queue.
    pub who_may_queue: Option<WhoMayQueue>,
    /// Whether playing waits until everybody is ready.
    pub ready_gate: Option<bool>,
    /// Whether what has been watched comes last in the queue again.
    pub loop_queue: Option<bool>,
    /// Whether other programs are told what happens here.
    pub webhooks: Option<bool>,
}

/// Shows no password.
impl fmt::Debug for SettingsChange {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("SettingsChange(..)")
    }
}

impl SettingsChange {
    /// The first field that can't be, and why.
    pub fn check(&self) -> Result<(), (&'static str, &'static str)> {
        let is_over = |value: Option<u32>, limit| value.is_some_and(|value| value > limit);
        if let Some(name) = &self.name {
            room_name(name).map_err(|why| ("name", why))?;
        }
        if self.description.as_ref().is_some_and(|text| text.chars().count() > MAX_DESCRIPTION) {
            return Err(("description", "At most 500 characters."));
        }
        if is_over(self.slow_mode_seconds, MAX_SLOW_MODE) {
            return Err(("slow_mode_seconds", "From 0 to 3600."));
        }
        if matches!(self.capacity, Some(Some(0))) || is_over(self.capacity.flatten(), MAX_CAPACITY) {
            return Err(("capacity", "From 1 to 100000, or null."));
        }
        match self.retention.flatten() {
            Some(retention) if !retention.is_possible() => {
                Err(("retention", "days from 1 to 3650, messages from 1 to 1000000."))
            }
            _ => Ok(()),
        }
    }
}

impl Retention {
    fn is_possible(self) -> bool {
        let within = |value: Option<u32>, limit| value.is_none_or(|value| (1..=limit).contains(&value));
        (self.days.is_some() || self.messages.is_some())
            && within(self.days, MAX_RETENTION_DAYS)
            && within(self.messages, MAX_RETENTION_MESSAGES)
    }
}

/// What a room is called if nobody says: after whose it is.
pub fn default_room_name(host: &str) -> String {
    format!("{host}'s room")
}

/// A room's name as it will be shown: trimmed, inner white space folded. The error is a sentence for the field.
pub fn room_name(text: &str) -> Result<String, &'static str> {
    let name = composed(&text.split_whitespace().collect::<Vec<_>>().join(" "));
    if name.chars().count() > MAX_ROOM_NAME {
        return Err("At most 80 characters.");
    }
    if has_invisible(&name) {
        return Err("Characters that nobody sees are not allowed.");
    }
    Ok(name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_cannot_be_names_its_field() {
        let field = |change: SettingsChange| change.check().err().map(|(field, _)| field);
        let none = SettingsChange::default;
        assert_eq!(field(none()), None);
        assert_eq!(field(SettingsChange { name: Some("x".repeat(81)), ..none() }), Some("name"));
        assert_eq!(
            field(SettingsChange { slow_mode_seconds: Some(3601), ..none() }),
            Some("slow_mode_seconds")
        );
        assert_eq!(field(SettingsChange { capacity: Some(Some(0)), ..none() }), Some("capacity"));
        assert_eq!(field(SettingsChange { capacity: Some(None), ..none() }), None);
        let retention =
            |days, messages| SettingsChange { retention: Some(Some(Retention { days, messages })), ..none() };
        assert_eq!(field(retention(None, None)), Some("retention"));
        assert_eq!(field(retention(Some(0), None)), Some("retention"));
        assert_eq!(field(retention(Some(30), Some(500))), None);
        assert_eq!(field(SettingsChange { retention: Some(None), ..none() }), None);
    }

    #[test]
    fn a_change_shows_no_password_in_logs() {
        let change = SettingsChange { password: Some("hunter2".into()), ..SettingsChange::default() };
        assert!(!format!("{change:?}").contains("hunter2"));
    }
}
