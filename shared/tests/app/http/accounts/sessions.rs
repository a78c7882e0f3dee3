//! Where one is signed in.

use serde_json::{Value, json};

use crate::http::accounts::admin::ask_through;
use crate::http::accounts::signing_in::{PASSWORD, call};
use crate::http::bench::Bench;

async fn ask(bench: &Bench, token: &Value, method: &str, path: &str) -> (u16, Value) {
    let (status, _, answer) = ask_through(bench.router(), token.as_str(), method, path, "").await;
    (status, answer)
}

async fn sign_in(bench: &Bench, name: &str) -> Value {
    let (status, _, tokens) =
        call(bench, "/api/login/", json!({"username": name, "password": PASSWORD})).await;
    assert_eq!(status, 200, "{tokens}");
    tokens["token"].clone()
}

async fn register(bench: &Bench, name: &str) {
    let body = json!({"username": name, "email": format!("{name}@example.org"), "password": PASSWORD});
    assert_eq!(call(bench, "/api/register/", body).await.0, 201);
}

#[tokio::test]
async fn one_sees_where_one_is_signed_in_and_ends_what_one_does_not_know() {
    let bench = Bench::new(|_| ());
    register(&bench, "ann").await;
    let (here, elsewhere) = (sign_in(&bench, "ann").await, sign_in(&bench, "ann").await);
    let (status, listed) = ask(&bench, &here, "GET", "/api/auth/sessions/").await;
    assert_eq!((status, listed.as_array().map(Vec::len)), (200, Some(2)), "{listed}");
    let is_current = |session: &&Value| session["is_current"] == true;
    let sessions = listed.as_array().unwrap();
    assert_eq!(sessions.iter().filter(is_current).count(), 1);
    assert!(
        sessions
            .iter()
            .all(|session| session["last_used_at"].is_string() && session["created_at"].is_string())
    );
    let other = sessions.iter().find(|session| !is_current(session)).unwrap();
    let path = format!("/api/auth/sessions/{}/", other["id"].as_str().unwrap());
    assert_eq!(ask(&bench, &here, "DELETE", &path).await.0, 204);
    assert_eq!(ask(&bench, &elsewhere, "GET", "/api/user-profile/").await.0, 401);
    let (status, answer) = ask(&bench, &here, "DELETE", &path).await;
    assert_eq!((status, &answer["code"]), (404, &json!("NOT_FOUND")));
    assert_eq!(ask(&bench, &here, "GET", "/api/auth/sessions/").await.1.as_array().map(Vec::len), Some(1));
}

#[tokio::test]
async fn nobody_ends_what_is_somebody_elses() {
    let bench = Bench::new(|_| ());
    register(&bench, "ann").await;
    register(&bench, "ben").await;
    let (ann, ben) = (sign_in(&bench, "ann").await, sign_in(&bench, "ben").await);
    let (_, listed) = ask(&bench, &ann, "GET", "/api/auth/sessions/").await;
    let path = format!("/api/auth/sessions/{}/", listed[0]["id"].as_str().unwrap());
    assert_eq!(ask(&bench, &ben, "DELETE", &path).await.0, 404);
    assert_eq!(ask(&bench, &ann, "GET", "/api/user-profile/").await.0, 200);
}
