//! Decisions: plain synchronous functions that take state and time and return what follows. No I/O.

pub mod accounts;
pub mod chat;
pub mod client_address;
pub mod edge_secret;
pub mod feed;
pub mod limit;
pub mod media;
pub mod minute_counts;
pub mod origin;
pub mod outbound;
pub mod rooms;
pub(crate) mod visible_text;
pub mod watch;
pub mod webhooks;

pub use self::accounts::{
    display_name, email_address, identity, link_token, next_url, notice, picture, provider, refresh_chain,
    secret, secret_strength, sign_in_flow, token, username,
};
pub use self::feed::{drop, heartbeat};
pub use self::media::{byte_range, predefined_audio};
