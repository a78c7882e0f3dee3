//! An HTTP request as functions get it: payload format 2.0.

use std::collections::BTreeMap;

use axum::http::request::Parts;
use axum::http::{HeaderMap, Version, header};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use bytes::Bytes;
use parlor::protocol::Timestamp;
use serde_json::{Map, Value, json};

use super::route_table::Match;
use crate::arn;
use crate::gateway::{common_log, forwarded_port, new_trace};
use crate::lambda::runtime_host::new_request_id;

/// Bodies of these kinds are handed over as they are, all others in base64.
const TEXTS: [&str; 4] = ["text/", "application/json", "application/javascript", "application/xml"];

/// Where a request comes from, and when.
#[derive(Debug, Clone, Copy)]
pub(super) struct Circumstances<'a> {
    pub(super) peer: std::net::IpAddr,
    pub(super) api_id: &'a str,
    pub(super) stage: &'a str,
    pub(super) now: Timestamp,
}

/// The event of a request that takes a route. Its path is told without percent signs, its query as it was sent.
pub(super) fn event(parts: &Parts, body: &Bytes, route: &Match<'_>, about: Circumstances<'_>) -> Value {
    let raw_query = parts.uri.query().unwrap_or_default();
    let mut event = json!({
        "version": "2.0",
        "routeKey": route.key,
        "rawPath": decoded(parts.uri.path()),
        "rawQueryString": raw_query,
        "headers": headers(parts, about),
        "requestContext": request_context(parts, route, about),
        "isBase64Encoded": false,
    });
    set(&mut event, "cookies", cookies(&parts.headers));
    set(&mut event, "queryStringParameters", joined(form_urlencoded::parse(raw_query.as_bytes())));
    set(&mut event, "pathParameters", joined(route.parameters.iter().map(|(k, v)| (k.clone(), decoded(v)))));
    if let Some((text, is_base64)) = body_text(&parts.headers, body) {
        event["body"] = text.into();
        event["isBase64Encoded"] = is_base64.into();
    }
    event
}

/// Fields without content are left out.
fn set(event: &mut Value, name: &str, value: Value) {
    let is_empty =
        value.as_object().is_some_and(Map::is_empty) || value.as_array().is_some_and(Vec::is_empty);
    if !is_empty {
        event[name] = value;
    }
}

fn request_context(parts: &Parts, route: &Match<'_>, about: Circumstances<'_>) -> Value {
    let host = host(parts);
    json!({
        "accountId": arn::ACCOUNT,
        "apiId": about.api_id,
        "domainName": host,
        "domainPrefix": host.split(['.', ':']).next(),
        "http": {
            "method": parts.method.as_str(),
            "path": decoded(parts.uri.path()),
            "protocol": if parts.version == Version::HTTP_10 { "HTTP/1.0" } else { "HTTP/1.1" },
            "sourceIp": about.peer.to_string(),
            "userAgent": text(&parts.headers, &header::USER_AGENT),
        },
        "requestId": new_request_id(),
        "routeKey": route.key,
        "stage": about.stage,
        "time": common_log(about.now),
        "timeEpoch": about.now.as_millis(),
    })
}

/// Names in lower case, repeated ones joined, without cookies, and with what the gateway adds.
fn headers(parts: &Parts, about: Circumstances<'_>) -> Value {
    let value = |value: &header::HeaderValue| String::from_utf8_lossy(value.as_bytes()).into_owned();
    let own = parts.headers.iter().filter(|(name, _)| **name != header::COOKIE);
    let own = own.map(|(name, each)| (name.as_str().to_owned(), value(each)));
    let scheme = "http".to_owned();
    let added = [
        ("x-forwarded-for".to_owned(), about.peer.to_string()),
        ("x-forwarded-port".to_owned(), forwarded_port(host(parts)).to_string()),
        ("x-forwarded-proto".to_owned(), scheme),
        ("x-amzn-trace-id".to_owned(), new_trace(about.now)),
    ];
    let ours = |name: &str| matches!(name, "x-forwarded-port" | "x-forwarded-proto" | "x-amzn-trace-id");
    joined(own.filter(|(name, _)| !ours(name)).chain(added))
}

fn cookies(headers: &HeaderMap) -> Value {
    let lines = headers.get_all(header::COOKIE).iter().filter_map(|line| line.to_str().ok());
    let cookies = lines.flat_map(|line| line.split(';')).map(str::trim).filter(|cookie| !cookie.is_empty());
    cookies.collect()
}

/// An object of texts; those of the same name joined with commas.
fn joined<K: Into<String>, V: Into<String>>(pairs: impl IntoIterator<Item = (K, V)>) -> Value {
    let mut joined: BTreeMap<String, String> = BTreeMap::new();
    for (name, value) in pairs {
        let value = value.into();
        joined
            .entry(name.into())
            .and_modify(|all| {
                all.push(',');
                all.push_str(&value);
            })
            .or_insert(value);
    }
    json!(joined)
}

