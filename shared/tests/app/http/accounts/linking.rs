//! Linking an account with a provider over HTTP: in a browser, and on a phone.

use axum::body::{Body, to_bytes};
use axum::http::header::{COOKIE, SET_COOKIE};
use axum::http::{HeaderMap, Request};
use parlor::domain::provider::Provider::Google;
use serde_json::{Value, json};

use crate::http::accounts::signing_in::{PASSWORD, call};
use crate::http::bench::{Bench, send};
use crate::vouching::seen_identity;

const ADDRESS: &str = "ann@example.org";

/// A bench in which Ann has confirmed her address, which Google has seen, too.
async fn bench() -> Bench {
    let bench = Bench::new(|settings| settings.public_url = "https://app.test".to_owned());
    let ann = json!({"username": "ann", "email": ADDRESS, "password": PASSWORD});
    assert_eq!(call(&bench, "/api/register/", ann).await.0, 201);
    bench.confirm_address("ann").await;
    for token in ["jwt", "code"] {
        bench.providers.know(token, seen_identity(Google, "1184", ADDRESS));
    }
    bench
}

async fn get(bench: &Bench, path: &str, cookies: &str) -> HeaderMap {
    let request = Request::get(path).header(COOKIE, cookies).body(Body::empty()).unwrap();
    send(bench.router(), request).await.headers().clone()
}

fn cookie<'h>(headers: &'h HeaderMap, name: &str) -> &'h str {
    let cookies = headers.get_all(SET_COOKIE).iter().map(|cookie| cookie.to_str().unwrap());
    cookies.into_iter().find(|cookie| cookie.starts_with(name)).unwrap()
}

#[tokio::test]
async fn a_phone_is_told_what_to_ask_for_and_sends_it_once() {
    let bench = bench().await;
    let google = async || call(&bench, "/api/auth/google/", json!({"id_token": "jwt"})).await;
    let (status, _, asked) = google().await;
    assert_eq!((status, &asked["code"], &asked["needs"]), (409, &json!("LINK_NEEDED"), &json!("password")));
    let link = async |password: &str| {
        call(&bench, "/api/auth/link/", json!({"link_token": asked["link_token"], "password": password}))
            .await
    };
    let (status, _, answer) = link("not hers").await;
    assert_eq!((status, &answer["code"]), (401, &json!("WRONG_CREDENTIALS")));
    let (status, headers, tokens) = link(PASSWORD).await;
    assert_eq!((status, &tokens["username"]), (200, &json!("ann")), "{tokens}");
    assert_eq!(headers["cache-control"], "no-store");
    assert!(tokens["token"].is_string() && tokens.get("next").is_none());
    assert_eq!(google().await.0, 200);
}

#[tokio::test]
async fn a_browser_is_sent_to_a_page_that_asks_and_then_to_where_it_wanted_to_go() {
    let bench = bench().await;
    let begun = get(&bench, "/accounts/google/login/?next=/rooms/", "").await;
    let state = begun["location"].to_str().unwrap().split_once("state=").unwrap().1.to_owned();
    let kept = cookie(&begun, "__Host-sign_in=").split(';').next().unwrap().to_owned();
    let back = get(&bench, &format!("/accounts/google/callback/?state={state}&code=code"), &kept).await;
    assert_eq!(back["location"], "/accounts/link/?provider=google&needs=password");
    let (token, attributes) = cookie(&back, "__Host-link=").split_once(';').unwrap();
    assert_eq!(attributes, " Path=/; HttpOnly; SameSite=Strict; Max-Age=600; Secure");
    let body = json!({"password": PASSWORD, "token": ""}).to_string();
    let request = Request::post("/api/auth/link/").header(COOKIE, token).body(Body::from(body)).unwrap();
    let response = send(bench.router(), request).await;
    assert_eq!(response.status(), 200);
    assert!(cookie(response.headers(), "__Host-link=;").contains("Max-Age=0"));
    assert!(cookie(response.headers(), "__Host-session=").contains("pls_"));
    let answer = to_bytes(response.into_body(), usize::MAX).await.unwrap();
    let answer: Value = serde_json::from_slice(&answer).unwrap();
    assert_eq!((&answer["next"], &answer["message"]), (&json!("/rooms/"), &json!("You are signed in.")));
}

#[tokio::test]
async fn what_is_missing_is_named() {
    let bench = bench().await;
    for (body, field) in [
        (json!({"password": PASSWORD}), "link_token"),
        (json!({"link_token": "x"}), "password"),
        (json!({"link_token": "x", "password": PASSWORD}), "link_token"),
    ] {
        let (status, _, answer) = call(&bench, "/api/auth/link/", body).await;
        assert_eq!((status, &answer["code"]), (400, &json!("INVALID_INPUT")), "{answer}");
        assert!(answer["fields"][field].is_string(), "{answer}");
    }
}
