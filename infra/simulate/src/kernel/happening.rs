//! What comes to the application from outside.

/// Something that happens at a moment.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Happening {
    /// A client does something.
    Operation(usize),
    /// Everybody does something at the same moment, which is that step of what they do.
    Collision { number: usize, step: usize },
    /// A request is made that was put off under that number.
    Asks(usize),
    /// Somebody says something.
    Says { person: usize, room: String },
    /// The queue gives out a message. Those of jobs that follow one another for ever are routine.
    Delivery { message: u64, is_routine: bool },
    /// A handshake is answered.
    Opened(String),
    /// The gateway tells that a socket has closed.
    Disconnected(String),
    /// A client looks whether what it said has come back.
    EchoDue(usize),
    /// A client looks whether a gap in what it knows is still there.
    GapDue { person: usize, room: String },
    /// A client that lost its socket comes back.
    ComesBack(usize),
    /// Somebody changes or takes back what they said last.
    Regrets { person: usize, room: String },
    /// Somebody closes what they watch by.
    TurnsAway(usize),
    /// Somebody asks to come in.
    Joins { person: usize, room: String },
    /// Somebody opens a socket in a room.
    Opens { person: usize, room: String },
    /// Somebody wants to talk to a person.
    WritesTo { person: usize, user: u64 },
    /// A minute has passed.
    Minute,
}

impl Happening {
    /// Whether it comes whatever else happens, for ever.
    pub(crate) fn is_routine(&self) -> bool {
        matches!(self, Self::Minute | Self::Delivery { is_routine: true, .. })
    }
}
