//! What becomes of mail, and what the log says of it.

use serde_json::json;

use super::LocalDev;
use crate::accounts::PASSWORD;
use crate::mail::{link, token};

#[tokio::test]
async fn the_log_names_the_files_of_mails_but_neither_links_nor_addresses() {
    let target = LocalDev::start();
    let http = reqwest::Client::new();
    let post = async |path: &str, body| {
        let response = http.post(format!("{}{path}", target.http)).json(&body).send().await.unwrap();
        response.status().as_u16()
    };
    let ann = json!({"username": "ann", "email": "ann@example.org", "password": PASSWORD});
    assert_eq!(post("/api/register/", ann).await, 201);
    assert_eq!(post("/api/auth/password/forgot/", json!({"email": "ann@example.org"})).await, 200);
    let confirm = link(&target.mails(), "ann@example.org", "verify-email").await;
    let reset = link(&target.mails(), "ann@example.org", "reset-password").await;
    for link in [&confirm, &reset] {
        assert_eq!(http.get(link).send().await.unwrap().status(), 200);
    }
    let body = json!({"token": token(&confirm), "password": PASSWORD});
    assert_eq!(post("/api/auth/verify-email/", body).await, 200);
    let body = json!({"token": token(&reset), "password": "nine red kites over Hull"});
    assert_eq!(post("/api/auth/password/reset/", body).await, 200);
    let (_, log) = target.stop();
    // That the password was replaced is told by a third one, which may still be under way.
    assert!((2..=3).contains(&log.matches(".eml").count()), "{log}");
    for secret in [token(&confirm), token(&reset), json!("ann@example.org")] {
        assert!(!log.contains(secret.as_str().unwrap()), "{secret} in {log}");
    }
}
