//! The events that functions get.

use std::collections::BTreeMap;
use std::sync::Arc;

use parlor::ids::ConnectionId;
use parlor::inbound::gateway_event::{AuthorizerResponse, GatewayEvent, GatewayIdentity, RequestContext};
use parlor::protocol::Timestamp;
use serde_json::Value;
use smol_str::{SmolStr, ToSmolStr as _};

use super::GatewayConfig;
use super::event_times::common_log_now;
use super::ids::new_id;
use super::shown_headers::with_connection;
use super::upgrade_request::UpgradeRequest;
use crate::arn::ACCOUNT;

/// All that later events say of a socket's handshake.
#[derive(Debug)]
pub(super) struct Origin {
    pub(super) id: ConnectionId,
    pub(super) connected_at: Timestamp,
    pub(super) source_ip: SmolStr,
    pub(super) user_agent: Option<SmolStr>,
    host: SmolStr,
    /// What the authorizer said: texts.
    context: Option<Arc<BTreeMap<String, Value>>>,
}

impl Origin {
    pub(super) fn new(id: ConnectionId, request: &UpgradeRequest, now: Timestamp) -> Self {
        Self {
            id,
            connected_at: now,
            source_ip: request.peer.to_smolstr(),
            user_agent: request.user_agent.as_deref().map(Into::into),
            host: request.host.as_str().into(),
            context: None,
        }
    }

    /// Keeps what the authorizer said.
    pub(super) fn authorize(&mut self, response: AuthorizerResponse) {
        let principal = ("principalId".to_owned(), response.principal_id.into());
        let context = response.context.into_iter().map(|(name, value)| (name, value.into()));
        self.context = Some(Arc::new(context.chain([principal]).collect()));
    }

    /// A text of the authorizer's.
    pub(super) fn context(&self, name: &str) -> Option<&str> {
        self.context.as_ref()?.get(name)?.as_str()
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
    ) -> Box<GatewayEvent> {
        let mut request_context = self.request_context(config, route, "MESSAGE", now);
        request_context.message_id = Some(new_id());
        Box::new(GatewayEvent { request_context, body: Some(body), ..GatewayEvent::default() })
    }

    pub(super) fn disconnect_event(
        &self,
        config: &GatewayConfig,
        (code, reason): (u16, String),
        now: Timestamp,
    ) -> GatewayEvent {
        let mut request_context = self.request_context(config, "$disconnect", "DISCONNECT", now);
        request_context.disconnect_status_code = Some(code);
        request_context.disconnect_reason = Some(reason.into());
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
        event_type: &'static str,
        now: Timestamp,
    ) -> RequestContext {
        let request_id = new_id();
        RequestContext {
            route_key: route_key.into(),
            event_type: SmolStr::new_static(event_type),
            extended_request_id: request_id.clone(),
            request_time: common_log_now(now),
            message_direction: SmolStr::new_static("IN"),
            stage: config.stage.as_str().into(),
            connected_at: self.connected_at.as_millis(),
            request_time_epoch: now.as_millis(),
            identity: GatewayIdentity {
                source_ip: self.source_ip.clone(),
                user_agent: self.user_agent.clone(),
            },
            request_id,
            domain_name: self.host.clone(),
            connection_id: self.id.as_str().into(),
            api_id: config.api_id.as_str().into(),
            authorizer: self.context.clone(),
            ..RequestContext::default()
        }
    }
}

fn last_of_each(all: &BTreeMap<String, Vec<String>>) -> BTreeMap<String, String> {
    let lasts = all.iter().filter_map(|(name, values)| Some((name.clone(), values.last()?.clone())));
    lasts.collect()
}
