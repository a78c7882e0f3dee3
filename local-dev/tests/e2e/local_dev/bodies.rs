//! Bodies that arrive in odd ways: no gateway stands in front that would wait for all of them.

use futures_util::stream;
use reqwest::Body;
use reqwest::multipart::{Form, Part};
use serde_json::Value;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;
use tokio::time::timeout;

use super::LocalDev;
use crate::bad_input::too_long;
use crate::client::{Guest, PATIENCE};

/// Sends these bytes of a body that says it is a gigabyte long, and nothing more; answers what comes back.
async fn answer_to_a_beginning(target: &LocalDev, guest: &Guest, framing: &str, beginning: &[u8]) -> String {
    let (_, authority) = target.http.split_once("//").unwrap();
    let mut stream = TcpStream::connect(authority).await.unwrap();
    let head = format!(
        "POST /media_post/ HTTP/1.1\r\nHost: {authority}\r\nAuthorization: Bearer {}\r\n\
         Content-Type: multipart/form-data; boundary=b\r\n{framing}\r\n\r\n",
        guest.token()
    );
    stream.write_all(head.as_bytes()).await.unwrap();
    stream.write_all(beginning).await.unwrap();
    let mut answer = Vec::new();
    while !answer.ends_with(b"}") {
        let read = timeout(PATIENCE, stream.read_buf(&mut answer)).await.expect("no answer").unwrap();
        assert_ne!(read, 0, "no whole answer: {}", String::from_utf8_lossy(&answer));
    }
    String::from_utf8(answer).unwrap()
}

#[tokio::test]
async fn a_body_that_never_gets_to_its_content_is_refused_long_before_its_end() {
    let target = LocalDev::start();
    let ann = Guest::sign_in(&target.http).await;
    let part = "--b\r\nContent-Disposition: form-data; name=\"file\"; filename=\"x\"\r\nX-Long: ";
    for beginning in ["", part, "--b  "] {
        let body = too_long(beginning);
        let answer =
            answer_to_a_beginning(&target, &ann, "Content-Length: 1000000000", body.as_bytes()).await;
        assert!(answer.starts_with("HTTP/1.1 413 ") && answer.contains("TOO_LARGE"), "{answer}");
    }
    assert_eq!(target.stored_files(), 0);
}

#[tokio::test]
async fn a_body_that_breaks_is_the_clients_mistake_and_no_error_in_the_log() {
    let target = LocalDev::start();
    let ann = Guest::sign_in(&target.http).await;
    let part = "--b\r\nContent-Disposition: form-data; name=\"file\"; filename=\"x\"\r\n\r\nabc";
    for before in ["", part] {
        let body = format!("{:x}\r\n{before}\r\nnot a size\r\n", before.len());
        let body = if before.is_empty() { "not a size\r\n".to_owned() } else { body };
        let answer =
            answer_to_a_beginning(&target, &ann, "Transfer-Encoding: chunked", body.as_bytes()).await;
        assert!(answer.starts_with("HTTP/1.1 400 ") && answer.contains("MALFORMED"), "{answer}");
    }
    assert_eq!(target.stored_files(), 0);
    let (_, log) = target.stop();
    assert!(!log.contains("ERROR"), "{log}");
}

#[tokio::test]
async fn a_client_that_sends_all_of_a_refused_body_still_sees_the_answer() {
    let target = LocalDev::start_with(&["--max-upload-mb", "1"]);
    let ann = Guest::sign_in(&target.http).await;
    let head = format!(
        "POST /media_post/ HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer {}\r\nContent-Length: 20000000\r\n\
         Content-Type: multipart/form-data; boundary=b\r\n\r\n\
         --b\r\nContent-Disposition: form-data; name=\"file\"; filename=\"x\"\r\n\r\n",
        ann.token()
    );
    let address = target.http.trim_start_matches("http://").to_owned();
    for _ in 0..10 {
        let mut stream = TcpStream::connect(&address).await.unwrap();
        stream.write_all(head.as_bytes()).await.unwrap();
        // Clients that find the connection closed while they send give up without having read why.
        stream.write_all(&vec![0; 5_000_000]).await.unwrap();
        let mut answer = String::new();
        stream.read_to_string(&mut answer).await.unwrap();
        assert!(answer.starts_with("HTTP/1.1 413 ") && answer.ends_with('}'), "{answer}");
    }
}

#[cfg(target_os = "linux")]
#[tokio::test]
async fn a_large_upload_passes_through_without_being_held_in_memory() {
    let target = LocalDev::start();
    let ann = Guest::sign_in(&target.http).await;
    let pieces = stream::iter((0..200).map(|n: u8| Ok::<_, std::io::Error>(vec![n; 1 << 20])));
    let part = Part::stream(Body::wrap_stream(pieces)).file_name("large.bin");
    let response = ann.post(&target.http, Form::new().part("file", part)).await;
    let answer: Value = response.json().await.unwrap();
    let peak = target.peak_memory();
    assert!(peak < 100 << 20, "{peak} bytes of memory for a file of 200 MB");
    let last = ann.get(&target.http, answer["media_id"].as_str().unwrap(), &[("range", "bytes=-1")]).await;
    assert_eq!(last.bytes().await.unwrap()[0], 199);
}
