//! Doors without signatures: the Runtime API, `@connections`, queues, mail and what controls them. One rule holds for all:
//! programs of this machine may pass, but no web page that happens to be open on it.

use axum::extract::Request;
use axum::http::uri::Authority;
use axum::http::{HeaderMap, header};

use crate::listener::PeerAddress;

/// How the names of headers begin that browsers send, and that no page can hold back.
const OF_BROWSERS: &str = "sec-fetch-";

/// Whether a request comes from a program of this machine: over loopback, from no web page, and to this machine's
/// own name, which keeps out pages whose own name has been pointed here, and whoever comes by a proxy on this machine.
pub(crate) fn is_of_a_local_program(request: &Request) -> bool {
    let peer = request.extensions().get::<PeerAddress>();
    let is_loopback = peer.is_some_and(|peer| peer.0.ip().to_canonical().is_loopback());
    is_loopback && !is_of_a_web_page(request.headers()) && names_this_machine(request.headers())
}

fn is_of_a_web_page(headers: &HeaderMap) -> bool {
    headers.keys().any(|name| *name == header::ORIGIN || name.as_str().starts_with(OF_BROWSERS))
}

fn names_this_machine(headers: &HeaderMap) -> bool {
    let mut hosts = headers.get_all(header::HOST).iter();
    let (Some(host), None) = (hosts.next(), hosts.next()) else { return false };
    let Some(authority) = host.to_str().ok().and_then(|host| host.parse::<Authority>().ok()) else {
        return false;
    };
    let name = authority.host().trim_start_matches('[').trim_end_matches(']').to_ascii_lowercase();
    let is_address = name.parse::<std::net::IpAddr>().is_ok_and(|address| address.is_loopback());
    is_address || name == "localhost" || name.ends_with(".localhost")
}

#[cfg(test)]
mod tests {
    use axum::body::Body;

    use super::*;

    fn request(peer: &str, headers: &[(&str, &str)]) -> Request {
        let request = Request::builder().extension(PeerAddress(peer.parse().unwrap()));
        let request = headers.iter().fold(request, |request, (name, value)| request.header(*name, *value));
        request.body(Body::empty()).unwrap()
    }

    #[test]
    fn programs_of_this_machine_may_call() {
        let table = [
            ("127.0.0.1:9", "127.0.0.1:4566"),
            ("127.0.0.1:9", "127.0.0.1"),
            ("[::1]:9", "[::1]:4566"),
            ("[::ffff:127.0.0.1]:9", "localhost:4566"),
            ("127.0.0.1:9", "LOCALHOST:4566"),
            ("127.0.0.1:9", "sqs.localhost:4566"),
        ];
        for (peer, host) in table {
            assert!(is_of_a_local_program(&request(peer, &[("Host", host)])), "{peer} {host}");
        }
    }

    #[test]
    fn web_pages_and_other_machines_may_not() {
        let ours = ("Host", "127.0.0.1:4566");
        let table = [
            ("127.0.0.1:9", vec![("Host", "rebound.example:4566")]),
            ("127.0.0.1:9", vec![("Host", "localhost.example")]),
            ("127.0.0.1:9", vec![("Host", "192.168.1.5:4566")]),
            ("127.0.0.1:9", vec![("Host", "")]),
            ("127.0.0.1:9", vec![]),
            ("127.0.0.1:9", vec![ours, ("Host", "127.0.0.1:4566")]),
            ("127.0.0.1:9", vec![ours, ("Origin", "http://localhost:3000")]),
            ("127.0.0.1:9", vec![ours, ("Origin", "null")]),
            ("127.0.0.1:9", vec![ours, ("Sec-Fetch-Site", "cross-site")]),
            ("127.0.0.1:9", vec![ours, ("Sec-Fetch-Mode", "no-cors")]),
            ("192.168.1.5:9", vec![ours]),
        ];
        for (peer, headers) in table {
            assert!(!is_of_a_local_program(&request(peer, &headers)), "{peer} {headers:?}");
        }
    }
}
