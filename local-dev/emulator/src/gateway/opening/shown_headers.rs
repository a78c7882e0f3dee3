//! The headers of a handshake, as events show them.

use std::collections::BTreeMap;
use std::net::IpAddr;

use axum::http::uri::Authority;
use axum::http::{HeaderMap, HeaderName, header};
use parlor::protocol::Timestamp;

use crate::gateway::ids::new_trace;
use crate::listener::SentHead;

/// Names and values, as they are shown.
pub(in crate::gateway) type Shown = BTreeMap<String, Vec<String>>;

/// Headers of the connection itself, which only the authorizer's event shows.
const HIDDEN: [HeaderName; 2] = [header::CONNECTION, header::UPGRADE];
/// What API Gateway says itself, whatever the client does.
const ADDED: [&str; 4] = ["x-amzn-trace-id", "x-forwarded-for", "x-forwarded-port", "x-forwarded-proto"];
const FORWARDED_FOR: &str = "x-forwarded-for";

/// The client's headers, their names as they were sent, and those that the gateway adds.
pub(in crate::gateway) fn shown_headers(
    headers: &HeaderMap,
    sent: Option<&SentHead>,
    (host, peer, now): (&str, IpAddr, Timestamp),
) -> Shown {
    let names = sent.and_then(|sent| sent.names(headers)).unwrap_or_else(|| usual_names(headers));
    let mut shown = Shown::new();
    for ((name, value), sent) in headers.iter().zip(names) {
        if !HIDDEN.contains(name) && !ADDED.contains(&name.as_str()) {
            shown.entry(sent).or_default().push(String::from_utf8_lossy(value.as_bytes()).into_owned());
        }
    }
    let proxies =
        headers.get_all(FORWARDED_FOR).iter().map(|value| String::from_utf8_lossy(value.as_bytes()));
    let path: Vec<String> = proxies.map(String::from).chain([peer.to_string()]).collect();
    let added = [
        ("X-Amzn-Trace-Id", new_trace(now)),
        ("X-Forwarded-For", path.join(", ")),
        ("X-Forwarded-Port", forwarded_port(host).to_string()),
        ("X-Forwarded-Proto", "http".to_owned()),
    ];
    shown.extend(added.map(|(name, value)| (name.to_owned(), vec![value])));
    shown
}

/// The same headers, as the authorizer's event shows them: with those of the connection itself.
pub(in crate::gateway) fn with_connection(shown: &Shown) -> Shown {
    let own = [("Connection", "upgrade"), ("Upgrade", "websocket"), ("content-length", "0")];
    let own = own.map(|(name, value)| (name.to_owned(), vec![value.to_owned()]));
    shown.clone().into_iter().chain(own).collect()
}

/// The port that a client has asked for.
pub(crate) fn forwarded_port(host: &str) -> u16 {
    host.parse::<Authority>().ok().and_then(|host| host.port_u16()).unwrap_or(80)
}

/// For each header its name as browsers write it.
fn usual_names(headers: &HeaderMap) -> Vec<String> {
    headers.iter().map(|(name, _)| usual_case(name.as_str())).collect()
}

/// Browsers write `User-Agent` and `Sec-WebSocket-Key`; the HTTP library has put everything in lower case.
fn usual_case(name: &str) -> String {
    let words = name.split('-').map(|word| match word.split_at_checked(1) {
        _ if word == "websocket" => "WebSocket".to_owned(),
        Some((first, rest)) => first.to_ascii_uppercase() + rest,
        None => String::new(),
    });
    words.collect::<Vec<_>>().join("-")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn header_names_are_written_as_browsers_write_them_if_nobody_knows_how_they_were_sent() {
        let names = ["host", "user-agent", "sec-websocket-key", "x-forwarded-for"];
        assert_eq!(names.map(usual_case), ["Host", "User-Agent", "Sec-WebSocket-Key", "X-Forwarded-For"]);
    }

    #[test]
    fn the_port_is_the_one_that_was_asked_for() {
        let ports = ["localhost:8000", "localhost", "[::1]:81", "[::1]", ""].map(forwarded_port);
        assert_eq!(ports, [8000, 80, 81, 80, 80]);
    }
}
