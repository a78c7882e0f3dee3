//! Uploads that go past the application, straight into the store.

use reqwest::multipart::Form;
use reqwest::{Response, StatusCode};
use serde_json::{Value, json};

use crate::client::{Guest, PATIENCE, Socket};
use crate::target::Target;

/// The SHA-256 of `hello`.
const HELLO: &str = "2cf24dba5fb0a30e26e83b2ac5b9e29e1b161e5c1fa7425e73043362938b9824";

async fn begin(target: &Target, guest: &Guest, file: Value) -> Value {
    let request = guest.http.post(format!("{}/api/uploads/", target.http)).bearer_auth(guest.token());
    let response = request.json(&file).send().await.unwrap();
    assert_eq!(response.status(), StatusCode::OK);
    response.json().await.unwrap()
}

/// Does what the answer says, with any body.
async fn put(upload: &Value, body: impl Into<reqwest::Body>) -> Response {
    let headers = upload["headers"].as_object().unwrap();
    let method = upload["method"].as_str().unwrap().parse().unwrap();
    let request = reqwest::Client::new().request(method, upload["url"].as_str().unwrap());
    let request =
        headers.iter().fold(request, |request, (name, value)| request.header(name, value.as_str().unwrap()));
    request.body(body).send().await.unwrap()
}

async fn get(target: &Target, guest: &Guest, upload: &Value) -> Response {
    guest.get(&target.http, upload["media_id"].as_str().unwrap(), &[]).await
}

/// Asks for the medium until it is there.
async fn uploaded(target: &Target, guest: &Guest, upload: &Value) -> Response {
    let asked = async {
        loop {
            let response = get(target, guest, upload).await;
            if response.status() != StatusCode::NOT_FOUND {
                return response;
            }
            tokio::task::yield_now().await;
        }
    };
    tokio::time::timeout(PATIENCE, asked).await.expect("the upload was not finished")
}

