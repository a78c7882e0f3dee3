//! A room and everybody who may stand in it somewhere.

use parlor::domain::limit::Limits;
use serde_json::{Value, json};

use crate::http::accounts::admin::{admin, ask_through};
use crate::http::accounts::signing_in::{PASSWORD, call};
use crate::http::bench::Bench;

/// Somebody, signed in.
#[derive(Debug, Clone)]
pub(crate) struct Somebody {
    pub(crate) id: u64,
    pub(crate) token: String,
}

/// An application in which nothing is limited.
pub(crate) fn bench() -> Bench {
    Bench::new(|settings| settings.limits = Limits::lifted())
}

/// An account of that name.
pub(crate) async fn account(bench: &Bench, name: &str) -> Somebody {
    let body = json!({
        "username": name, "email": format!("{name}@example.org"), "password": PASSWORD, "display_name": name,
    });
    assert_eq!(call(bench, "/api/register/", body.clone()).await.0, 201);
    let tokens = call(bench, "/api/auth/login/", body).await.2;
    Somebody {
        id: tokens["id"].as_u64().unwrap(),
        token: tokens["access_token"].as_str().unwrap().to_owned(),
    }
}

/// A guest of that name.
pub(crate) async fn guest(bench: &Bench, name: &str) -> Somebody {
    let tokens = call(bench, "/api/auth/guest/", json!({ "display_name": name })).await.2;
    Somebody {
        id: tokens["id"].as_u64().unwrap(),
        token: tokens["access_token"].as_str().unwrap().to_owned(),
    }
}

/// An admin of this Parlor.
pub(crate) async fn site_admin(bench: &Bench) -> Somebody {
    let token = admin(bench, "root").await;
    let (_, _, body) = ask_through(bench.router(), Some(&token), "GET", "/api/user-profile/", "").await;
    Somebody { id: body["id"].as_u64().unwrap(), token }
}

/// Makes a call as somebody; answers status and body.
pub(crate) async fn ask(bench: &Bench, who: &Somebody, method: &str, url: &str, body: Value) -> (u16, Value) {
    let body = if body.is_null() { String::new() } else { body.to_string() };
    let (status, _, answer) = ask_through(bench.router(), Some(&who.token), method, url, &body).await;
    (status, answer)
}

/// Makes a call that has to succeed.
pub(crate) async fn done(bench: &Bench, who: &Somebody, method: &str, url: &str, body: Value) -> Value {
    let (status, answer) = ask(bench, who, method, url, body).await;
    assert!((200..300).contains(&status), "{method} {url}: {status} {answer}");
    answer
}

/// Makes a call that is refused; answers status and code.
pub(crate) async fn refused(
    bench: &Bench,
    who: &Somebody,
    method: &str,
    url: &str,
    body: Value,
) -> (u16, String) {
    let (status, answer) = ask(bench, who, method, url, body).await;
    assert!(status >= 400, "{method} {url}: {status} {answer}");
    (status, answer["code"].as_str().unwrap_or_default().to_owned())
}
