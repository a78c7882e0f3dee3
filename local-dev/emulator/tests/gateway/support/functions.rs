//! Functions that do as the client's query or message says.

use std::collections::BTreeMap;
use std::sync::Arc;

use async_trait::async_trait;
use emulator::gateway::{FunctionError, Functions};
use parlor::inbound::gateway_event::{AuthorizerResponse, GatewayEvent, GatewayResponse};
use serde_json::json;
use tokio::sync::Semaphore;
use tokio::sync::mpsc::{UnboundedReceiver, UnboundedSender, unbounded_channel};

/// Every event is told to the test; then `?authorize=`, `?connect=` or the message says what to do: `deny`,
/// `unauthorized`, `fail`, `crash`, `wait`, `hang`, `no-route`, or a status.
#[derive(Debug)]
pub(super) struct ObedientFunctions {
    events: UnboundedSender<GatewayEvent>,
    releases: Arc<Semaphore>,
}

impl ObedientFunctions {
    pub(super) fn new(releases: Arc<Semaphore>) -> (Self, UnboundedReceiver<GatewayEvent>) {
        let (events, received) = unbounded_channel();
        (Self { events, releases }, received)
    }

    async fn obey(&self, order: &str) -> Result<GatewayResponse, FunctionError> {
        match order {
            "fail" => Err(FunctionError::Failed("as ordered".into())),
            "crash" => panic!("as ordered"),
            "hang" => std::future::pending().await,
            "no-route" => Err(FunctionError::NoRoute),
            "wait" => {
                self.releases.acquire().await.unwrap().forget();
                Ok(GatewayResponse::status(200))
            }
            status => Ok(GatewayResponse::status(status.parse().unwrap_or(200))),
        }
    }
}

#[async_trait]
impl Functions for ObedientFunctions {
    async fn authorize(&self, event: GatewayEvent) -> Result<Option<AuthorizerResponse>, FunctionError> {
        self.events.send(event.clone()).unwrap();
        let mut context = BTreeMap::from([("endpoint".to_owned(), "feed".to_owned())]);
        match event.query("authorize").unwrap_or_default() {
            "deny" => {
                let policy_document = json!({ "Statement": [{ "Effect": "Deny" }] });
                let principal_id = "7".to_owned();
                return Ok(Some(AuthorizerResponse { principal_id, policy_document, context }));
            }
            "unauthorized" => return Err(FunctionError::Unauthorized),
            "large" => {
                context.insert("much".to_owned(), "x".repeat(8 * 1024));
            }
            order => {
                self.obey(order).await?;
            }
        }
        Ok(Some(AuthorizerResponse::allow(&event, "7".to_owned(), context)))
    }

    async fn connect(&self, event: GatewayEvent) -> Result<GatewayResponse, FunctionError> {
        self.events.send(event.clone()).unwrap();
        let mut response = self.obey(event.query("connect").unwrap_or_default()).await?;
        response.body = event.query("body").map(str::to_owned);
        let protocol = event.query("protocol").map(str::to_owned);
        response.headers.extend(protocol.map(|protocol| ("sec-websocket-protocol".to_owned(), protocol)));
        Ok(response)
    }

    async fn message(&self, event: Box<GatewayEvent>) -> Result<GatewayResponse, FunctionError> {
        self.events.send(GatewayEvent::clone(&event)).unwrap();
        self.obey(event.body.as_deref().unwrap_or_default()).await
    }

    async fn disconnect(&self, event: GatewayEvent) -> Result<GatewayResponse, FunctionError> {
        self.events.send(event).unwrap();
        Ok(GatewayResponse::status(200))
    }
}
