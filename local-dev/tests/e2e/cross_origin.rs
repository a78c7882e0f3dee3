//! Web pages: a front end on another localhost port works, a foreign site does not.

use reqwest::Method;
use serde_json::{Value, json};

use crate::broadcast_feed::known;
use crate::client::{Guest, Socket, refusal_with};
use crate::target::{Target, unique};

const FRONT_END: &str = "http://localhost:5173";
const FOREIGN: &str = "https://evil.example";

#[tokio::test]
async fn a_front_end_may_ask_before_it_sends() {
    let target = Target::start().await;
    let url = format!("{}/api/auth/guest/", target.http);
    let preflight = reqwest::Client::new().request(Method::OPTIONS, &url).header("origin", FRONT_END);
    let preflight = preflight.header("access-control-request-method", "POST").send().await.unwrap();
    assert_eq!(preflight.status(), 204);
    assert_eq!(preflight.headers()["access-control-allow-origin"], FRONT_END);
    assert!(preflight.headers()["access-control-allow-headers"].to_str().unwrap().contains("Authorization"));
}

#[tokio::test]
async fn a_front_end_on_another_localhost_port_may_sign_in_with_cookies() {
    let target = Target::start().await;
    let http = reqwest::Client::new();
    let url = format!("{}/api/auth/guest/", target.http);
    let name = json!({ "display_name": "Ann" });
    let response = http.post(&url).header("origin", FRONT_END).json(&name).send().await.unwrap();
    assert_eq!(response.headers()["access-control-allow-origin"], FRONT_END);
    assert_eq!(response.headers()["access-control-allow-credentials"], "true");
    assert!(response.headers()["vary"].to_str().unwrap().contains("Origin"));
    let cookie = response.headers()["set-cookie"].to_str().unwrap().to_owned();
    assert!(
        cookie.contains("HttpOnly") && cookie.contains("SameSite=Lax") && !cookie.contains("Secure"),
        "{cookie}"
    );

    let missing = http.get(format!("{}/media_get/?media_id=x", target.http)).header("origin", FRONT_END);
    let missing = missing.header("cookie", cookie.split(';').next().unwrap()).send().await.unwrap();
    assert_eq!(
        (missing.status().as_u16(), missing.headers()["access-control-allow-origin"].as_bytes()),
        (404, FRONT_END.as_bytes())
    );
}

#[tokio::test]
async fn a_front_end_can_read_every_refusal() {
    let target = Target::start().await;
    let ann = Guest::sign_in(&target.http).await;
    let at = |path: &str| format!("{}{path}", target.http);
    let table = [
        (ann.http.get(at("/media_get/?media_id=a&media_id=b")), 400, "INVALID_INPUT"),
        (ann.http.get(at("/media/%ff")), 404, "NOT_FOUND"),
        (ann.http.get(at("/nothing/")), 404, "NOT_FOUND"),
        (ann.http.put(at("/health/")), 405, "METHOD_NOT_ALLOWED"),
    ];
    for (request, status, code) in table {
        let shown = format!("{request:?}");
        let response = request.bearer_auth(ann.token()).header("origin", FRONT_END).send().await.unwrap();
        assert_eq!(response.status(), status, "{shown}");
        assert_eq!(response.headers()["access-control-allow-origin"], FRONT_END, "{shown}");
        assert_eq!(response.headers()["access-control-allow-credentials"], "true", "{shown}");
        assert_eq!(response.headers()["vary"], "Origin", "{shown}");
        assert!(response.headers().contains_key("x-request-id"), "{shown}");
        let body: Value = response.json().await.unwrap();
        assert_eq!(body["code"], code, "{shown}");
        assert_eq!(body["fields"]["media_id"].is_string(), code == "INVALID_INPUT", "{shown}");
    }
}

