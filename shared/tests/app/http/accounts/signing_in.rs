//! Accounts over HTTP.

use axum::body::Body;
use axum::http::{HeaderMap, Request};
use serde_json::{Value, json};

use crate::http::bench::{Bench, json, send};

pub(crate) const PASSWORD: &str = "kX3!vq9Zt-lamp";
pub(crate) const PHRASE: &str = "seven green boats at dawn";

/// Makes a call with a body; answers its status, headers and JSON.
pub(crate) async fn call(bench: &Bench, path: &str, body: Value) -> (u16, HeaderMap, Value) {
    let request = Request::post(path).body(Body::from(body.to_string())).unwrap();
    let response = send(bench.router(), request).await;
    let (status, headers) = (response.status().as_u16(), response.headers().clone());
    (status, headers, json(response).await)
}

async fn register_ann(bench: &Bench) -> Value {
    let body = json!({
        "username": "ann", "email": "ann@example.org", "password": PASSWORD, "password2": PASSWORD,
        "display_name": "Ann Lee",
    });
    let (status, _, answer) = call(bench, "/api/register/", body).await;
    assert_eq!(status, 201, "{answer}");
    answer
}

#[tokio::test]
async fn who_registers_is_told_their_account_and_signs_in_next() {
    let bench = Bench::new(|_| ());
    let user = json!({
        "id": 1, "username": "ann", "email": "ann@example.org", "pending_email": null, "display_name": "Ann Lee",
        "photo": null, "profile_pic": null, "role": "member", "is_guest": false,
    });
    assert_eq!(register_ann(&bench).await, json!({"message": "Your account is ready.", "user": user}));
    let body = json!({"email": "Ann@Example.org", "password": PASSWORD});
    let (status, headers, tokens) = call(&bench, "/api/auth/login/", body).await;
    assert_eq!((status, &tokens["user"]), (200, &user), "{tokens}");
    assert_eq!((&tokens["id"], &tokens["username"]), (&json!(1), &json!("ann")));
    assert_eq!((&tokens["role"], &tokens["is_guest"]), (&json!("member"), &json!(false)));
    assert_eq!((&tokens["access"], &tokens["refresh"]), (&tokens["access_token"], &tokens["refresh_token"]));
    assert_eq!((&tokens["token_type"], &tokens["expires_in"]), (&json!("Bearer"), &json!(86400)));
    let cookie = headers["set-cookie"].to_str().unwrap();
    assert_eq!(
        cookie,
        format!(
            "session={}; Path=/; HttpOnly; SameSite=Lax; Max-Age=2592000",
            tokens["token"].as_str().unwrap()
        )
    );
    assert_eq!(headers["cache-control"], "no-store");
}

#[tokio::test]
async fn a_username_and_a_phrase_sign_in() {
    let bench = Bench::new(|_| ());
    let (status, ..) = call(&bench, "/api/register", json!({"username": "bob", "phrase": PHRASE})).await;
    assert_eq!(status, 201);
    let (status, _, tokens) = call(&bench, "/api/login", json!({"username": "BOB", "phrase": PHRASE})).await;
    assert_eq!((status, &tokens["username"]), (200, &json!("bob")), "{tokens}");
    assert_eq!(tokens["user"]["email"], Value::Null);
}

#[tokio::test]
async fn who_has_proven_the_password_is_told_that_the_phrase_is_missing() {
    let bench = Bench::new(|_| ());
    let body = json!({"username": "ann", "email": "ann@example.org", "password": PASSWORD, "phrase": PHRASE});
    assert_eq!(call(&bench, "/api/register/", body).await.0, 201);
    let wrong = "not it at all";
    for (password, phrase, expected) in [
        (json!(PASSWORD), json!(null), (401, "PHRASE_REQUIRED")),
        (json!(PASSWORD), json!(""), (401, "PHRASE_REQUIRED")),
        (json!(wrong), json!(null), (401, "WRONG_CREDENTIALS")),
        (json!(PASSWORD), json!(wrong), (401, "WRONG_CREDENTIALS")),
        (json!(wrong), json!(PHRASE), (401, "WRONG_CREDENTIALS")),
        (json!(PASSWORD), json!(PHRASE), (200, "")),
        (json!(null), json!(PHRASE), (200, "")),
    ] {
        let by_email = json!({"email": "ann@example.org", "password": password, "phrase": phrase});
        let by_name = json!({"username": "ann", "password": password, "phrase": phrase});
        for (path, body) in [("/api/auth/login/", by_email), ("/api/login/", by_name)] {
            let (status, _, answer) = call(&bench, path, body).await;
            assert_eq!((status, answer["code"].as_str().unwrap_or_default()), expected, "{path}: {answer}");
            assert_eq!(
                answer["message"].is_string(),
                status == 200 && path == "/api/auth/login/",
                "{answer}"
            );
        }
    }
}

