//! Admins' calls over HTTP.

use std::sync::Arc;

use axum::body::Body;
use axum::http::{HeaderMap, Request};
use axum::{Router, body};
use parlor::app::console::{Console, NewAdmin};
use parlor::domain::secret::Secret;
use serde_json::{Value, json};

use crate::http::accounts::signing_in::{PASSWORD, call};
use crate::http::bench::{Bench, json, send};

const PROOF: &str = r#"{"current_password": "kX3!vq9Zt-lamp"}"#;

/// The token of an admin whose number is 1 if nobody was there before.
pub(crate) async fn admin(bench: &Bench, name: &str) -> String {
    let ports = bench.app.ports();
    let console = Console::new(Arc::clone(&ports.table), ports.clock.clone(), ports.random.clone());
    let email = format!("{name}@example.org");
    let admin = NewAdmin { email: email.clone(), username: None, display_name: None };
    console.create_admin(&admin, &Secret::new(PASSWORD).unwrap()).await.unwrap();
    login(bench, json!({"email": email, "password": PASSWORD})).await
}

async fn login(bench: &Bench, body: Value) -> String {
    let (status, _, tokens) = call(bench, "/api/auth/login/", body).await;
    assert_eq!(status, 200, "{tokens}");
    tokens["access_token"].as_str().unwrap().to_owned()
}

async fn member(bench: &Bench, name: &str) -> String {
    let body = json!({"username": name, "email": format!("{name}@example.org"), "password": PASSWORD});
    assert_eq!(call(bench, "/api/register/", body.clone()).await.0, 201);
    login(bench, body).await
}

async fn ask(bench: &Bench, token: &str, method: &str, path: &str, body: &str) -> (u16, HeaderMap, Value) {
    let token = Some(token).filter(|token| !token.is_empty());
    ask_through(bench.router(), token, method, path, body).await
}

/// Makes a call through a router, with a token if there is one; an answer that is no JSON counts as null.
pub(crate) async fn ask_through(
    router: Router,
    token: Option<&str>,
    method: &str,
    path: &str,
    text: &str,
) -> (u16, HeaderMap, Value) {
    let request = Request::builder().method(method).uri(path);
    let request = match token {
        Some(token) => request.header("authorization", format!("JWT {token}")),
        None => request,
    };
    let response = send(router, request.body(Body::from(text.to_owned())).unwrap()).await;
    let (status, headers) = (response.status().as_u16(), response.headers().clone());
    let bytes = body::to_bytes(response.into_body(), usize::MAX).await.unwrap();
    (status, headers, serde_json::from_slice(&bytes).unwrap_or_default())
}

