//! Leave to upload directly.

use axum::body::Body;
use axum::http::{Request, StatusCode};
use parlor::inbound::http::upload_router;
use serde_json::{Value, json};

use crate::http::bench::{Bench, json, send};

const MP3: &str = r#"{"filename": "song.mp3", "content_type": "audio/mpeg", "size": 7000000}"#;

async fn begin(bench: &Bench, token: &str, headers: &[(&str, &str)], body: &str) -> (StatusCode, Value) {
    let request = Request::post("/api/uploads/").header("authorization", format!("Bearer {token}"));
    let request = headers.iter().fold(request, |request, (name, value)| request.header(*name, *value));
    let request = request.body(Body::from(body.to_owned())).unwrap();
    let response = send(upload_router(bench.app.clone()), request).await;
    let status = response.status();
    if status == StatusCode::OK {
        assert_eq!(response.headers()["cache-control"], "no-store");
    }
    (status, json(response).await)
}

#[tokio::test]
async fn a_file_that_is_announced_gets_an_id_and_a_signed_request_for_just_that_file() {
    let bench = Bench::new(|_| ());
    let (status, answer) = begin(&bench, &bench.token().await, &[], MP3).await;
    assert_eq!(status, 200);
    let [(name, terms)] = &bench.media.signed.lock().unwrap()[..] else { panic!("one signature") };
    assert!(name.is_direct() && name.as_str().ends_with(".mp3"), "{name}");
    assert_eq!((terms.size, terms.content_type.as_str(), &terms.sha256), (7_000_000, "audio/mpeg", &None));
    let expected = json!({
        "media_id": answer["media_id"],
        "url": format!("https://store.test/{name}"),
        "method": "PUT",
        "headers": {"content-type": "audio/mpeg"},
        "expires_in": 3600,
    });
    assert_eq!(answer, expected);
    assert_eq!(answer["media_id"].as_str().unwrap().len(), 36);
}

