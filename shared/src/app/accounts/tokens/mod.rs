//! What stands for a session in requests: tokens and tickets, and the keys that sign them.

pub(in crate::app) mod access_token;
pub(in crate::app) mod authenticate;
pub(in crate::app) mod key_ring;
pub(in crate::app) mod link_permit;
pub(in crate::app) mod refresh;
mod signed_claims;
pub(in crate::app) mod ticket;
pub(in crate::app) mod token_crypto;

pub use self::authenticate::authenticate;
pub use self::link_permit::LINK_LIFE;
pub use self::refresh::refresh;
pub use self::ticket::{TICKET_LIFE, authenticate_handshake, issue_ticket};
