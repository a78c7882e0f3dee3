//! Whom other programs' addresses belong to, and what could not be told them.

mod hooks;
mod undelivered;

pub use self::hooks::{MOST_WEBHOOKS, Webhook, Webhooks};
pub use self::undelivered::{Undelivered, UndeliveredCalls};
