//! A reverse proxy in front, which knows a secret.

use std::process::Stdio;

use super::LocalDev;
use crate::client::Socket;
use crate::target::process::command;

const SECRET: &str = "not-for-any-log-0123456789abcdef";

#[tokio::test]
async fn who_knows_the_secret_is_believed_about_addresses_and_the_secret_is_not_logged() {
    let target = LocalDev::start_with(&["--edge-secret", SECRET]);
    let http = reqwest::Client::new();
    let feed = target.ws("/ws/feed/");
    for (secret, address) in [(SECRET, "192.0.2.7"), ("not-for-any-log", "192.0.2.8")] {
        let headers = [("parlor-edge-secret", secret), ("parlor-client-address", address)];
        let call = http.get(format!("{}/health/", target.http));
        let call = headers.iter().fold(call, |call, (name, value)| call.header(*name, *value));
        assert_eq!(call.send().await.unwrap().status(), 200);
        Socket::open_with(&feed, &headers).await.unwrap();
    }
    let (_, log) = target.stop();
    let lines = |text: &str, client: &str| {
        log.lines().filter(|line| line.contains(text) && line.contains(&format!("client={client}"))).count()
    };
    for told in ["request answered", "a socket may come in"] {
        assert_eq!(lines(told, "192.0.2.7"), 1, "{told}: {log}");
        assert_eq!(lines(told, "192.0.2.8"), 0, "{told}: {log}");
    }
    assert!(!log.contains("not-for-any-log"), "{log}");
}

#[tokio::test]
async fn a_secret_that_could_be_guessed_is_refused_without_showing_it() {
    let store = tempfile::tempdir().unwrap();
    for in_environment in [false, true] {
        let options: &[&str] = if in_environment { &[] } else { &["--edge-secret", "gu3ss-me"] };
        let mut command = command(store.path(), options);
        if in_environment {
            command.env("PARLOR_EDGE_SECRET", "gu3ss-me");
        }
        let output = command.stdout(Stdio::null()).output().unwrap();
        let said = String::from_utf8(output.stderr).unwrap();
        assert!(!output.status.success() && said.contains("--edge-secret is shorter than 32"), "{said}");
        assert!(!said.contains("gu3ss-me"), "{said}");
    }
}
