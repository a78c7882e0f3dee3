//! The `DropBox` port on S3.

use std::error::Error as StdError;

use async_trait::async_trait;
use aws_sdk_s3::Client;
use aws_sdk_s3::error::SdkError;
use aws_sdk_s3::types::TaggingDirective;
use bytes::Bytes;
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};

use crate::aws::s3_error::status;
use crate::ports::{DropBox, DropBoxError, DropRef};

/// What of a copy's source must not be encoded: what divides it, and what signatures leave alone.
const PATH: &AsciiSet = &NON_ALPHANUMERIC.remove(b'/').remove(b'-').remove(b'_').remove(b'.').remove(b'~');

/// Dropped texts as objects below `messages/`, in a bucket that keeps versions; rejected ones go to
/// `rejected/<version>/`, where two of the same path don't hide each other.
#[derive(Debug, Clone)]
pub struct S3DropBox {
    client: Client,
    bucket: String,
}

impl S3DropBox {
    /// The drop box in that bucket.
    pub fn new(client: Client, bucket: impl Into<String>) -> Self {
        Self { client, bucket: bucket.into() }
    }
}

fn key(drop: &DropRef) -> String {
    format!("messages/{}", drop.path)
}

/// The version, or none where the bucket keeps none.
fn version_id(drop: &DropRef) -> Option<String> {
    etag(drop).is_none().then(|| drop.version.clone())
}

/// What the object must be, where the bucket keeps no versions.
fn etag(drop: &DropRef) -> Option<String> {
    drop.version.starts_with('"').then(|| drop.version.clone())
}

/// Whether an answer means that the version is gone: it doesn't exist, is the mark of a deletion (405), or there is
/// another object in its place by now (412).
fn is_gone<E>(error: &SdkError<E>) -> bool {
    matches!(status(error), Some(404 | 405 | 412))
}

fn unavailable(error: impl StdError + Send + Sync + 'static) -> DropBoxError {
    DropBoxError(Box::new(error))
}

/// What S3 is to copy, as it wants to be told.
fn copy_source(bucket: &str, drop: &DropRef) -> String {
    let key = key(drop);
    let path = utf8_percent_encode(&key, PATH);
    match version_id(drop) {
        Some(version) => {
            format!("{bucket}/{path}?versionId={}", utf8_percent_encode(&version, NON_ALPHANUMERIC))
        }
        None => format!("{bucket}/{path}"),
    }
}

#[async_trait]
impl DropBox for S3DropBox {
    async fn read(&self, drop: &DropRef, limit: usize) -> Result<Option<Bytes>, DropBoxError> {
        let request = self.client.get_object().bucket(&self.bucket).key(key(drop));
        let request = request.set_version_id(version_id(drop)).set_if_match(etag(drop));
        let range = format!("bytes=0-{}", limit.saturating_sub(1));
        match request.range(range).send().await {
            Ok(object) => {
                let bytes = object.body.collect().await.map_err(unavailable)?.into_bytes();
                Ok(Some(bytes.slice(..limit.min(bytes.len()))))
            }
            Err(error) if is_gone(&error) => Ok(None),
            // No part of an empty object lies in any range.
            Err(error) if status(&error) == Some(416) => Ok(Some(Bytes::new())),
            Err(error) => Err(unavailable(error)),
        }
    }

    async fn remove(&self, drop: &DropRef) -> Result<(), DropBoxError> {
        let request = self.client.delete_object().bucket(&self.bucket).key(key(drop));
        match request.set_version_id(version_id(drop)).set_if_match(etag(drop)).send().await {
            Err(error) if !is_gone(&error) => Err(unavailable(error)),
            _ => Ok(()),
        }
    }

    async fn reject(&self, drop: &DropRef) -> Result<(), DropBoxError> {
        let target = format!("rejected/{}/{}", drop.version.trim_matches('"'), drop.path);
        let request = self.client.copy_object().bucket(&self.bucket).key(target);
        let request = request
            .copy_source(copy_source(&self.bucket, drop))
            // Whatever tags the text had are nobody's business there, and reading them would take a right of its own.
            .tagging_directive(TaggingDirective::Replace)
            .set_copy_source_if_match(etag(drop));
        match request.send().await {
            Err(error) if !is_gone(&error) => Err(unavailable(error)),
            _ => self.remove(drop).await,
        }
    }
}

#[cfg(test)]
mod tests {
    use aws_smithy_http_client::test_util::{ReplayEvent, StaticReplayClient};

    use super::*;
    use crate::aws::replay::{answer, sdk_config};

    fn drop_box(answers: Vec<ReplayEvent>) -> (StaticReplayClient, S3DropBox) {
        let (http, sdk) = sdk_config(answers);
        (http, S3DropBox::new(Client::new(&sdk), "bucket"))
    }

