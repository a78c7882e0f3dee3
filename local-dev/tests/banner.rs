//! What the server says about itself once it is up.
#![expect(clippy::unwrap_used, reason = "what a test cannot do is its failure")]

use std::path::Path;
use std::process::Command;
use std::time::Duration;

use clap::Parser as _;
use futures_util::StreamExt as _;
use local_dev::{Options, Server, banner};
use tokio_tungstenite::connect_async;

const PATIENCE: Duration = Duration::from_secs(30);

async fn start(store: &Path, options: &[&str]) -> Server {
    let ports = ["local-dev", "--port", "0", "--feed-port", "0", "--store", store.to_str().unwrap()];
    Server::start(&Options::try_parse_from(ports.iter().chain(options)).unwrap()).await.unwrap()
}

/// What a person would paste.
async fn paste(line: &str) -> String {
    let mut shell = Command::new("sh");
    shell.args(["-c", line]);
    let output = tokio::task::spawn_blocking(move || shell.output().unwrap()).await.unwrap();
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "`{line}` failed, is curl there? {said}");
    String::from_utf8(output.stdout).unwrap()
}

#[cfg(unix)]
#[tokio::test(flavor = "multi_thread")]
async fn its_lines_work_when_pasted_whatever_the_stores_path() {
    let home = tempfile::tempdir().unwrap();
    let store = home.path().join(r#"Ann's "own", store; $(x) \ %"#);
    let server = start(&store, &[]).await;
    let text = banner(&server, &store);
    let line = |start: &str| text.lines().map(str::trim).find(|line| line.starts_with(start)).unwrap();
    let (mut socket, _) = connect_async(server.feed_url().unwrap()).await.unwrap();
    paste(line("echo ")).await;
    let heard = async {
        loop {
            let message = socket.next().await.expect("the socket ended").unwrap();
            if message.to_text().is_ok_and(|text| text == "Hello!\n") {
                return;
            }
        }
    };
    tokio::time::timeout(PATIENCE, heard).await.expect("the message never came");
    let answer = paste(line("curl ")).await;
    assert!(answer.contains("File saved") && answer.contains("audio_test_1.mp3"), "{answer}");
    server.stop().await;
}

/// Elsewhere 127.0.0.2 is not there by itself.
#[cfg(target_os = "linux")]
#[tokio::test]
async fn an_address_to_listen_on_is_the_address_that_clients_are_told() {
    let table = [
        ("127.0.0.2", "127.0.0.2"),
        ("127.0.0.1", "localhost"),
        ("0.0.0.0", "localhost"),
        ("localhost", "localhost"),
        ("LocalHost", "localhost"),
    ];
    for (host, told) in table {
        let home = tempfile::tempdir().unwrap();
        let server = start(home.path(), &["--host", host]).await;
        let text = banner(&server, home.path());
        assert!(server.public_url().starts_with(&format!("http://{told}:")), "{text}");
        assert!(text.contains(&format!(" ws://{told}:")) && text.contains(server.public_url()), "{text}");
        connect_async(server.feed_url().unwrap()).await.unwrap();
        server.stop().await;
    }
}

#[tokio::test]
async fn a_public_url_that_is_given_is_the_one_that_clients_are_told() {
    let home = tempfile::tempdir().unwrap();
    let server = start(home.path(), &["--public-url", "https://api.example.org/"]).await;
    assert_eq!(server.public_url(), "https://api.example.org");
    server.stop().await;
}
