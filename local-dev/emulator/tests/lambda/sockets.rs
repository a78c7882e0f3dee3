//! Sockets whose functions are processes.

use std::collections::BTreeMap;

use emulator::lambda::{SocketApi, SocketRoute};
use futures_util::{SinkExt as _, StreamExt as _};
use serde_json::{Value, json};
use tokio::net::TcpStream;
use tokio_tungstenite::tungstenite::{Error, Message};
use tokio_tungstenite::{MaybeTlsStream, WebSocketStream, connect_async};

use crate::support::Hosted;

type Socket = WebSocketStream<MaybeTlsStream<TcpStream>>;

/// Every route is answered by `one`, `$disconnect` too; what `echo` and `$default` return is sent back.
fn api(keys: &[&str]) -> SocketApi {
    let route = |key: &&str| {
        let responds = matches!(*key, "echo" | "$default");
        ((*key).to_owned(), SocketRoute { function: "one".to_owned(), responds })
    };
    SocketApi {
        stage: "live".to_owned(),
        selection: "$request.body.action".to_owned(),
        routes: keys.iter().map(route).collect::<BTreeMap<_, _>>(),
        authorizer: None,
        identity_sources: Vec::new(),
    }
}

/// A handshake whose function is ordered to do something; the status of a refusal.
async fn connect(port: u16, order: &Value) -> Result<Socket, u16> {
    let order: String = form_urlencoded::byte_serialize(order.to_string().as_bytes()).collect();
    match connect_async(format!("ws://127.0.0.1:{port}/live?order={order}")).await {
        Ok((socket, _)) => Ok(socket),
        Err(Error::Http(response)) => Err(response.status().as_u16()),
        Err(error) => panic!("{error}"),
    }
}

fn answer(answer: Value) -> Value {
    json!({ "do": "answer", "answer": answer })
}

async fn ask(socket: &mut Socket, text: &str) -> Value {
    socket.send(Message::text(text)).await.unwrap();
    let message = socket.next().await.unwrap().unwrap();
    serde_json::from_str(message.to_text().unwrap()).unwrap()
}

/// The names of all fields, to any depth.
fn keys(value: &Value, path: &str, all: &mut Vec<String>) {
    for (name, value) in value.as_object().into_iter().flatten() {
        let path = format!("{path}{name}");
        keys(value, &format!("{path}."), all);
        all.push(path);
    }
}

#[tokio::test]
async fn connect_answers_as_the_function_says() {
    let hosted = Hosted::new();
    let port = hosted.serve(api(&["$connect"]), &[]).await;
    let table = [
        (answer(json!({ "statusCode": 200 })), None),
        (answer(json!({ "statusCode": "204", "body": null })), None),
        (answer(json!({ "statusCode": 401 })), Some(401)),
        (answer(json!({ "statusCode": 503 })), Some(503)),
        (answer(json!({ "body": "no status" })), Some(502)),
        (answer(json!("text")), Some(502)),
        (json!({ "do": "fail" }), Some(502)),
        (json!({ "do": "exit" }), Some(502)),
    ];
    for (order, status) in table {
        assert_eq!(connect(port, &order).await.err(), status, "{order}");
    }
}

#[tokio::test]
async fn without_a_connect_route_everyone_is_let_in() {
    let hosted = Hosted::new();
    let port = hosted.serve(api(&[]), &[]).await;
    let mut socket = connect(port, &json!({})).await.unwrap();
    let frame = ask(&mut socket, "hello").await;
    assert_eq!(frame["message"], "Forbidden", "there is no route");
    assert_eq!(hosted.host.processes(), 0);
}

