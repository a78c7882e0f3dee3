//! What calls functions, beside the gateway: queues, buckets, schedules. Stand-ins for the services that do so on AWS.
//!
//! [`EventSources`] puts it all together. A function's failure is dealt with as there: messages of a queue come again
//! until they are dead letters; asynchronous events are tried again, then go to the function's queue of failures.

mod async_invocations;
mod backoff;
mod control;
mod destination_record;
mod event_sources;
mod names;
mod queue_source;
pub mod s3;
mod schedules;
mod settings;
pub mod sqs;
mod wiring_check;

pub use self::async_invocations::{AsyncInvocations, EventsFull, FirstAttempt};
pub use self::event_sources::{BoundEventSources, EventSources, EventSourcesError};
pub use self::schedules::{NoSuchSchedule, Schedules};
pub use self::settings::SourceSettings;
pub use self::wiring_check::WiringError;
