//! What the media folder does beyond the contract of its port.
#![cfg(all(feature = "embedded", feature = "testing"))]
#![expect(clippy::unwrap_used, reason = "a test's helpers may fail as the test may")]

use std::io::{Error, ErrorKind};
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use futures_util::{FutureExt, StreamExt, TryStreamExt, stream};
use parlor::embedded::{Durability, FolderMediaStore, SignatureError, SignedUploadError};
use parlor::ids::StoredName;
use parlor::ports::{ByteStream, DownloadTerms, MediaError, MediaStore, UploadTerms};
use parlor::testing::{SeededRandom, SettableClock};
use sha2::{Digest, Sha256};
use tempfile::TempDir;

const TEXT: &[u8] = b"some words";
const TYPE: &str = "text/plain; charset=\"utf-8\"";

struct Bench {
    folder: TempDir,
    clock: Arc<SettableClock>,
    store: FolderMediaStore,
}

impl Bench {
    fn new() -> Self {
        let (folder, clock) = (tempfile::tempdir().unwrap(), Arc::new(SettableClock::default()));
        let store = open(&folder, &clock, [7; 32]);
        Self { folder, clock, store }
    }

    fn incoming(&self) -> PathBuf {
        self.folder.path().join(".incoming")
    }

    /// The names of what is stored, and nothing is incomplete.
    fn stored(&self) -> Vec<String> {
        assert_eq!(std::fs::read_dir(self.incoming()).unwrap().count(), 0, "incomplete files");
        let entries = std::fs::read_dir(self.folder.path()).unwrap();
        let names = entries.map(|entry| entry.unwrap().file_name().into_string().unwrap());
        names.filter(|name| name != ".incoming").collect()
    }

    /// The query of a signed upload of `TEXT`.
    async fn upload_query(&self, name: &StoredName) -> String {
        let signed = self.store.sign_upload(name, &terms()).await.unwrap();
        assert_eq!(signed.method, "PUT");
        assert_eq!(signed.headers, [("content-type".to_owned(), TYPE.to_owned())]);
        query_of(&signed.url, name)
    }

    async fn upload(&self, name: &StoredName, query: &str, text: &[u8]) -> Result<(), SignedUploadError> {
        self.store.put_signed(name, query, TYPE, body(text)).await.map(drop)
    }
}

fn open(folder: &TempDir, clock: &Arc<SettableClock>, key: [u8; 32]) -> FolderMediaStore {
    let (clock, random) = (Arc::clone(clock) as _, Arc::new(SeededRandom::default()));
    let url = "http://localhost:8000/";
    FolderMediaStore::open(folder.path(), url, &key, Durability::Process, clock, random).unwrap()
}

fn name(number: u8) -> StoredName {
    StoredName::from_random([number; 16], "words.txt")
}

fn body(text: &[u8]) -> ByteStream {
    stream::iter([Ok(Bytes::copy_from_slice(text))]).boxed()
}

fn terms() -> UploadTerms {
    UploadTerms {
        size: TEXT.len() as u64,
        content_type: TYPE.to_owned(),
        sha256: Some(format!("{:x}", Sha256::digest(TEXT))),
        expires_in: Duration::from_secs(60),
    }
}

fn query_of(url: &str, name: &StoredName) -> String {
    let query = url.strip_prefix(&format!("http://localhost:8000/signed/{name}?"));
    query.unwrap().to_owned()
}

#[tokio::test]
async fn what_an_earlier_process_left_incomplete_goes_and_what_it_stored_stays() {
    let bench = Bench::new();
    bench.store.put(&name(1), TYPE, body(TEXT), 100).await.unwrap();
    std::fs::write(bench.incoming().join("half"), "some wo").unwrap();
    let Bench { folder, clock, .. } = bench;
    let bench = Bench { store: open(&folder, &clock, [7; 32]), folder, clock };
    assert_eq!(bench.stored(), [name(1).as_str()]);
    assert_eq!(bench.store.head(&name(1)).await.unwrap().size, TEXT.len() as u64);
}

#[tokio::test]
async fn nothing_incomplete_is_left_by_a_put_that_fails_or_is_given_up() {
    let bench = Bench::new();
    let too_large = bench.store.put(&name(1), TYPE, body(TEXT), 3).await;
    assert!(matches!(too_large, Err(MediaError::TooLarge { limit: 3 })));
    let broken = body(TEXT).chain(stream::iter([Err(Error::from(ErrorKind::BrokenPipe))]));
    assert!(bench.store.put(&name(1), TYPE, broken.boxed(), 100).await.is_err());
    let endless = body(TEXT).chain(stream::pending()).boxed();
    assert!(
        tokio::time::timeout(Duration::ZERO, bench.store.put(&name(1), TYPE, endless, 100)).await.is_err()
    );
    assert!(bench.stored().is_empty());
}

#[tokio::test]
async fn a_large_file_is_read_in_small_pieces() {
    let bench = Bench::new();
    bench.store.put(&name(1), TYPE, body(&[7; 1_000_000]), 1_000_000).await.unwrap();
    let pieces: Vec<_> = bench.store.get(&name(1), None).await.unwrap().try_collect().await.unwrap();
    assert!(pieces.iter().all(|piece| piece.len() <= 64 * 1024));
    assert_eq!(pieces.iter().map(Bytes::len).sum::<usize>(), 1_000_000);
}

