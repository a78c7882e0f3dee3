//! API Gateway's WebSocket events and answers, as JSON on AWS and as values in `local-dev`.
//!
//! Read leniently: what real events carry differs by age and kind of API, and nothing that we don't use may stop us.

use std::collections::BTreeMap;
use std::sync::Arc;

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use smol_str::SmolStr;

/// One event of a WebSocket API: of `$connect`, `$disconnect`, a message, or of the authorizer in front of `$connect`.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct GatewayEvent {
    /// `REQUEST` in the authorizer's events, absent in all others.
    #[serde(rename = "type", skip_serializing_if = "Option::is_none")]
    pub kind: Option<String>,
    /// In the authorizer's events: what is to be allowed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub method_arn: Option<String>,
    /// The handshake's headers, names as sent; only with `$connect`.
    #[serde(skip_serializing_if = "BTreeMap::is_empty", deserialize_with = "null_as_default")]
    pub headers: BTreeMap<String, String>,
    /// The same, with every value of repeated ones.
    #[serde(skip_serializing_if = "BTreeMap::is_empty", deserialize_with = "null_as_default")]
    pub multi_value_headers: BTreeMap<String, Vec<String>>,
    /// The handshake's query, the last value of each name; only with `$connect`.
    #[serde(skip_serializing_if = "BTreeMap::is_empty", deserialize_with = "null_as_default")]
    pub query_string_parameters: BTreeMap<String, String>,
    /// The same, with every value.
    #[serde(skip_serializing_if = "BTreeMap::is_empty", deserialize_with = "null_as_default")]
    pub multi_value_query_string_parameters: BTreeMap<String, Vec<String>>,
    /// Everything about the connection.
    pub request_context: RequestContext,
    /// The client's message.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub body: Option<String>,
    /// Whether `body` is base64; never seen for text messages.
    pub is_base64_encoded: bool,
}

/// What API Gateway says of a connection with every event. A copy asks for little memory, if any.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct RequestContext {
    /// `$connect`, `$disconnect` or `$default`.
    pub route_key: SmolStr,
    /// `CONNECT`, `DISCONNECT` or `MESSAGE`.
    pub event_type: SmolStr,
    /// The same as `request_id`.
    pub extended_request_id: SmolStr,
    /// In Common Log Format.
    pub request_time: SmolStr,
    /// `IN`.
    pub message_direction: SmolStr,
    /// The stage.
    pub stage: SmolStr,
    /// When the socket was opened, in milliseconds since 1970.
    pub connected_at: i64,
    /// When this event happened, in milliseconds since 1970.
    pub request_time_epoch: i64,
    /// Where the socket comes from.
    pub identity: GatewayIdentity,
    /// The event's name.
    pub request_id: SmolStr,
    /// The API's host name.
    pub domain_name: SmolStr,
    /// The connection's name.
    pub connection_id: SmolStr,
    /// The API's name.
    pub api_id: SmolStr,
    /// With messages: the message's name.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub message_id: Option<SmolStr>,
    /// With `$disconnect`: the close code.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub disconnect_status_code: Option<u16>,
    /// With `$disconnect`: the close reason.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub disconnect_reason: Option<SmolStr>,
    /// What the authorizer said at `$connect`, in every later event of the connection.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub authorizer: Option<Arc<BTreeMap<String, Value>>>,
}

/// Where a socket comes from.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct GatewayIdentity {
    /// The peer's address.
    pub source_ip: SmolStr,
    /// The `User-Agent` of the handshake.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub user_agent: Option<SmolStr>,
}

/// What a function answers to an event.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct GatewayResponse {
    /// With `$connect`: 2xx opens the socket, everything else refuses the handshake with that status.
    pub status_code: u16,
    /// With `$connect`: `Sec-WebSocket-Protocol` is passed on.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub headers: BTreeMap<String, String>,
    /// A text, sent to the client only where the route has a response.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub body: Option<String>,
}

/// What an authorizer answers: a policy, and a context of texts that rides in every later event of the connection.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct AuthorizerResponse {
    /// Who it is.
    pub principal_id: String,
    /// An IAM policy that allows or denies `execute-api:Invoke`.
    pub policy_document: Value,
    /// Texts for the handlers.
    pub context: BTreeMap<String, String>,
}

impl GatewayEvent {
    /// The value of a header, whatever the case of its name.
    pub fn header(&self, name: &str) -> Option<&str> {
        let mut headers = self.headers.iter();
        headers.find(|(key, _)| key.eq_ignore_ascii_case(name)).map(|(_, value)| value.as_str())
    }

    /// The value of a header that should come once. Of several none is right, as whoever sent the first may not have sent the
    /// last: they are like an empty one.
    pub fn only_header(&self, name: &str) -> Option<&str> {
        let singles = self.headers.keys().filter(|key| key.eq_ignore_ascii_case(name)).count();
        let repeated = self.multi_value_headers.iter().filter(|(key, _)| key.eq_ignore_ascii_case(name));
        let is_repeated = singles > 1 || repeated.flat_map(|(_, values)| values).count() > 1;
        if is_repeated { Some("") } else { self.header(name) }
    }

    /// A parameter of the handshake's query.
    pub fn query(&self, name: &str) -> Option<&str> {
        self.query_string_parameters.get(name).map(String::as_str)
    }

    /// A text that the authorizer put into the connection's context.
    pub fn context(&self, name: &str) -> Option<&str> {
        self.request_context.authorizer.as_ref()?.get(name)?.as_str()
    }
}

impl GatewayResponse {
    /// An answer with a status alone.
    pub fn status(status_code: u16) -> Self {
        Self { status_code, headers: BTreeMap::new(), body: None }
    }
}

impl AuthorizerResponse {
    /// Allows the handshake that the event is about.
    pub fn allow(event: &GatewayEvent, principal_id: String, context: BTreeMap<String, String>) -> Self {
        let statement = json!({
            "Action": "execute-api:Invoke",
            "Effect": "Allow",
            "Resource": event.method_arn.as_deref().unwrap_or("*"),
        });
        let policy_document = json!({ "Version": "2012-10-17", "Statement": [statement] });
        Self { principal_id, policy_document, context }
    }

    /// Whether the policy allows anything.
    pub fn allows(&self) -> bool {
        let statements = self.policy_document["Statement"].as_array();
        statements.is_some_and(|all| all.iter().any(|statement| statement["Effect"] == "Allow"))
    }
}

/// Some events say `null` where others leave a field out.
fn null_as_default<'de, D, T>(deserializer: D) -> Result<T, D::Error>
where
    D: serde::Deserializer<'de>,
    T: Default + Deserialize<'de>,
{
    Option::deserialize(deserializer).map(Option::unwrap_or_default)
}
