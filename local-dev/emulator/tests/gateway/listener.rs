//! Where connections come in.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};
use std::time::Duration;

use axum::routing::get;
use axum::{Extension, Router};
use emulator::listener::{BindError, Listener, PeerAddress, Places, ServerLimits};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio_util::sync::CancellationToken;

use crate::support::PATIENCE;

pub(crate) fn routes() -> Router {
    let peer = |Extension(PeerAddress(peer)): Extension<PeerAddress>| async move { peer.to_string() };
    Router::new().route("/", get(peer))
}

/// All that comes until the server ends the connection.
pub(crate) async fn ask(stream: &mut TcpStream, request: &str) -> String {
    stream.write_all(request.as_bytes()).await.unwrap();
    let mut answer = String::new();
    tokio::time::timeout(PATIENCE, stream.read_to_string(&mut answer)).await.unwrap().unwrap();
    answer
}

pub(crate) const REQUEST: &str = "GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n";

async fn has_v6() -> bool {
    TcpListener::bind((Ipv6Addr::LOCALHOST, 0)).await.is_ok()
}

#[tokio::test]
async fn localhost_is_both_loopback_addresses_on_one_port() {
    let listener = Listener::bind("localhost", 0).await.unwrap();
    let port = listener.port();
    let mut hosts: Vec<IpAddr> = vec![Ipv4Addr::LOCALHOST.into()];
    if has_v6().await {
        hosts.push(Ipv6Addr::LOCALHOST.into());
    }
    let expected: Vec<_> = hosts.iter().map(|host| SocketAddr::new(*host, port)).collect();
    assert_eq!(listener.addresses(), expected);
    tokio::spawn(listener.serve(routes(), ServerLimits::default(), CancellationToken::new()));
    for host in hosts {
        let mut stream = TcpStream::connect((host, port)).await.unwrap();
        let own = stream.local_addr().unwrap();
        let answer = ask(&mut stream, REQUEST).await;
        assert!(answer.ends_with(&own.to_string()), "the peer's address is known: {answer}");
    }
}

#[tokio::test]
async fn one_address_is_that_alone() {
    let listener = Listener::bind("127.0.0.1", 0).await.unwrap();
    assert_eq!(listener.addresses(), [SocketAddr::new(Ipv4Addr::LOCALHOST.into(), listener.port())]);
    assert!(matches!(Listener::bind("example.org", 0).await, Err(BindError::NotAnAddress { .. })));
}

#[tokio::test]
async fn a_port_in_use_is_named() {
    let first = Listener::bind("localhost", 0).await.unwrap();
    let error = Listener::bind("localhost", first.port()).await.unwrap_err();
    assert!(matches!(error, BindError::InUse { port } if port == first.port()));
    assert!(error.to_string().contains(&first.port().to_string()));
}

#[tokio::test]
async fn a_port_whose_other_half_is_in_use_is_in_use() {
    if !has_v6().await {
        return;
    }
    let squatter = TcpListener::bind((Ipv6Addr::LOCALHOST, 0)).await.unwrap();
    let port = squatter.local_addr().unwrap().port();
    assert!(matches!(Listener::bind("localhost", port).await, Err(BindError::InUse { .. })));
}

#[tokio::test]
async fn connections_beyond_the_limit_wait_until_one_ends() {
    let listener = Listener::bind("127.0.0.1", 0).await.unwrap();
    let address = listener.addresses()[0];
    let limits = ServerLimits { places: Places::of(1), ..ServerLimits::default() };
    tokio::spawn(listener.serve(routes(), limits, CancellationToken::new()));
    let mut first = TcpStream::connect(address).await.unwrap();
    first.write_all(b"GET / HTTP/1.1\r\nHost: x\r\n\r\n").await.unwrap();
    let mut head = [0; 12];
    first.read_exact(&mut head).await.unwrap();
    assert_eq!(&head, b"HTTP/1.1 200");
    let waiting = tokio::spawn(async move {
        let mut second = TcpStream::connect(address).await.unwrap();
        ask(&mut second, REQUEST).await
    });
    let early = tokio::time::timeout(Duration::from_millis(100), async {
        while !waiting.is_finished() {
            tokio::task::yield_now().await;
        }
    });
    assert!(early.await.is_err(), "the second one should have to wait");
    drop(first);
    assert!(waiting.await.unwrap().starts_with("HTTP/1.1 200"));
}

#[tokio::test]
async fn a_request_names_its_host_once() {
    let listener = Listener::bind("127.0.0.1", 0).await.unwrap();
    let address = listener.addresses()[0];
    tokio::spawn(listener.serve(routes(), ServerLimits::default(), CancellationToken::new()));
    for (version, hosts, status) in [
        ("1.1", "", "400"),
        ("1.1", "Host: a\r\nHost: a\r\n", "400"),
        ("1.1", "Host: a\r\nHost: b\r\n", "400"),
        ("1.1", "Host: a\r\n", "200"),
        ("1.0", "", "200"),
    ] {
        let mut stream = TcpStream::connect(address).await.unwrap();
        let request = format!("GET / HTTP/{version}\r\n{hosts}Connection: close\r\n\r\n");
        let answer = ask(&mut stream, &request).await;
        assert!(answer.contains(&format!(" {status} ")), "{version} {hosts}: {answer}");
    }
}

#[tokio::test]
async fn headers_that_are_too_large_or_too_slow_end_the_connection() {
    let listener = Listener::bind("127.0.0.1", 0).await.unwrap();
    let address = listener.addresses()[0];
    let limits = ServerLimits {
        header_bytes: 1000,
        header_timeout: Duration::from_millis(50),
        ..ServerLimits::default()
    };
    tokio::spawn(listener.serve(routes(), limits, CancellationToken::new()));
    let mut large = TcpStream::connect(address).await.unwrap();
    let request = format!("GET / HTTP/1.1\r\nHost: x\r\nX: {}\r\n\r\n", "y".repeat(2000));
    assert!(ask(&mut large, &request).await.starts_with("HTTP/1.1 431"));
    let mut slow = TcpStream::connect(address).await.unwrap();
    let answer = ask(&mut slow, "GET / HTTP/1.1\r\nHo").await;
    assert!(!answer.contains("200"), "{answer}");
}

#[tokio::test]
async fn a_request_under_way_is_finished_before_the_server_stops() {
    let listener = Listener::bind("127.0.0.1", 0).await.unwrap();
    let address = listener.addresses()[0];
    let stop = CancellationToken::new();
    let stopping = stop.clone();
    let slow = move || async move {
        stopping.cancel();
        tokio::task::yield_now().await;
        "done"
    };
    let routes = Router::new().route("/", get(slow));
    let server = tokio::spawn(listener.serve(routes, ServerLimits::default(), stop));
    let mut stream = TcpStream::connect(address).await.unwrap();
    assert!(ask(&mut stream, REQUEST).await.ends_with("done"));
    tokio::time::timeout(PATIENCE, server).await.unwrap().unwrap();
    assert!(TcpStream::connect(address).await.is_err());
}
