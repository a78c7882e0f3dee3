//! Private conversations as the first clients know them.

use reqwest::Method;
use serde_json::{Value, json};

use crate::accounts::{Api, expect, text};
use crate::client::{Guest, Socket};
use crate::rooms::hear;
use crate::target::Target;

/// Two people with accounts.
struct Two {
    target: Target,
    api: Api,
    ann: Value,
    bob: Value,
}

impl Two {
    async fn new() -> Self {
        let target = Target::start().await;
        let api = Api::of(&target);
        let ann = api.login(&api.register().await).await;
        let bob = api.login(&api.register().await).await;
        Self { target, api, ann, bob }
    }

    async fn inbox(&self, who: &Value) -> Socket {
        let path = format!("/ws/chat/?token={}", text(&who["access_token"]));
        Socket::open(&self.target.ws(&path)).await
    }

    async fn get(&self, who: &Value, path: &str, status: u16) -> Value {
        let request = self.api.http.request(Method::GET, format!("{}{path}", self.api.url));
        expect(request.bearer_auth(text(&who["token"])), status).await
    }
}

#[tokio::test]
async fn a_python_client_pings_its_inbox_and_is_answered() {
    let two = Two::new().await;
    let mut inbox = two.inbox(&two.ann).await;
    inbox.say(r#"{"type": "ping", "timestamp": "2024-01-01T00:00:00Z"}"#).await;
    let first: Value = serde_json::from_str(&inbox.hear(|_| true).await).unwrap();
    assert_eq!((&first["type"], &first["timestamp"]), (&json!("pong"), &json!("2024-01-01T00:00:00Z")));
}

#[tokio::test]
async fn a_browser_that_says_hello_to_nobody_hears_it_on_all_its_sockets() {
    let two = Two::new().await;
    let mut sockets = [two.inbox(&two.ann).await, two.inbox(&two.ann).await];
    sockets[0].say(r#"{"type":"chat","message":"Hello from browser!"}"#).await;
    for socket in &mut sockets {
        let heard = hear(socket, "new_message").await;
        assert_eq!((&heard["message"], &heard["is_self"]), (&json!("Hello from browser!"), &json!(true)));
    }
    // A guest with a cookie does the same.
    let guest = Guest::sign_in(&two.target.http).await;
    let path = format!("/ws/chat/?token={}", guest.access_token());
    let mut socket = Socket::open(&two.target.ws(&path)).await;
    socket.say(r#"{"type":"chat","message":"Hello from browser!"}"#).await;
    assert_eq!(hear(&mut socket, "new_message").await["sender_id"].to_string(), guest.id());
}

#[tokio::test]
async fn two_who_begin_at_once_have_one_conversation_and_hear_each_other_in_it() {
    let two = Two::new().await;
    let with = |other: &Value| json!({"participant_id": other["id"], "message": "hello"});
    let (ann, bob) = (&two.ann, &two.bob);
    let mut inboxes = [two.inbox(ann).await, two.inbox(bob).await];
    let start = async |who: &Value, other: &Value| {
        let request = two.api.http.post(format!("{}/api/conversations/", two.api.url)).json(&with(other));
        let response = request.bearer_auth(text(&who["token"])).send().await.unwrap();
        assert!(response.status().is_success(), "{}", response.status());
        response.json::<Value>().await.unwrap()
    };
    let (one, other) = tokio::join!(start(ann, bob), start(bob, ann));
    assert_eq!(one["id"], other["id"]);
    assert!(one["id"].is_u64());
    for inbox in &mut inboxes {
        let heard = [hear(inbox, "new_message").await, hear(inbox, "new_message").await];
        let mut ids: Vec<u64> = heard.iter().map(|frame| frame["id"].as_u64().unwrap()).collect();
        ids.sort_unstable();
        assert_eq!(ids, [1, 2]);
        assert!(heard.iter().all(|frame| frame["conversation_id"] == one["id"]));
    }
    let listed = two.get(bob, "/api/conversations/", 200).await;
    assert_eq!((listed.as_array().unwrap().len(), &listed[0]["id"]), (1, &one["id"]));
    let messages = two.get(ann, &format!("/api/conversations/{}/messages/", one["id"]), 200).await;
    assert_eq!(messages.as_array().unwrap().len(), 2);
}

#[tokio::test]
async fn who_is_blocked_is_answered_as_if_nobody_were_there() {
    let two = Two::new().await;
    let block = format!("/api/users/{}/block/", two.bob["id"]);
    two.api.call_as(&two.ann, &block, json!({}), 200).await;
    let to_ann = json!({"receiver": two.ann["username"], "message": "hello?"});
    let refused = two.api.call_as(&two.bob, "/api/send-message/", to_ann, 404).await;
    assert_eq!(refused["code"], "NO_SUCH_PERSON");
    let mut inbox = two.inbox(&two.bob).await;
    inbox.say(json!({"type": "chat", "receiver_id": two.ann["id"], "message": "hello?"}).to_string()).await;
    assert_eq!(hear(&mut inbox, "ERROR").await["code"], "NO_SUCH_PERSON");
}

#[tokio::test]
async fn signing_out_clears_what_was_said_in_private_for_both() {
    let two = Two::new().await;
    let mut bobs = two.inbox(&two.bob).await;
    let to_bob = json!({"receiver_id": two.bob["id"], "message": "forget this"});
    let said = two.api.call_as(&two.ann, "/api/send-message/", to_bob, 201).await;
    assert_eq!(hear(&mut bobs, "new_message").await["message"], "forget this");
    let to_ann = json!({"receiver_id": two.ann["id"], "message": "I won't"});
    two.api.call_as(&two.bob, "/api/send-message/", to_ann, 201).await;
    two.api.call_as(&two.ann, "/api/logout/", json!({}), 200).await;
    let cleared = hear(&mut bobs, "CHAT_CLEARED").await;
    assert_eq!((&cleared["message_ids"], &cleared["user_id"]), (&json!([said["id"]]), &two.ann["id"]));
    let messages = format!("/api/rooms/{}/messages/", text(&said["room"]));
    let left = two.get(&two.bob, &messages, 200).await;
    assert_eq!((left.as_array().unwrap().len(), &left[0]["message"]), (1, &json!("I won't")));
}
