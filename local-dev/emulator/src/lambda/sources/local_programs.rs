//! Who may call what has no signature: programs of this machine, but no web page that happens to be open on it.

use axum::extract::Request;
use axum::http::header;
use axum::http::uri::Authority;

use crate::listener::PeerAddress;

/// Whether a request comes from a program of this machine: over loopback, from no web page, and to this machine's
/// own name, which keeps out pages whose own name has been pointed here.
pub(in crate::lambda) fn is_of_a_local_program(request: &Request) -> bool {
    let peer = request.extensions().get::<PeerAddress>();
    let is_loopback = peer.is_some_and(|peer| peer.0.ip().to_canonical().is_loopback());
    is_loopback && !request.headers().contains_key(header::ORIGIN) && names_this_machine(request)
}

fn names_this_machine(request: &Request) -> bool {
    let host = request.headers().get(header::HOST).and_then(|host| host.to_str().ok());
    let Some(authority) = host.and_then(|host| host.parse::<Authority>().ok()) else { return false };
    let name = authority.host().trim_start_matches('[').trim_end_matches(']').to_ascii_lowercase();
    let is_address = name.parse::<std::net::IpAddr>().is_ok_and(|address| address.is_loopback());
    is_address || name == "localhost" || name.ends_with(".localhost")
}

#[cfg(test)]
mod tests {
    use axum::body::Body;

    use super::*;

    fn request(peer: &str, host: &str, origin: Option<&str>) -> Request {
        let mut request = Request::builder().header(header::HOST, host);
        if let Some(origin) = origin {
            request = request.header(header::ORIGIN, origin);
        }
        request.extension(PeerAddress(peer.parse().unwrap())).body(Body::empty()).unwrap()
    }

    #[test]
    fn programs_of_this_machine_may_call_and_web_pages_may_not() {
        let table = [
            ("127.0.0.1:9", "127.0.0.1:4566", None, true),
            ("[::1]:9", "[::1]:4566", None, true),
            ("127.0.0.1:9", "localhost:4566", None, true),
            ("127.0.0.1:9", "sqs.localhost:4566", None, true),
            ("127.0.0.1:9", "rebound.example:4566", None, false),
            ("127.0.0.1:9", "127.0.0.1:4566", Some("http://localhost:3000"), false),
            ("192.168.1.5:9", "127.0.0.1:4566", None, false),
        ];
        for (peer, host, origin, may) in table {
            assert_eq!(is_of_a_local_program(&request(peer, host, origin)), may, "{peer} {host} {origin:?}");
        }
    }
}