/// Every call, with what it takes.
const CALLS: [(&str, &str, &str); 5] = [
    ("GET", "/api/admin/users/", ""),
    ("GET", "/api/admin/users/1/", ""),
    ("PATCH", "/api/admin/users/1", r#"{"is_disabled": true}"#),
    ("POST", "/api/admin/users/1/end-sessions/", ""),
    ("GET", "/api/admin/audit", ""),
];

#[tokio::test]
async fn everybody_else_is_kept_out_before_anything_is_read() {
    let bench = Bench::new(|_| ());
    let root = admin(&bench, "root").await;
    let (ann, guest) = (member(&bench, "ann").await, bench.token().await);
    for (method, path, body) in CALLS {
        for (token, expected) in [
            ("", (401, "UNAUTHENTICATED")),
            ("x", (401, "UNAUTHENTICATED")),
            (&ann, (403, "FORBIDDEN")),
            (&guest, (403, "FORBIDDEN")),
        ] {
            for (path, body) in [(path.to_owned(), body), (format!("{path}?limit=x&cursor=x"), "{")] {
                let (status, _, answer) = ask(&bench, token, method, &path, body).await;
                assert_eq!((status, answer["code"].as_str().unwrap()), expected, "{method} {path}: {answer}");
            }
        }
    }
    assert_eq!(ask(&bench, &root, "GET", "/api/user-profile/", "").await.0, 200, "nothing has happened");
    for (method, path, _) in CALLS {
        if method == "GET" {
            assert_eq!(ask(&bench, &root, method, path, "").await.0, 200, "{path}");
        }
    }
}

#[tokio::test]
async fn a_person_is_seen_changed_and_signed_out_and_each_deed_names_its_request() {
    let bench = Bench::new(|_| ());
    let root = admin(&bench, "root").await;
    let ann = member(&bench, "ann").await;
    let path = "/api/admin/users/2/";
    let (status, _, seen) = ask(&bench, &root, "GET", path, "").await;
    let expected = json!({
        "id": 2, "username": "ann", "email": "ann@example.org", "pending_email": null, "display_name": "ann", "photo": null,
        "profile_pic": null, "role": "member", "is_guest": false, "is_email_verified": false,
        "is_disabled": false, "created_at": "2001-09-09T01:46:40.000000+00:00",
    });
    assert_eq!((status, &seen), (200, &expected));
    let (status, headers, changed) = ask(&bench, &root, "PATCH", path, r#"{"role": "admin"}"#).await;
    assert_eq!((status, &changed["role"]), (200, &json!("admin")));
    assert_eq!(ask(&bench, &ann, "GET", path, "").await.0, 200, "with the token that she has");
    let (_, _, trail) = ask(&bench, &root, "GET", "/api/admin/audit/?limit=100", "").await;
    let granted = trail.as_array().unwrap().iter().find(|deed| deed["action"] == "admin_granted").unwrap();
    let request_id = headers["x-request-id"].to_str().unwrap();
    let at = "2001-09-09T01:46:40.000000+00:00";
    let deed = json!({"at": at, "action": "admin_granted", "admin": 1, "user": 2, "webhook": null, "request_id": request_id});
    assert_eq!(granted, &deed);

    let form = Request::patch(path)
        .header("authorization", format!("Bearer {root}"))
        .header("content-type", "application/x-www-form-urlencoded");
    let form = form.body(Body::from("is_disabled=true&role=member")).unwrap();
    let changed = json(send(bench.router(), form).await).await;
    assert_eq!((&changed["is_disabled"], &changed["role"]), (&json!(true), &json!("member")), "{changed}");
    let (status, _, answer) = ask(&bench, &ann, "GET", "/api/user-profile/", "").await;
    assert_eq!((status, &answer["code"]), (401, &json!("SESSION_ENDED")));
    let body = json!({"email": "ann@example.org", "password": PASSWORD});
    let (status, _, answer) = call(&bench, "/api/auth/login/", body.clone()).await;
    assert_eq!((status, &answer["code"]), (403, &json!("ACCOUNT_DISABLED")));
    assert_eq!(ask(&bench, &root, "PATCH", path, r#"{"is_disabled": false}"#).await.0, 200);
    let ann = login(&bench, body).await;
    assert_eq!(ask(&bench, &root, "POST", "/api/admin/users/2/end-sessions/", "").await.0, 200);
    assert_eq!(ask(&bench, &ann, "GET", "/api/user-profile/", "").await.0, 401);
}

#[tokio::test]
async fn what_makes_no_sense_is_refused_with_a_reason() {
    let bench = Bench::new(|_| ());
    let root = admin(&bench, "root").await;
    for (method, path, body, expected, field) in [
        ("GET", "/api/admin/users/?limit=0", "", (400, "INVALID_INPUT"), "limit"),
        ("GET", "/api/admin/users/?limit=101", "", (400, "INVALID_INPUT"), "limit"),
        ("GET", "/api/admin/users/?cursor=_", "", (400, "INVALID_INPUT"), "cursor"),
        ("GET", "/api/admin/users/?cursor=dXg", "", (400, "INVALID_INPUT"), "cursor"),
        ("GET", "/api/admin/users/?email=x", "", (400, "INVALID_INPUT"), "email"),
        ("GET", "/api/admin/users/?email=a@b.org&username=x", "", (400, "INVALID_INPUT"), "email"),
        ("GET", "/api/admin/audit/?cursor=eA", "", (400, "INVALID_INPUT"), "cursor"),
        ("GET", "/api/admin/audit/?limit=-1", "", (400, "INVALID_INPUT"), "limit"),
        ("GET", "/api/admin/users/2/", "", (404, "NOT_FOUND"), ""),
        ("GET", "/api/admin/users/0/", "", (404, "NOT_FOUND"), ""),
        ("GET", "/api/admin/users/x/", "", (404, "NOT_FOUND"), ""),
        ("PATCH", "/api/admin/users/7/", r#"{"is_disabled": true}"#, (404, "NOT_FOUND"), ""),
        ("POST", "/api/admin/users/7/end-sessions/", "", (404, "NOT_FOUND"), ""),
        ("PATCH", "/api/admin/users/1/", r#"{"is_disabled": "yes"}"#, (400, "INVALID_INPUT"), "is_disabled"),
        ("PATCH", "/api/admin/users/1/", r#"{"role": "host"}"#, (400, "INVALID_INPUT"), "role"),
        ("PATCH", "/api/admin/users/1/", r#"{"role": 7}"#, (400, "MALFORMED"), ""),
        ("PATCH", "/api/admin/users/1/", r#"{"role": "member"}"#, (409, "CONFLICT"), ""),
        ("PATCH", "/api/admin/users/1/", r#"{"is_disabled": true}"#, (409, "CONFLICT"), ""),
        ("DELETE", "/api/user-profile/", "", (403, "FORBIDDEN"), ""),
        ("DELETE", "/api/user-profile/", PROOF, (409, "CONFLICT"), ""),
        ("DELETE", "/api/admin/users/1/", "", (405, "METHOD_NOT_ALLOWED"), ""),
    ] {
        let (status, _, answer) = ask(&bench, &root, method, path, body).await;
        assert_eq!((status, answer["code"].as_str().unwrap()), expected, "{method} {path} {body}: {answer}");
        assert_eq!(answer["fields"][field].is_string(), !field.is_empty(), "{method} {path}: {answer}");
    }
    assert_eq!(ask(&bench, &root, "PATCH", "/api/admin/users/1/", r#"{"role": "admin"}"#).await.0, 200);
    let (_, _, trail) = ask(&bench, &root, "GET", "/api/admin/audit/", "").await;
    assert_eq!(trail.as_array().unwrap().len(), 1, "{trail}");
}

/// The entries of all pages, going where each page's `Link` says.
async fn all(bench: &Bench, token: &str, path: &str) -> (Vec<Value>, usize) {
    let (mut entries, mut pages, mut next) = (Vec::new(), 0, Some(path.to_owned()));
    while let Some(path) = next {
        let (status, headers, page) = ask(bench, token, "GET", &path, "").await;
        assert_eq!(status, 200, "{page}");
        entries.extend(page.as_array().unwrap().clone());
        pages += 1;
        next = headers.get("link").map(|link| {
            let link = link.to_str().unwrap().strip_prefix("<http://localhost").unwrap();
            link.strip_suffix(">; rel=\"next\"").unwrap().to_owned()
        });
    }
    (entries, pages)
}

#[tokio::test]
async fn lists_come_in_pages_each_of_which_says_where_the_next_one_is() {
    let bench = Bench::new(|_| ());
    let root = admin(&bench, "root").await;
    for name in ["user.a", "user.b", "user-c"] {
        member(&bench, name).await;
    }
    let ids =
        |entries: Vec<Value>| entries.iter().map(|user| user["id"].as_u64().unwrap()).collect::<Vec<_>>();
    let (entries, pages) = all(&bench, &root, "/api/admin/users/?limit=1").await;
    assert_eq!((ids(entries), pages), (vec![1, 2, 3, 4], 4));
    let (entries, _) = all(&bench, &root, "/api/admin/users/?limit=2&username=USER.").await;
    assert_eq!(ids(entries), [2, 3]);
    let (entries, pages) = all(&bench, &root, "/api/admin/users?email=user-c%40example.org").await;
    assert_eq!((ids(entries), pages), (vec![4], 1));
    for id in [2, 3, 4] {
        assert_eq!(
            ask(&bench, &root, "PATCH", &format!("/api/admin/users/{id}/"), r#"{"role":"admin"}"#).await.0,
            200
        );
    }
    let (whole, _) = all(&bench, &root, "/api/admin/audit/").await;
    let (entries, pages) = all(&bench, &root, "/api/admin/audit/?limit=1").await;
    assert_eq!((&entries, entries.len()), (&whole, 4));
    assert!((4..=5).contains(&pages), "{pages}");
}

#[tokio::test]
async fn a_webhook_can_begin_switched_off_and_no_other_value_is_passed_over() {
    let bench = Bench::new(|_| ());
    let root = admin(&bench, "root").await;
    let add = async |is_enabled: Value| {
        let body = json!({"url": "https://example.org/hook", "is_enabled": is_enabled}).to_string();
        ask(&bench, &root, "POST", "/api/admin/webhooks/", &body).await
    };
    let (status, _, made) = add(json!(false)).await;
    assert_eq!((status, &made["is_enabled"]), (201, &json!(false)), "{made}");
    let (status, _, refused) = add(json!({})).await;
    assert_eq!((status, refused["fields"]["is_enabled"].is_string()), (400, true), "{refused}");
}
