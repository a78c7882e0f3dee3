//! How the values of fields are read: leniently where clients differ, never beyond a bound.

use std::str::FromStr;

use serde_json::value::RawValue;

use super::fields::as_text;
use crate::ids::{ClientMsgId, EventId, MediaId, RoomCode, UserId};
use crate::protocol::{Timestamp, is_label, is_message_type, is_reaction, is_url};

/// The most people that one message may mention.
pub const MAX_MENTIONS: usize = 50;
/// The largest value that is echoed, in bytes of JSON.
pub const MAX_ECHO_BYTES: usize = 1024;
/// The longest username, in characters.
const MAX_USERNAME: usize = 64;
/// The longest id of an item, in bytes.
const MAX_ITEM_ID: usize = 64;
/// The latest position in anything that can be played, in seconds: a year.
pub const MAX_TIME: f64 = 31_536_000.0;
/// The longest that somebody is muted for, in seconds; for longer, leave it out.
pub const MAX_MUTE_SECONDS: u32 = 31_536_000;

type Reading<T> = Result<T, &'static str>;

/// A value that a client sent, to be sent back as it came; at most [`MAX_ECHO_BYTES`] long.
#[derive(Debug, Clone)]
pub struct Echo(Box<RawValue>);

impl Echo {
    /// The value that a JSON text stands for; none if it is none, or too long.
    pub fn parse(json: &str) -> Option<Self> {
        serde_json::from_str(json).ok().and_then(|value| echo(value).ok())
    }

    /// The value as JSON.
    pub fn json(&self) -> &RawValue {
        &self.0
    }
}

impl PartialEq for Echo {
    fn eq(&self, other: &Self) -> bool {
        self.0.get() == other.0.get()
    }
}

/// What a client names as the file of a message.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum AttachmentRef {
    /// A medium, by its id.
    Medium(MediaId),
    /// A medium, by a URL that this server gave it.
    Url(String),
}

/// A person as clients name them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum PersonRef {
    /// By their number.
    Number(UserId),
    /// By their username.
    Name(String),
}

pub(super) fn echo(value: &RawValue) -> Reading<Echo> {
    if value.get().len() > MAX_ECHO_BYTES {
        return Err("At most 1024 bytes.");
    }
    Ok(Echo(value.to_owned()))
}

pub(super) fn user_id(value: &RawValue) -> Reading<UserId> {
    number_or_text(value).ok_or("A person's id is a whole number from 1.")
}

/// A person's id, or their username. What is made of digits is an id.
pub(super) fn person(value: &RawValue) -> Reading<PersonRef> {
    if let Some(id) = number_or_text(value) {
        return Ok(PersonRef::Number(id));
    }
    let name = as_text(value).filter(|name| (1..=MAX_USERNAME).contains(&name.chars().count()));
    name.map(|name| PersonRef::Name(name.into_owned())).ok_or("A person's id or username.")
}

pub(super) fn message_id(value: &RawValue) -> Reading<EventId> {
    let id = number_or_text(value).filter(|id| *id > EventId::default());
    id.ok_or("A message's id is a whole number from 1.")
}

/// An id after which to go on: 0 for the beginning.
pub(super) fn since(value: &RawValue) -> Reading<EventId> {
    number_or_text(value).ok_or("An id after which to go on is a whole number from 0.")
}

pub(super) fn room(value: &RawValue) -> Reading<RoomCode> {
    number_or_text(value).ok_or("A room's code has from 1 to 64 letters, digits, _ and -.")
}

pub(super) fn item(value: &RawValue) -> Reading<String> {
    let id = number_or_text(value).filter(|id: &String| id.len() <= MAX_ITEM_ID && is_label(id));
    id.ok_or("An item's id has from 1 to 64 characters.")
}

fn number_or_text<T: FromStr>(value: &RawValue) -> Option<T> {
    let json = value.get();
    match as_text(value) {
        Some(text) => text.parse().ok(),
        None if json.bytes().all(|byte| byte.is_ascii_digit()) => json.parse().ok(),
        None => None,
    }
}

