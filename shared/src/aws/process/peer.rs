//! Who is at the other end, as API Gateway's HTTP API says it.

use std::net::IpAddr;

use axum::Router;
use axum::extract::Request;
use axum::middleware::map_request;
use lambda_http::request::RequestContext;

use crate::inbound::edge::Peer;

/// Tells a router with each request who its [`Peer`] is.
pub fn behind_http_api(router: Router) -> Router {
    router.layer(map_request(tell_peer))
}

async fn tell_peer(mut request: Request) -> Request {
    if let Some(peer) = request.extensions().get().and_then(source_ip) {
        request.extensions_mut().insert(Peer(peer));
    }
    request
}

fn source_ip(context: &RequestContext) -> Option<IpAddr> {
    match context {
        RequestContext::ApiGatewayV2(context) => context.http.source_ip.as_deref()?.parse().ok(),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use axum::Extension;
    use axum::body::to_bytes;
    use axum::routing::get;
    use serde_json::json;
    use tower::ServiceExt as _;

    use super::*;

    /// Whom a handler sees behind an event that says this.
    async fn seen(source_ip: &str) -> String {
        let event = json!({
            "version": "2.0", "routeKey": "$default", "rawPath": "/", "rawQueryString": "",
            "headers": { "x-forwarded-for": "192.0.2.66" },
            "requestContext": {
                "accountId": "1", "apiId": "a", "domainName": "a.test", "domainPrefix": "a", "requestId": "r",
                "routeKey": "$default", "stage": "$default", "time": "", "timeEpoch": 0,
                "http": { "method": "GET", "path": "/", "protocol": "HTTP/1.1", "sourceIp": source_ip, "userAgent": "" },
            },
            "isBase64Encoded": false,
        });
        let handler =
            |peer: Option<Extension<Peer>>| async move { format!("{:?}", peer.map(|peer| peer.0.0)) };
        let router = behind_http_api(Router::new().route("/", get(handler)));
        let request = lambda_http::request::from_str(&event.to_string()).unwrap();
        let answer = router.oneshot(request).await.unwrap();
        String::from_utf8(to_bytes(answer.into_body(), 100).await.unwrap().into()).unwrap()
    }

    #[tokio::test]
    async fn the_peer_is_whom_the_http_api_names() {
        assert_eq!(seen("198.51.100.1").await, "Some(198.51.100.1)");
        assert_eq!(seen("2001:db8::1").await, "Some(2001:db8::1)");
    }

    #[tokio::test]
    async fn what_is_no_address_is_nobody() {
        assert_eq!(seen("").await, "None");
    }
}
