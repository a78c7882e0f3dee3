//! What every [`MediaStore`] does with the uploads that it signed, once somebody makes them.

#![expect(clippy::unwrap_used, reason = "a scenario is a test")]

use std::time::Duration;

use async_trait::async_trait;
use bytes::Bytes;

use crate::ids::StoredName;
use crate::ports::{MediaStore, SignedRequest, UploadTerms};

/// One test for each scenario of uploads that a [`MediaStore`](crate::ports::MediaStore) signed. The expression answers an
/// [`UnderTest`].
#[macro_export]
macro_rules! direct_upload_contract_tests {
    ($make:expr) => {
        $crate::scenarios! { #[cfg(test)] $make, direct_upload_contract,
            scenarios {
                what_was_announced_is_taken_and_described,
                a_checksum_need_not_be_announced,
                a_changed_request_is_refused,
                an_expired_request_is_refused,
                a_body_of_another_length_is_refused,
                a_body_of_another_type_is_refused,
                a_body_of_another_checksum_is_refused,
                a_request_can_be_made_once,
                nothing_that_is_there_is_replaced,
            }
        }
    };
}

/// A store, and a client of nobody's acquaintance.
#[async_trait]
pub trait UnderTest: Send + Sync {
    /// The store.
    fn store(&self) -> &dyn MediaStore;

    /// Makes a signed request with its headers as they are, but for the length, which is the body's; tells whether the
    /// store took the body.
    async fn make(&self, request: &SignedRequest, body: Bytes) -> bool;

    /// Signs an upload that has expired by the time this returns.
    async fn expired(&self, name: &StoredName, terms: &UploadTerms) -> SignedRequest;
}

/// How long requests are good.
pub const LIFE: Duration = Duration::from_secs(60);

/// The scenarios.
pub mod scenarios {
    use futures_util::TryStreamExt as _;
    use sha2::{Digest as _, Sha256};

    use super::*;
    use crate::ports::MediaError;

    const TEXT: &[u8] = b"some words";
    const TYPE: &str = "text/plain";

    fn fresh() -> StoredName {
        let mut bytes = [0; 16];
        getrandom::fill(&mut bytes).unwrap();
        StoredName::direct_from_random(bytes, "words.txt")
    }

    fn sha256(bytes: &[u8]) -> String {
        format!("{:x}", Sha256::digest(bytes))
    }

    fn terms() -> UploadTerms {
        let (size, content_type) = (TEXT.len() as u64, TYPE.to_owned());
        UploadTerms { size, content_type, sha256: Some(sha256(TEXT)), expires_in: LIFE }
    }

    async fn signed(adapter: &impl UnderTest) -> (StoredName, SignedRequest) {
        let name = fresh();
        let request = adapter.store().sign_upload(&name, &terms()).await.unwrap();
        assert_eq!(request.method, "PUT");
        (name, request)
    }

    async fn assert_refused(
        adapter: &impl UnderTest,
        name: &StoredName,
        request: &SignedRequest,
        body: &[u8],
    ) {
        assert!(!adapter.make(request, Bytes::copy_from_slice(body)).await, "it was taken: {request:?}");
        assert!(matches!(adapter.store().head(name).await, Err(MediaError::NotFound)));
    }

    async fn assert_taken(adapter: &impl UnderTest, name: &StoredName, request: &SignedRequest) {
        assert!(adapter.make(request, Bytes::from_static(TEXT)).await, "it was refused: {request:?}");
        let body = adapter.store().get(name, None).await.unwrap();
        assert_eq!(body.try_collect::<Vec<_>>().await.unwrap().concat(), TEXT);
    }

