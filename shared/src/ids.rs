//! Identifiers: parsed once at the edge, trusted afterwards.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::openapi_macros::ToSchema;

/// Why a text is not the identifier it should be.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("not a valid {kind}")]
pub struct InvalidId {
    /// What was expected, in words for a person.
    pub kind: &'static str,
}

macro_rules! text_id {
    ($(#[$doc:meta])* $name:ident, $kind:literal, $valid:expr) => {
        text_id!(@compared_by_hand $(#[$doc])* #[derive(PartialEq, Eq, Hash, PartialOrd, Ord)] $name, $kind, $valid);
    };
    (@compared_by_hand $(#[$doc:meta])* $name:ident, $kind:literal, $valid:expr) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Deserialize)]
        #[serde(try_from = "String")]
        pub struct $name(Box<str>);

        impl Serialize for $name {
            fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.serialize_str(&self.0)
            }
        }

        impl $name {
            /// The identifier as text.
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl FromStr for $name {
            type Err = InvalidId;

            fn from_str(text: &str) -> Result<Self, InvalidId> {
                let valid: fn(&str) -> bool = $valid;
                if valid(text) { Ok(Self(text.into())) } else { Err(InvalidId { kind: $kind }) }
            }
        }

        impl TryFrom<String> for $name {
            type Error = InvalidId;

            fn try_from(text: String) -> Result<Self, InvalidId> {
                text.parse()
            }
        }

        impl From<$name> for String {
            fn from(id: $name) -> String {
                id.0.into()
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&self.0)
            }
        }
    };
}

mod chat;
mod room_code;

pub use self::chat::{ClientMsgId, EventId};
pub use self::room_code::RoomCode;

text_id!(
    /// One open socket, named by API Gateway: 15 base64 characters and `=`, but treated as opaque.
    ConnectionId,
    "connection id",
    |text| (1..=64).contains(&text.len())
        && text.bytes().all(|b| b.is_ascii_alphanumeric() || b"+/=_-".contains(&b))
);

text_id!(
    /// One sign-in: every token names its session.
    SessionId,
    "session id",
    |text| text.len() == 32 && text.bytes().all(|b| matches!(b, b'0'..=b'9' | b'a'..=b'f'))
);

text_id!(
    /// What tells one join of a person into a room from the next.
    PresenceToken,
    "presence token",
    |text| text.len() == 16 && text.bytes().all(|b| matches!(b, b'0'..=b'9' | b'a'..=b'f'))
);

text_id!(
    /// A receiver of what happens in rooms.
    WebhookId,
    "webhook id",
    |text| text.len() == 12 && text.bytes().all(|b| matches!(b, b'0'..=b'9' | b'a'..=b'f'))
);

text_id!(
    /// Somebody's name at a provider that vouches for them: never changes, means nothing elsewhere.
    Subject,
    "subject",
    |text| (1..=MAX_SUBJECT).contains(&text.len()) && text.bytes().all(|b| b.is_ascii_graphic())
);

text_id!(
    /// The unguessable name under which bytes are stored and served: 32 hex digits, then perhaps an extension; before
    /// them `direct-` if whoever has the bytes puts them into the store themselves, `avatar-` if they are a person's picture.
    StoredName,
    "media file name",
    is_stored_name
);

/// How the name of what is put into the store directly begins: by it a store can tell which uploads to report.
pub const DIRECT: &str = "direct-";
/// The longest name that OpenID Connect lets a provider give to somebody.
const MAX_SUBJECT: usize = 255;
/// How the name of a person's picture begins.
const AVATAR: &str = "avatar-";
/// The characters of a [`StoredName`] that carry the secret.
const STORED_NAME_DIGITS: usize = 32;
/// The longest extension that a [`StoredName`] keeps.
const MAX_EXTENSION: usize = 10;

fn is_stored_name(text: &str) -> bool {
    let text = text.strip_prefix(DIRECT).or_else(|| text.strip_prefix(AVATAR)).unwrap_or(text);
    let (digits, rest) = text.split_at_checked(STORED_NAME_DIGITS).unwrap_or((text, ""));
    let extension = rest.strip_prefix('.');
    digits.len() == STORED_NAME_DIGITS
        && digits.bytes().all(|b| matches!(b, b'0'..=b'9' | b'a'..=b'f'))
        && (rest.is_empty() || extension.is_some_and(is_extension))
}

fn is_extension(text: &str) -> bool {
    (1..=MAX_EXTENSION).contains(&text.len()) && text.bytes().all(|b| matches!(b, b'0'..=b'9' | b'a'..=b'z'))
}

impl SessionId {
    /// A session id from 16 random bytes.
    pub fn from_random(bytes: [u8; 16]) -> Self {
        Self(Uuid::from_bytes(bytes).simple().to_string().into())
    }

    /// The bytes that it was made from.
    pub fn as_bytes(&self) -> [u8; 16] {
        Uuid::try_parse(&self.0).unwrap_or_default().into_bytes()
    }
}

impl PresenceToken {
    /// A token from 8 random bytes.
    pub fn from_random(bytes: [u8; 8]) -> Self {
        Self(format!("{:016x}", u64::from_be_bytes(bytes)).into())
    }
}

impl StoredName {
    /// A name from 16 random bytes, with the extension of the name that the uploader gave, if it is a harmless one.
    pub fn from_random(bytes: [u8; 16], filename: &str) -> Self {
        let digits = Uuid::from_bytes(bytes).simple();
        let extension = filename.rsplit_once('.').map(|(_, extension)| extension.to_ascii_lowercase());
        match extension.filter(|extension| is_extension(extension)) {
            Some(extension) => Self(format!("{digits}.{extension}").into()),
            None => Self(digits.to_string().into()),
        }
    }

    /// The same for bytes that are put into the store directly.
    pub fn direct_from_random(bytes: [u8; 16], filename: &str) -> Self {
        Self(format!("{DIRECT}{}", Self::from_random(bytes, filename)).into())
    }

    /// The same for a person's picture.
    pub fn avatar_from_random(bytes: [u8; 16], filename: &str) -> Self {
        Self(format!("{AVATAR}{}", Self::from_random(bytes, filename)).into())
    }

    /// Whether its bytes are a person's picture.
    pub fn is_avatar(&self) -> bool {
        self.0.starts_with(AVATAR)
    }

    /// Whether its bytes are put into the store directly.
    pub fn is_direct(&self) -> bool {
        self.0.starts_with(DIRECT)
    }
}

/// A person, by number: 1, 2, 3 … Accepted from clients as a number or as a decimal string.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize, ToSchema)]
#[serde(transparent)]
pub struct UserId(pub u64);

impl FromStr for UserId {
    type Err = InvalidId;

    fn from_str(text: &str) -> Result<Self, InvalidId> {
        let plain = text.bytes().all(|b| b.is_ascii_digit()) && !text.starts_with('0');
        text.parse().ok().filter(|_| plain).map(Self).ok_or(InvalidId { kind: "user id" })
    }
}

impl fmt::Display for UserId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

/// An uploaded or predefined medium.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct MediaId(pub Uuid);

impl MediaId {
    /// A media id (UUID version 4) from 16 random bytes.
    pub fn from_random(bytes: [u8; 16]) -> Self {
        Self(uuid::Builder::from_random_bytes(bytes).into_uuid())
    }
}

impl FromStr for MediaId {
    type Err = InvalidId;

    fn from_str(text: &str) -> Result<Self, InvalidId> {
        Uuid::try_parse(text).map(Self).map_err(|_| InvalidId { kind: "media id" })
    }
}

impl fmt::Display for MediaId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_stored_name_keeps_a_harmless_extension_only() {
        let named = |filename| StoredName::from_random([7; 16], filename).to_string();
        assert_eq!(named("song.MP3"), format!("{}.mp3", "07".repeat(16)));
        for odd in ["song", "a.b/c", "x.ph\0p", "x.", "x.averylongextension", "x.é"] {
            assert_eq!(named(odd), "07".repeat(16), "{odd:?}");
        }
    }

    #[test]
    fn a_stored_name_says_whether_its_bytes_come_directly() {
        let direct = StoredName::direct_from_random([7; 16], "song.MP3");
        assert_eq!(direct.as_str(), format!("direct-{}.mp3", "07".repeat(16)));
        assert!(direct.is_direct() && direct.as_str().parse::<StoredName>() == Ok(direct));
        assert!(!StoredName::from_random([7; 16], "song.mp3").is_direct());
    }

    #[test]
    fn a_stored_name_says_whether_its_bytes_are_a_persons_picture() {
        let avatar = StoredName::avatar_from_random([7; 16], "avatar.png");
        assert_eq!(avatar.as_str(), format!("avatar-{}.png", "07".repeat(16)));
        assert!(
            avatar.is_avatar() && !avatar.is_direct() && avatar.as_str().parse::<StoredName>() == Ok(avatar)
        );
        assert!(!StoredName::direct_from_random([7; 16], "song.mp3").is_avatar());
    }

    #[test]
    fn a_stored_name_cannot_be_a_path() {
        let digits = "07".repeat(16);
        for bad in [
            "",
            "..",
            "../../etc/passwd",
            "07",
            "direct-",
            &format!("{digits}/x"),
            &format!("direct-direct-{digits}"),
            &format!("direct-avatar-{digits}"),
        ] {
            assert!(bad.parse::<StoredName>().is_err(), "{bad:?}");
        }
        assert!(format!("{}.mp3", "07".repeat(16)).parse::<StoredName>().is_ok());
    }

    #[test]
    fn user_ids_are_plain_decimal_numbers() {
        assert_eq!("17".parse(), Ok(UserId(17)));
        for bad in ["", "0", "017", "+1", "-1", "1 ", "x", "99999999999999999999999"] {
            assert!(bad.parse::<UserId>().is_err(), "{bad:?}");
        }
    }

    #[test]
    fn ids_with_foreign_characters_are_refused() {
        assert!("TXzPWdnOjoECGjA=".parse::<ConnectionId>().is_ok());
        assert!("a b".parse::<ConnectionId>().is_err());
        assert!("auth0|5f7c8ec7c33c6c004bbafe82".parse::<Subject>().is_ok());
        for bad in ["", "a b", "é", &"x".repeat(MAX_SUBJECT + 1)] {
            assert!(bad.parse::<Subject>().is_err(), "{bad:?}");
        }
        assert!("../x".parse::<RoomCode>().is_err());
        assert_eq!("Movie-Night_1".parse::<RoomCode>().map(|c| c.folded()), Ok("movie-night_1".into()));
    }
}
