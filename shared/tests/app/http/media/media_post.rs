//! Media in.

use std::convert::Infallible;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use axum::body::Body;
use axum::http::{Request, Response};
use bytes::Bytes;
use futures_util::{Stream, StreamExt as _, stream};
use parlor::inbound::http::upload_router;
use serde_json::Value;

use crate::http::bench::{Bench, json, send};

const MB: usize = 1 << 20;
const FILE_PART: &str = "--b\r\nContent-Disposition: form-data; name=\"file\"; filename=\"a.bin\"\r\n\r\n";

type Piece = Result<Bytes, Infallible>;

async fn post(
    bench: &Bench,
    token: &str,
    key: Option<&str>,
    pieces: impl Stream<Item = Piece> + Send + 'static,
) -> Response<Body> {
    let request = Request::post("/media_post/")
        .header("authorization", format!("Bearer {token}"))
        .header("content-type", "multipart/form-data; boundary=b");
    let request = key.into_iter().fold(request, |request, key| request.header("idempotency-key", key));
    send(upload_router(bench.app.clone()), request.body(Body::from_stream(pieces)).unwrap()).await
}

/// The same piece for ever after a beginning, and how many bytes of it were taken.
fn endless(
    beginning: &str,
    piece: &'static [u8],
) -> (impl Stream<Item = Piece> + Send + use<>, Arc<AtomicUsize>) {
    let taken = Arc::new(AtomicUsize::new(0));
    let count = taken.clone();
    let rest = stream::repeat(Bytes::from_static(piece)).map(move |piece| {
        assert!(count.fetch_add(piece.len(), Ordering::SeqCst) < 100 * MB, "it takes whatever comes");
        Ok(piece)
    });
    (stream::iter([Ok(Bytes::from(beginning.to_owned()))]).chain(rest), taken)
}

#[tokio::test]
async fn what_never_gets_to_a_parts_content_is_given_up_after_64_kb() {
    let bench = Bench::new(|_| ());
    let token = bench.token().await;
    let field = "--b\r\nContent-Disposition: form-data; name=\"f\"\r\n\r\nx\r\n";
    for (case, beginning) in [
        ("preamble", String::new()),
        ("part header", "--b\r\nX-Long: ".to_owned()),
        ("second part header", format!("{field}--b\r\nX-Long: ")),
        ("header after the file", format!("{FILE_PART}abc\r\n--b\r\nX-Long: ")),
        ("padding", "--b ".to_owned()),
    ] {
        for piece in [&[b' '; 100][..], &[b' '; 10_000], &[b' '; MB]] {
            let (body, taken) = endless(&beginning, piece);
            let response = post(&bench, &token, None, body).await;
            assert_eq!(response.status(), 413, "{case}");
            assert!(json(response).await["error"].as_str().unwrap().contains("64 KB"), "{case}");
            let taken = taken.load(Ordering::SeqCst);
            assert!(taken <= 128 << 10 || taken == piece.len(), "{case}: {taken} bytes were taken");
            assert_eq!(bench.media.files().len(), 0, "{case} left a file");
        }
    }
}

#[tokio::test]
async fn endless_parts_are_given_up_too() {
    let bench = Bench::new(|settings| settings.max_upload_bytes = MB as u64);
    let token = bench.token().await;
    let small = b"--b\r\nContent-Disposition: form-data; name=\"f\"\r\n\r\nx\r\n";
    let done = format!("{FILE_PART}abc\r\n--b--\r\n");
    let first = post(&bench, &token, Some("k"), stream::iter([Ok(Bytes::from(done))])).await;
    assert_eq!(first.status(), 200);
    for (key, status) in [(None, 400), (Some("k"), 413)] {
        let (body, taken) = endless("", small);
        let response = post(&bench, &token, key, body).await;
        assert_eq!(response.status(), status, "{key:?}");
        assert!(taken.load(Ordering::SeqCst) < 2 * MB, "{taken:?} bytes were taken");
    }
    let (body, taken) = endless(FILE_PART, &[0; 1000]);
    let response = post(&bench, &token, None, body).await;
    assert_eq!(response.status(), 413);
    assert!(json(response).await["error"].as_str().unwrap().contains("1048576 bytes"));
    assert!(taken.load(Ordering::SeqCst) < 2 * MB, "{taken:?} bytes were taken");
    assert_eq!(bench.media.files().len(), 1);
}

