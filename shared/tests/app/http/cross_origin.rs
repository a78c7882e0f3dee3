//! Which web pages may call.

use axum::body::Body;
use axum::http::{Request, StatusCode};

use super::bench::{Bench, send};

/// The answer's status and the page that may read it, where a page asks that lies at this origin.
async fn asked_by(bench: &Bench, origin: &str) -> (StatusCode, Option<String>) {
    let request = Request::post("/api/auth/guest/").header("origin", origin);
    let request = request.body(Body::from(r#"{"display_name": "Ann"}"#)).unwrap();
    let response = send(bench.router(), request).await;
    let reader = response.headers().get("access-control-allow-origin");
    (response.status(), reader.map(|origin| origin.to_str().unwrap().to_owned()))
}

#[tokio::test]
async fn pages_of_a_visitors_own_machine_are_foreign_to_a_server_that_others_reach() {
    for (public_url, admitted) in [("http://localhost:8000", true), ("https://parlor.example.org", false)] {
        let bench = Bench::new(|settings| {
            settings.allow_local_origins = true;
            settings.public_url = public_url.to_owned();
        });
        for origin in ["http://localhost:5173", "http://127.0.0.1:3000", "http://[::1]:1"] {
            let (status, reader) = asked_by(&bench, origin).await;
            assert_eq!(status == StatusCode::OK, admitted, "{origin} at {public_url}: {status}");
            assert_eq!(reader.as_deref(), admitted.then_some(origin));
        }
    }
}
