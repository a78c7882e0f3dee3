//! The application's functions, called in this very process.

use std::sync::Arc;

use async_trait::async_trait;
use parlor::app::App;
use parlor::inbound::gateway_event::{AuthorizerResponse, GatewayEvent, GatewayResponse};
use parlor::inbound::websocket;

use emulator::gateway::{FunctionError, Functions};

/// The handlers themselves stand behind the gateway.
#[derive(Debug)]
pub struct InProcessFunctions(pub Arc<App>);

#[async_trait]
impl Functions for InProcessFunctions {
    async fn authorize(&self, event: GatewayEvent) -> Result<Option<AuthorizerResponse>, FunctionError> {
        Ok(Some(websocket::authorize(&self.0, &event).await))
    }

    async fn connect(&self, event: GatewayEvent) -> Result<GatewayResponse, FunctionError> {
        Ok(websocket::connect(&self.0, &event).await)
    }

    async fn message(&self, event: Box<GatewayEvent>) -> Result<GatewayResponse, FunctionError> {
        Ok(websocket::message(&self.0, &event).await)
    }

    async fn disconnect(&self, event: GatewayEvent) -> Result<GatewayResponse, FunctionError> {
        Ok(websocket::disconnect(&self.0, &event).await)
    }
}
