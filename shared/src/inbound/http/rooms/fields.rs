//! Fields of bodies as different clients write them: rooms have four names, numbers and truths come as texts from forms.

use serde::Deserialize;
use serde_json::Value;

use crate::ids::{EventId, RoomCode, UserId};
use crate::inbound::http::error::HttpError;
use crate::openapi_macros::ToSchema;
use crate::protocol::{AttachmentRef, PersonRef, is_url};

/// A value that clients write as a number, as a text, or as a truth.
#[derive(Debug, Clone, Default, Deserialize, ToSchema)]
#[schema(value_type = String)]
#[serde(transparent)]
pub(in crate::inbound::http) struct Loose(Value);

impl Loose {
    /// The value as a text; none for null and for an empty text.
    pub(in crate::inbound::http) fn text(&self) -> Option<String> {
        match &self.0 {
            Value::String(text) => Some(text.trim().to_owned()).filter(|text| !text.is_empty()),
            Value::Number(number) => Some(number.to_string()),
            Value::Bool(truth) => Some(truth.to_string()),
            _ => None,
        }
    }

    /// The value as a name, which is a text or a number; none for null and for an empty text.
    pub(in crate::inbound::http) fn name(&self, field: &'static str) -> Result<Option<String>, HttpError> {
        match &self.0 {
            Value::Null | Value::String(_) | Value::Number(_) => Ok(self.text()),
            _ => Err(HttpError::field(field, "This can't be read.")),
        }
    }

    /// The value as something that is read from a text.
    fn parsed<T: std::str::FromStr>(&self, field: &'static str) -> Result<Option<T>, HttpError> {
        let text = self.text();
        if text.is_none() && !self.0.is_null() && self.0 != Value::String(String::new()) {
            return Err(HttpError::field(field, "This can't be read."));
        }
        text.map(|text| text.parse().map_err(|_| HttpError::field(field, "This can't be read."))).transpose()
    }
}

/// A field that is read from a text, if it was sent.
pub(in crate::inbound::http) fn read<T: std::str::FromStr>(
    field: &'static str,
    value: Option<&Loose>,
) -> Result<Option<T>, HttpError> {
    value.map_or(Ok(None), |value| value.parsed(field))
}

/// Whether a field says yes, if it was sent.
pub(in crate::inbound::http) fn truth(
    field: &'static str,
    value: Option<&Loose>,
) -> Result<Option<bool>, HttpError> {
    match value.and_then(Loose::text).map(|text| text.to_ascii_lowercase()).as_deref() {
        None => Ok(None),
        Some("true" | "1" | "yes" | "on") => Ok(Some(true)),
        Some("false" | "0" | "no" | "off") => Ok(Some(false)),
        Some(_) => Err(HttpError::field(field, "true or false.")),
    }
}

/// A field that has to be there.
pub(in crate::inbound::http) fn needed<T>(field: &'static str, value: Option<T>) -> Result<T, HttpError> {
    value.ok_or_else(|| HttpError::field(field, "This is missing."))
}

/// The room of a path. What can't be a code names no room.
pub(in crate::inbound::http) fn room_of_path(text: &str) -> Result<RoomCode, HttpError> {
    text.parse().map_err(|_| crate::app::AppError::from(crate::app::RoomRefusal::NoSuchRoom).into())
}

/// The four names of a room in a body.
#[derive(Debug, Clone, Default, Deserialize, ToSchema)]

pub(in crate::inbound::http) struct RoomName {
    /// The room's code.
    #[schema(nullable = false)]
    code: Option<Loose>,
    /// The same.
    #[schema(nullable = false)]
    room: Option<Loose>,
    /// The same.
    #[schema(nullable = false)]
    room_id: Option<Loose>,
    /// The same.
    #[schema(nullable = false)]
    conversation_id: Option<Loose>,
}

impl RoomName {
    /// The room, if one is named. What can't be a code names no room.
    pub(in crate::inbound::http) fn code(&self) -> Result<Option<RoomCode>, HttpError> {
        let names = [
            ("code", &self.code),
            ("room", &self.room),
            ("room_id", &self.room_id),
            ("conversation_id", &self.conversation_id),
        ];
        for (field, value) in names {
            if let Some(text) = value.as_ref().map(|value| value.name(field)).transpose()?.flatten() {
                return room_of_path(&text).map(Some);
            }
        }
        Ok(None)
    }

