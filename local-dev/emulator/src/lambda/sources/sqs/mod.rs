//! A stand-in for SQS: standard queues in memory, behind AWS's JSON protocol.
//!
//! In reading order: `standard_queue` is one queue without a clock, [`Queues`] are all of them with one, and
//! [`SqsService`] is what SDKs talk to. Where it is stricter than SQS: a message is deleted by the handle of its newest
//! receiving alone. What it leaves out: FIFO queues (refused), changing and deleting queues, tags, permissions, and the
//! verification of signatures.

mod batch;
mod message;
mod message_actions;
mod message_attribute;
mod queue_actions;
mod queue_attributes;
mod queue_name;
mod queues;
mod receipt_handle;
mod receive_actions;
mod service;
mod sqs_error;
mod standard_queue;
mod stored_message;

pub(crate) use self::message::MAX_BYTES;
pub use self::message::{Message, NewMessage, Received, Want};
pub use self::message_attribute::{MessageAttribute, MessageAttributes};
pub(crate) use self::message_attribute::{body_digest, digest};
pub use self::queue_attributes::QueueAttributes;
pub use self::queues::{Queues, SqsLimits};
pub use self::service::SqsService;
pub(crate) use self::service::queue_url;
pub use self::sqs_error::{Refusal, SqsError};
pub use self::stored_message::{Counts, Listed, State};
