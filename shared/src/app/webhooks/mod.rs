//! Other programs are told what happens in rooms that let them.

mod call;
mod known;
mod payload;
mod tell;

pub(in crate::app) use self::call::call_webhook;
pub(in crate::app) use self::known::KnownWebhooks;
pub(in crate::app) use self::tell::{tell_each, tell_webhooks};