#[tokio::test]
async fn unknown_accounts_and_wrong_secrets_are_answered_in_the_same_words() {
    let bench = Bench::new(|_| ());
    register_ann(&bench).await;
    let mut answers = Vec::new();
    for (path, body) in [
        ("/api/login/", json!({"username": "ann", "password": "not it at all"})),
        ("/api/login/", json!({"username": "ann", "phrase": PASSWORD})),
        ("/api/login/", json!({"username": "nobody", "password": PASSWORD})),
        ("/api/login/", json!({"username": "no name", "password": PASSWORD})),
        ("/api/auth/login/", json!({"email": "ann@example.org", "password": "not it at all"})),
        ("/api/auth/login/", json!({"email": "bob@example.org", "password": PASSWORD})),
        ("/api/auth/login/", json!({"email": "not an address", "password": PASSWORD})),
    ] {
        let (status, headers, answer) = call(&bench, path, body).await;
        assert_eq!((status, &answer["code"]), (401, &json!("WRONG_CREDENTIALS")), "{answer}");
        assert!(!headers.contains_key("set-cookie"));
        answers.push(answer);
    }
    assert!(answers.iter().all(|answer| *answer == answers[0]), "{answers:?}");
}

#[tokio::test]
async fn what_is_missing_or_wrong_is_named() {
    let bench = Bench::new(|_| ());
    for (path, body, field) in [
        ("/api/login/", json!({"password": PASSWORD}), "username"),
        ("/api/login/", json!({"username": "ann"}), "phrase"),
        ("/api/login/", json!({"username": "ann", "phrase": ""}), "phrase"),
        ("/api/auth/login/", json!({"password": PASSWORD}), "email"),
        ("/api/auth/login/", json!({"email": "ann@example.org", "password": null}), "password"),
        ("/api/register/", json!({"password": PASSWORD}), "username"),
        ("/api/register/", json!({"username": "ann"}), "password"),
        ("/api/register/", json!({"username": "a  b", "password": PASSWORD}), "username"),
        ("/api/register/", json!({"username": "ann", "password": "password1"}), "password"),
        ("/api/register/", json!({"username": "ann", "phrase": "ann"}), "phrase"),
        ("/api/register/", json!({"username": "ann", "password": PASSWORD, "email": "x"}), "email"),
        ("/api/register/", json!({"username": "ann", "password": PASSWORD, "password2": "x"}), "password2"),
        ("/api/register/", json!({"username": "ann", "phrase": PHRASE, "password2": "x"}), "password2"),
        (
            "/api/register/",
            json!({"username": "ann", "phrase": PHRASE, "display_name": "\u{202E}"}),
            "display_name",
        ),
    ] {
        let (status, _, answer) = call(&bench, path, body.clone()).await;
        assert_eq!((status, &answer["code"]), (400, &json!("INVALID_INPUT")), "{body}: {answer}");
        assert!(answer["fields"][field].is_string(), "{body}: {answer}");
    }
    register_ann(&bench).await;
    assert_eq!(register_ann_again(&bench, json!({"username": "ANN"})).await, "username");
    assert_eq!(register_ann_again(&bench, json!({"email": "ANN@example.org"})).await, "email");
}

/// What is taken of an account that shares this much with Ann's.
async fn register_ann_again(bench: &Bench, same: Value) -> String {
    let mut body = json!({"username": "other", "email": "other@example.org", "password": PASSWORD});
    body.as_object_mut().unwrap().extend(same.as_object().unwrap().clone());
    let (status, _, answer) = call(bench, "/api/register/", body).await;
    assert_eq!((status, &answer["code"]), (409, &json!("CONFLICT")), "{answer}");
    answer["fields"].as_object().unwrap().keys().cloned().collect()
}

#[tokio::test]
async fn forms_register_too_and_what_they_leave_empty_was_not_sent() {
    let bench = Bench::new(|_| ());
    let part = |name: &str, value: &str| {
        format!("--b\r\nContent-Disposition: form-data; name=\"{name}\"\r\n\r\n{value}\r\n")
    };
    let file = |name: &str| {
        let head = "--b\r\nContent-Disposition: form-data; name=\"profile_pic\"; filename=";
        format!("{head}\"{name}\"\r\nContent-Type: application/octet-stream\r\n\r\n\r\n")
    };
    let fields = [part("username", "carl"), part("phrase", PHRASE), part("password", ""), part("email", "")];
    for (picture, status) in [(file("me.png"), 415), (file(""), 201)] {
        let body = [fields.concat(), picture, "--b--\r\n".to_owned()].concat();
        let request = Request::post("/api/register/")
            .header("content-type", "multipart/form-data; boundary=b")
            .body(Body::from(body));
        let response = send(bench.router(), request.unwrap()).await;
        let (got, answer) = (response.status(), json(response).await);
        assert_eq!(got, status, "{answer}");
        assert_eq!(answer["code"] == "UNSUPPORTED_MEDIA_TYPE", status == 415, "{answer}");
    }
    let form = format!("username=dora&phrase={}&email=&display_name=", PHRASE.replace(' ', "+"));
    let request = Request::post("/api/register/").header("content-type", "application/x-www-form-urlencoded");
    let response = send(bench.router(), request.body(Body::from(form)).unwrap()).await;
    assert_eq!(response.status(), 201);
    assert_eq!(json(response).await["user"]["display_name"], "dora");
}
