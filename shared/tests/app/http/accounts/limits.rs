//! Calls that may be made so often.

use std::net::IpAddr;

use axum::Extension;
use axum::body::Body;
use axum::http::{HeaderMap, Request};
use parlor::domain::edge_secret::EdgeSecret;
use parlor::domain::limit::Limit;
use parlor::inbound::edge::Peer;
use serde_json::{Value, json};

use crate::http::accounts::signing_in::{PASSWORD, PHRASE, call};
use crate::http::bench::{Bench, json, send};

const TWICE: Limit = Limit::new(2, 3600);

/// Makes a call from an address.
async fn call_from(bench: &Bench, address: &str, path: &str, body: Value) -> (u16, HeaderMap, Value) {
    let peer: IpAddr = address.parse().unwrap();
    let router = bench.router().layer(Extension(Peer(peer)));
    let response = send(router, Request::post(path).body(Body::from(body.to_string())).unwrap()).await;
    let (status, headers) = (response.status().as_u16(), response.headers().clone());
    (status, headers, json(response).await)
}

#[tokio::test]
async fn a_client_that_the_edge_names_in_no_way_we_know_is_limited_though_the_edge_is_this_machine() {
    let secret = "0123456789abcdef0123456789abcdef";
    let bench = Bench::new(|settings| {
        settings.limits.guests_per_address = TWICE;
        settings.edge_secret = EdgeSecret::new(secret);
    });
    let loopback: IpAddr = "127.0.0.1".parse().unwrap();
    let mut statuses = Vec::new();
    for _ in 0..3 {
        let request = Request::post("/api/auth/guest/").header("parlor-edge-secret", secret);
        let request = request.header("parlor-client-address", "[2001:db8::1");
        let request = request.body(Body::from(r#"{"display_name": "Ann"}"#)).unwrap();
        let router = bench.router().layer(Extension(Peer(loopback)));
        statuses.push(send(router, request).await.status().as_u16());
    }
    assert_eq!(statuses, [200, 200, 429]);
}

#[tokio::test]
async fn an_address_may_do_so_much_and_another_one_as_much_again() {
    let bench = Bench::new(|settings| {
        settings.limits.guests_per_address = TWICE;
        settings.limits.registrations_per_address = TWICE;
        settings.limits.sign_ins_per_address = TWICE;
    });
    for (path, body) in [
        ("/api/auth/guest/", json!({"display_name": "Ann"})),
        ("/api/register/", json!({"username": "a  b"})),
        ("/api/login/", json!({"username": "nobody", "phrase": PHRASE})),
    ] {
        let from = async |address: &str| call_from(&bench, address, path, body.clone()).await;
        for _ in 0..2 {
            assert_ne!(from("192.0.2.7").await.0, 429, "{path}");
            assert_ne!(from("2001:db8::1").await.0, 429, "{path}");
        }
        let (status, headers, answer) = from("192.0.2.7").await;
        assert_eq!((status, &answer["code"]), (429, &json!("RATE_LIMITED")), "{path}");
        let header = |name: &str| headers[name].to_str().unwrap().parse::<u64>().unwrap();
        // The clock stands at 1,000,000,000: 2,800 seconds into its hour.
        assert_eq!((header("retry-after"), header("ratelimit-reset")), (800, 800));
        assert_eq!((header("ratelimit-limit"), header("ratelimit-remaining")), (2, 0));
        assert_eq!(from("2001:db8::2").await.0, 429, "the same network of 64 bits");
        assert_ne!(from("192.0.2.8").await.0, 429);
        for _ in 0..3 {
            assert_ne!(from("127.0.0.1").await.0, 429, "this machine is not counted");
        }
    }
    for (path, body) in [
        ("/api/auth/login/", json!({"email": "nobody@example.org", "password": PASSWORD})),
        ("/api/auth/google/", json!({"id_token": "x"})),
        ("/api/auth/facebook/", json!({"id_token": "x"})),
        ("/api/auth/facebook/", json!({"access_token": "x"})),
    ] {
        let (status, ..) = call_from(&bench, "192.0.2.7", path, body).await;
        assert_eq!(status, 429, "one limit, several ways in: {path}");
    }
}

#[tokio::test]
async fn every_answer_of_a_limited_call_says_what_is_left() {
    let bench = Bench::new(|settings| {
        settings.limits.sign_ins_per_address = Limit::new(9, 3600);
        settings.limits.sign_ins_per_account_and_address = Limit::new(3, 60);
    });
    let said = |headers: &HeaderMap| {
        ["limit", "remaining", "reset"].map(|name| {
            let value = headers.get(format!("ratelimit-{name}"))?;
            value.to_str().ok()?.parse::<u64>().ok()
        })
    };
    let guess = json!({"username": "ann", "password": "not it at all"});
    // The limit that the call comes closest to: the account's. The clock stands 20 seconds before a minute is full.
    for (status, remaining) in [(401, 2), (401, 1), (401, 0), (429, 0)] {
        let (answered, headers, _) = call_from(&bench, "192.0.2.7", "/api/login/", guess.clone()).await;
        assert_eq!((answered, said(&headers)), (status, [Some(3), Some(remaining), Some(20)]));
    }
    // Nobody has tried these accounts yet: in the end it is the address's, whose hour has 800 seconds left.
    for (name, left) in [("b", [3, 2, 20]), ("c", [3, 2, 20]), ("d", [9, 2, 800]), ("e", [9, 1, 800])] {
        let guess = json!({"username": format!("{name}-nobody"), "password": "not it at all"});
        let (_, headers, _) = call_from(&bench, "192.0.2.7", "/api/login/", guess).await;
        assert_eq!(said(&headers), left.map(Some), "{name}");
    }
    let (status, headers, _) =
        call_from(&bench, "192.0.2.7", "/api/login/", json!({"username": "ann"})).await;
    assert_eq!((status, said(&headers)), (400, [None; 3]), "what was not counted says nothing");
}

#[tokio::test]
async fn pages_may_read_what_is_left() {
    let bench = Bench::new(|_| ());
    let request = Request::post("/api/auth/guest/").header("origin", "http://localhost");
    let response = send(bench.router(), request.body(Body::empty()).unwrap()).await;
    let exposed = response.headers()["access-control-expose-headers"].to_str().unwrap();
    for name in ["RateLimit-Limit", "RateLimit-Remaining", "RateLimit-Reset", "Retry-After"] {
        assert!(exposed.split(", ").any(|header| header == name), "{name} in {exposed}");
    }
}

async fn register_ann(bench: &Bench) {
    let body = json!({"username": "ann", "email": "ann@example.org", "password": PASSWORD});
    assert_eq!(call(bench, "/api/register/", body).await.0, 201);
}

#[tokio::test]
async fn wrong_guesses_from_elsewhere_lock_nobody_out_whether_or_not_the_account_exists() {
    let bench = Bench::new(|settings| settings.limits.sign_ins_per_account_and_address = TWICE);
    register_ann(&bench).await;
    for (name, path, field) in [
        ("ann", "/api/login/", "username"),
        ("nobody", "/api/login/", "username"),
        ("no#name", "/api/login/", "username"),
        ("ann@example.org", "/api/auth/login/", "email"),
    ] {
        let guess = json!({field: name, "password": "not it at all"});
        let right = json!({field: name.to_uppercase(), "password": PASSWORD});
        for expected in [401, 401, 429, 429] {
            let (status, ..) = call_from(&bench, "192.0.2.7", path, guess.clone()).await;
            assert_eq!(status, expected, "{name}");
        }
        let owner = call_from(&bench, "192.0.2.8", path, right.clone()).await.0;
        assert_eq!(owner, if name.starts_with("ann") { 200 } else { 401 }, "{name}");
        assert_eq!(call_from(&bench, "192.0.2.8", path, right).await.0, owner, "{name}");
    }
}

#[tokio::test]
async fn an_account_may_be_tried_so_often_from_everywhere_whether_or_not_it_exists() {
    let bench = Bench::new(|settings| settings.limits.sign_ins_per_account = TWICE);
    register_ann(&bench).await;
    for name in ["ann", "nobody"] {
        let guess = json!({"username": name, "password": "not it at all"});
        for address in ["192.0.2.7", "192.0.2.8"] {
            assert_eq!(call_from(&bench, address, "/api/login/", guess.clone()).await.0, 401);
        }
        let right = json!({"username": name.to_uppercase(), "password": PASSWORD});
        assert_eq!(call_from(&bench, "192.0.2.9", "/api/login/", right).await.0, 429, "{name}");
    }
}

#[tokio::test]
async fn what_is_refused_at_one_address_does_not_count_for_all() {
    let bench = Bench::new(|settings| {
        settings.limits.sign_ins_per_account_and_address = TWICE;
        settings.limits.sign_ins_per_account = Limit::new(3, 3600);
    });
    register_ann(&bench).await;
    let guess = json!({"username": "ann", "password": "not it at all"});
    for _ in 0..9 {
        call_from(&bench, "192.0.2.7", "/api/login/", guess.clone()).await;
    }
    let right = json!({"username": "ann", "password": PASSWORD});
    assert_eq!(call_from(&bench, "192.0.2.8", "/api/login/", right).await.0, 200);
}

#[tokio::test]
async fn guesses_at_what_can_be_nobodys_name_do_not_count_on_another_one() {
    let bench = Bench::new(|settings| settings.limits.sign_ins_per_account_and_address = TWICE);
    for name in ["a#1", "a#2", "a#3", "a#4"] {
        let guess = json!({"username": name, "password": "not it at all"});
        assert_eq!(call_from(&bench, "192.0.2.7", "/api/login/", guess).await.0, 401, "{name}");
    }
}

#[tokio::test]
async fn a_session_gets_so_many_tickets() {
    let bench = Bench::new(|settings| settings.limits.tickets_per_session = TWICE);
    let mut sessions = Vec::new();
    for _ in 0..2 {
        let guest = call(&bench, "/api/auth/guest/", json!({"display_name": "Ann"})).await.2;
        sessions.push(format!("Bearer {}", guest["token"].as_str().unwrap()));
    }
    for session in &sessions {
        for expected in [200, 200, 429] {
            let request = Request::post("/api/ws-ticket/").header("authorization", session);
            let response = send(bench.router(), request.body(Body::empty()).unwrap()).await;
            assert_eq!(response.status(), expected);
        }
    }
}
