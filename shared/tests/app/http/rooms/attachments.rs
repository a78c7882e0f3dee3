//! Files that go with messages: who gets them, and for how long.

use axum::body::Body;
use axum::http::Request;
use serde_json::{Value, json};

use super::people::{Somebody, account, ask, bench, done, guest, refused};
use crate::http::bench::{Bench, json as read, send};

/// 320 by 240 pixels.
const GIF: &[u8] = b"GIF89a\x40\x01\xf0\0...";

/// A part of a form: a file if it has a name.
fn part(name: &str, filename: Option<&str>, content: &[u8]) -> Vec<u8> {
    let file = filename.map(|filename| format!("; filename=\"{filename}\"")).unwrap_or_default();
    let head = format!("--b\r\nContent-Disposition: form-data; name=\"{name}\"{file}\r\n\r\n");
    [head.as_bytes(), content, b"\r\n"].concat()
}

/// Sends a form; answers status and JSON.
async fn form(
    bench: &Bench,
    who: &Somebody,
    path: &str,
    key: Option<&str>,
    parts: &[Vec<u8>],
) -> (u16, Value) {
    let body = [parts.concat(), b"--b--\r\n".to_vec()].concat();
    let request = Request::post(path)
        .header("content-type", "multipart/form-data; boundary=b")
        .header("authorization", format!("Token {}", who.token));
    let request = key.into_iter().fold(request, |request, key| request.header("idempotency-key", key));
    let response = send(bench.router(), request.body(Body::from(body)).unwrap()).await;
    (response.status().as_u16(), read(response).await)
}

async fn upload(bench: &Bench, who: &Somebody, more: &[(&str, &str)]) -> Value {
    let more = more.iter().map(|(name, value)| part(name, None, value.as_bytes()));
    let parts: Vec<Vec<u8>> = more.chain([part("file", Some("a b.gif"), GIF)]).collect();
    let (status, answer) = form(bench, who, "/api/upload-file/", None, &parts).await;
    assert_eq!(status, 200, "{answer}");
    answer
}

/// The status of a look at a medium by its id.
async fn look(bench: &Bench, who: &Somebody, media_id: &Value) -> u16 {
    let path = format!("/media_get/?media_id={}", media_id.as_str().unwrap());
    ask(bench, who, "HEAD", &path, Value::Null).await.0
}

/// A room `den` of Ann's with Bob in it, and Eve outside.
async fn den(bench: &Bench) -> (Somebody, Somebody, Somebody) {
    let ann = account(bench, "ann").await;
    let (bob, eve) = (guest(bench, "Bob").await, guest(bench, "Eve").await);
    done(bench, &ann, "POST", "/api/rooms/", json!({"code": "den"})).await;
    done(bench, &bob, "POST", "/api/rooms/join/", json!({"code": "den"})).await;
    (ann, bob, eve)
}

#[tokio::test]
async fn a_file_is_its_uploaders_own_until_a_message_shows_it_to_a_room() {
    let bench = bench();
    let (ann, bob, eve) = den(&bench).await;
    let file = upload(&bench, &ann, &[]).await;
    let media_id = &file["media_id"];
    let url = format!("http://localhost/media/{}", file["filename"].as_str().unwrap());
    assert_eq!(
        (&file["url"], &file["name"], &file["size"]),
        (&json!(url), &json!("a b.gif"), &json!(GIF.len()))
    );
    assert_eq!(
        (&file["content_type"], &file["width"], &file["height"]),
        (&json!("image/gif"), &json!(320), &json!(240))
    );
    assert!(file.get("message").is_none());
    let seen = async || {
        (
            look(&bench, &ann, media_id).await,
            look(&bench, &bob, media_id).await,
            look(&bench, &eve, media_id).await,
        )
    };
    assert_eq!(seen().await, (200, 404, 404));
    let body = json!({"room": "den", "message": "look", "attachment": media_id});
    let said = done(&bench, &ann, "POST", "/api/send-message/", body).await;
    assert_eq!(said["attachment"], json!(url));
    let media = json!({
        "media_id": media_id, "name": "a b.gif", "content_type": "image/gif", "size": GIF.len(), "width": 320, "height": 240,
    });
    assert_eq!(said["media"], media);
    assert_eq!(seen().await, (200, 200, 404));
}

#[tokio::test]
async fn a_file_is_shown_as_long_as_one_is_a_member_and_a_message_shows_it() {
    let bench = bench();
    let (ann, bob, eve) = den(&bench).await;
    let file = upload(&bench, &ann, &[("room", "den"), ("message", "look")]).await;
    let (media_id, said) = (&file["media_id"], &file["message"]);
    let seen = async || {
        (
            look(&bench, &ann, media_id).await,
            look(&bench, &bob, media_id).await,
            look(&bench, &eve, media_id).await,
        )
    };
    let leave = "/api/rooms/den/leave/";
    done(&bench, &bob, "POST", leave, Value::Null).await;
    assert_eq!(seen().await, (200, 404, 404));
    done(&bench, &bob, "POST", "/api/rooms/join/", json!({"code": "den"})).await;
    // Another message shows it under its URL: it stays until both are gone.
    let again = json!({"content": "again", "attachment": file["url"]});
    let again = done(&bench, &ann, "POST", "/api/rooms/den/messages/", again).await;
    assert_eq!(again["media"], said["media"]);
    for (message, bobs) in [(said, 200), (&again, 404)] {
        let path = format!("/api/rooms/den/messages/{}/", message["id"]);
        done(&bench, &ann, "DELETE", &path, Value::Null).await;
        assert_eq!(seen().await, (200, bobs, 404));
    }
}

