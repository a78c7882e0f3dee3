//! What the gateway calls.

use std::error::Error as StdError;
use std::fmt::Debug;

use async_trait::async_trait;
use parlor::inbound::gateway_event::{AuthorizerResponse, GatewayEvent, GatewayResponse};

/// The route of messages that no other route takes.
pub const DEFAULT_ROUTE: &str = "$default";

/// The functions behind an API's routes and its authorizer.
#[async_trait]
pub trait Functions: Debug + Send + Sync {
    /// The REQUEST authorizer of `$connect`; none if the API has none.
    async fn authorize(&self, event: GatewayEvent) -> Result<Option<AuthorizerResponse>, FunctionError>;

    /// The route `$connect`.
    async fn connect(&self, event: GatewayEvent) -> Result<GatewayResponse, FunctionError>;

    /// The key of the route that a message takes; none if there is none for it.
    fn route<'a>(&'a self, _message: &str) -> Option<&'a str> {
        Some(DEFAULT_ROUTE)
    }

    /// A message, on the route that its event names. A body is an answer to the client.
    async fn message(&self, event: Box<GatewayEvent>) -> Result<GatewayResponse, FunctionError>;

    /// The route `$disconnect`.
    async fn disconnect(&self, event: GatewayEvent) -> Result<GatewayResponse, FunctionError>;
}

/// A function did not answer.
#[derive(Debug, thiserror::Error)]
pub enum FunctionError {
    /// An authorizer said `Unauthorized`.
    #[error("unauthorized")]
    Unauthorized,
    /// There is no such route.
    #[error("no such route")]
    NoRoute,
    /// It took longer than the integration may.
    #[error("the function timed out")]
    TimedOut,
    /// It failed, or crashed.
    #[error("the function failed")]
    Failed(#[source] Box<dyn StdError + Send + Sync>),
}
