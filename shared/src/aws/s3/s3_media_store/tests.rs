//! The adapter's requests and its reading of the answers.

use aws_smithy_http_client::test_util::{ReplayEvent, StaticReplayClient};
use bytes::Bytes;
use futures_util::TryStreamExt;

use super::*;
use crate::aws::replay::{JumpingClock, answer, body, sdk_config};
use crate::aws::s3_upload::PART_BYTES;

const OBJECT: &str =
    "https://bucket.s3.eu-central-1.amazonaws.com/media/07070707070707070707070707070707.mp3";

fn store(answers: Vec<ReplayEvent>) -> (StaticReplayClient, S3MediaStore) {
    let (http, sdk) = sdk_config(answers);
    (http, S3MediaStore::new(Client::new(&sdk), "bucket", Arc::new(JumpingClock::default())))
}

fn name() -> StoredName {
    StoredName::from_random([7; 16], "song.mp3")
}

fn body_of(chunks: Vec<Result<Bytes, std::io::Error>>) -> ByteStream {
    stream::iter(chunks).boxed()
}

fn text(text: &'static str) -> Result<Bytes, std::io::Error> {
    Ok(Bytes::from_static(text.as_bytes()))
}

fn requests(http: &StaticReplayClient) -> Vec<String> {
    let short = |uri: &str| uri.trim_start_matches(OBJECT).to_owned();
    http.actual_requests().map(|request| format!("{} {}", request.method(), short(request.uri()))).collect()
}

#[tokio::test]
async fn a_small_body_is_put_in_one_request_with_its_checksum() {
    let (http, store) = store(vec![answer(200, &[], "")]);
    let stored = store.put(&name(), "audio/mpeg", body_of(vec![text("ab"), text("c")]), 3).await.unwrap();
    let abc = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";
    assert_eq!(stored, StoredMedia { size: 3, sha256: abc.into() });
    assert_eq!(requests(&http), ["PUT ?x-id=PutObject"]);
    let request = http.actual_requests().next().unwrap();
    assert_eq!(body(request), "abc");
    assert_eq!(request.headers().get("content-type"), Some("audio/mpeg"));
    let checksum = "ungWv48Bz+pBQUDeXa4iI7ADYaOWF3qctBD/YfIAFa0=";
    assert_eq!(request.headers().get("x-amz-checksum-sha256"), Some(checksum));
}

#[tokio::test]
async fn nothing_is_stored_of_a_body_that_is_too_large_or_breaks_off() {
    let (http, store) = store(vec![]);
    let outcome = store.put(&name(), "a/b", body_of(vec![text("ab"), text("cd")]), 3).await;
    assert!(matches!(outcome, Err(MediaError::TooLarge { limit: 3 })), "{outcome:?}");
    let broken = body_of(vec![text("ab"), Err(std::io::ErrorKind::UnexpectedEof.into())]);
    let outcome = store.put(&name(), "a/b", broken, 3).await;
    assert!(matches!(outcome, Err(MediaError::Body(_))), "{outcome:?}");
    assert_eq!(http.actual_requests().count(), 0);
}

/// Chunks of one mebibyte.
fn mebibytes(count: usize) -> Vec<Result<Bytes, std::io::Error>> {
    vec![0; count].into_iter().map(|_| Ok(Bytes::from(vec![7; 1 << 20]))).collect()
}

fn upload_begun() -> ReplayEvent {
    let begun = "<InitiateMultipartUploadResult><UploadId>U1</UploadId></InitiateMultipartUploadResult>";
    answer(200, &[], begun)
}

fn part_taken(number: u8) -> ReplayEvent {
    let (etag, checksum) = (format!("\"e{number}\""), format!("c{number}=="));
    answer(200, &[("etag", &etag), ("x-amz-checksum-crc32", &checksum)], "")
}