#[tokio::test]
async fn nobody_gets_the_files_of_a_closed_room() {
    let bench = bench();
    let (ann, bob, _) = den(&bench).await;
    let file = upload(&bench, &ann, &[("room", "den")]).await;
    assert_eq!(look(&bench, &bob, &file["media_id"]).await, 200);
    done(&bench, &ann, "DELETE", "/api/rooms/den/", Value::Null).await;
    assert_eq!(look(&bench, &bob, &file["media_id"]).await, 404);
}

#[tokio::test]
async fn others_files_and_none_at_all_are_refused_as_attachments() {
    let bench = bench();
    let (ann, bob, _) = den(&bench).await;
    let file = upload(&bench, &ann, &[]).await;
    let unknown = "http://localhost/media/07070707070707070707070707070707.gif";
    let sound = "904cb473-5d17-4885-9363-46f466a7d140";
    for attachment in [
        &file["media_id"],
        &file["url"],
        &json!(unknown),
        &json!(sound),
        &json!("https://x.example/a.gif"),
        &json!([1]),
    ] {
        let body = json!({"room": "den", "message": "mine", "attachment": attachment});
        let (status, answer) = ask(&bench, &bob, "POST", "/api/send-message/", body).await;
        assert_eq!((status, &answer["code"]), (400, &json!("INVALID_INPUT")), "{attachment}");
        assert!(answer["fields"]["attachment"].is_string(), "{answer}");
    }
    assert_eq!(done(&bench, &ann, "GET", "/api/rooms/den/messages/", Value::Null).await, json!([]));
}

#[tokio::test]
async fn a_message_and_its_file_come_in_one_form() {
    let bench = bench();
    let (ann, bob, eve) = den(&bench).await;
    let parts = [
        part("room", None, b"den"),
        part("attachment", Some("a.gif"), GIF),
        part("message", None, b"look"),
        part("message_type", None, b"image"),
        part("client_msg_id", None, b"c-1"),
    ];
    let (status, said) = form(&bench, &bob, "/api/send-message/", None, &parts).await;
    assert_eq!((status, &said["message"], &said["message_type"]), (201, &json!("look"), &json!("image")));
    assert_eq!((&said["client_msg_id"], &said["media"]["width"]), (&json!("c-1"), &json!(320)));
    assert!(said["attachment"].as_str().unwrap().starts_with("http://localhost/media/"));
    assert_eq!(look(&bench, &ann, &said["media"]["media_id"]).await, 200);
    assert_eq!(look(&bench, &eve, &said["media"]["media_id"]).await, 404);
    // A form without a file, or with an empty file input, is a message like any other.
    for empty in [part("attachment", Some(""), b""), part("attachment", None, b"")] {
        let parts = [part("room_id", None, b"den"), part("message", None, b"no file"), empty];
        let (status, said) = form(&bench, &bob, "/api/send-message/", None, &parts).await;
        assert_eq!((status, &said["attachment"]), (201, &Value::Null));
    }
    // A file alone says enough.
    let parts = [part("code", None, b"DEN"), part("attachment", Some("b.gif"), GIF)];
    let (status, said) = form(&bench, &bob, "/api/send-message/", None, &parts).await;
    assert_eq!((status, &said["message"], &said["media"]["name"]), (201, &json!(""), &json!("b.gif")));
}

#[tokio::test]
async fn an_uploaded_file_with_a_room_is_said_there() {
    let bench = bench();
    let (ann, bob, _) = den(&bench).await;
    let file = upload(&bench, &ann, &[("room", "den"), ("message", "look")]).await;
    let listed = done(&bench, &bob, "GET", "/api/rooms/den/messages/", Value::Null).await;
    assert_eq!((&listed[0]["message"], &listed[0]["attachment"]), (&json!("look"), &file["url"]));
    assert_eq!((&file["message"]["id"], &file["message"]["is_self"]), (&listed[0]["id"], &json!(true)));
}

