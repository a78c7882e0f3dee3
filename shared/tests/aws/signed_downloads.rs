//! Downloads that their bearer may make without credentials: a real verifier refuses whatever was not signed.

use std::sync::Arc;
use std::time::Duration;

use futures_util::{StreamExt, stream};
use parlor::ids::StoredName;
use parlor::ports::{DownloadTerms, MediaStore};
use parlor::system::SystemClock;
use reqwest::StatusCode;

use crate::servers::media_store;

#[tokio::test]
async fn a_download_is_given_to_whoever_holds_its_request_and_no_other() {
    let (_server, store) = media_store(Arc::new(SystemClock)).await;
    let name = StoredName::from_random([7; 16], "text.txt");
    let body = stream::iter([Ok("twelve bytes".into())]).boxed();
    store.put(&name, "text/html", body, 12).await.unwrap();
    let terms = DownloadTerms {
        content_type: "text/plain".into(),
        disposition: "attachment".into(),
        expires_in: Duration::from_secs(60),
    };
    let request = store.sign_download(&name, &terms).await.unwrap();
    let answer = reqwest::get(&request.url).await.unwrap();
    assert_eq!(answer.headers()["content-disposition"], "attachment");
    assert_eq!(answer.headers()["content-type"], "text/plain");
    assert_eq!(answer.text().await.unwrap(), "twelve bytes");
    let tampered = request.url.replacen("attachment", "inline", 1);
    assert_ne!(tampered, request.url);
    assert_eq!(reqwest::get(&tampered).await.unwrap().status(), StatusCode::FORBIDDEN);
}