/// The body, and whether it is in base64; none if there is none.
fn body_text(headers: &HeaderMap, body: &Bytes) -> Option<(String, bool)> {
    if body.is_empty() {
        return None;
    }
    let kind = text(headers, &header::CONTENT_TYPE).unwrap_or_default().to_ascii_lowercase();
    let as_it_is = TEXTS.iter().any(|text| kind.starts_with(text)).then(|| std::str::from_utf8(body).ok());
    Some(match as_it_is.flatten() {
        Some(text) => (text.to_owned(), false),
        None => (STANDARD.encode(body), true),
    })
}

fn host(parts: &Parts) -> &str {
    text(&parts.headers, &header::HOST).or_else(|| parts.uri.host()).unwrap_or_default()
}

fn text<'a>(headers: &'a HeaderMap, name: &header::HeaderName) -> Option<&'a str> {
    headers.get(name)?.to_str().ok()
}

/// A part of a path without its percent signs.
fn decoded(text: &str) -> String {
    percent_encoding::percent_decode_str(text).decode_utf8_lossy().into_owned()
}

#[cfg(test)]
mod tests {
    use axum::http::Request;
    use parlor::protocol::Timestamp;

    use super::*;

    fn seen(request: axum::http::request::Builder, body: &'static [u8]) -> Value {
        let (parts, ()) = request.header("Host", "localhost:8000").body(()).unwrap().into_parts();
        let parameters = [("file".to_owned(), "a%20b".to_owned())].into();
        let route = Match { key: "GET /m/{file}", function: "f", parameters };
        let peer = [127, 0, 0, 1].into();
        let now = Timestamp::from_secs(1_708_326_702);
        event(
            &parts,
            &Bytes::from_static(body),
            &route,
            Circumstances { peer, api_id: "api", stage: "$default", now },
        )
    }

    #[test]
    fn a_request_has_the_fields_of_payload_2_0() {
        let request = Request::get("/m/a%20b?x=1&x=2&y=a+b").header("User-Agent", "test");
        let mut event = seen(request.header("Cookie", "a=1; b=2").header("X-A", "1").header("X-A", "2"), b"");
        event["requestContext"]["requestId"] = "id".into();
        event["headers"]["x-amzn-trace-id"] = "trace".into();
        let expected = json!({
            "version": "2.0", "routeKey": "GET /m/{file}", "rawPath": "/m/a b", "rawQueryString": "x=1&x=2&y=a+b",
            "cookies": ["a=1", "b=2"],
            "headers": {
                "host": "localhost:8000", "user-agent": "test", "x-a": "1,2", "x-amzn-trace-id": "trace",
                "x-forwarded-for": "127.0.0.1", "x-forwarded-port": "8000", "x-forwarded-proto": "http",
            },
            "queryStringParameters": { "x": "1,2", "y": "a b" },
            "pathParameters": { "file": "a b" },
            "requestContext": {
                "accountId": "000000000000", "apiId": "api", "domainName": "localhost:8000",
                "domainPrefix": "localhost",
                "http": {
                    "method": "GET", "path": "/m/a b", "protocol": "HTTP/1.1", "sourceIp": "127.0.0.1",
                    "userAgent": "test",
                },
                "requestId": "id", "routeKey": "GET /m/{file}", "stage": "$default",
                "time": "19/Feb/2024:07:11:42 +0000", "timeEpoch": 1_708_326_702_000_i64,
            },
            "isBase64Encoded": false,
        });
        assert_eq!(event, expected);
    }

    #[test]
    fn a_path_is_told_without_percent_signs_and_the_query_with_them() {
        let event = seen(Request::get("/items/a%2Fb%20c%C3%A9?q=%2F"), b"");
        assert_eq!(event["rawPath"], "/items/a/b cé");
        assert_eq!(event["requestContext"]["http"]["path"], "/items/a/b cé");
        assert_eq!(event["rawQueryString"], "q=%2F");
    }

    #[test]
    fn texts_are_handed_over_as_they_are_and_everything_else_in_base64() {
        let table: [(&str, &[u8], &str, bool); 4] = [
            ("application/json; charset=utf-8", b"{}", "{}", false),
            ("text/plain", b"a\xFF", "Yf8=", true),
            ("application/x-www-form-urlencoded", b"a=1", "YT0x", true),
            ("image/png", b"ab", "YWI=", true),
        ];
        for (kind, body, expected, is_base64) in table {
            let event = seen(Request::post("/").header("Content-Type", kind), body);
            assert_eq!(
                (&event["body"], &event["isBase64Encoded"]),
                (&json!(expected), &json!(is_base64)),
                "{kind}"
            );
        }
    }

    #[test]
    fn a_request_without_cookies_query_and_body_has_no_such_fields() {
        let event = seen(Request::get("/"), b"");
        for field in ["cookies", "queryStringParameters", "body"] {
            assert!(event.get(field).is_none(), "{field}");
        }
    }
}