/// At most [`MAX_MENTIONS`] people.
pub(super) fn mentions(value: &RawValue) -> Reading<Vec<UserId>> {
    let people: Vec<&RawValue> =
        serde_json::from_str(value.get()).map_err(|_| "This is a list of people's ids.")?;
    if people.len() > MAX_MENTIONS {
        return Err("At most 50 people.");
    }
    people.into_iter().map(user_id).collect()
}

pub(super) fn yes_or_no(value: &RawValue) -> Reading<bool> {
    match value.get() {
        "true" => Ok(true),
        "false" => Ok(false),
        _ => Err("This is true or false."),
    }
}

/// A position or a length in seconds.
pub(super) fn seconds(value: &RawValue) -> Reading<f64> {
    let number = number(value).filter(|seconds| (0.0..=MAX_TIME).contains(seconds));
    // No negative zero.
    number.map(|seconds| seconds + 0.0).ok_or("Seconds are a number from 0 to a year.")
}

pub(super) fn rate(value: &RawValue) -> Reading<f64> {
    number(value).filter(|rate| (0.25..=2.0).contains(rate)).ok_or("A number from 0.25 to 2.")
}

pub(super) fn number(value: &RawValue) -> Option<f64> {
    serde_json::from_str::<f64>(value.get()).ok().filter(|number| number.is_finite())
}

pub(super) fn version(value: &RawValue) -> Reading<u64> {
    value.get().parse().map_err(|_| "A version is a whole number.")
}

pub(super) fn mute_seconds(value: &RawValue) -> Reading<u32> {
    let seconds = value.get().parse().ok().filter(|seconds| (1..=MAX_MUTE_SECONDS).contains(seconds));
    seconds.ok_or("Whole seconds, from 1 to a year.")
}

pub(super) fn client_msg_id(value: &RawValue) -> Reading<ClientMsgId> {
    let id = as_text(value).and_then(|text| text.parse().ok());
    id.ok_or("From 1 to 64 characters, none of them a control character.")
}

pub(super) fn reaction(value: &RawValue) -> Reading<String> {
    text(value, is_reaction).ok_or("From 1 to 32 characters, none of them a control character.")
}

pub(super) fn message_type(value: &RawValue) -> Reading<String> {
    text(value, is_message_type).ok_or("From 1 to 32 letters, digits, or any of _ - . / +")
}

/// A name, a title, an id from elsewhere.
pub(super) fn label(value: &RawValue) -> Reading<String> {
    text(value, is_label).ok_or("From 1 to 200 characters, none of them a control character.")
}

pub(super) fn url(value: &RawValue) -> Reading<String> {
    text(value, is_url).ok_or("A URL has from 1 to 2048 characters, none of them white space.")
}

fn text(value: &RawValue, valid: fn(&str) -> bool) -> Option<String> {
    as_text(value).filter(|text| valid(text)).map(Into::into)
}

/// A medium's id or URL; an empty text stands for none.
pub(super) fn attachment(value: &RawValue) -> Reading<Option<AttachmentRef>> {
    let text = as_text(value).ok_or("A file is named by its media id or its URL.")?;
    if text.is_empty() {
        return Ok(None);
    }
    match text.parse() {
        Ok(id) => Ok(Some(AttachmentRef::Medium(id))),
        Err(_) => url(value).map(|url| Some(AttachmentRef::Url(url))),
    }
}

pub(super) fn media_id(value: &RawValue) -> Reading<MediaId> {
    let text = as_text(value).and_then(|text| text.parse().ok());
    text.ok_or("This is no id of a medium.")
}

pub(super) fn moment(value: &RawValue) -> Reading<Timestamp> {
    let text = as_text(value).and_then(|text| text.parse().ok());
    text.ok_or("A time is written as in RFC 3339, like 2025-02-15T17:07:32.256110+00:00.")
}