    fn dropped() -> DropRef {
        DropRef { path: "rooms/kino/hello you.txt".into(), version: "v+1".into() }
    }

    const OBJECT: &str = "https://bucket.s3.eu-central-1.amazonaws.com/messages/rooms/kino/hello%20you.txt";

    fn requests(http: &StaticReplayClient) -> Vec<String> {
        http.actual_requests().map(|request| format!("{} {}", request.method(), request.uri())).collect()
    }

    #[tokio::test]
    async fn a_text_is_read_by_version_and_no_further_than_asked() {
        let (http, drops) = drop_box(vec![answer(206, &[], "hello"), answer(200, &[], "hello")]);
        assert_eq!(drops.read(&dropped(), 5).await.unwrap().unwrap(), "hello");
        let request = http.actual_requests().next().unwrap();
        assert_eq!(request.uri(), format!("{OBJECT}?x-id=GetObject&versionId=v%2B1"));
        assert_eq!(request.headers().get("range"), Some("bytes=0-4"));
        assert_eq!(drops.read(&dropped(), 4).await.unwrap().unwrap(), "hell", "whatever was answered");
    }

    #[tokio::test]
    async fn an_empty_text_is_empty_and_one_that_is_gone_is_none() {
        let gone = "<Error><Code>NoSuchVersion</Code></Error>";
        let (_, drops) = drop_box(vec![
            answer(416, &[], "<Error><Code>InvalidRange</Code></Error>"),
            answer(404, &[], gone),
            answer(405, &[], ""),
            answer(403, &[], "<Error><Code>AccessDenied</Code></Error>"),
        ]);
        assert_eq!(drops.read(&dropped(), 5).await.unwrap(), Some(Bytes::new()));
        assert_eq!(drops.read(&dropped(), 5).await.unwrap(), None);
        assert_eq!(drops.read(&dropped(), 5).await.unwrap(), None);
        drops.read(&dropped(), 5).await.unwrap_err();
    }

    #[tokio::test]
    async fn removing_takes_that_version_and_no_other() {
        let (http, drops) = drop_box(vec![answer(204, &[], ""), answer(404, &[], ""), answer(500, &[], "")]);
        drops.remove(&dropped()).await.unwrap();
        drops.remove(&dropped()).await.unwrap();
        drops.remove(&dropped()).await.unwrap_err();
        assert_eq!(requests(&http)[0], format!("DELETE {OBJECT}?x-id=DeleteObject&versionId=v%2B1"));
    }

    #[tokio::test]
    async fn rejecting_copies_that_version_before_it_removes_it() {
        let copied = "<CopyObjectResult><ETag>x</ETag></CopyObjectResult>";
        let (http, drops) = drop_box(vec![answer(200, &[], copied), answer(204, &[], "")]);
        drops.reject(&dropped()).await.unwrap();
        let host = "https://bucket.s3.eu-central-1.amazonaws.com";
        let copy = format!("PUT {host}/rejected/v%2B1/rooms/kino/hello%20you.txt?x-id=CopyObject");
        let delete = format!("DELETE {OBJECT}?x-id=DeleteObject&versionId=v%2B1");
        assert_eq!(requests(&http), [copy, delete]);
        let source =
            http.actual_requests().next().unwrap().headers().get("x-amz-copy-source").unwrap().to_owned();
        assert_eq!(source, "bucket/messages/rooms/kino/hello%20you.txt?versionId=v%2B1");
    }

    #[tokio::test]
    async fn where_no_versions_are_kept_the_etag_says_which_text_is_meant() {
        let (http, drops) = drop_box(vec![
            answer(200, &[], "hello"),
            answer(412, &[], "<Error><Code>PreconditionFailed</Code></Error>"),
            answer(412, &[], ""),
        ]);
        let dropped = DropRef { version: "\"e1\"".into(), ..dropped() };
        assert_eq!(drops.read(&dropped, 9).await.unwrap().unwrap(), "hello");
        assert_eq!(drops.read(&dropped, 9).await.unwrap(), None, "another text has its path");
        drops.remove(&dropped).await.unwrap();
        let expected = ["GET", "GET", "DELETE"].map(|method| match method {
            "GET" => format!("GET {OBJECT}?x-id=GetObject"),
            _ => format!("DELETE {OBJECT}?x-id=DeleteObject"),
        });
        assert_eq!(requests(&http), expected);
        assert!(http.actual_requests().all(|request| request.headers().get("if-match") == Some("\"e1\"")));
    }

    #[tokio::test]
    async fn what_could_not_be_put_aside_is_not_removed() {
        let (http, drops) = drop_box(vec![answer(503, &[], "")]);
        drops.reject(&dropped()).await.unwrap_err();
        assert_eq!(http.actual_requests().count(), 1);
    }
}
