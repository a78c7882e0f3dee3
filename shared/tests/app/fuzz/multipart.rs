//! Files that come in.

use std::convert::Infallible;

use axum::body::Body;
use axum::http::Request;
use bytes::Bytes;
use futures_util::stream;

use super::bodies::assert_answered;
use super::generator::Generator;
use super::{rounds, seed};
use crate::http::bench::{Bench, send};

const CORPUS: [&str; 5] = [
    "--b\r\nContent-Disposition: form-data; name=\"file\"; filename=\"a.mp3\"\r\nContent-Type: audio/mpeg\r\n\r\nsound\r\n--b--\r\n",
    "--b\r\nContent-Disposition: form-data; name=\"param1\"\r\n\r\ntest1\r\n--b\r\nContent-Disposition: form-data; name=\"file\"; filename=\"b\"\r\n\r\n\r\n--b--\r\n",
    "preamble\r\n--b\r\ncontent-disposition: form-data; name=file; filename*=UTF-8''%e2%82%ac\r\n\r\n--b\r\n--b-\r\n--b--\r\nepilogue",
    "--b\r\nContent-Disposition: form-data; name=\"file\"; filename=\"../../x\0\"\r\n\r\n--c\r\n--b--",
    "--b--\r\n",
];

#[tokio::test]
async fn whatever_is_uploaded_is_stored_or_refused_and_what_is_refused_is_not_stored() {
    let bench = Bench::new(|settings| settings.max_upload_bytes = 16 << 10);
    let token = bench.token().await;
    let generator = Generator::new(seed(), CORPUS);
    let (mut stored, mut refused) = (0, 0);
    for _ in 0..rounds(1_000) {
        let input = generator.next();
        let pieces = generator.cut(&input).into_iter().map(|piece| Ok::<_, Infallible>(Bytes::from(piece)));
        let request = Request::post("/media_post/")
            .header("authorization", format!("Bearer {token}"))
            .header("content-type", "multipart/form-data; boundary=b")
            .body(Body::from_stream(stream::iter(pieces)))
            .unwrap();
        match assert_answered(send(bench.router(), request).await, &input).await {
            200 => stored += 1,
            400 | 413 => refused += 1,
            other => panic!("{other} to {}", String::from_utf8_lossy(&input)),
        }
        assert_eq!(bench.media.files().len(), stored, "{}", String::from_utf8_lossy(&input));
    }
    assert!(stored > 50 && refused > 50, "{stored} were stored, {refused} refused");
}