#[tokio::test]
async fn a_form_and_a_multipart_body_announce_as_json_does() {
    let bench = Bench::new(|_| ());
    let token = bench.token().await;
    let part = |name: &str, value: &str| {
        format!("--b\r\nContent-Disposition: form-data; name=\"{name}\"\r\n\r\n{value}\r\n")
    };
    let parts = [part("filename", "a.png"), part("size", "12"), "--b--\r\n".to_owned()].concat();
    for (kind, body) in [
        ("application/json", r#"{"filename": "a.png", "size": 12, "content_type": null}"#),
        ("application/x-www-form-urlencoded", "filename=a.png&size=12"),
        ("multipart/form-data; boundary=b", &parts),
    ] {
        let (status, answer) = begin(&bench, &token, &[("content-type", kind)], body).await;
        assert_eq!(status, 200, "{kind}: {answer}");
        let (_, terms) = bench.media.signed.lock().unwrap().pop().unwrap();
        assert_eq!((terms.size, terms.content_type.as_str()), (12, "image/png"), "{kind}");
    }
}

#[tokio::test]
async fn a_checksum_is_pinned_if_it_is_said() {
    let bench = Bench::new(|_| ());
    let digits = "aB".repeat(32);
    let body = json!({"filename": "a", "size": 1, "sha256": digits}).to_string();
    assert_eq!(begin(&bench, &bench.token().await, &[], &body).await.0, 200);
    let (_, terms) = bench.media.signed.lock().unwrap().pop().unwrap();
    assert_eq!(terms.sha256.as_deref(), Some("ab".repeat(32).as_str()));
}

#[tokio::test]
async fn nobody_uploads_without_signing_in() {
    let bench = Bench::new(|_| ());
    let (status, answer) = begin(&bench, "no token", &[], MP3).await;
    assert_eq!((status, &answer["code"]), (StatusCode::UNAUTHORIZED, &"UNAUTHENTICATED".into()));
    assert!(bench.media.signed.lock().unwrap().is_empty());
}

#[tokio::test]
async fn what_makes_no_sense_is_named() {
    let bench = Bench::new(|settings| settings.max_direct_upload_bytes = 1000);
    let token = bench.token().await;
    for (body, field) in [
        (r#"{"size": 1}"#, "filename"),
        (r#"{"filename": "a"}"#, "size"),
        (r#"{"filename": "a", "size": 0}"#, "size"),
        (r#"{"filename": "a", "size": -1}"#, "size"),
        (r#"{"filename": "a", "size": 1.5}"#, "size"),
        (r#"{"filename": "a", "size": null}"#, "size"),
        (r#"{"filename": "a", "size": "many"}"#, "size"),
        (r#"{"filename": ["a"], "size": 1}"#, "filename"),
        (r#"{"filename": "a", "size": 1, "sha256": "abc"}"#, "sha256"),
        (r#"{"filename": "a", "size": 1, "tags": ["x"]}"#, "tags"),
    ] {
        let (status, answer) = begin(&bench, &token, &[], body).await;
        assert_eq!((status, &answer["code"]), (StatusCode::BAD_REQUEST, &"INVALID_INPUT".into()), "{body}");
        assert!(answer["fields"][field].is_string(), "{body}: {answer}");
    }
    let key = [("idempotency-key", "")];
    assert_eq!(begin(&bench, &token, &key, r#"{"filename": "a", "size": 1}"#).await.0, 400);
    assert!(bench.media.signed.lock().unwrap().is_empty());
}

#[tokio::test]
async fn a_file_may_be_as_large_as_the_setting_and_no_larger() {
    let bench = Bench::new(|settings| settings.max_direct_upload_bytes = 1000);
    let token = bench.token().await;
    assert_eq!(begin(&bench, &token, &[], r#"{"filename": "a", "size": 1000}"#).await.0, 200);
    let (status, answer) = begin(&bench, &token, &[], r#"{"filename": "a", "size": 1001}"#).await;
    assert_eq!((status, &answer["code"]), (StatusCode::PAYLOAD_TOO_LARGE, &"TOO_LARGE".into()));
    assert!(answer["error"].as_str().unwrap().contains("1000 bytes"), "{answer}");
}

#[tokio::test]
async fn fields_beside_the_file_are_bounded() {
    let bench = Bench::new(|_| ());
    let token = bench.token().await;
    let with = |extra: Vec<(String, Value)>| {
        let mut body = json!({"filename": "a", "size": 1});
        body.as_object_mut().unwrap().extend(extra);
        body.to_string()
    };
    let many = |count: usize| with((0..count).map(|n| (format!("f{n}"), n.into())).collect());
    assert_eq!(begin(&bench, &token, &[], &many(64)).await.0, 200);
    assert_eq!(begin(&bench, &token, &[], &many(65)).await.0, 413);
    let long = |length: usize| with(vec![("note".to_owned(), "x".repeat(length).into())]);
    assert_eq!(begin(&bench, &token, &[], &long(65_532)).await.0, 200);
    assert_eq!(begin(&bench, &token, &[], &long(65_533)).await.0, 413);
}

#[tokio::test]
async fn the_same_request_by_its_idempotency_key_is_for_the_same_medium() {
    let bench = Bench::new(|_| ());
    let (ann, bob) = (bench.token().await, bench.token().await);
    let key = [("idempotency-key", "k1")];
    let (_, first) = begin(&bench, &ann, &key, MP3).await;
    let (_, again) = begin(&bench, &ann, &key, r#"{"filename": "other.mp3", "size": 1}"#).await;
    assert_eq!(again, first);
    let (_, other_key) = begin(&bench, &ann, &[("idempotency-key", "k2")], MP3).await;
    let (_, other_person) = begin(&bench, &bob, &key, MP3).await;
    assert!(other_key["media_id"] != first["media_id"] && other_person["media_id"] != first["media_id"]);
}

#[tokio::test]
async fn who_sends_too_large_a_body_hears_of_the_other_way_if_that_takes_more() {
    let body = "--b\r\nContent-Disposition: form-data; name=\"file\"; filename=\"a\"\r\n\r\n123\r\n--b--\r\n";
    for (direct_limit, named) in [(3, true), (2, false)] {
        let bench = Bench::new(|settings| {
            settings.max_upload_bytes = 2;
            settings.max_direct_upload_bytes = direct_limit;
        });
        let request = Request::post("/media_post/")
            .header("authorization", format!("Bearer {}", bench.token().await))
            .header("content-type", "multipart/form-data; boundary=b");
        let response = send(upload_router(bench.app.clone()), request.body(Body::from(body)).unwrap()).await;
        assert_eq!(response.status(), 413);
        let answer = json(response).await;
        assert_eq!(answer["code"], "TOO_LARGE");
        assert_eq!(answer["error"].as_str().unwrap().contains("POST /api/uploads/"), named, "{answer}");
    }
}