    /// By whatever the store keeps.
    pub async fn what_was_announced_is_taken_and_described(adapter: impl UnderTest) {
        let (name, request) = signed(&adapter).await;
        assert!(matches!(adapter.store().head(&name).await, Err(MediaError::NotFound)));
        assert_taken(&adapter, &name, &request).await;
        let head = adapter.store().head(&name).await.unwrap();
        assert_eq!(head.size, TEXT.len() as u64);
        assert!(head.content_type.is_none_or(|kind| kind == TYPE));
        assert!(head.sha256.is_none_or(|digits| digits == sha256(TEXT)));
    }

    /// Length and type are pinned even so.
    pub async fn a_checksum_need_not_be_announced(adapter: impl UnderTest) {
        let name = fresh();
        let terms = UploadTerms { sha256: None, ..terms() };
        let request = adapter.store().sign_upload(&name, &terms).await.unwrap();
        assert_refused(&adapter, &name, &request, b"some word").await;
        assert_refused(&adapter, &name, &request, b"some words more").await;
        assert_taken(&adapter, &name, &request).await;
    }

    /// Neither for another name nor with another signature.
    pub async fn a_changed_request_is_refused(adapter: impl UnderTest) {
        let (name, request) = signed(&adapter).await;
        let other = fresh();
        let url = request.url.replace(name.as_str(), other.as_str());
        assert_refused(&adapter, &other, &SignedRequest { url, ..request.clone() }, TEXT).await;
        let mut url = request.url.clone();
        let last = url.pop().unwrap();
        url.push(if last == '0' { '1' } else { '0' });
        assert_refused(&adapter, &name, &SignedRequest { url, ..request.clone() }, TEXT).await;
        assert_taken(&adapter, &name, &request).await;
    }

    /// Its time is over.
    pub async fn an_expired_request_is_refused(adapter: impl UnderTest) {
        let name = fresh();
        let request = adapter.expired(&name, &terms()).await;
        assert_refused(&adapter, &name, &request, TEXT).await;
    }

    /// Shorter or longer.
    pub async fn a_body_of_another_length_is_refused(adapter: impl UnderTest) {
        let (name, request) = signed(&adapter).await;
        for other in [&b""[..], b"some word", b"some words more"] {
            assert_refused(&adapter, &name, &request, other).await;
        }
        assert_taken(&adapter, &name, &request).await;
    }

    /// Whatever the body is.
    pub async fn a_body_of_another_type_is_refused(adapter: impl UnderTest) {
        let (name, request) = signed(&adapter).await;
        let mut other = request.clone();
        for (header, value) in &mut other.headers {
            if header.eq_ignore_ascii_case("content-type") {
                "text/html".clone_into(value);
            }
        }
        assert_ne!(other, request);
        assert_refused(&adapter, &name, &other, TEXT).await;
    }

    /// However long it is.
    pub async fn a_body_of_another_checksum_is_refused(adapter: impl UnderTest) {
        let (name, request) = signed(&adapter).await;
        assert_refused(&adapter, &name, &request, b"same words").await;
        assert_taken(&adapter, &name, &request).await;
    }

    /// And what it brought stays.
    pub async fn a_request_can_be_made_once(adapter: impl UnderTest) {
        let (name, request) = signed(&adapter).await;
        assert_taken(&adapter, &name, &request).await;
        assert!(!adapter.make(&request, Bytes::from_static(TEXT)).await, "twice");
        assert_eq!(adapter.store().head(&name).await.unwrap().size, TEXT.len() as u64);
    }

    /// Not even by two requests for the same name.
    pub async fn nothing_that_is_there_is_replaced(adapter: impl UnderTest) {
        let (name, request) = signed(&adapter).await;
        let other = UploadTerms { size: 5, sha256: Some(sha256(b"other")), ..terms() };
        let other = adapter.store().sign_upload(&name, &other).await.unwrap();
        assert_taken(&adapter, &name, &request).await;
        assert!(!adapter.make(&other, Bytes::from_static(b"other")).await, "it was replaced");
        assert_eq!(adapter.store().head(&name).await.unwrap().size, TEXT.len() as u64);
    }
}
