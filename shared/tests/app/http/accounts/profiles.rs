//! The signed-in person over HTTP.

use axum::body::Body;
use axum::http::Request;
use serde_json::{Value, json};

use crate::http::accounts::signing_in::{PASSWORD, PHRASE, call};
use crate::http::bench::{Bench, json, send};

/// Somebody of that name with a password; answers their tokens.
async fn ann(bench: &Bench) -> Value {
    let body = json!({"username": "ann", "email": "ann@example.org", "password": PASSWORD});
    assert_eq!(call(bench, "/api/register/", body).await.0, 201);
    call(bench, "/api/login/", json!({"username": "ann", "password": PASSWORD})).await.2
}

async fn ask(bench: &Bench, method: &str, path: &str, tokens: &Value, body: Value) -> (u16, Value) {
    let bearer = format!("Bearer {}", tokens["token"].as_str().unwrap_or("none"));
    let request = Request::builder().method(method).uri(path).header("authorization", bearer);
    let response = send(bench.router(), request.body(Body::from(body.to_string())).unwrap()).await;
    (response.status().as_u16(), json(response).await)
}

#[tokio::test]
async fn a_profile_is_seen_changed_and_taken_away_by_its_owner() {
    let bench = Bench::new(|_| ());
    let tokens = ann(&bench).await;
    let path = "/api/user-profile/";
    let (status, profile) = ask(&bench, "GET", path, &tokens, json!({})).await;
    assert_eq!((status, &profile), (200, &tokens["user"]));
    let (status, changed) = ask(&bench, "PATCH", path, &tokens, json!({"display_name": "Ann Lee"})).await;
    assert_eq!(
        (status, &changed["display_name"], &changed["username"]),
        (200, &json!("Ann Lee"), &json!("ann"))
    );
    let wanted = json!({"email": "lee@example.org"});
    let (status, refused) = ask(&bench, "PATCH", path, &tokens, wanted).await;
    assert_eq!((status, &refused["code"]), (403, &json!("FORBIDDEN")), "{refused}");
    let wanted = json!({"email": "lee@example.org", "current_password": PASSWORD});
    let (status, changed) = ask(&bench, "PATCH", path, &tokens, wanted).await;
    let (email, pending) = (&changed["email"], &changed["pending_email"]);
    assert_eq!((status, email, pending), (200, &json!("ann@example.org"), &json!("lee@example.org")));
    let (status, refused) = ask(&bench, "PATCH", path, &tokens, json!({"username": "x"})).await;
    assert_eq!((status, refused["fields"]["username"].is_string()), (400, true), "{refused}");

    let proof = json!({"current_password": PASSWORD});
    let (status, gone) = ask(&bench, "DELETE", path, &tokens, proof).await;
    assert_eq!((status, &gone["success"]), (200, &json!(true)), "{gone}");
    let (status, after) = ask(&bench, "GET", path, &tokens, json!({})).await;
    assert_eq!((status, &after["code"]), (401, &json!("SESSION_ENDED")));
}

#[tokio::test]
async fn secrets_change_over_http() {
    let bench = Bench::new(|_| ());
    let tokens = ann(&bench).await;
    let path = "/api/auth/password/";
    for (body, status) in [
        (json!({"password": PHRASE}), 403),
        (json!({"password": PHRASE, "current_password": "not it at all"}), 403),
        (json!({"password": PHRASE, "password2": "x", "current_password": PASSWORD}), 400),
        (json!({"password": "password1", "current_password": PASSWORD}), 400),
        (json!({"current_password": PASSWORD}), 400),
        (json!({"password": PHRASE, "password2": PHRASE, "current_password": PASSWORD}), 200),
    ] {
        let (got, answer) = ask(&bench, "POST", path, &tokens, body.clone()).await;
        assert_eq!(got, status, "{body}: {answer}");
    }
    let body = json!({"username": "ann", "password": PHRASE});
    assert_eq!(call(&bench, "/api/login/", body).await.0, 200);
}

#[tokio::test]
async fn people_are_looked_for_by_whoever_is_signed_in() {
    let bench = Bench::new(|_| ());
    let tokens = ann(&bench).await;
    let (status, found) = ask(&bench, "GET", "/api/users/?username=AN", &tokens, json!({})).await;
    let expected = json!([{"id": 1, "username": "ann", "display_name": "ann", "photo": null}]);
    assert_eq!((status, found), (200, expected));
    let (status, found) = ask(&bench, "GET", "/api/users?username=zoe", &tokens, json!({})).await;
    assert_eq!((status, found), (200, json!([])));
    let (status, refused) = ask(&bench, "GET", "/api/users/", &tokens, json!({})).await;
    assert_eq!((status, refused["fields"]["username"].is_string()), (400, true), "{refused}");
}

#[tokio::test]
async fn a_ticket_is_given_to_whoever_is_signed_in() {
    let bench = Bench::new(|_| ());
    let tokens = ann(&bench).await;
    let (status, answer) = ask(&bench, "POST", "/api/ws-ticket/", &tokens, json!({})).await;
    assert_eq!((status, &answer["expires_in"]), (200, &json!(30)));
    let ticket = answer["ticket"].as_str().unwrap();
    let identity = parlor::app::authenticate_handshake(&bench.app, ticket).await.unwrap();
    assert_eq!(json!(identity.user), tokens["id"]);
}

#[tokio::test]
async fn nobody_gets_in_without_a_token() {
    let bench = Bench::new(|_| ());
    for (method, path) in [
        ("GET", "/api/user-profile/"),
        ("PATCH", "/api/user-profile/"),
        ("DELETE", "/api/user-profile/"),
        ("POST", "/api/auth/password/"),
        ("GET", "/api/users/?username=a"),
        ("POST", "/api/ws-ticket/"),
    ] {
        let (status, answer) = ask(&bench, method, path, &Value::Null, json!({})).await;
        assert_eq!((status, &answer["code"]), (401, &json!("UNAUTHENTICATED")), "{method} {path}");
    }
}
