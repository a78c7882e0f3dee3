//! Somebody, and how they sign in.

/// What a sign-in gave.
#[derive(Debug, Clone)]
pub(crate) struct Tokens {
    pub(crate) access: String,
    pub(crate) opaque: String,
    pub(crate) refresh: String,
}

/// Somebody.
#[derive(Debug, Clone, Default)]
pub(crate) struct Person {
    pub(crate) name: String,
    /// None for guests.
    pub(crate) username: Option<String>,
    pub(crate) password: String,
    /// Their number, once they have one.
    pub(crate) user: Option<u64>,
    pub(crate) tokens: Option<Tokens>,
    /// Whether they have a sign-in, or whatever else they need first, under way.
    pub(crate) is_busy: bool,
    /// Tokens of invitations that they got.
    pub(crate) invitations: Vec<String>,
}

impl Person {
    /// Their account is gone; the next one has another name.
    pub(crate) fn begin_anew(&mut self) {
        self.user = None;
        if let Some(username) = &mut self.username {
            username.push('x');
        }
    }
}
