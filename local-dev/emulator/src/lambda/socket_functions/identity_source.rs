//! What a handshake must have for the authorizer to be asked.

use parlor::inbound::gateway_event::GatewayEvent;

/// Where to look.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum IdentitySource {
    Header(String),
    Query(String),
    /// Something of ours, such as the stage, which every handshake has.
    Given,
}

impl IdentitySource {
    pub(super) fn parse(text: &str) -> Self {
        if let Some(name) = text.strip_prefix("route.request.header.") {
            Self::Header(name.to_owned())
        } else if let Some(name) = text.strip_prefix("route.request.querystring.") {
            Self::Query(name.to_owned())
        } else {
            Self::Given
        }
    }

    /// Whether a handshake has it; what is empty is not there.
    pub(super) fn is_in(&self, event: &GatewayEvent) -> bool {
        let value = match self {
            Self::Header(name) => event.header(name),
            Self::Query(name) => event.query(name),
            Self::Given => return true,
        };
        value.is_some_and(|value| !value.is_empty())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn headers_are_found_in_any_case_and_parameters_as_they_are_spelled() {
        let mut event = GatewayEvent::default();
        event.headers.insert("Authorization".to_owned(), "x".to_owned());
        event.query_string_parameters.insert("token".to_owned(), "x".to_owned());
        event.query_string_parameters.insert("empty".to_owned(), String::new());
        let is_in = |source: &str| IdentitySource::parse(source).is_in(&event);
        assert!(is_in("route.request.header.authorization") && is_in("route.request.querystring.token"));
        assert!(is_in("context.stage"));
        for missing in ["header.Cookie", "querystring.Token", "querystring.empty"] {
            assert!(!is_in(&format!("route.request.{missing}")), "{missing}");
        }
    }
}
