//! Clients that want all places for themselves, or never end what they began.

use std::time::Duration;

use axum::Router;
use axum::body::Bytes;
use axum::extract::rejection::BytesRejection;
use axum::routing::{get, post};
use emulator::listener::{BodyPace, Listener, Places, ServerLimits};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpSocket, TcpStream};
use tokio_util::sync::CancellationToken;

use crate::listener::{REQUEST, ask, routes};

/// Serves with these limits; answers where.
async fn serve(routes: Router, limits: ServerLimits) -> std::net::SocketAddr {
    let listener = Listener::bind("127.0.0.1", 0).await.unwrap();
    let address = listener.addresses()[0];
    tokio::spawn(listener.serve(routes, limits, CancellationToken::new()));
    address
}

/// A connection that has sent this and got an answer, and stays.
async fn holding(address: std::net::SocketAddr) -> TcpStream {
    let mut stream = TcpStream::connect(address).await.unwrap();
    stream.write_all(b"GET / HTTP/1.1\r\nHost: x\r\n\r\n").await.unwrap();
    stream.read_exact(&mut [0; 12]).await.unwrap();
    stream
}

#[tokio::test]
#[cfg(target_os = "linux")]
async fn one_peer_gets_half_of_the_places_and_another_one_gets_in_then() {
    let limits = ServerLimits { places: Places::shared(4), ..ServerLimits::default() };
    let address = serve(routes(), limits).await;
    let _held = [holding(address).await, holding(address).await];
    let mut third = TcpStream::connect(address).await.unwrap();
    assert_eq!(third.read(&mut [0; 12]).await.unwrap_or(0), 0);
    let other = TcpSocket::new_v4().unwrap();
    other.bind("127.0.0.2:0".parse().unwrap()).unwrap();
    let mut other = other.connect(address).await.unwrap();
    assert!(ask(&mut other, REQUEST).await.starts_with("HTTP/1.1 200"));
}

/// A server that says how many bytes came, if they came at a thousand a second.
async fn counting() -> std::net::SocketAddr {
    let body_pace = BodyPace { patience: Duration::from_millis(200), bytes_per_second: 1000 };
    let reading = post(|body: Result<Bytes, BytesRejection>| async move {
        body.map_or_else(|_| "broken off".to_owned(), |body| format!("{} bytes", body.len()))
    });
    let routes = Router::new().route("/", reading);
    serve(routes, ServerLimits { body_pace, ..ServerLimits::default() }).await
}

fn head(length: usize) -> String {
    format!("POST / HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Length: {length}\r\n\r\n")
}

#[tokio::test]
async fn a_body_that_stops_is_given_up() {
    let mut stuck = TcpStream::connect(counting().await).await.unwrap();
    let answer = ask(&mut stuck, &format!("{}abc", head(1000))).await;
    assert!(answer.ends_with("broken off"), "{answer}");
}

#[tokio::test]
async fn a_body_that_trickles_is_given_up() {
    let mut trickling = TcpStream::connect(counting().await).await.unwrap();
    trickling.write_all(head(100).as_bytes()).await.unwrap();
    let (mut answers, mut asks) = trickling.split();
    let mut pause = tokio::time::interval(Duration::from_millis(20));
    let mut answer = Vec::new();
    while !answer.ends_with(b"broken off") {
        tokio::select! {
            read = answers.read_buf(&mut answer) => assert_ne!(read.unwrap(), 0),
            // The server may be gone already.
            _ = pause.tick() => drop(asks.write_all(b"x").await),
        }
    }
}

#[tokio::test]
async fn a_body_that_keeps_pace_gets_in_however_long_it_takes() {
    let mut steady = TcpStream::connect(counting().await).await.unwrap();
    steady.write_all(head(1000).as_bytes()).await.unwrap();
    let mut pause = tokio::time::interval(Duration::from_millis(40));
    for _ in 0..10 {
        pause.tick().await;
        steady.write_all(&[b'x'; 100]).await.unwrap();
    }
    assert!(ask(&mut steady, "").await.ends_with("1000 bytes"));
}

#[tokio::test]
async fn an_answer_that_nobody_takes_is_given_up() {
    let limits = ServerLimits {
        places: Places::of(1),
        answer_timeout: Duration::from_millis(50),
        ..ServerLimits::default()
    };
    let routes = Router::new().route("/", get(|| async { vec![0_u8; 64 << 20] }));
    let address = serve(routes, limits).await;
    let _takes_nothing = holding(address).await;
    holding(address).await;
}
