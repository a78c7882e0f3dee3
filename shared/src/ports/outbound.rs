//! What goes into the [`Outbound`](super::Outbound) port.

use std::time::Duration;

use bytes::Bytes;

use super::Cause;
pub use crate::domain::outbound::NotAllowed;

/// What is asked of somebody else's machine.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum OutboundMethod {
    /// What lies there. Redirects are followed, three at most.
    Get,
    /// To take something. A redirect is an answer like any other: what was meant for one address is sent to no second one.
    Post,
}

/// One call of somebody else's machine.
#[derive(Clone)]
pub struct OutboundCall {
    /// What is asked.
    pub method: OutboundMethod,
    /// Of whom.
    pub url: String,
    /// Headers, besides those that say who calls whom and how long the body is.
    pub headers: Vec<(&'static str, String)>,
    /// What is sent.
    pub body: Bytes,
    /// How long all of it may take, redirects included.
    pub within: Duration,
    /// How much of an answer's body is read; the rest is not.
    pub max_answer: usize,
}

/// URL, headers and body may hold secrets.
impl std::fmt::Debug for OutboundCall {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("OutboundCall").field("method", &self.method).finish_non_exhaustive()
    }
}

/// What somebody else's machine answered.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct OutboundAnswer {
    /// The status.
    pub status: u16,
    /// Headers by their names in lower case; those that are no text are left out.
    pub headers: Vec<(String, String)>,
    /// The body, or its beginning.
    pub body: Bytes,
    /// Whether there was more of it.
    pub is_cut: bool,
    /// The URL that answered, after all redirects.
    pub url: String,
}

impl OutboundAnswer {
    /// The first header of that name, which is given in lower case.
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str())
    }
}

/// Why there is no answer. No cause names the URL.
#[derive(Debug, thiserror::Error)]
pub enum OutboundError {
    /// It is not called: no attempt will change that, unless its name comes to lead elsewhere.
    #[error("the address is refused")]
    NotAllowed(#[source] NotAllowed),
    /// It took too long.
    #[error("there was no answer in time")]
    Late,
    /// It cannot be reached, or its answer makes no sense.
    #[error("there was no answer")]
    Unreachable(#[source] Cause),
}
