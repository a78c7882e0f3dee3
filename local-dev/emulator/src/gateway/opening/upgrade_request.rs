//! A request for a WebSocket, checked.

use std::collections::BTreeMap;
use std::net::IpAddr;

use axum::http::request::Parts;
use axum::http::{HeaderMap, Method, StatusCode, Version, header};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use parlor::protocol::Timestamp;
use sha1::{Digest, Sha1};

use crate::gateway::edge::{PATH, Query};
use crate::gateway::shown_headers::shown_headers;

/// RFC 6455, section 1.3.
const ACCEPT_SUFFIX: &[u8] = b"258EAFA5-E914-47DA-95CA-C5AB0DC85B11";

/// What a handshake asks for.
#[derive(Debug)]
pub(in crate::gateway) struct UpgradeRequest {
    pub(in crate::gateway) peer: IpAddr,
    pub(in crate::gateway) query: Query,
    pub(in crate::gateway) headers: BTreeMap<String, Vec<String>>,
    pub(in crate::gateway) host: String,
    pub(in crate::gateway) user_agent: Option<String>,
    /// The sub-protocols that the client offers.
    pub(in crate::gateway) protocols: Vec<String>,
    /// The value of `Sec-WebSocket-Accept`.
    pub(in crate::gateway) accept: String,
}

/// Whether a request wants a WebSocket.
pub(in crate::gateway) fn wants_upgrade(headers: &HeaderMap) -> bool {
    lists(headers, &header::UPGRADE, "websocket")
}

impl UpgradeRequest {
    /// The request behind these parts, or the status that refuses it.
    pub(in crate::gateway) fn parse(
        parts: &Parts,
        peer: IpAddr,
        query: Query,
        now: Timestamp,
    ) -> Result<Self, StatusCode> {
        let headers = &parts.headers;
        if parts.method != Method::GET || parts.version != Version::HTTP_11 || !wants_upgrade(headers) {
            return Err(StatusCode::UPGRADE_REQUIRED);
        }
        let version = headers.get(header::SEC_WEBSOCKET_VERSION).ok_or(StatusCode::BAD_REQUEST)?;
        if version != "13" {
            return Err(StatusCode::UPGRADE_REQUIRED);
        }
        let key = headers.get(header::SEC_WEBSOCKET_KEY).ok_or(StatusCode::BAD_REQUEST)?;
        let is_key = STANDARD.decode(key).is_ok_and(|nonce| nonce.len() == 16);
        if !is_key || !lists(headers, &header::CONNECTION, "upgrade") {
            return Err(StatusCode::BAD_REQUEST);
        }
        let host = text(headers, &header::HOST).or_else(|| parts.uri.host()).unwrap_or_default().to_owned();
        Ok(Self {
            peer,
            query,
            headers: shown_headers(headers, parts.extensions.get(), (&host, peer, now)),
            host,
            user_agent: text(headers, &header::USER_AGENT).map(str::to_owned),
            protocols: offered(headers),
            accept: STANDARD.encode(Sha1::new().chain_update(key).chain_update(ACCEPT_SUFFIX).finalize()),
        })
    }
}

impl UpgradeRequest {
    /// The path that the API was asked for, without anything that follows a path.
    pub(in crate::gateway) fn path(&self) -> &str {
        let path = self.query.iter().rfind(|(name, _)| name == PATH).map_or("/", |(_, path)| path);
        path.split(['?', '#', '&', ';']).next().unwrap_or(path)
    }
}

/// Whether a header, a list with commas, has that entry.
fn lists(headers: &HeaderMap, name: &header::HeaderName, entry: &str) -> bool {
    let mut values = headers.get_all(name).iter().filter_map(|value| value.to_str().ok());
    values.any(|value| value.split(',').any(|each| each.trim().eq_ignore_ascii_case(entry)))
}

fn offered(headers: &HeaderMap) -> Vec<String> {
    let values = headers.get_all(header::SEC_WEBSOCKET_PROTOCOL).iter();
    let entries = values.filter_map(|value| value.to_str().ok()).flat_map(|value| value.split(','));
    entries.map(|entry| entry.trim().to_owned()).filter(|entry| !entry.is_empty()).collect()
}

fn text<'a>(headers: &'a HeaderMap, name: &header::HeaderName) -> Option<&'a str> {
    headers.get(name)?.to_str().ok()
}
