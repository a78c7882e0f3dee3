//! Private conversations over HTTP.

use serde_json::{Value, json};

use super::people::{account, ask, bench, done, guest, refused};

const URL: &str = "/api/conversations/";

#[tokio::test]
async fn two_people_always_get_the_same_conversation_and_three_a_new_one() {
    let bench = bench();
    let (ann, bob) = (account(&bench, "ann").await, account(&bench, "bob").await);
    let eve = guest(&bench, "Eve").await;
    let (status, first) = ask(&bench, &ann, "POST", URL, json!({"participant_id": bob.id})).await;
    assert_eq!(status, 201, "{first}");
    let again = json!({"participants": [ann.id.to_string(), ann.id, bob.id]});
    for (who, body) in
        [(&bob, json!({"receiver": "ann"})), (&bob, json!({"receiver_id": ann.id})), (&ann, again)]
    {
        let (status, same) = ask(&bench, who, "POST", URL, body).await;
        assert_eq!((status, &same["id"]), (200, &first["id"]), "{same}");
    }
    let id = first["id"].as_u64().unwrap();
    assert!((100_000_000..1_000_000_000).contains(&id) && first["code"] == json!(id.to_string()));
    let of_three = json!({"participants": [bob.id, eve.id], "name": "Weekend"});
    let one = done(&bench, &ann, "POST", URL, of_three.clone()).await;
    let other = done(&bench, &ann, "POST", URL, of_three).await;
    assert!(one["id"] != other["id"] && one["name"] == "Weekend");
    let notes = done(&bench, &ann, "POST", URL, json!({"participant_id": ann.id})).await;
    let same = done(&bench, &ann, "POST", URL, json!({"participants": [ann.id]})).await;
    assert_eq!((&notes["id"], &notes["participants"].as_array().unwrap().len()), (&same["id"], &1));
}

#[tokio::test]
async fn an_entry_shows_people_the_last_message_and_what_is_unread() {
    let bench = bench();
    let (ann, bob) = (account(&bench, "ann").await, account(&bench, "bob").await);
    let body = json!({"participant_id": bob.id, "message": "hello"});
    let entry = done(&bench, &ann, "POST", URL, body).await;
    assert_eq!(
        (&entry["unread"], &entry["last_id"], &entry["last_read_id"]),
        (&json!(0), &json!(1), &json!(1))
    );
    let listed = done(&bench, &bob, "GET", URL, Value::Null).await;
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
    let messages = done(&bench, &bob, "GET", &url, Value::Null).await;
    assert_eq!((&messages[0]["message"], &messages[0]["receiver_id"]), (&json!("hello"), &json!(bob.id)));
    let rooms = done(&bench, &bob, "GET", "/api/rooms/", Value::Null).await;
    assert_eq!(rooms, json!([]));
    assert_eq!(done(&bench, &ann, "GET", "/api/rooms/public/", Value::Null).await, json!([]));
}

#[tokio::test]
async fn the_conversation_in_which_something_was_said_last_comes_first() {
    let bench = bench();
    let ann = account(&bench, "ann").await;
    for (name, text) in [("bob", None), ("eve", Some("hello"))] {
        let other = account(&bench, name).await;
        done(&bench, &ann, "POST", URL, json!({"participant_id": other.id, "message": text})).await;
    }
    let listed = done(&bench, &ann, "GET", URL, Value::Null).await;
    assert_eq!((&listed[0]["name"], &listed[1]["name"]), (&json!("eve"), &json!("bob")));
}

#[tokio::test]
async fn a_message_is_sent_to_a_person_by_number_or_name() {
    let bench = bench();
    let (ann, bob) = (account(&bench, "ann").await, account(&bench, "bob").await);
    let send = "/api/send-message/";
    let (status, said) = ask(&bench, &ann, "POST", send, json!({"receiver": "BOB", "message": "one"})).await;
    assert_eq!((status, &said["id"], &said["receiver_id"]), (201, &json!(1), &json!(bob.id)), "{said}");
    let answer = done(&bench, &bob, "POST", send, json!({"receiver_id": ann.id, "message": "two"})).await;
    assert_eq!((&answer["id"], &answer["room"]), (&json!(2), &said["room"]));
    let unknown = refused(&bench, &ann, "POST", send, json!({"receiver": "zoe", "message": "?"})).await;
    assert_eq!(unknown, (404, "NO_SUCH_PERSON".into()));
    assert_eq!(
        refused(&bench, &ann, "POST", send, json!({"message": "?"})).await,
        (400, "NO_RECIPIENT".into())
    );
}

#[tokio::test]
async fn guests_begin_none_and_nobody_can_begin_one_with_nobody() {
    let bench = bench();
    let (ann, eve) = (account(&bench, "ann").await, guest(&bench, "Eve").await);
    let with_ann = json!({"participant_id": ann.id});
    assert_eq!(refused(&bench, &eve, "POST", URL, with_ann).await, (403, "GUESTS_MAY_NOT".into()));
    let with_eve = json!({"participant_id": eve.id, "message": "hello"});
    done(&bench, &ann, "POST", URL, with_eve).await;
    // Once it is there, a guest writes in it like anybody else.
    done(&bench, &eve, "POST", "/api/send-message/", json!({"receiver_id": ann.id, "message": "hi"})).await;
    for (body, expected) in [
        (json!({}), (400, "INVALID_INPUT")),
        (json!({"participants": []}), (400, "INVALID_INPUT")),
        (json!({"participants": ["x"]}), (400, "INVALID_INPUT")),
        (json!({"participants": (1..=60).collect::<Vec<u64>>()}), (400, "INVALID_INPUT")),
        (json!({"participants": [99]}), (404, "NO_SUCH_PERSON")),
    ] {
        let (status, code) = refused(&bench, &ann, "POST", URL, body.clone()).await;
        assert_eq!((status, code.as_str()), expected, "{body}");
    }
}

#[tokio::test]
async fn a_conversation_has_no_host_nobody_joins_it_and_two_cannot_leave_it() {
    let bench = bench();
    let (ann, bob) = (account(&bench, "ann").await, account(&bench, "bob").await);
    let eve = account(&bench, "eve").await;
    let pair = done(&bench, &ann, "POST", URL, json!({"participant_id": bob.id})).await;
    let room = format!("/api/rooms/{}/", pair["id"]);
    let leave = refused(&bench, &ann, "POST", &format!("{room}leave/"), Value::Null).await;
    assert_eq!(leave, (409, "CONFLICT".into()));
    let join = refused(&bench, &eve, "POST", "/api/rooms/join/", json!({"code": pair["id"]})).await;
    assert_eq!(join, (404, "NO_SUCH_ROOM".into()));
    for (act, body) in [("kick/", json!({"user_id": bob.id})), ("invitations/", json!({}))] {
        let (_, code) = refused(&bench, &ann, "POST", &format!("{room}{act}"), body).await;
        assert_eq!(code, "HOST_ONLY", "{act}");
    }
    let details = done(&bench, &ann, "GET", &room, Value::Null).await;
    assert_eq!((&details["host"], &details["is_private"]), (&Value::Null, &json!(true)));
    assert_eq!(refused(&bench, &eve, "GET", &room, Value::Null).await, (403, "NOT_APPROVED".into()));
}
