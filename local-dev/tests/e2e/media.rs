//! Media in and out.

use reqwest::StatusCode;
use reqwest::multipart::{Form, Part};
use serde_json::Value;

use crate::client::{Guest, Socket};
use crate::target::{Target, unique};

const FIRST: &str = "904cb473-5d17-4885-9363-46f466a7d140";

#[tokio::test]
async fn an_upload_is_stored_announced_on_the_feed_and_downloaded_again() {
    let target = Target::start().await;
    let ann = Guest::sign_in(&target.http).await;
    let mut socket = Socket::open(&target.feed).await;
    let file = audio();
    let form = Form::new()
        .text("param1", "test1")
        .part("file", Part::bytes(file.clone()).file_name("audio_test_1.mp3").mime_str("audio/mpeg").unwrap())
        .text("param2", "test2")
        .text("media_id", "not mine to say");
    let response = ann.post(&target.http, form).await;
    assert_eq!(response.status(), StatusCode::OK);
    let answer: Value = response.json().await.unwrap();
    let id = answer["media_id"].as_str().unwrap();
    assert_eq!(answer["status"], "File saved");
    assert_eq!((&answer["param1"], &answer["param2"]), (&"test1".into(), &"test2".into()));
    assert_eq!(answer["filename"], "audio_test_1.mp3");
    assert_ne!(id, "not mine to say");

    let got = ann.get(&target.http, id, &[]).await;
    assert_eq!(header(&got, "content-type"), "audio/mpeg");
    assert_eq!(got.bytes().await.unwrap(), file);
    let saved_to = answer["saved_to"].as_str().unwrap();
    assert!(
        saved_to.starts_with(&format!("{}/media/", target.http)) && saved_to.ends_with(".mp3"),
        "{saved_to}"
    );
    let by_name = reqwest::get(saved_to).await.unwrap();
    assert_eq!(by_name.bytes().await.unwrap(), file);

    socket.hear_text(&format!(r#"{{"action": "PLAY", "value": "{id}"}}"#)).await;
}

#[tokio::test]
async fn the_predefined_audio_is_always_there() {
    let target = Target::start().await;
    let ann = Guest::sign_in(&target.http).await;
    let got = ann.get(&target.http, FIRST, &[]).await;
    assert_eq!(header(&got, "content-type"), "audio/mpeg");
    assert!(header(&got, "content-disposition").starts_with("inline; filename=\"audio_test_1.mp3\""));
    assert_eq!(header(&got, "x-content-type-options"), "nosniff");
    let bytes = got.bytes().await.unwrap();
    assert_eq!(bytes, audio());
    let by_query = format!("{}/media_get/?media_id={FIRST}&token={}", target.http, ann.token());
    assert_eq!(reqwest::get(by_query).await.unwrap().bytes().await.unwrap(), bytes);
}

#[tokio::test]
async fn parts_of_a_medium_can_be_asked_for() {
    let target = Target::start().await;
    let ann = Guest::sign_in(&target.http).await;
    let uploaded: Value = ann.upload(&target.http, "ten.bin", "0123456789").await.json().await.unwrap();
    for id in [uploaded["media_id"].as_str().unwrap(), FIRST] {
        let part = ann.get(&target.http, id, &[("range", "bytes=2-4")]).await;
        assert_eq!(part.status(), StatusCode::PARTIAL_CONTENT);
        assert!(header(&part, "content-range").starts_with("bytes 2-4/"));
        assert_eq!(header(&part, "content-length"), "3");
        assert_eq!(part.bytes().await.unwrap().len(), 3);
    }
    let id = uploaded["media_id"].as_str().unwrap();
    let last = ann.get(&target.http, id, &[("range", "bytes=-3")]).await;
    assert_eq!(last.bytes().await.unwrap(), "789");
    let outside = ann.get(&target.http, id, &[("range", "bytes=10-")]).await;
    assert_eq!(outside.status(), StatusCode::RANGE_NOT_SATISFIABLE);
    assert_eq!(header(&outside, "content-range"), "bytes */10");
    assert_eq!(outside.json::<Value>().await.unwrap()["code"], "RANGE_NOT_SATISFIABLE");
    let nonsense = ann.get(&target.http, id, &[("range", "bytes=x-y")]).await;
    assert_eq!((nonsense.status(), nonsense.bytes().await.unwrap()), (StatusCode::OK, "0123456789".into()));
}

#[tokio::test]
async fn a_client_that_has_the_bytes_is_told_so() {
    let target = Target::start().await;
    let ann = Guest::sign_in(&target.http).await;
    let first = ann.get(&target.http, FIRST, &[]).await;
    let etag = header(&first, "etag");
    let second = ann.get(&target.http, FIRST, &[("if-none-match", &etag)]).await;
    assert_eq!(second.status(), StatusCode::NOT_MODIFIED);
    let other = ann.get(&target.http, FIRST, &[("range", "bytes=0-0"), ("if-range", "\"other\"")]).await;
    assert_eq!(other.status(), StatusCode::OK);
    let url = format!("{}/media_get/?media_id={FIRST}", target.http);
    let head = ann.http.head(url).bearer_auth(ann.access_token()).send().await.unwrap();
    assert_eq!(head.status(), StatusCode::OK);
    assert_eq!(header(&head, "content-length"), first.bytes().await.unwrap().len().to_string());
}

#[tokio::test]
async fn head_tells_what_get_would_and_sends_nothing() {
    let target = Target::start().await;
    let ann = Guest::sign_in(&target.http).await;
    let uploaded: Value = ann.upload(&target.http, "ten.bin", "0123456789").await.json().await.unwrap();
    let url = format!("{}/media_get/?media_id={}", target.http, uploaded["media_id"].as_str().unwrap());
    let get = ann.http.get(&url).bearer_auth(ann.token()).send().await.unwrap();
    // What a range means is defined for GET alone.
    for range in ["none", "bytes=2-4", "bytes=90-"] {
        let head = ann.http.head(&url).bearer_auth(ann.token()).header("range", range);
        let head = head.send().await.unwrap();
        assert_eq!(head.status(), StatusCode::OK, "{range}");
        for name in [
            "content-length",
            "content-type",
            "content-disposition",
            "etag",
            "cache-control",
            "accept-ranges",
            "x-content-type-options",
            "content-security-policy",
        ] {
            assert_eq!(header(&head, name), header(&get, name), "{range}: {name}");
            assert_ne!(header(&head, name), "", "{range}: {name}");
        }
        assert_eq!(header(&head, "content-range"), "", "{range}");
        assert_eq!(head.bytes().await.unwrap(), "");
    }
    let etag = header(&get, "etag");
    let known = ann.http.head(&url).bearer_auth(ann.token()).header("if-none-match", etag);
    assert_eq!(known.send().await.unwrap().status(), StatusCode::NOT_MODIFIED);
    let unknown = ann.http.head(format!("{}/media/{}.bin", target.http, "0".repeat(32)));
    assert_eq!(unknown.send().await.unwrap().status(), StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn what_could_carry_scripts_is_only_ever_downloaded() {
    let target = Target::start().await;
    let ann = Guest::sign_in(&target.http).await;
    for (name, kind) in [
        ("a.html", "text/html"),
        ("a.svg", "image/svg+xml"),
        ("a.js", "text/javascript"),
        ("a.mjs", "application/octet-stream"),
        ("a.css", "text/css"),
    ] {
        let part = Part::bytes(b"<script>".to_vec()).file_name(name).mime_str(kind).unwrap();
        let answer: Value =
            ann.post(&target.http, Form::new().part("file", part)).await.json().await.unwrap();
        let got = reqwest::get(answer["saved_to"].as_str().unwrap()).await.unwrap();
        assert!(header(&got, "content-disposition").starts_with("attachment;"), "{name}");
        assert_eq!(header(&got, "content-security-policy"), "sandbox");
        assert_eq!(header(&got, "x-content-type-options"), "nosniff");
        assert_eq!(header(&got, "content-type"), "text/plain", "no page of ours can load {name}");
    }
}

#[tokio::test]
async fn a_client_that_insists_on_what_it_has_gets_nothing_else() {
    let target = Target::start().await;
    let ann = Guest::sign_in(&target.http).await;
    let part = Part::bytes(b"0123456789".to_vec()).file_name("x.bin");
    let answer: Value = ann.post(&target.http, Form::new().part("file", part)).await.json().await.unwrap();
    let url = answer["saved_to"].as_str().unwrap();
    let etag = header(&reqwest::get(url).await.unwrap(), "etag");
    for (tags, status) in [
        ("\"other\"".to_owned(), 412),
        (format!("W/{etag}"), 412),
        (etag.clone(), 206),
        (format!("\"other\", {etag}"), 206),
        ("*".to_owned(), 206),
    ] {
        let request = ann.http.get(url).header("if-match", &tags).header("range", "bytes=0-4");
        assert_eq!(request.send().await.unwrap().status(), status, "{tags}");
    }
}

/// As .NET sends it, and as others do: the exact name stands in `filename*`, alone or beside an encoded word.
#[tokio::test]
async fn a_file_is_called_what_its_exact_name_says() {
    let target = Target::start().await;
    let ann = Guest::sign_in(&target.http).await;
    for names in [
        "filename*=UTF-8''na%C3%AFve.txt",
        "filename=\"=?utf-8?B?bmHDr3ZlLnR4dA==?=\"; filename*=utf-8''na%C3%AFve.txt",
    ] {
        let body =
            format!("--b\r\nContent-Disposition: form-data; name=file; {names}\r\n\r\nhello\r\n--b--\r\n");
        let request = ann.http.post(format!("{}/media_post/", target.http)).bearer_auth(ann.token());
        let request = request.header("content-type", "multipart/form-data; boundary=b").body(body);
        let answer: Value = request.send().await.unwrap().json().await.unwrap();
        assert_eq!(answer["filename"], "naïve.txt", "{names}: {answer}");
        assert!(answer["saved_to"].as_str().unwrap().ends_with(".txt"), "{answer}");
    }
}

#[tokio::test]
async fn the_same_upload_again_by_its_idempotency_key_is_one_medium_and_one_announcement() {
    let target = Target::start().await;
    let ann = Guest::sign_in(&target.http).await;
    let mut socket = Socket::open(&target.feed).await;
    let (key, mut ids) = (unique("key"), Vec::new());
    for _ in 0..2 {
        let form = Form::new().part("file", Part::bytes(vec![7; 100_000]).file_name("x.bin"));
        let request = ann.http.post(format!("{}/media_post", target.http)).bearer_auth(ann.token());
        let response = request.header("Idempotency-Key", &key).multipart(form).send().await.unwrap();
        let answer: Value = response.json().await.unwrap();
        ids.push(answer["media_id"].as_str().unwrap().to_owned());
    }
    assert_eq!(ids[0], ids[1]);
    socket.hear(|text| text.contains(&ids[0])).await;
    target.assert_stores(1, "the same upload twice");
}

/// The first of the sounds that ship with the project.
fn audio() -> Vec<u8> {
    std::fs::read(concat!(env!("CARGO_MANIFEST_DIR"), "/../infra/audio/audio_test_1.mp3")).unwrap()
}

fn header(response: &reqwest::Response, name: &str) -> String {
    response.headers().get(name).map(|value| value.to_str().unwrap().to_owned()).unwrap_or_default()
}
