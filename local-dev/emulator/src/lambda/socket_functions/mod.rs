//! The functions behind a WebSocket API, called with API Gateway's own JSON.

mod authorizer_answer;
mod identity_source;
mod proxy_answer;
mod route_selection;

use std::sync::Arc;

use async_trait::async_trait;
use bytes::Bytes;
use parlor::inbound::gateway_event::{AuthorizerResponse, GatewayEvent, GatewayResponse};

use self::authorizer_answer::AuthorizerAnswer;
use self::identity_source::IdentitySource;
use self::route_selection::RouteSelection;
use super::{Failure, InvokeError, Invoker, SocketApi};
use crate::gateway::{FunctionError, Functions};

const CONNECT: &str = "$connect";
const DISCONNECT: &str = "$disconnect";
/// What an authorizer throws to have a handshake refused with 401.
const UNAUTHORIZED: &str = "Unauthorized";

/// Calls the functions that a template puts behind the routes.
#[derive(Debug)]
pub struct SocketFunctions {
    invoker: Arc<dyn Invoker>,
    api: SocketApi,
    selection: RouteSelection,
    identity_sources: Vec<IdentitySource>,
}

impl SocketFunctions {
    /// The functions of this API.
    pub fn new(invoker: Arc<dyn Invoker>, api: SocketApi) -> Self {
        let selection = RouteSelection::parse(&api.selection);
        let identity_sources =
            api.identity_sources.iter().map(|source| IdentitySource::parse(source)).collect();
        Self { invoker, api, selection, identity_sources }
    }

    async fn call(&self, function: &str, event: &GatewayEvent) -> Result<Bytes, FunctionError> {
        let json = serde_json::to_vec(event).map_err(|error| FunctionError::Failed(error.into()))?;
        let answer = self.invoker.invoke(function, json.into()).await;
        answer.map_err(|error| FunctionError::Failed(error.into()))
    }
}

#[async_trait]
impl Functions for SocketFunctions {
    async fn authorize(&self, event: GatewayEvent) -> Result<Option<AuthorizerResponse>, FunctionError> {
        let Some(authorizer) = &self.api.authorizer else {
            return Ok(None);
        };
        if !self.identity_sources.iter().all(|source| source.is_in(&event)) {
            return Err(FunctionError::Unauthorized);
        }
        let answer = self.call(authorizer, &event).await.map_err(unauthorized)?;
        let answer = AuthorizerAnswer::parse(&answer).map_err(|error| FunctionError::Failed(error.into()))?;
        Ok(Some(answer.on(&event)))
    }

    fn route<'a>(&'a self, message: &str) -> Option<&'a str> {
        self.selection.route(message, &self.api.routes)
    }

    async fn connect(&self, event: GatewayEvent) -> Result<GatewayResponse, FunctionError> {
        let Some(route) = self.api.routes.get(CONNECT) else {
            return Ok(GatewayResponse::status(200));
        };
        let answer = self.call(&route.function, &event).await?;
        proxy_answer::parse(&answer).map_err(|error| FunctionError::Failed(error.into()))
    }

    async fn message(&self, event: Box<GatewayEvent>) -> Result<GatewayResponse, FunctionError> {
        let route =
            self.api.routes.get(event.request_context.route_key.as_str()).ok_or(FunctionError::NoRoute)?;
        let answer = self.call(&route.function, &event).await?;
        if route.responds {
            proxy_answer::parse(&answer).map_err(|error| FunctionError::Failed(error.into()))
        } else {
            // Whatever it is, nobody reads it.
            Ok(GatewayResponse::status(200))
        }
    }

    async fn disconnect(&self, event: GatewayEvent) -> Result<GatewayResponse, FunctionError> {
        if let Some(route) = self.api.routes.get(DISCONNECT) {
            self.call(&route.function, &event).await?;
        }
        Ok(GatewayResponse::status(200))
    }
}

/// Whether a route can be found by an expression.
pub(super) fn can_select(expression: &str) -> bool {
    RouteSelection::parse(expression) != RouteSelection::Unreadable
}

fn unauthorized(error: FunctionError) -> FunctionError {
    match &error {
        FunctionError::Failed(cause) => match cause.downcast_ref() {
            Some(InvokeError::Failed(Failure { error_message, .. })) if error_message == UNAUTHORIZED => {
                FunctionError::Unauthorized
            }
            _ => error,
        },
        _ => error,
    }
}
