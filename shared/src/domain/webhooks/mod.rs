//! What other programs are told of rooms, and how they know that it was us.

mod happening;
mod news;
mod retry;
mod secret;

pub use self::happening::{Happening, Topic};
pub use self::news::{News, WebhookCall};
pub use self::retry::{GIVEN_UP_AFTER, MAX_PAUSE, pause};
pub use self::secret::WebhookSecret;