#[tokio::test]
async fn a_file_that_is_put_where_the_answer_says_becomes_a_medium_and_the_feed_hears_of_it() {
    let target = Target::start();
    let ann = Guest::sign_in(&target.http).await;
    let mut socket = Socket::open(&target.feed).await;
    let file = vec![42; 6_000_000];
    let announced = json!({"filename": "ä.mp3", "content_type": "audio/mpeg", "size": file.len()});
    let upload = begin(&target, &ann, announced).await;
    assert_eq!(
        get(&target, &ann, &upload).await.status(),
        StatusCode::NOT_FOUND,
        "before its bytes are there"
    );
    assert_eq!(put(&upload, file.clone()).await.status(), StatusCode::OK);

    let got = uploaded(&target, &ann, &upload).await;
    assert_eq!(got.headers()["content-type"], "audio/mpeg");
    let etag = got.headers()["etag"].to_str().unwrap().to_owned();
    assert!(got.bytes().await.unwrap() == file);
    let id = upload["media_id"].as_str().unwrap();
    let part = ann.get(&target.http, id, &[("range", "bytes=5999999-"), ("if-range", &etag)]).await;
    assert_eq!((part.status(), part.bytes().await.unwrap().len()), (StatusCode::PARTIAL_CONTENT, 1));
    let known = ann.get(&target.http, id, &[("if-none-match", &etag)]).await;
    assert_eq!(known.status(), StatusCode::NOT_MODIFIED);
    assert_eq!(socket.next().await, format!(r#"{{"action": "PLAY", "value": "{id}"}}"#));
}

#[tokio::test]
async fn only_what_was_announced_is_taken_and_only_once() {
    let target = Target::start();
    let ann = Guest::sign_in(&target.http).await;
    let announced = json!({"filename": "a.txt", "content_type": "text/plain", "size": 5, "sha256": HELLO});
    let upload = begin(&target, &ann, announced).await;
    assert_eq!(put(&upload, "hell").await.status(), StatusCode::BAD_REQUEST, "shorter");
    assert_eq!(put(&upload, "hello!").await.status(), StatusCode::PAYLOAD_TOO_LARGE, "longer");
    assert_eq!(put(&upload, "hallo").await.status(), StatusCode::BAD_REQUEST, "another text");
    let mut other_type = upload.clone();
    other_type["headers"]["content-type"] = "text/html".into();
    assert_eq!(put(&other_type, "hello").await.status(), StatusCode::BAD_REQUEST, "another type");
    for (part, other) in [("size=5", "size=6"), ("text%2Fplain", "text%2Fhtml"), ("expires=1", "expires=2")] {
        let mut changed = upload.clone();
        changed["url"] = upload["url"].as_str().unwrap().replace(part, other).into();
        assert_ne!(changed["url"], upload["url"]);
        assert_eq!(put(&changed, "hello").await.status(), StatusCode::FORBIDDEN, "{part}");
    }
    assert_eq!(get(&target, &ann, &upload).await.status(), StatusCode::NOT_FOUND);

    assert_eq!(put(&upload, "hello").await.status(), StatusCode::OK);
    assert_eq!(uploaded(&target, &ann, &upload).await.bytes().await.unwrap(), "hello");
    assert_eq!(put(&upload, "hello").await.status(), StatusCode::PRECONDITION_FAILED, "twice");
    assert_eq!(uploaded(&target, &ann, &upload).await.bytes().await.unwrap(), "hello");
}

#[tokio::test]
async fn the_same_announcement_by_its_idempotency_key_is_one_medium() {
    let target = Target::start();
    let ann = Guest::sign_in(&target.http).await;
    let begin = async || {
        let request = ann.http.post(format!("{}/api/uploads", target.http)).bearer_auth(ann.token());
        let form = Form::new().text("filename", "a").text("size", "5");
        let request = request.header("Idempotency-Key", "k1").multipart(form);
        request.send().await.unwrap().json::<Value>().await.unwrap()
    };
    let (first, second) = (begin().await, begin().await);
    assert_eq!(first["media_id"], second["media_id"]);
    assert_eq!(put(&second, "hello").await.status(), StatusCode::OK);
    assert_eq!(put(&first, "hallo").await.status(), StatusCode::PRECONDITION_FAILED);
    assert_eq!(uploaded(&target, &ann, &first).await.bytes().await.unwrap(), "hello");
}

#[tokio::test]
async fn strangers_and_files_beyond_the_limit_get_no_leave() {
    let target = Target::start_with(&["--max-upload-mb", "1"]);
    let ann = Guest::sign_in(&target.http).await;
    let request = || ann.http.post(format!("{}/api/uploads/", target.http));
    let large = json!({"filename": "a", "size": (1 << 20) + 1});
    assert_eq!(request().json(&large).send().await.unwrap().status(), StatusCode::UNAUTHORIZED);
    let refused = request().bearer_auth(ann.token()).json(&large).send().await.unwrap();
    assert_eq!(refused.status(), StatusCode::PAYLOAD_TOO_LARGE);
    let answer: Value = refused.json().await.unwrap();
    assert_eq!(answer["code"], "TOO_LARGE");
}

#[tokio::test]
async fn what_a_killed_process_left_without_a_medium_goes_and_media_stay() {
    let target = Target::start();
    let ann = Guest::sign_in(&target.http).await;
    let kept: Value = ann.upload(&target.http, "kept.txt", "kept").await.json().await.unwrap();
    let upload = begin(&target, &ann, json!({"filename": "a.txt", "size": 5})).await;
    let url = upload["url"].as_str().unwrap();
    let name = url.split_once("/signed/").unwrap().1.split('?').next().unwrap().to_owned();
    let store = target.kill();

    // As if it had been killed after it had taken the bytes, and before it knew what they are.
    let media = store.path().join("media");
    let orphan = media.join("0123456789abcdef0123456789abcdef.txt");
    std::fs::write(&orphan, "nobody's").unwrap();
    std::fs::write(media.join("notes.txt"), "put here by hand").unwrap();
    std::fs::write(media.join(&name), "hello").unwrap();
    let target = Target::start_in(store, &[]);
    assert_eq!(uploaded(&target, &ann, &upload).await.bytes().await.unwrap(), "hello");
    let gone = async {
        while orphan.exists() {
            tokio::task::yield_now().await;
        }
    };
    tokio::time::timeout(PATIENCE, gone).await.expect("the orphan is still there");
    assert!(media.join("notes.txt").exists());
    assert_eq!(get(&target, &ann, &kept).await.bytes().await.unwrap(), "kept");
}
