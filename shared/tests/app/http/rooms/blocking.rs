//! Who is blocked can't reach somebody, and isn't told.

use serde_json::{Value, json};

use super::people::{Somebody, account, ask, done, house, refused};
use crate::http::house::House;

const SEND: &str = "/api/send-message/";
const NOBODY: (u16, &str) = (404, "NO_SUCH_PERSON");

async fn change(house: &House, who: &Somebody, whom: &Somebody, act: &str) -> Value {
    done(house, who, "POST", &format!("/api/users/{}/{act}/", whom.id), Value::Null).await
}

async fn is_refused(house: &House, who: &Somebody, method: &str, url: &str, body: Value) {
    let (status, code) = refused(house, who, method, url, body).await;
    assert_eq!((status, code.as_str()), NOBODY, "{method} {url}");
}

#[tokio::test]
async fn who_is_blocked_is_answered_as_if_nobody_were_there() {
    let house = house();
    let (ann, eve) = (account(&house, "ann").await, account(&house, "eve").await);
    assert_eq!(change(&house, &ann, &eve, "block").await, json!({"status": "blocked"}));
    for body in [json!({"receiver_id": ann.id, "message": "hi"}), json!({"receiver": "ann", "message": "hi"})]
    {
        let (status, answer) = ask(&house, &eve, "POST", SEND, body.clone()).await;
        let mut unknown = body;
        unknown["receiver_id"] = json!(9999);
        assert_eq!((status, answer), ask(&house, &eve, "POST", SEND, unknown).await);
        assert_eq!(status, 404);
    }
    for body in [json!({"participant_id": ann.id}), json!({"participants": [ann.id, 1, 2]})] {
        is_refused(&house, &eve, "POST", "/api/conversations/", body).await;
    }
    assert_eq!(done(&house, &eve, "GET", "/api/users/?username=an", Value::Null).await, json!([]));
    let found = done(&house, &ann, "GET", "/api/users/?username=eve", Value::Null).await;
    assert_eq!(found[0]["id"], json!(eve.id));
}

#[tokio::test]
async fn in_a_conversation_that_there_was_nothing_new_comes_from_who_is_blocked() {
    let house = house();
    let (ann, eve) = (account(&house, "ann").await, account(&house, "eve").await);
    let to_ann = |text: &str| json!({"receiver_id": ann.id, "message": text});
    let said = done(&house, &eve, "POST", SEND, to_ann("hello")).await;
    let messages = format!("/api/rooms/{}/messages/", said["room"].as_str().unwrap());
    change(&house, &ann, &eve, "block").await;
    is_refused(&house, &eve, "POST", SEND, to_ann("and?")).await;
    is_refused(&house, &eve, "POST", &messages, json!({"message": "and?"})).await;
    is_refused(&house, &eve, "PATCH", &format!("{messages}1/"), json!({"message": "and?"})).await;
    is_refused(&house, &eve, "POST", &format!("{messages}1/reactions/"), json!({"reaction": "!"})).await;
    // What she has said is hers to take away, and Ann may still speak.
    done(&house, &eve, "DELETE", &format!("{messages}1/"), Value::Null).await;
    done(&house, &ann, "POST", SEND, json!({"receiver_id": eve.id, "message": "leave me alone"})).await;
    assert_eq!(change(&house, &ann, &eve, "unblock").await, json!({"status": "unblocked"}));
    done(&house, &eve, "POST", SEND, to_ann("thank you")).await;
}

#[tokio::test]
async fn in_rooms_of_more_people_nothing_changes() {
    let house = house();
    let (ann, eve) = (account(&house, "ann").await, account(&house, "eve").await);
    done(&house, &ann, "POST", "/api/rooms/", json!({"code": "den"})).await;
    done(&house, &eve, "POST", "/api/rooms/join/", json!({"code": "den"})).await;
    change(&house, &ann, &eve, "block").await;
    done(&house, &eve, "POST", SEND, json!({"room": "den", "message": "hello"})).await;
}

#[tokio::test]
async fn whom_somebody_has_blocked_is_listed_to_them_alone() {
    let house = house();
    let (ann, eve) = (account(&house, "ann").await, account(&house, "eve").await);
    change(&house, &ann, &eve, "block").await;
    change(&house, &ann, &eve, "block").await;
    let list = "/api/user-profile/blocked/";
    let listed = done(&house, &ann, "GET", list, Value::Null).await;
    assert_eq!(listed.as_array().unwrap().len(), 1);
    assert_eq!((&listed[0]["id"], &listed[0]["username"]), (&json!(eve.id), &json!("eve")));
    assert!(listed[0]["blocked_at"].as_str().unwrap().ends_with("+00:00"));
    assert_eq!(done(&house, &eve, "GET", list, Value::Null).await, json!([]));
    let (status, _) =
        refused(&house, &ann, "POST", &format!("/api/users/{}/block/", ann.id), Value::Null).await;
    assert_eq!(status, 409);
    // Who wants nothing of somebody doesn't write to them by mistake either.
    let begin = refused(&house, &ann, "POST", "/api/conversations/", json!({"participant_id": eve.id})).await;
    assert_eq!(begin, (409, "CONFLICT".into()));
}