#[tokio::test]
async fn the_file_of_a_refused_message_is_not_kept() {
    let bench = bench();
    let (ann, bob, eve) = den(&bench).await;
    done(&bench, &ann, "POST", "/api/rooms/den/mute/", json!({"user_id": bob.id})).await;
    let room = |code: &str| part("room", None, code.as_bytes());
    let file = || part("attachment", Some("a.gif"), GIF);
    let long = "x".repeat(4001);
    for (who, parts, expected) in [
        (&bob, vec![room("den"), file()], (403, "MUTED")),
        (&eve, vec![room("den"), file()], (403, "NOT_APPROVED")),
        (&ann, vec![room("nowhere"), file()], (404, "NO_SUCH_ROOM")),
        (&ann, vec![file(), part("message", None, b"to whom")], (400, "NO_RECIPIENT")),
        (&ann, vec![file(), room("den"), part("message", None, long.as_bytes())], (400, "TOO_LONG")),
        (
            &ann,
            vec![file(), room("den"), part("client_msg_id", None, long.as_bytes())],
            (400, "INVALID_INPUT"),
        ),
        (&ann, vec![file(), room("den"), part("mentions", None, b"1")], (400, "MALFORMED")),
        (&ann, vec![file(), file(), room("den")], (400, "INVALID_INPUT")),
        (&ann, vec![file(), room("den"), part("other", Some("b.gif"), GIF)], (400, "INVALID_INPUT")),
        (&ann, vec![part("attachment", Some("a.gif"), b""), room("den")], (400, "INVALID_INPUT")),
    ] {
        let (status, answer) = form(&bench, who, "/api/send-message/", Some("key"), &parts).await;
        assert_eq!((status, answer["code"].as_str().unwrap()), expected, "{answer}");
        assert_eq!(bench.media.files().len(), 0, "{expected:?} left a file");
    }
    // The key of what was refused may be used again.
    let (status, _) = form(&bench, &ann, "/api/send-message/", Some("key"), &[room("den"), file()]).await;
    assert_eq!((status, bench.media.files().len()), (201, 1));
    let without = refused(&bench, &ann, "POST", "/api/upload-file/", json!({"room": "den"})).await;
    assert_eq!(without, (400, "INVALID_INPUT".to_owned()));
}

#[tokio::test]
async fn the_same_request_again_stores_and_says_nothing_twice() {
    let bench = bench();
    let (ann, ..) = den(&bench).await;
    let (room, message) = (part("room", None, b"den"), part("message", None, b"look"));
    let sent = [room.clone(), message.clone(), part("attachment", Some("a.gif"), GIF)];
    let uploaded = [room, message, part("file", Some("a.gif"), GIF)];
    let mut ids = Vec::new();
    for status in [201, 200] {
        let answer = form(&bench, &ann, "/api/send-message/", Some("one"), &sent).await;
        assert_eq!(answer.0, status, "{}", answer.1);
        ids.push((answer.1["id"].clone(), answer.1["media"]["media_id"].clone()));
        assert_eq!(answer.1["client_msg_id"], Value::Null);
    }
    for _ in 0..2 {
        let answer = form(&bench, &ann, "/api/upload-file/", Some("two"), &uploaded).await;
        ids.push((answer.1["message"]["id"].clone(), answer.1["media_id"].clone()));
    }
    assert!(ids[0] == ids[1] && ids[2] == ids[3] && ids[1] != ids[2], "{ids:?}");
    assert_eq!(bench.media.files().len(), 2);
    let alone = [part("file", Some("a.gif"), GIF)];
    let first = form(&bench, &ann, "/api/upload-file/", Some("three"), &alone).await.1;
    assert_eq!(form(&bench, &ann, "/api/upload-file/", Some("three"), &alone).await.1, first);
    let listed = done(&bench, &ann, "GET", "/api/rooms/den/messages/", Value::Null).await;
    assert_eq!(listed.as_array().unwrap().len(), 2);
}

#[tokio::test]
async fn a_plain_message_is_repeated_by_its_key_too() {
    let bench = bench();
    let (ann, ..) = den(&bench).await;
    for (path, status) in
        [("/api/rooms/den/messages/", 201), ("/api/rooms/den/messages/", 200), ("/api/send-message/", 200)]
    {
        let request = Request::post(path)
            .header("authorization", format!("Bearer {}", ann.token))
            .header("idempotency-key", "k");
        let body = Body::from(r#"{"room": "den", "message": "once"}"#);
        let response = send(bench.router(), request.body(body).unwrap()).await;
        assert_eq!(response.status(), status);
        assert_eq!(read(response).await["id"], 1);
    }
}

#[tokio::test]
async fn a_file_is_a_rooms_while_its_owner_lets_it_be_watched_there() {
    let bench = bench();
    let (ann, bob, eve) = den(&bench).await;
    let film = upload(&bench, &ann, &[]).await["media_id"].clone();
    let looks = async || (look(&bench, &bob, &film).await, look(&bench, &eve, &film).await);
    assert_eq!(looks().await, (404, 404));
    let queue = "/api/rooms/den/queue/";
    let queued = done(&bench, &ann, "POST", queue, json!({ "media_id": film })).await;
    assert_eq!((&queued["title"], looks().await), (&json!("a b.gif"), (200, 404)));
    let item = format!("{queue}{}/", queued["id"].as_str().unwrap());
    done(&bench, &ann, "DELETE", &item, Value::Null).await;
    assert_eq!(looks().await, (404, 404));
    let source = "/api/rooms/source/";
    done(&bench, &ann, "POST", source, json!({"room_id": "den", "media_id": film})).await;
    assert_eq!(looks().await, (200, 404));
    done(&bench, &ann, "POST", source, json!({"room_id": "den", "url": "https://example.org/"})).await;
    assert_eq!(looks().await, (404, 404));
}
