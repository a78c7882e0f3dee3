//! Rooms whose codes are numbers, as groups.

use serde_json::{Value, json};

use crate::http::bench::Bench;
use crate::http::rooms::people::{Somebody, account, bench, done, guest, refused};

/// A group 5 of Ann's with `Bob Lee Jr` in it.
async fn group(bench: &Bench) -> (Somebody, Somebody) {
    let (ann, bob) = (account(bench, "ann").await, guest(bench, "Bob Lee Jr").await);
    let room = json!({"code": "5", "name": "2nd year"});
    done(bench, &ann, "POST", "/api/rooms/create/", room).await;
    done(bench, &ann, "POST", "/api/rooms/", json!({"code": "words"})).await;
    done(bench, &bob, "POST", "/api/rooms/join/", json!({"code": 5})).await;
    (ann, bob)
}

async fn say(bench: &Bench, who: &Somebody, text: &str) -> Value {
    done(bench, who, "POST", "/api/send-message/", json!({"room": 5, "message": text})).await
}

async fn page(bench: &Bench, who: &Somebody, query: &str) -> Value {
    done(bench, who, "GET", &format!("/api/chat/groups/5/messages/{query}"), Value::Null).await
}

fn contents(page: &Value) -> Vec<&str> {
    page["results"].as_array().unwrap().iter().map(|message| message["content"].as_str().unwrap()).collect()
}

#[tokio::test]
async fn groups_are_ones_rooms_with_numbers() {
    let bench = bench();
    let (ann, bob) = group(&bench).await;
    let list = async |who: &Somebody| done(&bench, who, "GET", "/api/chat/groups/", Value::Null).await;
    let empty = list(&ann).await;
    assert_eq!(empty.as_array().unwrap().len(), 1);
    assert_eq!((&empty[0]["last_message"], &empty[0]["updated_at"]), (&Value::Null, &empty[0]["created_at"]));
    let said = say(&bench, &bob, "hello").await;
    let listed = list(&ann).await;
    let sender = json!({
        "id": bob.id, "first_name": "Bob", "last_name": "Lee Jr", "photo": null, "role": "member", "year": null,
    });
    let expected = json!([{
        "id": 5, "name": "2nd year", "description": "", "members_count": 2, "unread_count": 1,
        "room_avatar": null, "created_at": empty[0]["created_at"], "updated_at": said["created_at"],
        "last_message": {"id": 1, "content": "hello", "created_at": said["created_at"], "sender": sender},
    }]);
    assert_eq!(listed, expected);
    done(&bench, &ann, "POST", "/api/chat/groups/5/mark-as-read/", Value::Null).await;
    assert_eq!(list(&ann).await[0]["unread_count"], 0);
    done(&bench, &bob, "POST", "/api/rooms/5/leave/", Value::Null).await;
    assert_eq!(list(&bob).await, json!([]));
}

#[tokio::test]
async fn messages_come_in_numbered_pages_the_newest_first() {
    let bench = bench();
    let (ann, bob) = group(&bench).await;
    let nothing = page(&bench, &ann, "").await;
    assert_eq!(nothing, json!({"count": 0, "next": null, "previous": null, "results": []}));
    for number in 1..=5 {
        say(&bench, &bob, &format!("message {number}")).await;
        // Other events between them take no place.
        let url = format!("/api/rooms/5/messages/{}/reactions/", 2 * number - 1);
        done(&bench, &ann, "POST", &url, json!({"reaction": "Like"})).await;
    }
    let first = page(&bench, &ann, "?page=1&page_size=2").await;
    assert_eq!(contents(&first), ["message 5", "message 4"]);
    let url = |number| format!("http://localhost/api/chat/groups/5/messages/?page={number}&page_size=2");
    assert_eq!(
        (&first["count"], &first["next"], &first["previous"]),
        (&json!(5), &json!(url(2)), &Value::Null)
    );
    let second = page(&bench, &ann, "?page=2&page_size=2").await;
    assert_eq!(contents(&second), ["message 3", "message 2"]);
    assert_eq!((&second["next"], &second["previous"]), (&json!(url(3)), &json!(url(1))));
    let last = page(&bench, &ann, "?page=3&page_size=2").await;
    assert_eq!((contents(&last), &last["next"]), (vec!["message 1"], &Value::Null));
    assert_eq!(contents(&page(&bench, &ann, "").await).len(), 5);
    for beyond in
        ["?page=4&page_size=2", "?page=0", "?page=x", "?page=-1", "?page=18446744073709551615&page_size=100"]
    {
        let url = format!("/api/chat/groups/5/messages/{beyond}");
        assert_eq!(
            refused(&bench, &ann, "GET", &url, Value::Null).await,
            (404, "NOT_FOUND".into()),
            "{beyond}"
        );
    }
}

