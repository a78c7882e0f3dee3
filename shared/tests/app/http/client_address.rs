//! Where requests come from.

use std::net::IpAddr;

use axum::body::{self, Body};
use axum::http::Request;
use axum::routing::get;
use axum::{Extension, Router};
use parlor::domain::client_address::ClientAddress;
use parlor::domain::edge_secret::EdgeSecret;
use parlor::inbound::edge::Peer;
use parlor::inbound::http::layered;

use super::bench::{Bench, send};

const SECRET: &str = "0123456789abcdef0123456789abcdef";

/// A call that answers where it comes from, to whoever connects from 198.51.100.1.
fn router(bench: &Bench) -> Router {
    let tell = |Extension(client): Extension<ClientAddress>| async move { client.to_string() };
    let peer: IpAddr = "198.51.100.1".parse().unwrap();
    layered(bench.app.clone(), Router::new().route("/", get(tell))).layer(Extension(Peer(peer)))
}

async fn seen(bench: &Bench, headers: &[(&str, &str)]) -> String {
    let request =
        headers.iter().fold(Request::get("/"), |request, (name, value)| request.header(*name, *value));
    let response = send(router(bench), request.body(Body::empty()).unwrap()).await;
    String::from_utf8(body::to_bytes(response.into_body(), 100).await.unwrap().into()).unwrap()
}

#[tokio::test]
async fn a_handler_learns_what_our_edge_says_and_takes_nobody_elses_word() {
    let bench = Bench::new(|settings| settings.edge_secret = EdgeSecret::new(SECRET));
    let claims = [("x-forwarded-for", "192.0.2.66"), ("parlor-client-address", "192.0.2.7")];
    assert_eq!(seen(&bench, &claims).await, "198.51.100.1");
    let wrong = [claims[0], claims[1], ("parlor-edge-secret", &SECRET[1..])];
    assert_eq!(seen(&bench, &wrong).await, "198.51.100.1");
    let garbled = [claims[0], ("parlor-client-address", "unknown"), ("parlor-edge-secret", SECRET)];
    assert_eq!(seen(&bench, &garbled).await, "::", "neither the edge nor what the client says");
    let twice = [claims[1], ("parlor-client-address", "192.0.2.8"), ("parlor-edge-secret", SECRET)];
    assert_eq!(seen(&bench, &twice).await, "::", "one of them is the client's own");
    let ours = [claims[0], claims[1], ("parlor-edge-secret", SECRET)];
    assert_eq!(seen(&bench, &ours).await, "192.0.2.7");
}
