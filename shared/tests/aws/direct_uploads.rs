//! The contract of direct uploads on an S3 server that verifies signatures, and what only S3's requests can be made to do.

use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use bytes::Bytes;
use parlor::aws::S3MediaStore;
use parlor::ids::StoredName;
use parlor::ports::{Clock, MediaStore, SignedRequest, UploadTerms};
use parlor::protocol::Timestamp;
use parlor::system::SystemClock;
use parlor::testing::SettableClock;
use parlor::testing::direct_upload_contract::{LIFE, UnderTest};
use real_servers::S3Server;
use reqwest::StatusCode;

use crate::servers::{BUCKET, media_store};

const TEXT: &str = "twelve bytes";

struct Bucket {
    store: S3MediaStore,
    /// The signer's; the server has one of its own, which is right.
    clock: Arc<SettableClock>,
}

#[async_trait]
impl UnderTest for Bucket {
    fn store(&self) -> &dyn MediaStore {
        &self.store
    }

    async fn make(&self, request: &SignedRequest, body: Bytes) -> bool {
        make_request(request, body).await.is_success()
    }

    async fn expired(&self, name: &StoredName, terms: &UploadTerms) -> SignedRequest {
        let now = SystemClock.now();
        self.clock.set(Timestamp::from_secs(now.as_secs() - 2 * LIFE.as_secs() as i64));
        let request = self.store.sign_upload(name, terms).await.unwrap();
        self.clock.set(now);
        request
    }
}

async fn make() -> (Bucket, S3Server) {
    let clock = Arc::new(SettableClock::at(SystemClock.now()));
    let (server, store) = media_store(clock.clone()).await;
    (Bucket { store, clock }, server)
}

parlor::direct_upload_contract_tests!(make());

async fn make_request(request: &SignedRequest, body: impl Into<reqwest::Body>) -> StatusCode {
    let mut put = reqwest::Client::new().put(&request.url).body(body);
    // A client cannot say another length than the body's and be understood.
    for (name, value) in request.headers.iter().filter(|(name, _)| name != "content-length") {
        put = put.header(name, value);
    }
    put.send().await.unwrap().status()
}

async fn signed(store: &S3MediaStore) -> SignedRequest {
    let terms = UploadTerms {
        size: TEXT.len() as u64,
        content_type: "text/plain".into(),
        sha256: None,
        expires_in: Duration::from_secs(60),
    };
    store.sign_upload(&StoredName::from_random([7; 16], "text.txt"), &terms).await.unwrap()
}

#[tokio::test]
async fn a_request_can_neither_write_elsewhere_nor_live_longer() {
    let (bucket, server) = make().await;
    let request = signed(&bucket.store).await;
    for (said, other) in [("/media/", "/messages/"), ("Expires=60", "Expires=600")] {
        let url = request.url.replacen(said, other, 1);
        assert_ne!(url, request.url);
        let tampered = SignedRequest { url, ..request.clone() };
        assert_eq!(make_request(&tampered, TEXT).await, StatusCode::FORBIDDEN, "{other}");
    }
    assert_eq!(server.keys(BUCKET), Vec::<String>::new());
}

#[tokio::test]
async fn the_condition_that_nothing_is_there_cannot_be_left_out() {
    let (bucket, server) = make().await;
    let mut request = signed(&bucket.store).await;
    let (url, headers) = (request.url.clone(), request.headers.len());
    request.headers.retain(|(name, _)| name != "if-none-match");
    assert_eq!(request.headers.len(), headers - 1);
    assert_eq!(make_request(&request, TEXT).await, StatusCode::FORBIDDEN);
    let url = url.replacen("if-none-match", "", 1);
    assert_eq!(make_request(&SignedRequest { url, ..request }, TEXT).await, StatusCode::FORBIDDEN);
    assert_eq!(server.keys(BUCKET), Vec::<String>::new());
}

#[tokio::test]
async fn a_second_use_is_told_that_something_is_there() {
    let (bucket, _server) = make().await;
    let request = signed(&bucket.store).await;
    assert_eq!(make_request(&request, TEXT).await, StatusCode::OK);
    assert_eq!(make_request(&request, TEXT).await, StatusCode::PRECONDITION_FAILED);
}