#[tokio::test]
async fn a_message_has_every_field_in_the_type_that_the_app_reads() {
    let bench = bench();
    let (ann, bob) = group(&bench).await;
    let body = json!({"room": 5, "message": "hello @ann", "mentions": [ann.id]});
    let said = done(&bench, &bob, "POST", "/api/send-message/", body).await;
    done(&bench, &ann, "POST", "/api/rooms/5/messages/1/reactions/", json!({"reaction": "Like"})).await;
    let expected = json!({
        "id": 1, "content": "hello @ann",
        "sender": {"id": bob.id, "first_name": "Bob", "last_name": "Lee Jr", "photo": null, "role": "member", "year": null},
        "reactions": {"Like": 1}, "mentions": [ann.id], "status": {}, "room": 5, "is_self": false, "is_edited": false,
        "is_deleted": false, "message_type": "text", "attachment": null, "created_at": said["created_at"],
        "updated_at": said["created_at"],
    });
    assert_eq!(page(&bench, &ann, "").await["results"], json!([expected]));
    assert_eq!(page(&bench, &bob, "").await["results"][0]["is_self"], true);
    done(&bench, &bob, "PATCH", "/api/rooms/5/messages/1/", json!({"message": "bye"})).await;
    let edited = &page(&bench, &ann, "").await["results"][0];
    assert_eq!((&edited["content"], &edited["is_edited"]), (&json!("bye"), &json!(true)));
    done(&bench, &bob, "DELETE", "/api/rooms/5/messages/1/", Value::Null).await;
    assert_eq!(page(&bench, &ann, "").await["results"], json!([]));
}

#[tokio::test]
async fn members_are_found_by_a_part_of_their_name() {
    let bench = bench();
    let (ann, bob) = group(&bench).await;
    let find = async |q: &str| {
        let url = format!("/api/chat/groups/5/search/members/?q={q}");
        let found = done(&bench, &ann, "GET", &url, Value::Null).await;
        let ids = found.as_array().unwrap().iter().map(|person| person["id"].as_u64().unwrap());
        ids.collect::<Vec<_>>()
    };
    assert_eq!(find("LEE").await, [bob.id]);
    assert_eq!(find("a").await, [ann.id]);
    assert_eq!(find("").await, [ann.id, bob.id]);
    assert!(find("nobody").await.is_empty());
}

#[tokio::test]
async fn whoever_is_not_in_and_whatever_has_no_number_is_turned_away() {
    let bench = bench();
    let (ann, _) = group(&bench).await;
    let eve = guest(&bench, "Eve").await;
    for (method, path) in [("GET", "messages"), ("GET", "search/members"), ("POST", "mark-as-read")] {
        let url = |group: &str| format!("/api/chat/groups/{group}/{path}/");
        assert_eq!(refused(&bench, &eve, method, &url("5"), Value::Null).await, (403, "NOT_APPROVED".into()));
        for none in ["words", "6", "05", "%20"] {
            let answer = refused(&bench, &ann, method, &url(none), Value::Null).await;
            assert_eq!(answer, (404, "NO_SUCH_ROOM".into()), "{none}");
        }
    }
}
