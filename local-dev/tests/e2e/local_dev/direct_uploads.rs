//! Uploads into local-dev's own store: what it refuses, and what it finds when it starts.

use reqwest::StatusCode;
use serde_json::{Value, json};

use super::LocalDev;
use crate::client::{Guest, PATIENCE};
use crate::direct_uploads::{begin, get, put, uploaded};
use crate::documented_requests::{SOUND, paste};

const GUIDE: &str = include_str!("../../../../infra/guides/using-the-api.md");

/// The SHA-256 of `hello`.
const HELLO: &str = "2cf24dba5fb0a30e26e83b2ac5b9e29e1b161e5c1fa7425e73043362938b9824";

#[tokio::test]
async fn only_what_was_announced_is_taken_and_only_once() {
    let target = LocalDev::start();
    let ann = Guest::sign_in(&target.http).await;
    let announced = json!({"filename": "a.txt", "content_type": "text/plain", "size": 5, "sha256": HELLO});
    let upload = begin(&target.http, &ann, announced).await;
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
    assert_eq!(get(&target.http, &ann, &upload).await.status(), StatusCode::NOT_FOUND);

    assert_eq!(put(&upload, "hello").await.status(), StatusCode::OK);
    assert_eq!(uploaded(&target.http, &ann, &upload).await.bytes().await.unwrap(), "hello");
    assert_eq!(put(&upload, "hello").await.status(), StatusCode::PRECONDITION_FAILED, "twice");
    assert_eq!(uploaded(&target.http, &ann, &upload).await.bytes().await.unwrap(), "hello");
}

#[tokio::test]
async fn strangers_and_files_beyond_the_limit_get_no_leave() {
    let target = LocalDev::start_with(&["--max-upload-mb", "1"]);
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
    let target = LocalDev::start();
    let ann = Guest::sign_in(&target.http).await;
    let kept: Value = ann.upload(&target.http, "kept.txt", "kept").await.json().await.unwrap();
    let upload = begin(&target.http, &ann, json!({"filename": "a.txt", "size": 5})).await;
    let url = upload["url"].as_str().unwrap();
    let name = url.split_once("/signed/").unwrap().1.split('?').next().unwrap().to_owned();
    let store = target.kill();

    // As if it had been killed after it had taken the bytes, and before it knew what they are.
    let media = store.path().join("media");
    let orphan = media.join("0123456789abcdef0123456789abcdef.txt");
    std::fs::write(&orphan, "nobody's").unwrap();
    std::fs::write(media.join("notes.txt"), "put here by hand").unwrap();
    std::fs::write(media.join(&name), "hello").unwrap();
    let target = LocalDev::start_in(store, &[]);
    assert_eq!(uploaded(&target.http, &ann, &upload).await.bytes().await.unwrap(), "hello");
    let gone = async {
        while orphan.exists() {
            tokio::task::yield_now().await;
        }
    };
    tokio::time::timeout(PATIENCE, gone).await.expect("the orphan is still there");
    assert!(media.join("notes.txt").exists());
    assert_eq!(get(&target.http, &ann, &kept).await.bytes().await.unwrap(), "kept");
}

#[tokio::test]
async fn the_lines_of_the_guide_work_as_they_stand() {
    let target = LocalDev::start();
    let block = GUIDE.split("```bash\n").nth(1).and_then(|rest| rest.split("```").next()).unwrap();
    let (_, downloaded) = paste(&target.http, block, "direct.mp3").await;
    assert_eq!(downloaded, SOUND);
}
