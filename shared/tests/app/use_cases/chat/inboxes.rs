//! What is said in a conversation reaches every inbox of its people, once.

use parlor::app;
use parlor::ids::UserId;
use parlor::ports::{Connection, Endpoint, Identity};
use serde_json::{Value, json};

use super::{frames, pair};
use crate::use_cases::bench::{Bench, Sent};

/// An inbox of somebody's.
struct Inbox(Connection, Sent);

impl Inbox {
    async fn of(bench: &Bench, name: &str, who: &Identity) -> Self {
        let (connection, sent) = bench.open(name, Endpoint::Inbox, Some(who.clone())).await;
        Self(connection, sent)
    }

    async fn say(&self, bench: &Bench, message: Value) {
        app::receive(&bench.app, &self.0, &message.to_string(), 0).await.unwrap();
    }

    /// All that came until this text did, which must be the last word.
    async fn heard(&mut self, until: &str) -> Vec<Value> {
        frames(&self.1.until(until).await)
    }
}

#[tokio::test]
async fn a_message_to_a_person_begins_their_conversation_and_reaches_every_inbox_of_both_once() {
    let bench = Bench::new();
    let (ann, bob) = (bench.person("Ann").await, bench.person("Bob").await);
    let mut anns = [Inbox::of(&bench, "a1", &ann).await, Inbox::of(&bench, "a2", &ann).await];
    let mut bobs = [Inbox::of(&bench, "b1", &bob).await, Inbox::of(&bench, "b2", &bob).await];
    anns[0].say(&bench, json!({"type": "chat", "receiver_id": bob.user, "message": "hello"})).await;
    anns[0].say(&bench, json!({"type": "chat", "receiver_id": bob.user, "message": "the end"})).await;
    for (who, inboxes) in [(&ann, &mut anns), (&bob, &mut bobs)] {
        for inbox in inboxes {
            let heard = inbox.heard("the end").await;
            assert_eq!(heard.len(), 2, "{heard:?}");
            assert_eq!((&heard[0]["type"], &heard[0]["message"]), (&json!("new_message"), &json!("hello")));
            assert_eq!(heard[0]["receiver_id"], json!(bob.user));
            assert_eq!(heard[0]["is_self"], json!(who.user == ann.user));
            assert!(heard[0]["conversation_id"].as_u64().unwrap() >= 100_000_000);
        }
    }
}

#[tokio::test]
async fn a_conversations_own_socket_and_an_inbox_hear_each_message_once() {
    let bench = Bench::new();
    let (ann, bob) = (bench.person("Ann").await, bench.person("Bob").await);
    let code = pair(&bench, &ann, &bob).await;
    let conversation = Endpoint::Conversation(code.clone());
    let (connection, sent) = bench.open("a1", conversation, Some(ann.clone())).await;
    let mut own = Inbox(connection, sent);
    let mut others = [Inbox::of(&bench, "a2", &ann).await, Inbox::of(&bench, "b1", &bob).await];
    own.say(&bench, json!({"message": "from its own socket"})).await;
    others[0].say(&bench, json!({"conversation_id": code, "message": "the end"})).await;
    for inbox in std::iter::once(&mut own).chain(&mut others) {
        let heard = inbox.heard("the end").await;
        let ids: Vec<&Value> = heard.iter().map(|frame| &frame["id"]).collect();
        assert_eq!(ids, [&json!(1), &json!(2)], "{heard:?}");
    }
}

#[tokio::test]
async fn who_names_nobody_talks_to_themselves_on_all_their_sockets() {
    let bench = Bench::new();
    let (ann, bob) = (bench.person("Ann").await, bench.person("Bob").await);
    let mut anns = [Inbox::of(&bench, "a1", &ann).await, Inbox::of(&bench, "a2", &ann).await];
    let mut bobs = Inbox::of(&bench, "b1", &bob).await;
    anns[0].say(&bench, json!({"type": "chat", "message": "Hello from browser!"})).await;
    for inbox in &mut anns {
        let heard = inbox.heard("Hello from browser!").await;
        assert_eq!((heard.len(), &heard[0]["is_self"]), (1, &json!(true)));
    }
    bobs.say(&bench, json!({"type": "ping"})).await;
    assert_eq!(bobs.heard("pong").await.len(), 1);
}

#[tokio::test]
async fn who_has_joined_one_conversation_means_that_one_and_who_has_joined_two_has_to_say_which() {
    let bench = Bench::new();
    let (ann, bob, eve) = (bench.person("Ann").await, bench.person("Bob").await, bench.person("Eve").await);
    let (first, second) = (pair(&bench, &ann, &bob).await, pair(&bench, &ann, &eve).await);
    let mut inbox = Inbox::of(&bench, "a1", &ann).await;
    inbox.say(&bench, json!({"type": "join_conversation", "conversation_id": first})).await;
    let joined = inbox.heard("conversation_joined").await;
    assert_eq!(joined[0]["receiver_id"], json!(bob.user));
    inbox.say(&bench, json!({"message": "for Bob"})).await;
    assert_eq!(inbox.heard("for Bob").await[0]["room"], json!(first));
    inbox.say(&bench, json!({"type": "join_conversation", "conversation_id": second})).await;
    inbox.say(&bench, json!({"message": "for whom?"})).await;
    assert_eq!(inbox.heard("NO_RECIPIENT").await.last().unwrap()["code"], "NO_RECIPIENT");
    inbox.say(&bench, json!({"type": "leave_conversation", "conversation_id": first})).await;
    inbox.say(&bench, json!({"message": "for Eve"})).await;
    assert_eq!(inbox.heard("for Eve").await[0]["receiver_id"], json!(eve.user));
}

#[tokio::test]
async fn two_who_begin_at_the_same_instant_have_one_conversation() {
    for _ in 0..20 {
        let bench = Bench::new();
        let (ann, bob) = (bench.person("Ann").await, bench.person("Bob").await);
        let (one, other) = tokio::join!(pair(&bench, &ann, &bob), pair(&bench, &bob, &ann));
        assert_eq!(one, other);
    }
}

#[tokio::test]
async fn nobody_is_written_to_who_is_not_there() {
    let bench = Bench::new();
    let ann = bench.person("Ann").await;
    let mut inbox = Inbox::of(&bench, "a1", &ann).await;
    for receiver in [json!({"receiver_id": UserId(99)}), json!({"receiver": "nobody"})] {
        let mut message = receiver;
        message["message"] = json!("hello?");
        inbox.say(&bench, message).await;
        assert_eq!(inbox.heard("NO_SUCH_PERSON").await[0]["type"], "ERROR");
    }
}