#[tokio::test]
async fn a_large_body_is_put_in_parts() {
    let done = "<CompleteMultipartUploadResult><ETag>x</ETag></CompleteMultipartUploadResult>";
    let (http, store) = store(vec![upload_begun(), part_taken(1), part_taken(2), answer(200, &[], done)]);
    let mut chunks = mebibytes(8);
    chunks.push(text("rest"));
    let stored = store.put(&name(), "audio/mpeg", body_of(chunks), 1 << 30).await.unwrap();
    assert_eq!(stored.size, PART_BYTES as u64 + 4);
    assert_eq!(
        requests(&http),
        [
            "POST ?uploads",
            "PUT ?x-id=UploadPart&partNumber=1&uploadId=U1",
            "PUT ?x-id=UploadPart&partNumber=2&uploadId=U1",
            "POST ?uploadId=U1",
        ]
    );
    let all: Vec<_> = http.actual_requests().collect();
    assert_eq!(all[0].headers().get("content-type"), Some("audio/mpeg"));
    assert_eq!(all[0].headers().get("x-amz-checksum-algorithm"), Some("CRC32"));
    assert_eq!(all[1].body().content_length(), Some(PART_BYTES as u64));
    assert_eq!(body(all[2]), "rest");
    let parts = body(all[3]);
    for expected in ["<PartNumber>2</PartNumber>", "<ChecksumCRC32>c2==</ChecksumCRC32>", "e1", "e2"] {
        assert!(parts.contains(expected), "{expected}: {parts}");
    }
}

#[tokio::test]
async fn a_body_of_exactly_one_part_has_no_empty_second_one() {
    let done = "<CompleteMultipartUploadResult><ETag>x</ETag></CompleteMultipartUploadResult>";
    let (http, store) = store(vec![upload_begun(), part_taken(1), answer(200, &[], done)]);
    store.put(&name(), "a/b", body_of(mebibytes(8)), PART_BYTES as u64).await.unwrap();
    assert_eq!(http.actual_requests().count(), 3);
}

#[tokio::test]
async fn an_upload_in_parts_that_fails_is_taken_back() {
    let aborted = || answer(204, &[], "");
    let abort = "DELETE ?x-id=AbortMultipartUpload&uploadId=U1";

    let (http, too_large) = store(vec![upload_begun(), part_taken(1), aborted()]);
    let outcome = too_large.put(&name(), "a/b", body_of(mebibytes(10)), 9 << 20).await;
    assert!(matches!(outcome, Err(MediaError::TooLarge { .. })), "{outcome:?}");
    assert_eq!(requests(&http)[2], abort);

    let (http, failing) = store(vec![upload_begun(), answer(503, &[], ""), aborted()]);
    let outcome = failing.put(&name(), "a/b", body_of(mebibytes(9)), 1 << 30).await;
    assert!(matches!(outcome, Err(MediaError::Unavailable(_))), "{outcome:?}");
    assert_eq!(requests(&http)[2], abort);
}

#[tokio::test]
async fn a_range_is_asked_for_with_both_ends() {
    let (http, store) = store(vec![answer(206, &[], "bc"), answer(200, &[], "abc")]);
    let read = |stream: ByteStream| {
        stream.try_fold(Vec::new(), |mut all, chunk| async move {
            all.extend_from_slice(&chunk);
            Ok(all)
        })
    };
    let part = store.get(&name(), Some(1..=2)).await.unwrap();
    assert_eq!(read(part).await.unwrap(), b"bc");
    let whole = store.get(&name(), None).await.unwrap();
    assert_eq!(read(whole).await.unwrap(), b"abc");
    assert_eq!(requests(&http), ["GET ?x-id=GetObject", "GET ?x-id=GetObject"]);
    let ranges: Vec<_> = http.actual_requests().map(|request| request.headers().get("range")).collect();
    assert_eq!(ranges, [Some("bytes=1-2"), None]);
}

#[tokio::test]
async fn what_is_not_there_is_not_found_and_can_be_deleted() {
    let missing = "<Error><Code>NoSuchKey</Code></Error>";
    let (http, store) = store(vec![
        answer(404, &[], missing),
        answer(404, &[], ""),
        answer(204, &[], ""),
        answer(404, &[], missing),
        answer(500, &[], ""),
    ]);
    assert!(matches!(store.get(&name(), None).await.err(), Some(MediaError::NotFound)));
    assert!(matches!(store.head(&name()).await, Err(MediaError::NotFound)));
    store.delete(&name()).await.unwrap();
    store.delete(&name()).await.unwrap();
    assert!(matches!(store.delete(&name()).await, Err(MediaError::Unavailable(_))));
    assert_eq!(requests(&http)[1..3], ["HEAD ", "DELETE ?x-id=DeleteObject"]);
}

