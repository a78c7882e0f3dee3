//! What the edge in front of us says of a client, and whether to believe it.

use std::net::IpAddr;

use crate::app::Settings;
use crate::domain::client_address::ClientAddress;

/// The header by which the edge shows that it is ours. Not `X-Edge-…`, which CloudFront keeps for itself.
pub const SECRET_HEADER: &str = "parlor-edge-secret";
/// The header in which our edge names the client's address. It overwrites what the client wrote there.
pub const CLIENT_HEADER: &str = "parlor-client-address";

/// Who is at the other end of the connection, as the listener or the gateway sees it: an extension of each HTTP request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Peer(pub IpAddr);

/// Where a client is: what our own edge says, else the peer. Without a secret nobody is our edge.
///
/// A client whose edge doesn't name it in a way that we understand is nobody in particular, and never the edge itself: that
/// may run on this very machine, whose own calls are not limited.
pub(super) fn client_address<'a>(
    settings: &Settings,
    peer: Option<ClientAddress>,
    header: impl Fn(&str) -> Option<&'a [u8]>,
) -> Option<ClientAddress> {
    let told = header(SECRET_HEADER);
    let is_ours = settings.edge_secret.as_ref().zip(told).is_some_and(|(secret, told)| secret.is(told));
    if !is_ours {
        return peer;
    }
    let named = header(CLIENT_HEADER).and_then(|address| ClientAddress::parse(str::from_utf8(address).ok()?));
    Some(named.unwrap_or(ClientAddress::UNNAMED))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::edge_secret::EdgeSecret;

    const SECRET: &str = "0123456789abcdef0123456789abcdef";
    const PEER: &str = "198.51.100.1";

    /// What is believed of a client whose edge, or who itself, sends this secret and this address.
    fn believed(configured: Option<&str>, secret: Option<&str>, named: Option<&str>) -> String {
        let mut settings = Settings::new("https://api.test");
        settings.edge_secret = configured.and_then(EdgeSecret::new);
        let header = |name: &str| match name {
            SECRET_HEADER => secret.map(str::as_bytes),
            CLIENT_HEADER => named.map(str::as_bytes),
            _ => None,
        };
        client_address(&settings, ClientAddress::parse(PEER), header).unwrap().to_string()
    }

    #[test]
    fn our_own_edge_is_believed() {
        for address in ["192.0.2.7", "2001:db8::7"] {
            assert_eq!(believed(Some(SECRET), Some(SECRET), Some(address)), address);
        }
    }

    #[test]
    fn nobody_else_is() {
        let wrong = SECRET.replace('f', "e");
        for told in [None, Some(""), Some(&*wrong), Some(&SECRET[1..])] {
            assert_eq!(believed(Some(SECRET), told, Some("192.0.2.7")), PEER, "{told:?}");
        }
    }

    #[test]
    fn without_a_secret_nobody_is_our_edge() {
        for told in [None, Some(""), Some(SECRET)] {
            assert_eq!(believed(None, told, Some("192.0.2.7")), PEER, "{told:?}");
        }
    }

    #[test]
    fn an_edge_that_names_nobody_is_not_the_client() {
        for named in [None, Some(""), Some("unknown"), Some("192.0.2.7, 192.0.2.8"), Some("localhost")] {
            assert_eq!(believed(Some(SECRET), Some(SECRET), named), "::", "{named:?}");
        }
    }
}