#[tokio::test]
async fn a_message_takes_the_route_that_it_names_and_is_answered_by_it() {
    let hosted = Hosted::new();
    let port = hosted.serve(api(&["$default", "echo", "silent"]), &[]).await;
    let mut socket = connect(port, &json!({})).await.unwrap();
    let said = |action: &str, body: &str| {
        let answer = json!({ "statusCode": 200, "body": body });
        json!({ "action": action, "do": "answer", "answer": answer }).to_string()
    };
    // What a route without a response returns is not sent: the next frame is the next route's.
    socket.send(Message::text(said("silent", r#"{"from": "silent"}"#))).await.unwrap();
    assert_eq!(ask(&mut socket, &said("echo", r#"{"from": "echo"}"#)).await["from"], "echo");
    assert_eq!(ask(&mut socket, &said("unknown", r#"{"from": "default"}"#)).await["from"], "default");
    let failed = ask(&mut socket, &json!({ "action": "silent", "do": "fail" }).to_string()).await;
    assert_eq!(failed["message"], "Internal server error");
    let malformed =
        ask(&mut socket, &json!({ "action": "echo", "do": "answer", "answer": 7 }).to_string()).await;
    assert_eq!(malformed["message"], "Internal server error");
}

#[tokio::test]
async fn events_have_the_fields_that_api_gateways_have() {
    let hosted = Hosted::new();
    let port = hosted.serve(api(&["$default"]), &[]).await;
    let mut socket = connect(port, &json!({})).await.unwrap();
    let event = ask(&mut socket, r#"{"do": "reflect"}"#).await;
    let mut found = Vec::new();
    keys(&event, "", &mut found);
    found.sort();
    let context = [
        "apiId",
        "connectedAt",
        "connectionId",
        "domainName",
        "eventType",
        "extendedRequestId",
        "identity",
        "identity.sourceIp",
        "messageDirection",
        "messageId",
        "requestId",
        "requestTime",
        "requestTimeEpoch",
        "routeKey",
        "stage",
    ];
    let mut expected: Vec<_> = context.iter().map(|name| format!("requestContext.{name}")).collect();
    expected.extend(["body", "isBase64Encoded", "requestContext"].map(str::to_owned));
    expected.sort();
    assert_eq!(found, expected);
    assert_eq!(event["requestContext"]["eventType"], "MESSAGE");
    assert_eq!(event["requestContext"]["stage"], "live");
}

#[tokio::test]
async fn an_authorizer_is_asked_for_handshakes_that_have_what_it_needs() {
    let hosted = Hosted::new();
    let authorizer = Some("two".to_owned());
    let identity_sources = vec!["route.request.querystring.order".to_owned()];
    let port = hosted.serve(SocketApi { authorizer, identity_sources, ..api(&["$default"]) }, &[]).await;
    let policy = |effect: &str| {
        let statement = json!({ "Effect": effect, "Action": "execute-api:Invoke", "Resource": "*" });
        let context = json!({ "level": 3, "admin": false });
        answer(
            json!({ "principalId": "ann", "policyDocument": { "Statement": statement }, "context": context }),
        )
    };
    let missing = connect_async(format!("ws://127.0.0.1:{port}/live")).await;
    assert!(matches!(missing, Err(Error::Http(response)) if response.status() == 401));
    assert_eq!(connect(port, &policy("Deny")).await.err(), Some(403));
    assert_eq!(connect(port, &json!({ "do": "fail", "message": "Unauthorized" })).await.err(), Some(401));
    assert_eq!(connect(port, &json!({ "do": "fail" })).await.err(), Some(500));
    let mut socket = connect(port, &policy("Allow")).await.unwrap();
    let event = ask(&mut socket, r#"{"do": "reflect"}"#).await;
    let context = json!({ "principalId": "ann", "level": "3", "admin": "false" });
    assert_eq!(event["requestContext"]["authorizer"], context);
}

#[tokio::test]
async fn a_closed_socket_is_told_to_its_function() {
    let hosted = Hosted::new();
    let mut api = api(&["$default", "$disconnect"]);
    if let Some(route) = api.routes.get_mut("$disconnect") {
        route.function = "two".to_owned();
    }
    let port = hosted.serve(api, &[]).await;
    let mut socket = connect(port, &json!({})).await.unwrap();
    socket.close(None).await.unwrap();
    let told = async {
        while hosted.host.processes() == 0 {
            tokio::task::yield_now().await;
        }
    };
    tokio::time::timeout(std::time::Duration::from_secs(60), told)
        .await
        .expect("$disconnect should have come");
}
