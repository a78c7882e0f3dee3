//! What the APIs' access logs hold: what API Gateway documents for them, and no secrets.

use std::fs;

use serde_yaml_ng::Value;

use crate::document::{Document, chosen, field, root, text};

/// "Configure logging for WebSocket APIs in API Gateway", of the developer guide, but for what its authorizers add.
const OF_SOCKETS: &[&str] = &[
    "apiId",
    "authorizer.principalId",
    "connectedAt",
    "connectionId",
    "domainName",
    "error.message",
    "error.messageString",
    "error.responseType",
    "error.validationErrorString",
    "eventType",
    "extendedRequestId",
    "identity.accountId",
    "identity.apiKey",
    "identity.apiKeyId",
    "identity.caller",
    "identity.cognitoAuthenticationProvider",
    "identity.sourceIp",
    "identity.user",
    "identity.userAgent",
    "identity.userArn",
    "integrationLatency",
    "messageId",
    "requestId",
    "requestTime",
    "requestTimeEpoch",
    "routeKey",
    "stage",
    "status",
];

/// "Customize HTTP API access logs", of the developer guide, but for authorizers and certificates of clients.
const OF_HTTP: &[&str] = &[
    "accountId",
    "apiId",
    "awsEndpointRequestId",
    "awsEndpointRequestId2",
    "dataProcessed",
    "domainName",
    "domainPrefix",
    "error.message",
    "error.messageString",
    "error.responseType",
    "extendedRequestId",
    "httpMethod",
    "identity.accountId",
    "identity.caller",
    "identity.cognitoAuthenticationProvider",
    "identity.cognitoAuthenticationType",
    "identity.cognitoIdentityId",
    "identity.cognitoIdentityPoolId",
    "identity.principalOrgId",
    "identity.sourceIp",
    "identity.user",
    "identity.userAgent",
    "identity.userArn",
    "integration.error",
    "integration.integrationStatus",
    "integration.latency",
    "integration.requestId",
    "integration.status",
    "integrationErrorMessage",
    "integrationLatency",
    "integrationStatus",
    "path",
    "protocol",
    "requestId",
    "requestTime",
    "requestTimeEpoch",
    "responseLatency",
    "responseLength",
    "routeKey",
    "stage",
    "status",
];

/// The formats of the WebSocket API's log and of the HTTP API's.
fn formats() -> [String; 2] {
    let template = Document::load();
    let settings =
        |api: &str| field(field(template.resource(api), "Properties"), "AccessLogSettings").clone();
    let (condition, sockets, nothing) = {
        let choice = settings("SocketApi");
        let (condition, sockets, nothing) = chosen(&choice);
        (condition, sockets.clone(), text(nothing))
    };
    assert_eq!((&*condition, &*nothing), ("LogsSockets", "${AWS::NoValue}"));
    [sockets, settings("HttpStage")].map(|settings: Value| text(field(&settings, "Format")))
}

/// The names behind `$context.`, as far as they go: API Gateway reads letters, digits and dots.
fn names(format: &str) -> Vec<&str> {
    let is_of_name = |c: char| c.is_ascii_alphanumeric() || c == '.';
    let ends = |rest: &str| rest.find(|c| !is_of_name(c)).unwrap_or(rest.len());
    format.split("$context.").skip(1).map(|rest| &rest[..ends(rest)]).collect()
}

#[test]
fn every_name_in_them_is_one_that_access_logs_have() {
    let [sockets, http] = formats();
    for (format, documented) in [(sockets, OF_SOCKETS), (http, OF_HTTP)] {
        let names = names(&format);
        assert!(names.len() > 5, "{format}");
        assert_eq!(names.len(), format.matches('$').count(), "{format} names something besides its context");
        for name in names {
            assert!(documented.contains(&name), "$context.{name}: the deployment would be refused");
        }
    }
}

#[test]
fn a_line_is_json_and_names_its_request() {
    for format in formats() {
        let line: serde_json::Value = serde_json::from_str(&format).unwrap();
        assert_eq!(line["requestId"], "$context.requestId", "{format}");
    }
}

/// A name's value as it mostly is. CloudWatch bills 26 bytes more for each line.
fn usual(name: &str) -> &'static str {
    match name {
        "requestId" | "connectionId" => "JKJaXmPLvHcESHA=",
        "requestTime" => "10/Mar/2026:04:57:00 +0000",
        "routeKey" => "$default",
        "identity.sourceIp" => "203.0.113.195",
        "error.message" => "-",
        "httpMethod" => "GET",
        "responseLength" => "1024",
        "status" => "200",
        "integrationLatency" | "responseLatency" => "25",
        other => panic!("what is usual for $context.{other}?"),
    }
}

#[test]
fn a_line_is_as_long_as_it_is_billed() {
    let counts = fs::read_to_string(root().join("infra/xtask/src/cost/request_counts.json")).unwrap();
    let counts: serde_json::Value = serde_json::from_str(&counts).unwrap();
    for (format, name) in formats().iter().zip(["socket_log_line", "http_log_line"]) {
        let mut names = names(format);
        // The longest first: one may begin with another.
        names.sort_unstable_by_key(|name| std::cmp::Reverse(name.len()));
        let line = names
            .iter()
            .fold(format.clone(), |line, name| line.replace(&format!("$context.{name}"), usual(name)));
        assert_eq!(counts["bytes"][name]["size"], line.len() + 26, "{line}");
    }
}

#[test]
fn they_hold_neither_queries_nor_paths_nor_headers() {
    for format in formats() {
        let format = format.to_lowercase();
        for secret in ["path", "query", "header", "uri", "authorizer", "cookie", "protocol"] {
            assert!(!format.contains(secret), "{secret} in {format}");
        }
    }
}
