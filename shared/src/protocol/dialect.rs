//! How one event is spelled differently for different clients.

use serde::{Deserialize, Serialize};

/// Which spelling of events a socket gets. It is fixed when the socket connects.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "char", into = "char")]
pub enum Dialect {
    /// The broadcast feed: plain texts.
    Feed,
    /// The inbox and conversations: messages are called `new_message`.
    Inbox,
    /// A room's chat for clients that know messages alone.
    Plain,
    /// The same where the room's code is a number: some events come as `action` frames, too.
    Numbered,
    /// A room's chat with all events.
    Full,
    /// A watch room: chat, presence and playback.
    Watch,
}

/// A letter that stands for no dialect.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("{0:?} stands for no dialect")]
pub struct UnknownDialect(pub char);

impl Dialect {
    /// All of them, in the order of their declaration.
    pub const ALL: [Self; 6] =
        [Self::Feed, Self::Inbox, Self::Plain, Self::Numbered, Self::Full, Self::Watch];

    /// The letter that stands for it where space is short.
    pub const fn letter(self) -> char {
        match self {
            Self::Feed => 'f',
            Self::Inbox => 'i',
            Self::Plain => 'p',
            Self::Numbered => 'n',
            Self::Full => 'a',
            Self::Watch => 'w',
        }
    }

    /// Its place in [`ALL`](Self::ALL).
    pub const fn index(self) -> usize {
        self as usize
    }
}

impl TryFrom<char> for Dialect {
    type Error = UnknownDialect;

    fn try_from(letter: char) -> Result<Self, UnknownDialect> {
        let known = Self::ALL.into_iter().find(|dialect| dialect.letter() == letter);
        known.ok_or(UnknownDialect(letter))
    }
}

impl From<Dialect> for char {
    fn from(dialect: Dialect) -> char {
        dialect.letter()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_dialect_has_a_letter_and_a_place_of_its_own() {
        for (place, dialect) in Dialect::ALL.into_iter().enumerate() {
            assert_eq!(Dialect::try_from(dialect.letter()), Ok(dialect));
            assert_eq!(dialect.index(), place);
        }
        assert_eq!(Dialect::try_from('x'), Err(UnknownDialect('x')));
    }
}
