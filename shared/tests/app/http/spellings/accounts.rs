//! Accounts under other names.

use serde_json::json;

use crate::http::accounts::signing_in::{PASSWORD, call};
use crate::http::bench::Bench;

#[tokio::test]
async fn the_other_names_of_calls_about_accounts_do_the_same() {
    let bench = Bench::new(|_| ());
    let body = json!({
        "username": "Ann Mary Lee", "email": "ann@example.org", "password": PASSWORD, "password2": PASSWORD,
        "phrase": "plum amber kettle on the roof",
    });
    let (status, _, made) = call(&bench, "/api/accounts/register/", body.clone()).await;
    assert_eq!((status, &made["user"]["username"]), (201, &json!("Ann Mary Lee")));
    assert_eq!(call(&bench, "/api/register/", body.clone()).await.0, 409);
    for path in ["/api/accounts/login/", "/api/login/", "/api/user/login/", "/api/auth/login/"] {
        let body = json!({"username": "ann mary lee", "email": "ann@example.org", "phrase": body["phrase"]});
        let (status, _, tokens) = call(&bench, path, body).await;
        assert_eq!((status, &tokens["id"]), (200, &made["user"]["id"]), "{path}");
    }
    for path in ["/api/accounts/logout/", "/api/user/logout/"] {
        assert_eq!(call(&bench, path, json!({})).await.2["success"], true, "{path}");
    }
    let asked = call(&bench, "/api/auth/forgot-password/", json!({"email": "nobody@example.org"})).await;
    assert!(asked.0 == 200 && asked.2["message"].is_string());
}
