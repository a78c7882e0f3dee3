//! The seam between what calls functions and what runs them.

use std::error::Error as StdError;
use std::fmt::Debug;

use async_trait::async_trait;
use bytes::Bytes;

/// Runs functions by name, as Lambda does: as many at a time as are asked for, each in an environment of its own.
#[async_trait]
pub trait Invoker: Debug + Send + Sync {
    /// Hands an event (JSON) to a function and waits for what it returns (JSON).
    async fn invoke(&self, function: &str, event: Bytes) -> Result<Bytes, InvokeError>;
}

/// What a function says when its handler fails: Lambda's own shape.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Failure {
    /// The kind of error, `Runtime.ExitError` for one.
    pub error_type: String,
    /// What happened, for a person.
    pub error_message: String,
}

impl Default for Failure {
    fn default() -> Self {
        Self { error_type: "Error".to_owned(), error_message: String::new() }
    }
}

/// A function returned nothing.
#[derive(Debug, thiserror::Error)]
pub enum InvokeError {
    /// There is no function of that name.
    #[error("there is no function named {0}")]
    NoSuchFunction(String),
    /// Its handler failed, it crashed, or it could not start.
    #[error("the function failed: {}: {}", .0.error_type, .0.error_message)]
    Failed(Failure),
    /// It took longer than it may.
    #[error("the function timed out")]
    TimedOut,
    /// Nobody knows whether it ran: what runs functions did not answer.
    #[error("the functions cannot be reached")]
    Unreachable(#[source] Box<dyn StdError + Send + Sync>),
}