    /// The room that has to be named.
    pub(in crate::inbound::http) fn needed(&self) -> Result<RoomCode, HttpError> {
        needed("room_id", self.code()?)
    }
}

/// Whom something is for, by one of two names.
#[derive(Debug, Clone, Default, Deserialize, ToSchema)]
pub(in crate::inbound::http) struct ReceiverName {
    /// The number of the person whom it is for.
    #[schema(nullable = false)]
    receiver_id: Option<Loose>,
    /// The same, or their username.
    #[schema(nullable = false)]
    receiver: Option<Loose>,
}

impl ReceiverName {
    /// The person, if one is named. What is made of digits is a number.
    pub(in crate::inbound::http) fn person(&self) -> Result<Option<PersonRef>, HttpError> {
        if let Some(id) = read("receiver_id", self.receiver_id.as_ref())? {
            return Ok(Some(PersonRef::Number(id)));
        }
        let name = self.receiver.as_ref().map(|value| value.name("receiver")).transpose()?.flatten();
        Ok(name.map(|name| name.parse().map_or(PersonRef::Name(name), PersonRef::Number)))
    }
}

/// A person's number.
pub(in crate::inbound::http) fn person(
    field: &'static str,
    value: Option<&Loose>,
) -> Result<UserId, HttpError> {
    needed(field, read(field, value)?)
}

/// A message's number in a path.
pub(in crate::inbound::http) fn message_of_path(text: &str) -> Result<EventId, HttpError> {
    text.parse().map_err(|_| crate::app::AppError::from(crate::app::RoomRefusal::NoSuchMessage).into())
}

/// The file of a message: a medium's id, or a URL that we gave out.
pub(in crate::inbound::http) fn attachment(
    value: Option<&Loose>,
) -> Result<Option<AttachmentRef>, HttpError> {
    let Some(text) = read::<String>("attachment", value)? else { return Ok(None) };
    match text.parse() {
        Ok(id) => Ok(Some(AttachmentRef::Medium(id))),
        Err(_) if is_url(&text) => Ok(Some(AttachmentRef::Url(text))),
        Err(_) => Err(HttpError::field("attachment", "The id or the URL of a file that you have uploaded.")),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn loose(value: Value) -> Option<Loose> {
        Some(Loose(value))
    }

    #[test]
    fn numbers_and_texts_are_read_alike() {
        for value in [json!(7), json!("7"), json!(" 7 ")] {
            assert_eq!(read::<u64>("x", loose(value).as_ref()).unwrap(), Some(7));
        }
        for none in [None, loose(json!(null)), loose(json!(""))] {
            assert_eq!(read::<u64>("x", none.as_ref()).unwrap(), None);
        }
        for bad in [json!("seven"), json!([7]), json!({}), json!(-1)] {
            assert!(read::<u64>("x", loose(bad).as_ref()).is_err());
        }
    }

    #[test]
    fn truths_come_in_several_spellings() {
        for yes in [json!(true), json!("true"), json!("1"), json!(1), json!("On")] {
            assert_eq!(truth("x", loose(yes).as_ref()).unwrap(), Some(true));
        }
        for no in [json!(false), json!("false"), json!(0)] {
            assert_eq!(truth("x", loose(no).as_ref()).unwrap(), Some(false));
        }
        assert!(truth("x", loose(json!("maybe")).as_ref()).is_err());
    }

    #[test]
    fn a_room_goes_by_four_names() {
        for name in ["code", "room", "room_id", "conversation_id"] {
            let body: RoomName = serde_json::from_value(json!({ name: 123_456_789 })).unwrap();
            assert_eq!(body.needed().unwrap().as_str(), "123456789", "{name}");
        }
        assert!(RoomName::default().needed().is_err());
        for odd in [json!("a b"), json!(true), json!({}), json!([])] {
            let odd: RoomName = serde_json::from_value(json!({ "code": odd })).unwrap();
            assert!(odd.code().is_err());
        }
    }
}
