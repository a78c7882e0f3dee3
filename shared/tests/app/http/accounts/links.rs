//! Mailed links over HTTP: the calls behind them, and their pages.

use axum::body::{Body, to_bytes};
use axum::http::{Request, StatusCode};
use serde_json::{Value, json};

use crate::http::accounts::signing_in::{PASSWORD, call};
use crate::http::bench::{Bench, send};

#[tokio::test]
async fn a_forgotten_password_is_answered_in_the_same_words_whoever_asks_about_whom() {
    let bench = Bench::new(|_| ());
    let ann = json!({"username": "ann", "email": "ann@example.org", "password": PASSWORD});
    assert_eq!(call(&bench, "/api/register/", ann).await.0, 201);
    let ask = async |email: &str| call(&bench, "/api/auth/password/forgot/", json!({"email": email})).await;
    let (known, unknown) = (ask("ann@example.org").await, ask("nobody@example.org").await);
    assert_eq!((known.0, &known.2["success"]), (200, &json!(true)), "{}", known.2);
    assert_eq!((known.0, known.2), (unknown.0, unknown.2));
    for email in ["", "x", "ann@"] {
        let (status, _, answer) = ask(email).await;
        assert_eq!((status, &answer["code"]), (400, &json!("INVALID_INPUT")), "{answer}");
        assert!(answer["fields"]["email"].is_string(), "{answer}");
    }
    for email in ["ann@example.org", "nobody@example.org"] {
        for _ in 1..5 {
            assert_eq!(ask(email).await.0, 200);
        }
        let (status, headers, answer) = ask(email).await;
        assert_eq!((status, &answer["code"]), (429, &json!("RATE_LIMITED")), "{answer}");
        assert!(headers.contains_key("retry-after"));
    }
}

#[tokio::test]
async fn dead_links_and_what_is_missing_are_named() {
    let bench = Bench::new(|_| ());
    let table = [
        ("/api/auth/verify-email/", json!({}), "token"),
        ("/api/auth/verify-email/", json!({"token": "plv_nonsense"}), "token"),
        ("/api/auth/verify-email/account/", json!({}), "token"),
        ("/api/auth/verify-email/account/", json!({"token": "plv_nonsense"}), "token"),
        ("/api/auth/password/reset/", json!({"password": PASSWORD}), "token"),
        ("/api/auth/password/reset/", json!({"token": "plp_nonsense", "password": PASSWORD}), "token"),
        (
            "/api/auth/password/reset/",
            json!({"token": "x", "password": PASSWORD, "password2": "y"}),
            "password2",
        ),
    ];
    for (path, body, field) in table {
        let (status, _, answer) = call(&bench, path, body.clone()).await;
        assert_eq!((status, &answer["code"]), (400, &json!("INVALID_INPUT")), "{body}: {answer}");
        assert!(answer["fields"][field].is_string(), "{body}: {answer}");
        assert!(!answer.to_string().contains("nonsense"), "{answer}");
    }
    let (status, _, answer) = call(&bench, "/api/auth/verify-email/request/", Value::Null).await;
    assert_eq!((status, &answer["code"]), (401, &json!("UNAUTHENTICATED")));
}

#[tokio::test]
async fn the_pages_behind_links_load_nothing_but_their_own_and_tell_nobody_their_address() {
    let bench = Bench::new(|_| ());
    for page in ["verify-email", "reset-password", "accounts/link"] {
        for path in [format!("/{page}/?token=plv_x"), format!("/{page}?token=plv_x")] {
            let text = file(&bench, &path, "text/html; charset=utf-8").await;
            assert!(
                text.contains(&format!("src=\"/{page}/link-page.js\"")) && !text.contains("plv_x"),
                "{text}"
            );
        }
        file(&bench, &format!("/{page}/link-page.js"), "text/javascript; charset=utf-8").await;
        file(&bench, &format!("/{page}/link-page.css"), "text/css; charset=utf-8").await;
    }
}

/// A file, which says that it is of this type and keeps its address to itself.
async fn file(bench: &Bench, path: &str, content_type: &str) -> String {
    let request = Request::get(path).body(Body::empty()).unwrap();
    let response = send(bench.router(), request).await;
    assert_eq!(response.status(), StatusCode::OK, "{path}");
    let headers = response.headers();
    let expected = [
        ("content-type", content_type),
        ("referrer-policy", "no-referrer"),
        ("cache-control", "no-store"),
        ("x-content-type-options", "nosniff"),
    ];
    for (name, value) in expected {
        assert_eq!(headers[name], value, "{path}: {name}");
    }
    let policy = headers["content-security-policy"].to_str().unwrap();
    assert!(policy.starts_with("default-src 'none'; ") && !policy.contains("unsafe"), "{policy}");
    String::from_utf8(to_bytes(response.into_body(), usize::MAX).await.unwrap().to_vec()).unwrap()
}
