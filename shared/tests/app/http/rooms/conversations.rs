//! Private conversations over HTTP.

use serde_json::{Value, json};

use super::people::{account, ask, done, guest, house, refused};

const URL: &str = "/api/conversations/";

#[tokio::test]
async fn two_people_always_get_the_same_conversation_and_three_a_new_one() {
    let house = house();
    let (ann, bob) = (account(&house, "ann").await, account(&house, "bob").await);
    let eve = guest(&house, "Eve").await;
    let (status, first) = ask(&house, &ann, "POST", URL, json!({"participant_id": bob.id})).await;
    assert_eq!(status, 201, "{first}");
    let again = json!({"participants": [ann.id.to_string(), ann.id, bob.id]});
    for (who, body) in
        [(&bob, json!({"receiver": "ann"})), (&bob, json!({"receiver_id": ann.id})), (&ann, again)]
    {
        let (status, same) = ask(&house, who, "POST", URL, body).await;
        assert_eq!((status, &same["id"]), (200, &first["id"]), "{same}");
    }
    let id = first["id"].as_u64().unwrap();
    assert!((100_000_000..1_000_000_000).contains(&id) && first["code"] == json!(id.to_string()));
    let of_three = json!({"participants": [bob.id, eve.id], "name": "Weekend"});
    let one = done(&house, &ann, "POST", URL, of_three.clone()).await;
    let other = done(&house, &ann, "POST", URL, of_three).await;
    assert!(one["id"] != other["id"] && one["name"] == "Weekend");
    let notes = done(&house, &ann, "POST", URL, json!({"participant_id": ann.id})).await;
    let same = done(&house, &ann, "POST", URL, json!({"participants": [ann.id]})).await;
    assert_eq!((&notes["id"], &notes["participants"].as_array().unwrap().len()), (&same["id"], &1));
}

#[tokio::test]
async fn an_entry_shows_people_the_last_message_and_what_is_unread() {
    let house = house();
    let (ann, bob) = (account(&house, "ann").await, account(&house, "bob").await);
    let body = json!({"participant_id": bob.id, "message": "hello"});
    let entry = done(&house, &ann, "POST", URL, body).await;
    assert_eq!(
        (&entry["unread"], &entry["last_id"], &entry["last_read_id"]),
        (&json!(0), &json!(1), &json!(1))
    );
    let listed = done(&house, &bob, "GET", URL, Value::Null).await;
    let seen = &listed[0];
    assert_eq!((&seen["id"], &seen["name"]), (&entry["id"], &json!("ann")));
    assert_eq!(
        (&seen["unread"], &seen["unread_count"], &seen["last_read_id"]),
        (&json!(1), &json!(1), &json!(0))
    );
    assert_eq!(seen["last_message"]["message"], "hello");
    let person = json!({"id": bob.id, "username": "bob", "display_name": "bob", "profile_picture": null});
    assert_eq!(seen["participants"][1], person);
    let url = format!("{URL}{}/messages/", entry["id"]);
    let messages = done(&house, &bob, "GET", &url, Value::Null).await;
    assert_eq!((&messages[0]["message"], &messages[0]["receiver_id"]), (&json!("hello"), &json!(bob.id)));
    let rooms = done(&house, &bob, "GET", "/api/rooms/", Value::Null).await;
    assert_eq!(rooms, json!([]));
    assert_eq!(done(&house, &ann, "GET", "/api/rooms/public/", Value::Null).await, json!([]));
}

#[tokio::test]
async fn the_conversation_in_which_something_was_said_last_comes_first() {
    let house = house();
    let ann = account(&house, "ann").await;
    for (name, text) in [("bob", None), ("eve", Some("hello"))] {
        let other = account(&house, name).await;
        done(&house, &ann, "POST", URL, json!({"participant_id": other.id, "message": text})).await;
    }
    let listed = done(&house, &ann, "GET", URL, Value::Null).await;
    assert_eq!((&listed[0]["name"], &listed[1]["name"]), (&json!("eve"), &json!("bob")));
}

