//! An S3 server in this process.

mod object_versions;
mod versioned_s3;

use std::path::Path;
use std::sync::Arc;

use hyper_util::rt::{TokioExecutor, TokioIo};
use hyper_util::server::conn::auto::Builder;
use s3s::auth::SimpleAuth;
use s3s::service::{S3Service, S3ServiceBuilder};
use s3s_fs::FileSystem;
use tempfile::TempDir;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::broadcast;
use tokio::task::{AbortHandle, JoinSet};

use object_versions::ObjectVersions;
use versioned_s3::VersionedS3;

/// An object has come into being, which a bucket tells its functions.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ObjectCreated {
    /// The bucket's name.
    pub bucket: String,
    /// The object's key, as it is: not encoded.
    pub key: String,
    /// Of this very object.
    pub version_id: String,
    /// In quotes, as in the `ETag` header.
    pub etag: String,
    /// In bytes.
    pub size: u64,
    /// `Put`, `Copy`, `Post` or `CompleteMultipartUpload`.
    pub how: &'static str,
}

/// An S3 server on a loopback port, with a folder of its own that goes with it.
///
/// Requests are addressed by path (`{endpoint}/{bucket}/{key}`) and must be signed. Every bucket keeps versions.
#[derive(Debug)]
pub struct S3Server {
    endpoint: String,
    folder: TempDir,
    versions: Arc<ObjectVersions>,
    listening: AbortHandle,
}

impl S3Server {
    /// Who may do everything here.
    pub const ACCESS_KEY: &str = "AKIDTESTING";
    /// That one's secret.
    pub const SECRET_KEY: &str = "testing-secret";
    /// Any region will do; this is the one that clients can say.
    pub const REGION: &str = "us-east-1";

    /// Starts one, which lives no longer than the runtime that it is started on.
    ///
    /// # Panics
    /// If there is no port or no folder to be had.
    pub async fn start() -> Self {
        let folder = tempfile::tempdir().expect("a folder for objects");
        let versions = Arc::new(ObjectVersions::default());
        let service = service(folder.path(), versions.clone());
        let listener = TcpListener::bind(("127.0.0.1", 0)).await.expect("a port for S3");
        let address = listener.local_addr().expect("the port that S3 got");
        let listening = tokio::spawn(listen(listener, service)).abort_handle();
        Self { endpoint: format!("http://{address}"), folder, versions, listening }
    }

    /// The URL below which the buckets are.
    #[must_use]
    pub fn endpoint(&self) -> &str {
        &self.endpoint
    }

    /// Makes a bucket.
    ///
    /// # Panics
    /// If the bucket exists, or has a name that S3 would refuse.
    pub fn make_bucket(&self, name: &str) {
        assert!(s3s::path::check_bucket_name(name), "{name:?} cannot be a bucket");
        std::fs::create_dir(self.folder.path().join(name)).expect("a folder for a bucket");
    }

    /// The keys of all objects that there are now, sorted.
    #[must_use]
    pub fn keys(&self, bucket: &str) -> Vec<String> {
        self.versions.keys(bucket)
    }

    /// All objects that come into being from now on, in the order in which they do.
    #[must_use]
    pub fn created(&self) -> broadcast::Receiver<ObjectCreated> {
        self.versions.created()
    }
}

impl Drop for S3Server {
    fn drop(&mut self) {
        self.listening.abort();
    }
}

fn service(folder: &Path, versions: Arc<ObjectVersions>) -> S3Service {
    let files = FileSystem::new(folder).expect("a folder for S3");
    let mut service = S3ServiceBuilder::new(VersionedS3::new(files, versions));
    service.set_auth(SimpleAuth::from_single(S3Server::ACCESS_KEY, S3Server::SECRET_KEY));
    service.build()
}

/// Connections end with the listener: a set of tasks takes its tasks along.
async fn listen(listener: TcpListener, service: S3Service) {
    let mut connections = JoinSet::new();
    while let Ok((stream, _)) = listener.accept().await {
        connections.spawn(serve(stream, service.clone()));
        while connections.try_join_next().is_some() {}
    }
}

async fn serve(stream: TcpStream, service: S3Service) {
    // An answer's head and body are two writes: without this the second one waits for the client's delayed receipt.
    if stream.set_nodelay(true).is_ok() {
        // A client that breaks off is no failure of ours.
        let _ended = Builder::new(TokioExecutor::new()).serve_connection(TokioIo::new(stream), service).await;
    }
}
