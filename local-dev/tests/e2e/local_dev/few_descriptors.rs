//! One client that takes every connection it can get, where there are few.
#![cfg(target_os = "linux")]

use std::io::{Read as _, Write as _};
use std::net::TcpStream;
use std::time::Duration;

use tokio::net::TcpSocket;

use super::LocalDev;
use crate::client::PATIENCE;

/// Asks for the server's health from another address of this machine; answers the first line.
async fn health_from_elsewhere(authority: &str) -> String {
    let port = authority.rsplit_once(':').unwrap().1;
    let socket = TcpSocket::new_v4().unwrap();
    socket.bind("127.0.0.2:0".parse().unwrap()).unwrap();
    let connecting = socket.connect(format!("127.0.0.1:{port}").parse().unwrap());
    let stream = tokio::time::timeout(PATIENCE, connecting).await.unwrap().unwrap();
    let mut stream = stream.into_std().unwrap();
    stream.set_nonblocking(false).unwrap();
    stream.set_read_timeout(Some(PATIENCE)).unwrap();
    let request = format!("GET /health/ HTTP/1.1\r\nHost: {authority}\r\nConnection: close\r\n\r\n");
    stream.write_all(request.as_bytes()).unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).unwrap();
    answer.lines().next().unwrap_or_default().to_owned()
}

/// Connections from the usual address, half a request each, until the server closes some.
fn take_all(authority: &str) -> Vec<TcpStream> {
    let port = authority.rsplit_once(':').unwrap().1;
    let connect = || {
        let mut stream = TcpStream::connect(format!("127.0.0.1:{port}")).unwrap();
        let _ = stream
            .write_all(b"POST /api/auth/guest/ HTTP/1.1\r\nHost: localhost\r\nContent-Length: 5\r\n\r\n");
        stream
    };
    (0..300).map(|_| connect()).collect()
}

#[tokio::test]
async fn whoever_takes_all_connections_leaves_half_of_them_to_others() {
    let target = LocalDev::start_under(tempfile::tempdir().unwrap(), "ulimit -n 256");
    let authority = target.http.strip_prefix("http://").unwrap();
    let held = take_all(authority);
    // The last one was closed: it is beyond what one may have.
    let mut last = held.last().unwrap();
    last.set_read_timeout(Some(Duration::from_secs(10))).unwrap();
    assert_eq!(last.read(&mut [0; 1]).unwrap_or(0), 0);
    assert_eq!(health_from_elsewhere(authority).await, "HTTP/1.1 200 OK");
    drop(held);
    let (_, log) = target.stop();
    assert!(log.contains("a peer has all places that one may have"), "{log}");
    assert!(!log.contains("Too many open files"), "{log}");
}
