//! Uploads that go past the application, straight into the store.

use reqwest::multipart::Form;
use reqwest::{Response, StatusCode};
use serde_json::{Value, json};

use crate::client::{Guest, PATIENCE, Socket};
use crate::target::Target;

/// Announces a file.
pub async fn begin(http: &str, guest: &Guest, file: Value) -> Value {
    let request = guest.http.post(format!("{http}/api/uploads/")).bearer_auth(guest.token());
    let response = request.json(&file).send().await.unwrap();
    assert_eq!(response.status(), StatusCode::OK);
    response.json().await.unwrap()
}

/// Does what the answer says, with any body.
pub async fn put(upload: &Value, body: impl Into<reqwest::Body>) -> Response {
    let headers = upload["headers"].as_object().unwrap();
    let method = upload["method"].as_str().unwrap().parse().unwrap();
    let request = reqwest::Client::new().request(method, upload["url"].as_str().unwrap());
    let request =
        headers.iter().fold(request, |request, (name, value)| request.header(name, value.as_str().unwrap()));
    request.body(body).send().await.unwrap()
}

/// Asks for the medium.
pub async fn get(http: &str, guest: &Guest, upload: &Value) -> Response {
    guest.get(http, upload["media_id"].as_str().unwrap(), &[]).await
}

/// Asks for the medium until it is there.
pub async fn uploaded(http: &str, guest: &Guest, upload: &Value) -> Response {
    let asked = async {
        loop {
            let response = get(http, guest, upload).await;
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
    let target = Target::start().await;
    let ann = Guest::sign_in(&target.http).await;
    let mut socket = Socket::open(&target.feed).await;
    let file = vec![42; target.max_direct_upload];
    let announced = json!({"filename": "ä.mp3", "content_type": "audio/mpeg", "size": file.len()});
    let upload = begin(&target.http, &ann, announced).await;
    assert_eq!(
        get(&target.http, &ann, &upload).await.status(),
        StatusCode::NOT_FOUND,
        "before its bytes are there"
    );
    assert_eq!(put(&upload, file.clone()).await.status(), StatusCode::OK);

    let got = uploaded(&target.http, &ann, &upload).await;
    assert_eq!(got.headers()["content-type"], "audio/mpeg");
    let etag = got.headers()["etag"].to_str().unwrap().to_owned();
    assert!(got.bytes().await.unwrap() == file.as_slice());
    let id = upload["media_id"].as_str().unwrap();
    let last = format!("bytes={}-", file.len() - 1);
    let part = ann.get(&target.http, id, &[("range", &last), ("if-range", &etag)]).await;
    assert_eq!((part.status(), part.bytes().await.unwrap().len()), (StatusCode::PARTIAL_CONTENT, 1));
    let known = ann.get(&target.http, id, &[("if-none-match", &etag)]).await;
    assert_eq!(known.status(), StatusCode::NOT_MODIFIED);
    socket.hear_text(&format!(r#"{{"action": "PLAY", "value": "{id}"}}"#)).await;
}

#[tokio::test]
async fn the_same_announcement_by_its_idempotency_key_is_one_medium() {
    let target = Target::start().await;
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
    assert_eq!(uploaded(&target.http, &ann, &first).await.bytes().await.unwrap(), "hello");
}
