//! Versions as S3 keeps them.

use bytes::Bytes;
use http_body_util::{BodyExt, Empty};
use hyper_util::rt::TokioIo;
use s3s::{Body, S3ErrorCode};
use tempfile::TempDir;
use tokio::net::TcpStream;

use super::*;
use crate::S3Server;

const BUCKET: &str = "bucket";
const KEY: &str = "a folder/text.txt";

fn s3() -> (TempDir, VersionedS3) {
    let folder = tempfile::tempdir().unwrap();
    std::fs::create_dir(folder.path().join(BUCKET)).unwrap();
    let files = FileSystem::new(folder.path()).unwrap();
    (folder, VersionedS3::new(files, Arc::default()))
}

async fn put(s3: &VersionedS3, text: &'static str) -> S3Result<String> {
    put_if(s3, text, None).await
}

async fn put_if(s3: &VersionedS3, text: &'static str, none: Option<ETagCondition>) -> S3Result<String> {
    let input = PutObjectInput::builder()
        .bucket(BUCKET.into())
        .key(KEY.into())
        .body(Some(Body::from(Bytes::from_static(text.as_bytes())).into()))
        .if_none_match(none)
        .build()
        .unwrap();
    Ok(s3.put_object(plain(input)).await?.output.version_id.unwrap())
}

async fn get(s3: &VersionedS3, id: Option<&str>) -> S3Result<String> {
    let input = GetObjectInput::builder()
        .bucket(BUCKET.into())
        .key(KEY.into())
        .version_id(id.map(Into::into))
        .build()
        .unwrap();
    let body = s3.get_object(plain(input)).await?.output.body.unwrap();
    let body = Body::from(body).collect().await.unwrap().to_bytes();
    Ok(String::from_utf8(body.to_vec()).unwrap())
}

async fn delete(s3: &VersionedS3, id: Option<&str>) -> DeleteObjectOutput {
    let input = DeleteObjectInput::builder()
        .bucket(BUCKET.into())
        .key(KEY.into())
        .version_id(id.map(Into::into))
        .build()
        .unwrap();
    s3.delete_object(plain(input)).await.unwrap().output
}

fn code<T: std::fmt::Debug>(outcome: S3Result<T>) -> S3ErrorCode {
    outcome.unwrap_err().code().clone()
}

#[tokio::test]
async fn each_put_is_a_version_and_the_newest_is_the_object() {
    let (_folder, s3) = s3();
    let (first, second) = (put(&s3, "one").await.unwrap(), put(&s3, "two").await.unwrap());
    assert_eq!(get(&s3, None).await.unwrap(), "two");
    assert_eq!(get(&s3, Some(&first)).await.unwrap(), "one");
    delete(&s3, Some(&second)).await;
    assert_eq!(get(&s3, None).await.unwrap(), "one");
    assert_eq!(code(get(&s3, Some(&second)).await), S3ErrorCode::NoSuchVersion);
}

#[tokio::test]
async fn a_deletion_without_a_version_leaves_a_mark_that_can_be_taken_away() {
    let (_folder, s3) = s3();
    let first = put(&s3, "one").await.unwrap();
    let marked = delete(&s3, None).await;
    assert_eq!(marked.delete_marker, Some(true));
    let marker = marked.version_id.unwrap();
    assert_eq!(code(get(&s3, None).await), S3ErrorCode::NoSuchKey);
    assert_eq!(code(get(&s3, Some(&marker)).await), S3ErrorCode::MethodNotAllowed);
    assert_eq!(get(&s3, Some(&first)).await.unwrap(), "one");
    delete(&s3, Some(&marker)).await;
    assert_eq!(get(&s3, None).await.unwrap(), "one");
}

#[tokio::test]
async fn an_object_that_must_not_be_there_yet_is_put_once() {
    let (_folder, s3) = s3();
    put_if(&s3, "one", Some(ETagCondition::Any)).await.unwrap();
    assert_eq!(code(put_if(&s3, "two", Some(ETagCondition::Any)).await), S3ErrorCode::PreconditionFailed);
    assert_eq!(get(&s3, None).await.unwrap(), "one");
    delete(&s3, None).await;
    put_if(&s3, "three", Some(ETagCondition::Any)).await.unwrap();
}

#[tokio::test]
async fn who_has_the_bytes_already_is_told_so() {
    let (_folder, s3) = s3();
    let id = put(&s3, "one").await.unwrap();
    let etag = s3.held(BUCKET, KEY, Some(&id)).unwrap().1.etag;
    let asked = async |etag: &str| {
        let input = GetObjectInput::builder()
            .bucket(BUCKET.into())
            .key(KEY.into())
            .if_none_match(Some(ETagCondition::ETag(ETag::Strong(etag.to_owned()))))
            .build()
            .unwrap();
        s3.get_object(plain(input)).await
    };
    assert_eq!(code(asked(etag.trim_matches('"')).await), S3ErrorCode::NotModified);
    assert!(asked("other").await.is_ok());
}

#[tokio::test]
async fn a_copy_takes_the_version_that_is_named() {
    let (_folder, s3) = s3();
    let first = put(&s3, "one").await.unwrap();
    put(&s3, "two").await.unwrap();
    let copied = s3.versions.created();
    let source =
        CopySource::Bucket { bucket: BUCKET.into(), key: KEY.into(), version_id: Some(first.into()) };
    let input =
        CopyObjectInput::builder().bucket(BUCKET.into()).key(KEY.into()).copy_source(source).build().unwrap();
    s3.copy_object(plain(input)).await.unwrap();
    assert_eq!(get(&s3, None).await.unwrap(), "one");
    let told = { copied }.recv().await.unwrap();
    assert_eq!((told.key.as_str(), told.size, told.how), (KEY, 3, "Copy"));
}

#[tokio::test]
async fn nobody_gets_in_without_a_signature() {
    let server = S3Server::start().await;
    server.make_bucket(BUCKET);
    let host = server.endpoint().trim_start_matches("http://");
    let stream = TcpStream::connect(host).await.unwrap();
    let (mut sender, connection) = hyper::client::conn::http1::handshake(TokioIo::new(stream)).await.unwrap();
    tokio::spawn(connection);
    let request = hyper::Request::get(format!("/{BUCKET}/{KEY}").replace(' ', "%20"));
    let request = request.header("host", host).body(Empty::<Bytes>::new()).unwrap();
    assert_eq!(sender.send_request(request).await.unwrap().status(), 403);
}