#[tokio::test]
async fn the_head_says_size_type_and_checksum() {
    let checksum = ("x-amz-checksum-sha256", "ungWv48Bz+pBQUDeXa4iI7ADYaOWF3qctBD/YfIAFa0=");
    let common = [("content-length", "12345678901"), ("content-type", "audio/mpeg")];
    let (http, store) = store(vec![
        answer(200, &[common[0], common[1], checksum], ""),
        // In parts: the checksum is none of the bytes.
        answer(
            200,
            &[common[0], common[1], (checksum.0, "ungWv48Bz+pBQUDeXa4iI7ADYaOWF3qctBD/YfIAFa0=-2")],
            "",
        ),
        answer(200, &common, ""),
    ]);
    let head = store.head(&name()).await.unwrap();
    let abc = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";
    assert_eq!((head.size, head.content_type.as_deref()), (12_345_678_901, Some("audio/mpeg")));
    assert_eq!(head.sha256.as_deref(), Some(abc));
    for _ in 0..2 {
        assert_eq!(store.head(&name()).await.unwrap().sha256, None);
    }
    let request = http.actual_requests().next().unwrap();
    assert_eq!(request.headers().get("x-amz-checksum-mode"), Some("ENABLED"));
}

fn query(url: &str, name: &str) -> Option<String> {
    let (_, query) = url.split_once('?')?;
    let mut pairs = query.split('&').filter_map(|pair| pair.split_once('='));
    pairs.find(|(key, _)| *key == name).map(|(_, value)| value.to_owned())
}

#[tokio::test]
async fn a_signed_upload_fixes_length_type_and_checksum_and_works_once() {
    let (http, store) = store(vec![]);
    let terms = UploadTerms {
        size: 3,
        content_type: "audio/mpeg".into(),
        sha256: Some("ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad".into()),
        expires_in: Duration::from_secs(900),
    };
    let signed = store.sign_upload(&name(), &terms).await.unwrap();
    assert_eq!(signed.method, "PUT");
    assert!(signed.url.starts_with(&format!("{OBJECT}?")), "{}", signed.url);
    assert_eq!(query(&signed.url, "X-Amz-Date").as_deref(), Some("20270115T080000Z"));
    assert_eq!(query(&signed.url, "X-Amz-Expires").as_deref(), Some("900"));
    let named = query(&signed.url, "X-Amz-SignedHeaders").unwrap();
    assert_eq!(named, "content-length%3Bcontent-type%3Bhost%3Bif-none-match%3Bx-amz-checksum-sha256");
    let mut headers = signed.headers;
    headers.sort();
    let header = |name: &str, value: &str| (name.to_owned(), value.to_owned());
    assert_eq!(
        headers,
        [
            header("content-length", "3"),
            header("content-type", "audio/mpeg"),
            header("if-none-match", "*"),
            header("x-amz-checksum-sha256", "ungWv48Bz+pBQUDeXa4iI7ADYaOWF3qctBD/YfIAFa0="),
        ]
    );
    assert_eq!(http.actual_requests().count(), 0);
    let unsaid = store.sign_upload(&name(), &UploadTerms { sha256: None, ..terms.clone() }).await.unwrap();
    let named = query(&unsaid.url, "X-Amz-SignedHeaders").unwrap();
    assert_eq!(named, "content-length%3Bcontent-type%3Bhost%3Bif-none-match");
    let odd = UploadTerms { sha256: Some("xyz".into()), ..terms };
    assert!(matches!(store.sign_upload(&name(), &odd).await, Err(MediaError::Unavailable(_))));
}

#[tokio::test]
async fn a_signed_download_says_what_it_is() {
    let (_, store) = store(vec![]);
    let terms = DownloadTerms {
        content_type: "audio/mpeg".into(),
        disposition: "inline; filename=\"a b.mp3\"".into(),
        expires_in: Duration::from_secs(60),
    };
    let signed = store.sign_download(&name(), &terms).await.unwrap();
    assert_eq!((signed.method, signed.headers), ("GET", vec![]));
    let said = |name: &str| query(&signed.url, name).unwrap();
    assert_eq!(said("response-content-type"), "audio%2Fmpeg");
    assert_eq!(said("response-content-disposition"), "inline%3B%20filename%3D%22a%20b.mp3%22");
    assert_eq!(said("X-Amz-SignedHeaders"), "host");
    assert_eq!(said("X-Amz-Expires"), "60");
}