#[tokio::test]
async fn the_repeat_of_a_request_is_read_no_further_than_a_first_one() {
    let bench = Bench::new(|settings| settings.max_upload_bytes = MB as u64);
    let token = bench.token().await;
    let done = format!("{FILE_PART}abc\r\n--b--\r\n");
    let first = post(&bench, &token, Some("k"), stream::iter([Ok(Bytes::from(done))])).await;
    assert_eq!(first.status(), 200);
    for (beginning, most) in [("", 128 << 10), ("--b\r\nX-Long: ", 128 << 10), (FILE_PART, 2 * MB)] {
        let (body, taken) = endless(beginning, &[b'x'; 1000]);
        let response = post(&bench, &token, Some("k"), body).await;
        assert_eq!(response.status(), 413, "{beginning:?}");
        assert!(taken.load(Ordering::SeqCst) <= most, "{beginning:?}: {taken:?} bytes were taken");
    }
}

/// A form with a file that has beginnings of boundaries in it.
fn form(size: usize) -> (Bytes, Vec<u8>) {
    let mut file: Vec<u8> = (0..size).map(|n| (n % 251) as u8).collect();
    for at in (0..size.saturating_sub(10)).step_by(1013) {
        file[at..at + 5].copy_from_slice(b"\r\n--a");
    }
    let fields = ["before", "after"]
        .map(|name| format!("--b\r\nContent-Disposition: form-data; name=\"{name}\"\r\n\r\n{name}\r\n"));
    let parts = [b"preamble\r\n", fields[0].as_bytes(), FILE_PART.as_bytes(), &file, b"\r\n"];
    let parts = [parts.concat(), fields[1].clone().into_bytes(), b"--b--\r\nepilogue".to_vec()];
    (parts.concat().into(), file)
}

#[tokio::test]
async fn a_form_is_the_same_in_whatever_pieces_it_comes() {
    for (size, pieces) in [(3_000, 1), (40_000, 1), (300_000, 7), (10 * MB, 1 << 14), (10 * MB, usize::MAX)] {
        let bench = Bench::new(|_| ());
        let (body, file) = form(size);
        let lengths = (0..body.len()).step_by(pieces.min(body.len()));
        let pieces: Vec<Piece> =
            lengths.map(|at| Ok(body.slice(at..body.len().min(at.saturating_add(pieces))))).collect();
        // Every other time the network has nothing yet.
        let waiting = stream::iter(pieces).then(async |piece| {
            tokio::task::yield_now().await;
            piece
        });
        let response = post(&bench, &bench.token().await, None, waiting).await;
        assert_eq!(response.status(), 200, "{size}");
        let answer: Value = json(response).await;
        assert_eq!((&answer["before"], &answer["after"]), (&"before".into(), &"after".into()));
        assert!(bench.media.files() == [file], "{size} bytes came out changed");
    }
}

#[tokio::test]
async fn a_field_that_comes_twice_is_named() {
    let bench = Bench::new(|_| ());
    let field = "--b\r\nContent-Disposition: form-data; name=\"param1\"\r\n\r\nx\r\n";
    let body = format!("{field}{FILE_PART}abc\r\n{field}--b--\r\n");
    let response = post(&bench, &bench.token().await, None, stream::iter([Ok(Bytes::from(body))])).await;
    assert_eq!(response.status(), 400);
    let answer = json(response).await;
    assert_eq!(answer["code"], "INVALID_INPUT");
    assert_eq!(answer["fields"]["param1"], "Each field may come once.");
    assert_eq!(bench.media.files().len(), 0);
}

#[tokio::test]
async fn a_persons_files_go_with_them_and_nobody_elses_do() {
    let bench = Bench::new(|_| ());
    let (ann, bob) = (bench.token().await, bench.token().await);
    let file = || stream::iter([Ok(Bytes::from(format!("{FILE_PART}abc\r\n--b--\r\n")))]);
    for _ in 0..3 {
        assert_eq!(post(&bench, &ann, None, file()).await.status(), 200);
    }
    let kept = json(post(&bench, &bob, None, file()).await).await;
    assert_eq!(bench.media.files().len(), 4);
    let ask = |method: &str, path: String| {
        let request = Request::builder().method(method).uri(path);
        request.header("authorization", format!("Bearer {ann}")).body(Body::empty()).unwrap()
    };
    assert_eq!(send(bench.router(), ask("DELETE", "/api/user-profile/".into())).await.status(), 200);
    assert_eq!(bench.media.files().len(), 1);
    let look = format!("/media_get/?media_id={}", kept["media_id"].as_str().unwrap());
    let look = Request::head(look).header("authorization", format!("Bearer {bob}")).body(Body::empty());
    assert_eq!(send(bench.router(), look.unwrap()).await.status(), 200);
}
