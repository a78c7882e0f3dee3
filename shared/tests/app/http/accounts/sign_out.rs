//! Signing out, and tokens exchanged, over HTTP.

use axum::body::Body;
use axum::http::{HeaderMap, Request};
use parlor::app;
use serde_json::{Value, json};

use crate::http::accounts::signing_in::call;
use crate::http::bench::{Bench, json, send};

async fn sign_out(bench: &Bench, path: &str, header: (&str, &str), body: &str) -> (u16, HeaderMap, Value) {
    let request = Request::post(path).header(header.0, header.1).body(Body::from(body.to_owned())).unwrap();
    let response = send(bench.router(), request).await;
    let (status, headers) = (response.status().as_u16(), response.headers().clone());
    (status, headers, json(response).await)
}

async fn guest(bench: &Bench) -> Value {
    call(bench, "/api/auth/guest/", json!({"display_name": "Ann"})).await.2
}

async fn is_signed_in(bench: &Bench, tokens: &Value) -> bool {
    app::authenticate(&bench.app, tokens["token"].as_str().unwrap()).await.is_ok()
}

#[tokio::test]
async fn signing_out_ends_the_session_and_clears_the_cookie() {
    let bench = Bench::new(|settings| settings.public_url = "https://parlor.test".to_owned());
    for path in ["/api/auth/logout/", "/api/logout/"] {
        let tokens = guest(&bench).await;
        let bearer = format!("Token {}", tokens["access_token"].as_str().unwrap());
        let (status, headers, answer) = sign_out(&bench, path, ("authorization", &bearer), "").await;
        assert_eq!((status, &answer["success"]), (200, &json!(true)), "{answer}");
        assert!(answer["message"].is_string());
        assert_eq!(headers["strict-transport-security"], "max-age=31536000");
        assert_eq!(
            headers["set-cookie"],
            "__Host-session=; Path=/; HttpOnly; SameSite=Lax; Max-Age=0; Secure"
        );
        assert!(!is_signed_in(&bench, &tokens).await, "{path}");
    }
}

#[tokio::test]
async fn the_cookie_signs_out_but_not_for_a_foreign_page() {
    let bench = Bench::new(|_| ());
    let tokens = guest(&bench).await;
    let cookie = format!("session={}", tokens["token"].as_str().unwrap());
    let request =
        Request::post("/api/auth/logout/").header("cookie", &cookie).header("origin", "https://evil.test");
    let response = send(bench.router(), request.body(Body::empty()).unwrap()).await;
    assert_eq!(
        (response.status().as_u16(), json(response).await["code"].clone()),
        (403, json!("ORIGIN_NOT_ALLOWED"))
    );
    assert!(is_signed_in(&bench, &tokens).await);
    assert_eq!(sign_out(&bench, "/api/auth/logout/", ("cookie", &cookie), "").await.0, 200);
    assert!(!is_signed_in(&bench, &tokens).await);
}

#[tokio::test]
async fn who_is_not_signed_in_is_signed_out_already() {
    let bench = Bench::new(|_| ());
    for header in [("x-none", "x"), ("authorization", "Bearer garbled"), ("cookie", "session=old")] {
        let (status, _, answer) = sign_out(&bench, "/api/auth/logout", header, "{}").await;
        assert_eq!((status, &answer["success"]), (200, &json!(true)), "{header:?}");
    }
}

#[tokio::test]
async fn all_of_a_persons_sessions_end_if_that_is_asked_for() {
    use parlor::app::{AccountName, Proof, Registration};
    use parlor::domain::secret::Secret;
    let bench = Bench::new(|_| ());
    let phrase = || Secret::new(crate::http::accounts::signing_in::PHRASE);
    let registration = Registration { username: "ann".into(), phrase: phrase(), ..Registration::default() };
    app::register(&bench.app, registration).await.unwrap();
    let proof = Proof { phrase: phrase(), ..Proof::default() };
    let sign_in = async || {
        let name = AccountName::username("ann");
        app::sign_in_account(&bench.app, &name, &proof).await.unwrap().session_token.reveal()
    };
    for (path, body, all) in [
        ("/api/auth/logout/", "", false),
        ("/api/auth/logout/?all=false", r#"{"all": false}"#, false),
        ("/api/auth/logout/?all", "", true),
        ("/api/auth/logout/?all=true", "", true),
        ("/api/auth/logout/", r#"{"all": true}"#, true),
    ] {
        let (mine, other) = (sign_in().await, sign_in().await);
        let bearer = format!("Bearer {mine}");
        assert_eq!(sign_out(&bench, path, ("authorization", &bearer), body).await.0, 200, "{path} {body}");
        assert!(app::authenticate(&bench.app, &mine).await.is_err());
        assert_eq!(app::authenticate(&bench.app, &other).await.is_err(), all, "{path} {body}");
    }
}

#[tokio::test]
async fn an_extent_that_makes_no_sense_signs_nobody_out() {
    let bench = Bench::new(|_| ());
    let tokens = guest(&bench).await;
    let bearer = format!("Bearer {}", tokens["token"].as_str().unwrap());
    for (query, body) in [
        ("?all=most", ""),
        ("?all=true", r#"{"all": "most"}"#),
        ("", r#"{"all": "most"}"#),
        ("", r#"{"all": 1}"#),
        ("", r#"{"all": [true]}"#),
    ] {
        let path = format!("/api/auth/logout/{query}");
        let (status, _, answer) = sign_out(&bench, &path, ("authorization", &bearer), body).await;
        assert_eq!((status, answer["fields"]["all"].is_string()), (400, true), "{query} {body}: {answer}");
        assert!(is_signed_in(&bench, &tokens).await, "{query} {body}");
    }
}

#[tokio::test]
async fn both_names_of_a_refresh_token_are_read_and_the_cookie_comes_anew() {
    let bench = Bench::new(|_| ());
    let mut tokens = guest(&bench).await;
    for name in ["refresh_token", "refresh"] {
        let body = json!({ name: tokens["refresh"] });
        let (status, headers, new) = call(&bench, "/api/auth/refresh/", body).await;
        assert_eq!(status, 200, "{new}");
        assert_ne!(new["refresh_token"], tokens["refresh_token"]);
        assert_eq!((&new["token"], &new["user"]), (&tokens["token"], &tokens["user"]));
        let cookie = headers["set-cookie"].to_str().unwrap();
        assert!(cookie.starts_with(&format!("session={};", tokens["token"].as_str().unwrap())));
        tokens = new;
    }
    let (status, _, answer) = call(&bench, "/api/auth/refresh/", json!({})).await;
    assert_eq!((status, answer["fields"]["refresh_token"].is_string()), (400, true), "{answer}");
    let (status, _, answer) = call(&bench, "/api/auth/refresh/", json!({"refresh": "garbled"})).await;
    assert_eq!((status, &answer["code"]), (401, &json!("UNAUTHENTICATED")));
}
