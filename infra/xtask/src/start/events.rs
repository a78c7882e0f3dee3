//! An event for each function that it can answer with little or no help.

use crate::step::Outcome;

const CONNECT: &str = r#"{"type": "REQUEST", "methodArn": "arn:aws:execute-api:us-east-1:000000000000:api/live/$connect",
  "headers": {"Host": "localhost"}, "requestContext": {"routeKey": "$connect", "eventType": "CONNECT", "stage": "live",
  "connectedAt": 0, "requestTimeEpoch": 0, "identity": {"sourceIp": "127.0.0.1"}, "connectionId": "TXzPWdnOjoECGjA="},
  "isBase64Encoded": false}"#;
const DISCONNECT: &str = r#"{"requestContext": {"routeKey": "$disconnect", "eventType": "DISCONNECT", "stage": "live",
  "connectedAt": 0, "requestTimeEpoch": 0, "identity": {"sourceIp": "127.0.0.1"}, "connectionId": "TXzPWdnOjoECGjA=",
  "disconnectStatusCode": 1001}, "isBase64Encoded": false}"#;
const MESSAGE: &str = r#"{"requestContext": {"routeKey": "$default", "eventType": "MESSAGE", "stage": "live",
  "connectedAt": 0, "requestTimeEpoch": 0, "identity": {"sourceIp": "127.0.0.1"}, "connectionId": "TXzPWdnOjoECGjA=",
  "messageId": "1", "authorizer": {"principalId": "anonymous", "endpoint": "feed"}}, "body": "hello",
  "isBase64Encoded": false}"#;
const HEALTH: &str = r#"{"version": "2.0", "routeKey": "$default", "rawPath": "/health/", "rawQueryString": "",
  "headers": {"host": "localhost"}, "requestContext": {"accountId": "000000000000", "apiId": "api", "domainName": "localhost",
  "http": {"method": "GET", "path": "/health/", "protocol": "HTTP/1.1", "sourceIp": "127.0.0.1"}, "requestId": "1",
  "stage": "$default", "timeEpoch": 0}, "isBase64Encoded": false}"#;
const NO_SUCH_MEDIUM: &str = r#"{"version": "2.0", "routeKey": "ANY /media/{filename}", "rawPath": "/media/nonsense",
  "rawQueryString": "", "headers": {"host": "localhost"}, "requestContext": {"accountId": "000000000000", "apiId": "api",
  "domainName": "localhost", "http": {"method": "GET", "path": "/media/nonsense", "protocol": "HTTP/1.1",
  "sourceIp": "127.0.0.1"}, "requestId": "1", "stage": "$default", "timeEpoch": 0}, "isBase64Encoded": false}"#;
const UPLOAD_BY_NOBODY: &str = r#"{"version": "2.0", "routeKey": "ANY /media_post", "rawPath": "/media_post/",
  "rawQueryString": "", "headers": {"host": "localhost"}, "requestContext": {"accountId": "000000000000", "apiId": "api",
  "domainName": "localhost", "http": {"method": "POST", "path": "/media_post/", "protocol": "HTTP/1.1",
  "sourceIp": "127.0.0.1"}, "requestId": "1", "stage": "$default", "timeEpoch": 0}, "isBase64Encoded": false}"#;
const WIRED: &str = r#"{"Service": "Amazon S3", "Event": "s3:TestEvent", "Bucket": "none"}"#;
const EMPTY_BATCH: &str = r#"{"Records": []}"#;
const MINUTE: &str =
    r#"{"version": "0", "source": "aws.scheduler", "detail-type": "Scheduled Event", "detail": "{}"}"#;

/// The event for that function.
pub(super) fn of(function: &str) -> Outcome<&'static str> {
    Ok(match function {
        "api" => HEALTH,
        "broadcast" => WIRED,
        "connect" => CONNECT,
        "deliver" => EMPTY_BATCH,
        "disconnect" => DISCONNECT,
        "download" => NO_SUCH_MEDIUM,
        "heartbeat" => MINUTE,
        "message" => MESSAGE,
        "upload" => UPLOAD_BY_NOBODY,
        other => return Err(format!("there is no event for the function {other}").into()),
    })
}
