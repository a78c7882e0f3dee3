//! What clients may say, described: the names of each type, where it is understood, and its fields. Tests hold this table
//! against the parsers beside it and against the contract; the description of the sockets is made from it.

mod chat;
mod watch;

/// A type of message from clients.
#[derive(Debug, Clone, Copy)]
pub struct CommandShape {
    /// All its names, the contract's own first.
    pub names: &'static [&'static str],
    /// What it is for, in a sentence.
    pub about: &'static str,
    /// Where it is understood.
    pub heard: HeardIn,
    /// Sets of fields, one of which must be there.
    pub needs: &'static [&'static [&'static str]],
    /// All its fields but the room's.
    pub fields: &'static [FieldShape],
}

/// Where a type of message is understood.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum HeardIn {
    /// On every socket.
    All,
    /// On every socket but the feed's.
    Chat,
    /// In watch rooms alone.
    Watch,
}

/// A field of a client's message.
#[derive(Debug, Clone, Copy)]
pub struct FieldShape {
    /// Its name on the wire.
    pub name: &'static str,
    /// Its values.
    pub kind: FieldKind,
    /// What it says, in a sentence.
    pub about: &'static str,
}

/// Which values a field takes.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum FieldKind {
    /// Anything.
    Any,
    /// A text of at most so many characters.
    Text(usize),
    /// A text that is a media id.
    Medium,
    /// A moment in RFC 3339.
    Moment,
    /// A whole number from that one on, as a number or in digits.
    Id(u32),
    /// A text or a number.
    Name,
    /// A list of at most so many people's ids.
    People(usize),
    /// `true` or `false`.
    Flag,
    /// A number between two others, bounds included.
    Number(f64, f64),
    /// A whole number between two others, bounds included.
    Whole(u64, u64),
    /// An object of a player's.
    PlayerData,
}

const fn field(name: &'static str, kind: FieldKind, about: &'static str) -> FieldShape {
    FieldShape { name, kind, about }
}

/// What names the room on a socket that is in none, or in several: any one of these, in the place of another.
pub const ROOM_FIELDS: &[FieldShape] = &[
    field("room", FieldKind::Name, "The code of the room that this is for; needed on the inbox."),
    field("code", FieldKind::Name, "The same as `room`."),
    field("room_id", FieldKind::Name, "The same as `room`."),
    field("conversation_id", FieldKind::Name, "The same as `room`."),
];

/// All types, in the order of the contract.
pub fn commands() -> impl Iterator<Item = &'static CommandShape> {
    chat::COMMANDS.iter().chain(watch::COMMANDS)
}
