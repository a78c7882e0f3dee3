//! Where clients put their token.

/// A request's headers and its `token` parameter, however they came.
pub(super) struct Credentials<'a> {
    /// `Authorization`.
    pub(super) authorization: Option<&'a str>,
    /// `Sec-WebSocket-Protocol`.
    pub(super) protocols: Option<&'a str>,
    /// The query's `token`.
    pub(super) query_token: Option<&'a str>,
    /// The session's cookie, where cookies count.
    pub(super) cookie: Option<&'a str>,
}

/// What we answer when a client offers it.
pub(super) const PROTOCOL: &str = "parlor.v1";
/// What a ticket looks like among the sub-protocols that a client offers.
const TICKET: &str = "ticket.";

impl<'a> Credentials<'a> {
    /// The token. The first place where there is one decides, good or bad.
    pub(super) fn token(&self) -> Option<&'a str> {
        let header = self.authorization.map(bearer);
        let ticket = || offered(self.protocols).find_map(|protocol| protocol.strip_prefix(TICKET));
        header.or_else(ticket).or(self.query_token).or(self.cookie)
    }
}

/// The sub-protocols that a client offers.
pub(super) fn offered(protocols: Option<&str>) -> impl Iterator<Item = &str> {
    protocols.unwrap_or_default().split(',').map(str::trim).filter(|protocol| !protocol.is_empty())
}

/// The token of an `Authorization` header; empty, and so a bad one, for schemes that aren't ours.
fn bearer(header: &str) -> &str {
    let (scheme, token) = header.trim().split_once(' ').unwrap_or((header, ""));
    let ours = ["Bearer", "Token", "JWT"].iter().any(|known| known.eq_ignore_ascii_case(scheme));
    if ours { token.trim() } else { "" }
}

#[cfg(test)]
mod tests {
    use super::*;

    const NONE: Credentials<'static> =
        Credentials { authorization: None, protocols: None, query_token: None, cookie: None };

    #[test]
    fn the_first_place_with_a_token_decides() {
        let all = Credentials {
            authorization: Some("Bearer a"),
            protocols: Some("parlor.v1, ticket.b"),
            query_token: Some("c"),
            cookie: Some("d"),
        };
        assert_eq!(all.token(), Some("a"));
        assert_eq!(Credentials { authorization: None, ..all }.token(), Some("b"));
        assert_eq!(Credentials { query_token: Some("c"), cookie: Some("d"), ..NONE }.token(), Some("c"));
        assert_eq!(Credentials { cookie: Some("d"), ..NONE }.token(), Some("d"));
        assert_eq!(NONE.token(), None);
    }

    #[test]
    fn every_scheme_of_the_first_clients_is_read_and_no_other() {
        for header in ["Bearer t", "bearer t", "Token t", "JWT  t "] {
            assert_eq!(bearer(header), "t", "{header}");
        }
        for header in ["Basic t", "t", "", "Bearer"] {
            assert_eq!(bearer(header), "", "{header}");
        }
    }
}