#[tokio::test]
async fn a_message_is_sent_to_a_person_by_number_or_name() {
    let house = house();
    let (ann, bob) = (account(&house, "ann").await, account(&house, "bob").await);
    let send = "/api/send-message/";
    let (status, said) = ask(&house, &ann, "POST", send, json!({"receiver": "BOB", "message": "one"})).await;
    assert_eq!((status, &said["id"], &said["receiver_id"]), (201, &json!(1), &json!(bob.id)), "{said}");
    let answer = done(&house, &bob, "POST", send, json!({"receiver_id": ann.id, "message": "two"})).await;
    assert_eq!((&answer["id"], &answer["room"]), (&json!(2), &said["room"]));
    let unknown = refused(&house, &ann, "POST", send, json!({"receiver": "zoe", "message": "?"})).await;
    assert_eq!(unknown, (404, "NO_SUCH_PERSON".into()));
    assert_eq!(
        refused(&house, &ann, "POST", send, json!({"message": "?"})).await,
        (400, "NO_RECIPIENT".into())
    );
}

#[tokio::test]
async fn guests_begin_none_and_nobody_can_begin_one_with_nobody() {
    let house = house();
    let (ann, eve) = (account(&house, "ann").await, guest(&house, "Eve").await);
    let with_ann = json!({"participant_id": ann.id});
    assert_eq!(refused(&house, &eve, "POST", URL, with_ann).await, (403, "GUESTS_MAY_NOT".into()));
    let with_eve = json!({"participant_id": eve.id, "message": "hello"});
    done(&house, &ann, "POST", URL, with_eve).await;
    // Once it is there, a guest writes in it like anybody else.
    done(&house, &eve, "POST", "/api/send-message/", json!({"receiver_id": ann.id, "message": "hi"})).await;
    for (body, expected) in [
        (json!({}), (400, "INVALID_INPUT")),
        (json!({"participants": []}), (400, "INVALID_INPUT")),
        (json!({"participants": ["x"]}), (400, "INVALID_INPUT")),
        (json!({"participants": (1..=60).collect::<Vec<u64>>()}), (400, "INVALID_INPUT")),
        (json!({"participants": [99]}), (404, "NO_SUCH_PERSON")),
    ] {
        let (status, code) = refused(&house, &ann, "POST", URL, body.clone()).await;
        assert_eq!((status, code.as_str()), expected, "{body}");
    }
}

#[tokio::test]
async fn a_conversation_has_no_host_nobody_joins_it_and_two_cannot_leave_it() {
    let house = house();
    let (ann, bob) = (account(&house, "ann").await, account(&house, "bob").await);
    let eve = account(&house, "eve").await;
    let pair = done(&house, &ann, "POST", URL, json!({"participant_id": bob.id})).await;
    let room = format!("/api/rooms/{}/", pair["id"]);
    let leave = refused(&house, &ann, "POST", &format!("{room}leave/"), Value::Null).await;
    assert_eq!(leave, (409, "CONFLICT".into()));
    let join = refused(&house, &eve, "POST", "/api/rooms/join/", json!({"code": pair["id"]})).await;
    assert_eq!(join, (404, "NO_SUCH_ROOM".into()));
    for (act, body) in [("kick/", json!({"user_id": bob.id})), ("invitations/", json!({}))] {
        let (_, code) = refused(&house, &ann, "POST", &format!("{room}{act}"), body).await;
        assert_eq!(code, "HOST_ONLY", "{act}");
    }
    let details = done(&house, &ann, "GET", &room, Value::Null).await;
    assert_eq!((&details["host"], &details["is_private"]), (&Value::Null, &json!(true)));
    assert_eq!(refused(&house, &eve, "GET", &room, Value::Null).await, (403, "NOT_APPROVED".into()));
}
