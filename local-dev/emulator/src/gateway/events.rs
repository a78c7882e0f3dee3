//! The events that functions get.

use std::collections::BTreeMap;

use parlor::ids::ConnectionId;
use parlor::inbound::gateway_event::{AuthorizerResponse, GatewayEvent, GatewayIdentity, RequestContext};
use parlor::protocol::Timestamp;
use serde_json::Value;

use super::GatewayConfig;
use super::event_times::common_log;
use super::ids::new_id;
use super::shown_headers::with_connection;
use super::upgrade_request::UpgradeRequest;
use crate::arn::ACCOUNT;

/// All that later events say of a socket's handshake.
#[derive(Debug)]
pub(super) struct Origin {
    pub(super) id: ConnectionId,
    pub(super) connected_at: Timestamp,
    pub(super) source_ip: Box<str>,
    pub(super) user_agent: Option<Box<str>>,
    host: Box<str>,
    /// What the authorizer said.
    context: Box<[(Box<str>, Box<str>)]>,
}

impl Origin {
    pub(super) fn new(id: ConnectionId, request: &UpgradeRequest, now: Timestamp) -> Self {
        Self {
            id,
            connected_at: now,
            source_ip: request.peer.to_string().into(),
            user_agent: request.user_agent.as_deref().map(Into::into),
            host: request.host.as_str().into(),
            context: Box::default(),
        }
    }

    /// Keeps what the authorizer said.
    pub(super) fn authorize(&mut self, response: AuthorizerResponse) {
        let principal = ("principalId".into(), response.principal_id.into());
        let context = response.context.into_iter().map(|(name, value)| (name.into(), value.into()));
        self.context = context.chain([principal]).collect();
    }

    /// A text of the authorizer's.
    pub(super) fn context(&self, name: &str) -> Option<&str> {
        self.context.iter().find(|(each, _)| &**each == name).map(|(_, value)| &**value)
    }

    pub(super) fn authorizer_event(
        &self,
        config: &GatewayConfig,
        request: &UpgradeRequest,
        now: Timestamp,
    ) -> GatewayEvent {
        let (api, stage) = (&config.api_id, &config.stage);
        let region = &config.region;
        let multi_value_headers = with_connection(&request.headers);
        GatewayEvent {
            kind: Some("REQUEST".to_owned()),
            method_arn: Some(format!("arn:aws:execute-api:{region}:{ACCOUNT}:{api}/{stage}/$connect")),
            headers: last_of_each(&multi_value_headers),
            multi_value_headers,
            ..self.connect_event(config, request, now)
        }
    }

    pub(super) fn connect_event(
        &self,
        config: &GatewayConfig,
        request: &UpgradeRequest,
        now: Timestamp,
    ) -> GatewayEvent {
        let mut query: BTreeMap<String, Vec<String>> = BTreeMap::new();
        for (name, value) in &request.query {
            query.entry(name.clone()).or_default().push(value.clone());
        }
        GatewayEvent {
            headers: last_of_each(&request.headers),
            multi_value_headers: request.headers.clone(),
            query_string_parameters: last_of_each(&query),
            multi_value_query_string_parameters: query,
            request_context: self.request_context(config, "$connect", "CONNECT", now),
            ..GatewayEvent::default()
        }
    }

    pub(super) fn message_event(
        &self,
        config: &GatewayConfig,
        (route, body): (&str, String),
        now: Timestamp,
    ) -> GatewayEvent {
        let mut request_context = self.request_context(config, route, "MESSAGE", now);
        request_context.message_id = Some(new_id());
        GatewayEvent { request_context, body: Some(body), ..GatewayEvent::default() }
    }

    pub(super) fn disconnect_event(
        &self,
        config: &GatewayConfig,
        (code, reason): (u16, String),
        now: Timestamp,
    ) -> GatewayEvent {
        let mut request_context = self.request_context(config, "$disconnect", "DISCONNECT", now);
        request_context.disconnect_status_code = Some(code);
        request_context.disconnect_reason = Some(reason);
        // So captured: the handshake's headers are gone, and most of these are empty.
        let headers = [("Host", &*self.host), ("x-api-key", ""), ("X-Forwarded-For", ""), ("x-restapi", "")];
        let all = headers.map(|(name, value)| (name.to_owned(), vec![value.to_owned()]));
        let multi_value_headers = BTreeMap::from(all);
        GatewayEvent {
            headers: last_of_each(&multi_value_headers),
            multi_value_headers,
            request_context,
            ..GatewayEvent::default()
        }
    }

    fn request_context(
        &self,
        config: &GatewayConfig,
        route_key: &str,
        event_type: &str,
        now: Timestamp,
    ) -> RequestContext {
        let request_id = new_id();
        RequestContext {
            route_key: route_key.to_owned(),
            event_type: event_type.to_owned(),
            extended_request_id: request_id.clone(),
            request_time: common_log(now),
            message_direction: "IN".to_owned(),
            stage: config.stage.clone(),
            connected_at: self.connected_at.as_millis(),
            request_time_epoch: now.as_millis(),
            identity: GatewayIdentity {
                source_ip: self.source_ip.to_string(),
                user_agent: self.user_agent.as_deref().map(str::to_owned),
            },
            request_id,
            domain_name: self.host.to_string(),
            connection_id: self.id.to_string(),
            api_id: config.api_id.clone(),
            authorizer: self.authorizer(),
            ..RequestContext::default()
        }
    }

    fn authorizer(&self) -> Option<BTreeMap<String, Value>> {
        let texts = self.context.iter().map(|(name, value)| (name.to_string(), Value::from(&**value)));
        (!self.context.is_empty()).then(|| texts.collect())
    }
}

fn last_of_each(all: &BTreeMap<String, Vec<String>>) -> BTreeMap<String, String> {
    let lasts = all.iter().filter_map(|(name, values)| Some((name.clone(), values.last()?.clone())));
    lasts.collect()
}
