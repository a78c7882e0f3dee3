//! One thing that somebody says.

/// What its author knows of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Heard {
    /// Nothing yet.
    Nothing,
    /// It was acknowledged under this number.
    Acknowledged(u64),
    /// It was refused.
    Refused,
}

/// One thing that somebody says.
#[derive(Debug, Clone)]
pub(crate) struct Saying {
    pub(crate) person: usize,
    /// Who that was then: they may have another account by now.
    pub(crate) user: Option<u64>,
    pub(crate) room: String,
    pub(crate) text: String,
    pub(crate) client_msg_id: Option<String>,
    pub(crate) tries: u32,
    /// In microseconds since 1970.
    pub(crate) said_at: i64,
    pub(crate) heard: Heard,
}

impl Saying {
    /// The text of the saying of that number: no two are the same.
    pub(crate) fn text(number: usize) -> String {
        format!("s{number} is said")
    }

    /// Which saying a text is.
    pub(crate) fn number(text: &str) -> Option<usize> {
        text.strip_prefix('s')?.split(' ').next()?.parse().ok()
    }
}
