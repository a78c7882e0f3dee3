//! Who is blocked can't reach somebody, and isn't told.

use serde_json::{Value, json};

use super::people::{Somebody, account, ask, bench, done, refused};
use crate::http::bench::Bench;

const SEND: &str = "/api/send-message/";
const NOBODY: (u16, &str) = (404, "NO_SUCH_PERSON");

async fn change(bench: &Bench, who: &Somebody, whom: &Somebody, act: &str) -> Value {
    done(bench, who, "POST", &format!("/api/users/{}/{act}/", whom.id), Value::Null).await
}

async fn is_refused(bench: &Bench, who: &Somebody, method: &str, url: &str, body: Value) {
    let (status, code) = refused(bench, who, method, url, body).await;
    assert_eq!((status, code.as_str()), NOBODY, "{method} {url}");
}

#[tokio::test]
async fn who_is_blocked_is_answered_as_if_nobody_were_there() {
    let bench = bench();
    let (ann, eve) = (account(&bench, "ann").await, account(&bench, "eve").await);
    assert_eq!(change(&bench, &ann, &eve, "block").await, json!({"status": "blocked"}));
    for body in [json!({"receiver_id": ann.id, "message": "hi"}), json!({"receiver": "ann", "message": "hi"})]
    {
        let (status, answer) = ask(&bench, &eve, "POST", SEND, body.clone()).await;
        let mut unknown = body;
        unknown["receiver_id"] = json!(9999);
        assert_eq!((status, answer), ask(&bench, &eve, "POST", SEND, unknown).await);
        assert_eq!(status, 404);
    }
    for body in [json!({"participant_id": ann.id}), json!({"participants": [ann.id, 1, 2]})] {
        is_refused(&bench, &eve, "POST", "/api/conversations/", body).await;
    }
    assert_eq!(done(&bench, &eve, "GET", "/api/users/?username=an", Value::Null).await, json!([]));
    let found = done(&bench, &ann, "GET", "/api/users/?username=eve", Value::Null).await;
    assert_eq!(found[0]["id"], json!(eve.id));
}

#[tokio::test]
async fn in_a_conversation_that_there_was_nothing_new_comes_from_who_is_blocked() {
    let bench = bench();
    let (ann, eve) = (account(&bench, "ann").await, account(&bench, "eve").await);
    let to_ann = |text: &str| json!({"receiver_id": ann.id, "message": text});
    let said = done(&bench, &eve, "POST", SEND, to_ann("hello")).await;
    let messages = format!("/api/rooms/{}/messages/", said["room"].as_str().unwrap());
    change(&bench, &ann, &eve, "block").await;
    is_refused(&bench, &eve, "POST", SEND, to_ann("and?")).await;
    is_refused(&bench, &eve, "POST", &messages, json!({"message": "and?"})).await;
    is_refused(&bench, &eve, "PATCH", &format!("{messages}1/"), json!({"message": "and?"})).await;
    is_refused(&bench, &eve, "POST", &format!("{messages}1/reactions/"), json!({"reaction": "!"})).await;
    // What she has said is hers to take away, and Ann may still speak.
    done(&bench, &eve, "DELETE", &format!("{messages}1/"), Value::Null).await;
    done(&bench, &ann, "POST", SEND, json!({"receiver_id": eve.id, "message": "leave me alone"})).await;
    assert_eq!(change(&bench, &ann, &eve, "unblock").await, json!({"status": "unblocked"}));
    done(&bench, &eve, "POST", SEND, to_ann("thank you")).await;
}

#[tokio::test]
async fn in_rooms_of_more_people_nothing_changes() {
    let bench = bench();
    let (ann, eve) = (account(&bench, "ann").await, account(&bench, "eve").await);
    done(&bench, &ann, "POST", "/api/rooms/", json!({"code": "den"})).await;
    done(&bench, &eve, "POST", "/api/rooms/join/", json!({"code": "den"})).await;
    change(&bench, &ann, &eve, "block").await;
    done(&bench, &eve, "POST", SEND, json!({"room": "den", "message": "hello"})).await;
}

#[tokio::test]
async fn whom_somebody_has_blocked_is_listed_to_them_alone() {
    let bench = bench();
    let (ann, eve) = (account(&bench, "ann").await, account(&bench, "eve").await);
    change(&bench, &ann, &eve, "block").await;
    change(&bench, &ann, &eve, "block").await;
    let list = "/api/user-profile/blocked/";
    let listed = done(&bench, &ann, "GET", list, Value::Null).await;
    assert_eq!(listed.as_array().unwrap().len(), 1);
    assert_eq!((&listed[0]["id"], &listed[0]["username"]), (&json!(eve.id), &json!("eve")));
    assert!(listed[0]["blocked_at"].as_str().unwrap().ends_with("+00:00"));
    assert_eq!(done(&bench, &eve, "GET", list, Value::Null).await, json!([]));
    let (status, _) =
        refused(&bench, &ann, "POST", &format!("/api/users/{}/block/", ann.id), Value::Null).await;
    assert_eq!(status, 409);
    // Who wants nothing of somebody doesn't write to them by mistake either.
    let begin = refused(&bench, &ann, "POST", "/api/conversations/", json!({"participant_id": eve.id})).await;
    assert_eq!(begin, (409, "CONFLICT".into()));
}
