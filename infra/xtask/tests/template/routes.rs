//! The HTTP API's routes, against what its functions serve.

use std::collections::BTreeMap;

use parlor::inbound::http::OTHER_FUNCTIONS;

use crate::document::{Document, field, text};

/// By route key, where it leads.
fn routes(template: &Document) -> BTreeMap<String, String> {
    let routes = template.resources_of("AWS::ApiGatewayV2::Route").map(|(_, route)| {
        let property = |name| text(field(field(route, "Properties"), name));
        (property("RouteKey"), property("Target"))
    });
    routes.collect()
}

#[test]
fn no_route_key_ends_with_a_slash() {
    for key in routes(&Document::load()).keys() {
        assert!(!key.ends_with('/'), "API Gateway refuses {key}");
    }
}

#[test]
fn what_api_does_not_serve_leads_to_its_function_with_a_slash_at_its_end_too() {
    let template = Document::load();
    let mut routes = routes(&template);
    assert_eq!(routes.remove("$default").as_deref(), Some("integrations/${ApiIntegration}"));
    for (method, path) in OTHER_FUNCTIONS {
        let target = routes.remove(&format!("{method} {path}")).unwrap_or_default();
        assert!(!target.is_empty() && !target.contains("Api"), "{method} {path} leads to {target:?}");
        // A parameter at the end is one segment, to which API Gateway adds none.
        if !path.ends_with('}') {
            assert_eq!(
                routes.remove(&format!("{method} {path}/{{proxy+}}")),
                Some(target),
                "{method} {path}"
            );
        }
    }
    assert_eq!(routes, BTreeMap::new(), "routes to functions that the code does not know of");
}