#[tokio::test]
async fn the_cookie_outlives_a_day_because_the_session_may() {
    let target = Target::start().await;
    let response = reqwest::Client::new().post(format!("{}/api/auth/guest/", target.http));
    let response = response.json(&json!({ "display_name": "Ann" })).send().await.unwrap();
    let cookie = response.headers()["set-cookie"].to_str().unwrap();
    assert!(cookie.contains("; Max-Age=2592000"), "{cookie}");
}

#[tokio::test]
async fn a_foreign_site_is_refused_and_told_nothing() {
    let target = Target::start().await;
    let http = reqwest::Client::new();
    let post = |name: &str, value: &str| {
        let request = http.post(format!("{}/api/auth/guest/", target.http)).header(name, value);
        request.json(&json!({ "display_name": "Eve" })).send()
    };
    for (name, value) in [("origin", FOREIGN), ("origin", "null"), ("sec-fetch-site", "cross-site")] {
        let response = post(name, value).await.unwrap();
        assert_eq!(response.status(), 403, "{name}: {value}");
        assert!(!response.headers().contains_key("access-control-allow-origin"));
        assert!(!response.headers().contains_key("set-cookie"));
        assert_eq!(response.json::<Value>().await.unwrap()["code"], "ORIGIN_NOT_ALLOWED");
    }
    let read = http.get(format!("{}/health/", target.http)).header("origin", FOREIGN).send().await.unwrap();
    assert!(read.status().is_success() && !read.headers().contains_key("access-control-allow-origin"));
    let preflight =
        http.request(Method::OPTIONS, format!("{}/media_post/", target.http)).header("origin", FOREIGN);
    assert!(!preflight.send().await.unwrap().headers().contains_key("access-control-allow-origin"));
}

#[tokio::test]
async fn the_feed_takes_any_origin_but_not_a_foreign_pages_cookie() {
    let target = Target::start().await;
    let ann = Guest::sign_in(&target.http).await;
    let open = async |origin| {
        let headers = [("origin", origin), ("cookie", ann.cookie.as_str())];
        Socket::open_with(&target.ws("/"), &headers).await.unwrap().0
    };
    let (mut own, mut foreign) = (open(FRONT_END).await, open(FOREIGN).await);
    known(&target, &ann.id(), &mut own).await;
    let (hers, all) = (format!(r#"{{"{}":1}}"#, unique("hers")), unique("all"));
    target.drops.put(&format!("users/{}/1.txt", ann.id()), hers.clone()).await;
    own.hear_text(&hers).await;
    target.drops.put(&format!("{all}.txt"), all.clone()).await;
    let before = foreign.hear_text(&all).await;
    assert!(!before.contains(&hers), "{before:?}");
}

#[tokio::test]
async fn a_foreign_page_opens_no_other_socket_whatever_it_brings_along() {
    let target = Target::start().await;
    let ann = Guest::sign_in(&target.http).await;
    let inbox = "/ws/chat/";
    let with_token = |path: &str| with_query(target.ws(path), &format!("token={}", ann.token()));
    let foreign = [("origin", FOREIGN), ("origin", "null"), ("sec-fetch-site", "cross-site")];
    for header in foreign {
        for (url, more) in
            [(with_token(inbox), None), (target.ws(inbox), Some(("cookie", ann.cookie.as_str())))]
        {
            let headers: Vec<_> = [header].into_iter().chain(more).collect();
            let refused = refusal_with(&url, &headers).await;
            assert_eq!(refused, target.refusal(403, 4003, "ORIGIN_NOT_ALLOWED"), "{header:?}");
        }
    }
    let refused = refusal_with(&target.ws("/ws/nowhere/"), &[foreign[0]]).await;
    assert_eq!(refused, target.refusal(403, 4003, "ORIGIN_NOT_ALLOWED"));
    let mut own = Socket::open_with(&with_token(inbox), &[("origin", FRONT_END)]).await.unwrap().0;
    own.ping().await;
}

fn with_query(url: String, query: &str) -> String {
    let separator = if url.contains('?') { '&' } else { '?' };
    format!("{url}{separator}{query}")
}
