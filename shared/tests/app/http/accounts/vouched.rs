//! Signing in with Google and Facebook over HTTP.

use std::sync::atomic::Ordering;

use axum::body::{self, Body};
use axum::http::{HeaderMap, Request};
use parlor::domain::provider::Provider::{Facebook, Google};
use serde_json::json;

use crate::http::accounts::signing_in::call;
use crate::http::bench::{Bench, send};
use crate::vouching::identity;

/// Follows a link; answers status, headers and body.
async fn visit(bench: &Bench, path: &str, headers: &[(&str, &str)]) -> (u16, HeaderMap, String) {
    let request =
        headers.iter().fold(Request::get(path), |request, (name, value)| request.header(*name, *value));
    let response = send(bench.router(), request.body(Body::empty()).unwrap()).await;
    let (head, body) = response.into_parts();
    let body = body::to_bytes(body, usize::MAX).await.unwrap();
    (head.status.as_u16(), head.headers, String::from_utf8(body.to_vec()).unwrap())
}

fn cookies(headers: &HeaderMap) -> Vec<&str> {
    headers.get_all("set-cookie").iter().map(|cookie| cookie.to_str().unwrap()).collect()
}

fn text<'h>(headers: &'h HeaderMap, name: &str) -> &'h str {
    headers[name].to_str().unwrap()
}

#[tokio::test]
async fn every_kind_of_token_gives_the_answer_of_every_sign_in() {
    let bench = Bench::new(|_| ());
    bench.providers.know("jwt", identity(Google, "1184", Some("ann@example.org")));
    bench.providers.know("limited", identity(Facebook, "77", None));
    bench.providers.know("access EAAB", identity(Facebook, "78", None));
    for (path, body, email) in [
        ("/api/auth/google/", json!({"id_token": "jwt"}), json!("ann@example.org")),
        ("/api/auth/facebook/", json!({"id_token": "limited"}), json!(null)),
        ("/api/auth/facebook", json!({"access_token": " EAAB "}), json!(null)),
        ("/api/auth/facebook", json!({"id_token": "", "access_token": "EAAB"}), json!(null)),
    ] {
        let (status, headers, tokens) = call(&bench, path, body).await;
        assert_eq!(status, 200, "{tokens}");
        assert_eq!((&tokens["display_name"], &tokens["username"]), (&json!("Ann Lee"), &json!(null)));
        assert_eq!((&tokens["user"]["email"], &tokens["is_guest"]), (&email, &json!(false)));
        let session = format!("session={};", tokens["token"].as_str().unwrap());
        assert!(cookies(&headers)[0].starts_with(&session), "{headers:?}");
        assert_eq!(text(&headers, "cache-control"), "no-store");
    }
}

#[tokio::test]
async fn what_is_missing_wrong_or_not_set_up_is_said() {
    let bench = Bench::new(|_| ());
    for path in ["/api/auth/google/", "/api/auth/facebook/"] {
        let (status, _, answer) = call(&bench, path, json!({})).await;
        assert_eq!((status, &answer["code"]), (400, &json!("INVALID_INPUT")));
        assert!(answer["fields"]["id_token"].is_string(), "{answer}");
        let (status, _, answer) = call(&bench, path, json!({"id_token": "s3cret"})).await;
        assert_eq!((status, &answer["code"]), (401, &json!("WRONG_CREDENTIALS")));
        assert!(!answer.to_string().contains("s3cret"), "{answer}");
    }
    bench.providers.is_off.store(true, Ordering::SeqCst);
    for path in ["/api/auth/google/", "/api/auth/facebook/"] {
        let (status, _, answer) = call(&bench, path, json!({"id_token": "jwt"})).await;
        assert_eq!((status, &answer["code"]), (404, &json!("NOT_OFFERED")));
    }
    let (status, _, answer) = visit(&bench, "/accounts/google/login/", &[]).await;
    assert!(status == 404 && answer.contains("NOT_OFFERED"), "{answer}");
}

