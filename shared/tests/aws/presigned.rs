//! Requests that their bearer may make once: a real verifier refuses whatever was not signed.

use std::time::Duration;

use parlor::aws::S3MediaStore;
use parlor::ids::StoredName;
use parlor::ports::{DownloadTerms, MediaStore, SignedRequest, UploadTerms};
use real_servers::S3Server;
use reqwest::StatusCode;

use crate::servers::{BUCKET, media_store};

const TEXT: &str = "twelve bytes";

fn name() -> StoredName {
    StoredName::from_random([7; 16], "text.txt")
}

fn terms() -> UploadTerms {
    UploadTerms {
        size: TEXT.len() as u64,
        content_type: "text/plain".into(),
        sha256: sha256(TEXT),
        expires_in: Duration::from_secs(60),
    }
}

fn sha256(text: &str) -> String {
    use sha2::{Digest, Sha256};
    format!("{:x}", Sha256::digest(text))
}

async fn signed() -> (S3Server, S3MediaStore, SignedRequest) {
    let (server, store) = media_store().await;
    let request = store.sign_upload(&name(), &terms()).await.unwrap();
    (server, store, request)
}

/// Makes the request with that body; a header that is named here says something else than was signed.
async fn put(request: &SignedRequest, body: &'static str, header: Option<(&str, &str)>) -> StatusCode {
    let mut put = reqwest::Client::new().put(&request.url).body(body);
    for (name, value) in &request.headers {
        let other = header.filter(|(other, _)| other.eq_ignore_ascii_case(name)).map(|(_, value)| value);
        // The length is the body's: a client cannot say another one and be understood.
        if !name.eq_ignore_ascii_case("content-length") && !name.eq_ignore_ascii_case("host") {
            put = put.header(name, other.unwrap_or(value));
        }
    }
    put.send().await.unwrap().status()
}

#[tokio::test]
async fn what_was_signed_is_taken_once() {
    let (_server, store, request) = signed().await;
    assert_eq!(put(&request, TEXT, None).await, StatusCode::OK);
    assert_eq!(store.size(&name()).await.unwrap(), 12);
    assert_eq!(put(&request, TEXT, None).await, StatusCode::PRECONDITION_FAILED);
}

#[tokio::test]
async fn what_was_not_signed_is_refused_and_nothing_is_stored() {
    let (server, _store, request) = signed().await;
    for (signed, other) in [("/media/", "/messages/"), ("Expires=60", "Expires=600")] {
        let url = request.url.replacen(signed, other, 1);
        assert_ne!(url, request.url);
        let tampered = SignedRequest { url, ..request.clone() };
        assert_eq!(put(&tampered, TEXT, None).await, StatusCode::FORBIDDEN, "{other}");
    }
    let type_of_page = Some(("content-type", "text/html"));
    assert_eq!(put(&request, TEXT, type_of_page).await, StatusCode::FORBIDDEN);
    assert_eq!(put(&request, "twelve bytes and more", None).await, StatusCode::FORBIDDEN, "oversized");
    assert!(!put(&request, "other bytes!", None).await.is_success(), "another checksum");
    assert_eq!(server.keys(BUCKET), Vec::<String>::new());
}

#[tokio::test]
async fn a_request_ends_with_its_time() {
    let (server, store) = media_store().await;
    let terms = UploadTerms { expires_in: Duration::from_secs(1), ..terms() };
    let request = store.sign_upload(&name(), &terms).await.unwrap();
    // The server has a clock of its own; the condition is that it says no, which it does not before the time is over.
    let refused = async {
        while put(&request, "other bytes!", None).await != StatusCode::FORBIDDEN {
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
    };
    tokio::time::timeout(Duration::from_secs(30), refused).await.expect("the request to end");
    assert_eq!(put(&request, TEXT, None).await, StatusCode::FORBIDDEN);
    assert_eq!(server.keys(BUCKET), Vec::<String>::new());
}

#[tokio::test]
async fn a_download_is_given_to_whoever_holds_its_request_and_no_other() {
    let (_server, store, upload) = signed().await;
    assert_eq!(put(&upload, TEXT, None).await, StatusCode::OK);
    let terms = DownloadTerms {
        content_type: "text/plain".into(),
        disposition: "attachment".into(),
        expires_in: Duration::from_secs(60),
    };
    let request = store.sign_download(&name(), &terms).await.unwrap();
    let answer = reqwest::get(&request.url).await.unwrap();
    assert_eq!(answer.headers()["content-disposition"], "attachment");
    assert_eq!(answer.text().await.unwrap(), TEXT);
    let tampered = request.url.replacen("attachment", "inline", 1);
    assert_ne!(tampered, request.url);
    assert_eq!(reqwest::get(&tampered).await.unwrap().status(), StatusCode::FORBIDDEN);
}