#[tokio::test]
async fn a_signed_upload_is_made_once() {
    let bench = Bench::new();
    let query = bench.upload_query(&name(1)).await;
    bench.upload(&name(1), &query, TEXT).await.unwrap();
    assert_eq!(std::fs::read(bench.folder.path().join(name(1).as_str())).unwrap(), TEXT);
    assert!(matches!(bench.upload(&name(1), &query, TEXT).await, Err(SignedUploadError::Used)));
    bench.store.delete(&name(1)).await.unwrap();
    assert!(matches!(bench.upload(&name(1), &query, TEXT).await, Err(SignedUploadError::Used)));
    assert!(bench.stored().is_empty());
}

#[tokio::test]
async fn of_two_uploads_at_the_same_time_one_is_refused() {
    let bench = Bench::new();
    let name = name(1);
    let query = bench.upload_query(&name).await;
    let first = bench.store.put_signed(&name, &query, TYPE, stream::pending().boxed());
    let mut first = Box::pin(first);
    assert!((&mut first).now_or_never().is_none());
    assert!(matches!(bench.upload(&name, &query, TEXT).await, Err(SignedUploadError::Used)));
    drop(first);
    bench.upload(&name, &query, TEXT).await.unwrap();
}

#[tokio::test]
async fn a_signed_upload_does_not_replace_what_is_there() {
    let bench = Bench::new();
    bench.store.put(&name(1), TYPE, body(b"first"), 100).await.unwrap();
    let query = bench.upload_query(&name(1)).await;
    assert!(matches!(bench.upload(&name(1), &query, TEXT).await, Err(SignedUploadError::Used)));
    assert_eq!(bench.store.head(&name(1)).await.unwrap().size, 5);
}

#[tokio::test]
async fn a_body_that_was_not_announced_is_refused_and_the_right_one_taken_afterwards() {
    let bench = Bench::new();
    let query = bench.upload_query(&name(1)).await;
    for wrong in [&b"some word"[..], b"other word", b""] {
        let refused = bench.upload(&name(1), &query, wrong).await;
        assert!(matches!(refused, Err(SignedUploadError::Mismatch)), "{refused:?}");
    }
    let longer = bench.upload(&name(1), &query, b"some words more").await;
    assert!(matches!(longer, Err(SignedUploadError::Media(MediaError::TooLarge { limit: 10 }))));
    let other_type = bench.store.put_signed(&name(1), &query, "text/html", body(TEXT)).await;
    assert!(matches!(other_type, Err(SignedUploadError::Mismatch)));
    assert!(bench.stored().is_empty());
    bench.upload(&name(1), &query, TEXT).await.unwrap();
}

#[tokio::test]
async fn a_request_that_was_changed_is_refused() {
    let bench = Bench::new();
    let query = bench.upload_query(&name(1)).await;
    let terms = bench.store.verify_upload(&name(1), &query).unwrap();
    assert_eq!(terms, self::terms());
    let (unsigned, signature) = query.rsplit_once("&signature=").unwrap();
    for changed in [
        query.replace("size=10", "size=11"),
        query.replace("text", "image"),
        query.replace("expires=1", "expires=2"),
        query.replace("sha256=", "sha256=0"),
        format!("{query}0"),
        format!("{query}00"),
        format!("size=11&{query}"),
        format!("{query}&size=11"),
        query[..query.len() - 2].to_owned(),
        format!("{unsigned}&signature={}", signature.replace(|_: char| true, "0")),
        format!("{unsigned}&signature=é"),
        format!("{unsigned}&signature="),
        unsigned.to_owned(),
        String::new(),
    ] {
        assert_ne!(changed, query);
        assert_eq!(bench.store.verify_upload(&name(1), &changed), Err(SignatureError::Forged), "{changed}");
    }
    assert_eq!(bench.store.verify_upload(&name(2), &query), Err(SignatureError::Forged));
    assert_eq!(bench.store.verify_download(&name(1), &query), Err(SignatureError::Forged));
    let stranger = open(&bench.folder, &bench.clock, [8; 32]);
    assert_eq!(stranger.verify_upload(&name(1), &query), Err(SignatureError::Forged));
}

#[tokio::test]
async fn a_request_expires_at_its_second() {
    let bench = Bench::new();
    let query = bench.upload_query(&name(1)).await;
    bench.clock.advance(Duration::from_micros(59_999_999));
    assert!(bench.store.verify_upload(&name(1), &query).is_ok());
    bench.clock.advance(Duration::from_micros(1));
    assert_eq!(bench.store.verify_upload(&name(1), &query), Err(SignatureError::Expired));
    let refused = bench.upload(&name(1), &query, TEXT).await;
    assert!(matches!(refused, Err(SignedUploadError::Signature(SignatureError::Expired))));
}

#[tokio::test]
async fn a_signed_download_says_how_its_bytes_present_themselves() {
    let bench = Bench::new();
    let terms = DownloadTerms {
        content_type: TYPE.to_owned(),
        disposition: "attachment; filename=\"a&b=c%20+é.txt\"; filename*=UTF-8''a%26b".to_owned(),
        expires_in: Duration::from_secs(60),
    };
    let signed = bench.store.sign_download(&name(1), &terms).await.unwrap();
    assert_eq!((signed.method, signed.headers), ("GET", vec![]));
    let query = query_of(&signed.url, &name(1));
    assert!(query.is_ascii());
    assert_eq!(bench.store.verify_download(&name(1), &query), Ok(terms));
    bench.clock.advance(Duration::from_secs(60));
    assert_eq!(bench.store.verify_download(&name(1), &query), Err(SignatureError::Expired));
}