#[tokio::test]
async fn a_browser_goes_there_and_back_and_ends_up_signed_in() {
    let bench = Bench::new(|settings| {
        settings.public_url = "https://app.test".to_owned();
    });
    bench.providers.know("code", identity(Google, "1184", None));
    let (status, headers, _) = visit(&bench, "/accounts/google/login/?next=/rooms/%3Fx", &[]).await;
    assert_eq!(status, 303);
    let state = text(&headers, "location").strip_prefix("https://provider.test/?state=").unwrap().to_owned();
    let flow = cookies(&headers)[0].to_owned();
    let (kept, attributes) = flow.split_once(';').unwrap();
    assert_eq!(attributes, " Path=/; HttpOnly; SameSite=Lax; Max-Age=600; Secure");
    let back = format!("/accounts/google/callback/?state={state}&code=code&scope=email");
    let (status, headers, body) = visit(&bench, &back, &[("cookie", kept)]).await;
    assert_eq!((status, text(&headers, "location")), (303, "/rooms/?x"), "{body}");
    assert_eq!(
        (text(&headers, "cache-control"), text(&headers, "referrer-policy")),
        ("no-store", "no-referrer")
    );
    let set = cookies(&headers);
    assert!(
        set[0].starts_with("__Host-session=pls_") && set[1].starts_with("__Host-sign_in=; Path=/;"),
        "{set:?}"
    );
    let (session, _) = set[0].split_once(';').unwrap();
    let (status, _, profile) = visit(&bench, "/api/user-profile/", &[("cookie", session)]).await;
    assert!(status == 200 && profile.contains("Ann Lee"), "{profile}");
    // The link is worth nothing any more, and was worth nothing in another browser.
    let (status, headers, _) = visit(&bench, &back, &[("cookie", kept)]).await;
    assert!(status == 400 && cookies(&headers).is_empty());
}

#[tokio::test]
async fn nobody_is_led_elsewhere() {
    let bench = Bench::new(|settings| settings.allowed_origins = vec!["https://front.test".to_owned()]);
    for next in [
        "https://evil.example",
        "//evil.example",
        "/%5Cevil.example",
        "%09//evil.example",
        "/%0d%0aLocation:%20https://evil.example",
        "https://front.test@evil.example",
        "https://front.test.evil.example",
        "javascript:alert(1)",
    ] {
        let (status, headers, answer) =
            visit(&bench, &format!("/accounts/google/login/?next={next}"), &[]).await;
        assert!(status == 400 && answer.contains(r#""next""#), "{next}: {answer}");
        assert!(!headers.contains_key("location") && cookies(&headers).is_empty(), "{next}");
    }
    let (status, ..) = visit(&bench, "/accounts/google/login/?next=https://front.test/a", &[]).await;
    assert_eq!(status, 303);
}

#[tokio::test]
async fn a_person_reads_a_page_and_a_program_json() {
    let bench = Bench::new(|_| ());
    for (path, status) in [
        ("/accounts/google/callback/", 400),
        ("/accounts/google/callback/?state=x&code=y", 400),
        ("/accounts/google/callback/?error=access_denied&state=x", 400),
        ("/accounts/google/callback/?state=%FF%00&code=%F0", 400),
        ("/accounts/google/callback/?state=a&state=b", 400),
        ("/accounts/google/login/?next=//evil.example", 400),
        ("/accounts/myspace/login/", 404),
        ("/accounts/myspace/callback/", 404),
    ] {
        let accept = [("accept", "text/html,application/xhtml+xml"), ("cookie", "sign_in=AAAA")];
        let (got, headers, page) = visit(&bench, path, &accept).await;
        assert_eq!(got, status, "{path}: {page}");
        assert_eq!(text(&headers, "content-type"), "text/html; charset=utf-8");
        assert!(text(&headers, "content-security-policy").starts_with("default-src 'none'"));
        assert!(page.starts_with("<!doctype html>") && page.contains("<p>"), "{page}");
        let (got, headers, json) = visit(&bench, path, &[]).await;
        assert_eq!((got, text(&headers, "content-type")), (status, "application/json"), "{path}");
        assert!(json.starts_with(r#"{"error":"#), "{json}");
    }
}
