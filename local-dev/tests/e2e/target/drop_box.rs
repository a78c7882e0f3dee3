//! Where texts are dropped.

use std::fs;
use std::path::{Path, PathBuf};
use std::time::Duration;

use reqwest::{Client, Response, StatusCode, Url};
use rusty_s3::actions::ListObjectsV2;
use rusty_s3::{Bucket, Credentials, S3Action};
use tokio::time::timeout;

use crate::client::PATIENCE;

/// For how long a signed request is good.
const SIGNED_FOR: Duration = Duration::from_secs(60);

/// The place that watches for texts.
pub enum DropBox {
    /// A folder.
    Folder(PathBuf),
    /// The objects of a bucket under `messages/`.
    Bucket(Bucket, Credentials),
}

impl DropBox {
    /// Drops a text: into a folder as a careless program does (open, write, close), into a bucket by `PutObject`.
    pub async fn put(&self, path: &str, text: impl Into<Vec<u8>>) {
        match self {
            Self::Folder(folder) => {
                let file = folder.join(path);
                fs::create_dir_all(file.parent().unwrap()).unwrap();
                fs::write(file, text.into()).unwrap();
            }
            Self::Bucket(bucket, credentials) => {
                let key = format!("messages/{path}");
                let url = bucket.put_object(Some(credentials), &key).sign(SIGNED_FOR);
                let response = Client::new().put(url).body(text.into()).send().await.unwrap();
                assert_eq!(response.status(), StatusCode::OK, "{path} could not be dropped");
            }
        }
    }

    /// Whether a text that is dropped takes the place of one that was not taken yet.
    pub fn keeps_one_per_name(&self) -> bool {
        matches!(self, Self::Folder(_))
    }

    /// Waits until nothing lies under that path any more.
    pub async fn is_empty_at(&self, path: &str) {
        let gone = async { while self.holds(path).await {} };
        timeout(PATIENCE, gone).await.unwrap_or_else(|_| panic!("{path} is still there"));
    }

    /// Waits until a text of that name was put aside as one that cannot be sent.
    pub async fn has_rejected(&self, name: &str) {
        let put_aside = async { while !self.rejected().await.iter().any(|path| path.ends_with(name)) {} };
        timeout(PATIENCE, put_aside).await.unwrap_or_else(|_| panic!("{name} was not put aside"));
    }

    async fn holds(&self, path: &str) -> bool {
        match self {
            Self::Folder(folder) => tokio::fs::try_exists(folder.join(path)).await.unwrap(),
            Self::Bucket(bucket, credentials) => {
                let key = format!("messages/{path}");
                let url = bucket.head_object(Some(credentials), &key).sign(SIGNED_FOR);
                let status = Client::new().head(url).send().await.unwrap().status();
                assert!(matches!(status, StatusCode::OK | StatusCode::NOT_FOUND), "{path}: {status}");
                status == StatusCode::OK
            }
        }
    }

    async fn rejected(&self) -> Vec<String> {
        match self {
            Self::Folder(folder) => names_in(&folder.join("rejected")).await,
            Self::Bucket(bucket, credentials) => {
                let mut list = ListObjectsV2::new(bucket, Some(credentials));
                list.with_prefix("rejected/");
                let page = Client::new().get(list.sign(SIGNED_FOR)).send().await;
                let page = page.and_then(Response::error_for_status).unwrap().text().await.unwrap();
                let page = ListObjectsV2::parse_response(&page).unwrap();
                page.contents.into_iter().map(|object| object.key).collect()
            }
        }
    }
}

/// A bucket of an S3, with its path in the URL as emulators want it, too.
pub fn bucket(endpoint: &str, name: &str, region: &str) -> Bucket {
    let endpoint: Url = endpoint.parse().unwrap();
    Bucket::new(endpoint, rusty_s3::UrlStyle::Path, name.to_owned(), region.to_owned()).unwrap()
}

async fn names_in(folder: &Path) -> Vec<String> {
    let Ok(mut entries) = tokio::fs::read_dir(folder).await else {
        return Vec::new();
    };
    let mut names = Vec::new();
    while let Some(entry) = entries.next_entry().await.unwrap() {
        names.push(entry.file_name().into_string().unwrap());
    }
    names
}
