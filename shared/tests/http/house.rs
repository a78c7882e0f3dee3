//! An application whose media store only takes files, and fails a test that asks it for one.

use std::ops::RangeInclusive;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use async_trait::async_trait;
use axum::body::Body;
use axum::http::{Request, Response};
use axum::{Router, body};
use bytes::Bytes;
use futures_util::StreamExt as _;
use parlor::app::{self, App, Ports, Settings};
use parlor::embedded::{LocalChannelLayer, OutboxLimits, SocketRegistry, SqliteTable};
use parlor::ids::StoredName;
use parlor::ports::{
    ByteStream, DownloadTerms, DropBox, DropBoxError, DropRef, Job, Jobs, JobsError, MediaError, MediaStore,
    SignedRequest, StoredMedia, UploadTerms,
};
use parlor::protocol::Timestamp;
use parlor::system::OsRandom;
use parlor::testing::SettableClock;
use serde_json::Value;
use tower::ServiceExt as _;

/// An application, and what its media store holds.
pub(crate) struct House {
    pub(crate) app: Arc<App>,
    pub(crate) media: Arc<TakingMedia>,
}

impl House {
    pub(crate) fn new(change: impl FnOnce(&mut Settings)) -> Self {
        let clock = Arc::new(SettableClock::at(Timestamp::from_secs(1_000_000_000)));
        let registry = SocketRegistry::start(OutboxLimits::default());
        let media = Arc::new(TakingMedia::default());
        let ports = Ports {
            table: Arc::new(SqliteTable::in_memory(clock.clone()).unwrap()),
            channels: Arc::new(LocalChannelLayer::new(registry, clock.clone())),
            media: media.clone(),
            drops: Arc::new(NoDrops),
            jobs: Arc::new(NoJobs),
            clock,
            random: Arc::new(OsRandom),
        };
        let mut settings = Settings::new("http://localhost");
        change(&mut settings);
        Self { app: Arc::new(App::new(ports, settings)), media }
    }

    /// The token of somebody new.
    pub(crate) async fn token(&self) -> String {
        app::sign_in_guest(&self.app, "Ann").await.unwrap().access_token
    }
}

/// Sends a request through a router.
pub(crate) async fn send(router: Router, request: Request<Body>) -> Response<Body> {
    router.oneshot(request).await.unwrap()
}

/// The JSON of an answer.
pub(crate) async fn json(response: Response<Body>) -> Value {
    serde_json::from_slice(&body::to_bytes(response.into_body(), usize::MAX).await.unwrap()).unwrap()
}

/// Keeps what it takes, and gives nothing out.
#[derive(Debug, Default)]
pub(crate) struct TakingMedia(Mutex<Vec<(StoredName, Vec<u8>)>>);

impl TakingMedia {
    pub(crate) fn files(&self) -> Vec<Vec<u8>> {
        self.0.lock().unwrap().iter().map(|(_, bytes)| bytes.clone()).collect()
    }
}

#[async_trait]
impl MediaStore for TakingMedia {
    async fn put(
        &self,
        name: &StoredName,
        _: &str,
        mut body: ByteStream,
        limit: u64,
    ) -> Result<StoredMedia, MediaError> {
        let mut bytes = Vec::new();
        while let Some(piece) = body.next().await {
            bytes.extend(piece.map_err(MediaError::Body)?);
            if bytes.len() as u64 > limit {
                return Err(MediaError::TooLarge { limit });
            }
        }
        let stored = StoredMedia { size: bytes.len() as u64, sha256: "0".repeat(64) };
        self.0.lock().unwrap().push((name.clone(), bytes));
        Ok(stored)
    }

    async fn get(&self, _: &StoredName, _: Option<RangeInclusive<u64>>) -> Result<ByteStream, MediaError> {
        panic!("a medium was opened")
    }

    async fn size(&self, _: &StoredName) -> Result<u64, MediaError> {
        Err(MediaError::NotFound)
    }

    async fn delete(&self, name: &StoredName) -> Result<(), MediaError> {
        self.0.lock().unwrap().retain(|(kept, _)| kept != name);
        Ok(())
    }

    async fn sign_upload(&self, _: &StoredName, _: &UploadTerms) -> Result<SignedRequest, MediaError> {
        Err(MediaError::NotFound)
    }

    async fn sign_download(&self, _: &StoredName, _: &DownloadTerms) -> Result<SignedRequest, MediaError> {
        panic!("a download was signed")
    }
}

#[derive(Debug)]
struct NoJobs;

#[async_trait]
impl Jobs for NoJobs {
    async fn enqueue(&self, _: Vec<(Job, Duration)>) -> Result<(), JobsError> {
        Ok(())
    }
}

#[derive(Debug)]
struct NoDrops;

#[async_trait]
impl DropBox for NoDrops {
    async fn read(&self, _: &DropRef, _: usize) -> Result<Option<Bytes>, DropBoxError> {
        Ok(None)
    }

    async fn remove(&self, _: &DropRef) -> Result<(), DropBoxError> {
        Ok(())
    }

    async fn reject(&self, _: &DropRef) -> Result<(), DropBoxError> {
        Ok(())
    }
}
