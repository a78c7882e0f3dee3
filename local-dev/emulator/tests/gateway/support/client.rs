//! A client that speaks HTTP and WebSocket frames by hand, well or badly.

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

use super::PATIENCE;

const FINAL: u8 = 0x80;
const MASK: [u8; 4] = [0x37, 0xFA, 0x21, 0x3D];

/// The beginning of an answer, and the connection behind it.
pub(crate) struct Answer {
    pub(crate) status: u16,
    head: String,
    stream: TcpStream,
}

/// A socket's client.
pub(crate) struct Client(pub(crate) TcpStream);

/// What a client gets.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Frame {
    Text(String),
    Pong(Vec<u8>),
    Close(Option<(u16, String)>),
    End,
}

/// Asks for a WebSocket.
pub(crate) async fn handshake(port: u16, target: &str, headers: &[(&str, &str)]) -> Answer {
    let mut all = vec![
        ("Upgrade", "websocket"),
        ("Connection", "keep-alive, Upgrade"),
        ("Sec-WebSocket-Version", "13"),
        ("Sec-WebSocket-Key", "dGhlIHNhbXBsZSBub25jZQ=="),
        ("User-Agent", "test/1"),
    ];
    for header in headers {
        all.retain(|(name, _)| *name != header.0 || header.0 == "X-Twice");
        all.push(*header);
    }
    request(port, "GET", target, &all, b"").await
}

/// Sends a request and reads the head of the answer.
pub(crate) async fn request(
    port: u16,
    method: &str,
    target: &str,
    headers: &[(&str, &str)],
    body: &[u8],
) -> Answer {
    let mut stream = TcpStream::connect(("127.0.0.1", port)).await.unwrap();
    let mut head = format!("{method} {target} HTTP/1.1\r\n");
    if !headers.iter().any(|(name, _)| *name == "Host") {
        head += &format!("Host: localhost:{port}\r\n");
    }
    for (name, value) in headers.iter().filter(|(_, value)| !value.is_empty()) {
        head += &format!("{name}: {value}\r\n");
    }
    if !body.is_empty() {
        head += &format!("Content-Length: {}\r\n", body.len());
    }
    stream.write_all((head + "\r\n").as_bytes()).await.unwrap();
    // A refused body may not be read to its end.
    let _ = stream.write_all(body).await;
    Answer::read(stream).await
}

impl Answer {
    pub(crate) async fn read(mut stream: TcpStream) -> Self {
        let mut head = Vec::new();
        while !head.ends_with(b"\r\n\r\n") {
            let byte = tokio::time::timeout(PATIENCE, stream.read_u8()).await.unwrap();
            head.push(byte.unwrap());
        }
        let head = String::from_utf8(head).unwrap();
        let status = head[9..12].parse().unwrap();
        Self { status, head, stream }
    }

    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        let mut lines = self.head.lines().filter_map(|line| line.split_once(": "));
        lines.find(|(key, _)| key.eq_ignore_ascii_case(name)).map(|(_, value)| value)
    }

    pub(crate) async fn body(mut self) -> String {
        let length = self.header("content-length").map_or(0, |length| length.parse().unwrap());
        let mut body = vec![0; length];
        self.stream.read_exact(&mut body).await.unwrap();
        String::from_utf8(body).unwrap()
    }

    /// The connection, once the body has been read.
    pub(crate) async fn rest(mut self) -> TcpStream {
        let length = self.header("content-length").map_or(0, |length| length.parse().unwrap());
        self.stream.read_exact(&mut vec![0; length]).await.unwrap();
        self.stream
    }

    pub(crate) fn opened(self) -> Client {
        assert_eq!(self.status, 101, "{}", self.head);
        Client(self.stream)
    }
}

/// A frame as a client sends it.
pub(crate) fn encode(first: u8, payload: &[u8]) -> Vec<u8> {
    let mut bytes = vec![first];
    match payload.len() {
        short @ ..126 => bytes.push(0x80 | u8::try_from(short).unwrap()),
        medium @ ..65_536 => {
            bytes.push(0x80 | 126);
            bytes.extend(u16::try_from(medium).unwrap().to_be_bytes());
        }
        long => {
            bytes.push(0x80 | 127);
            bytes.extend(u64::try_from(long).unwrap().to_be_bytes());
        }
    }
    bytes.extend(MASK);
    bytes.extend(payload.iter().zip(MASK.iter().cycle()).map(|(byte, mask)| byte ^ mask));
    bytes
}

impl Client {
    pub(crate) async fn send_raw(&mut self, bytes: &[u8]) {
        self.0.write_all(bytes).await.unwrap();
    }

    pub(crate) async fn send(&mut self, text: &str) {
        self.send_raw(&encode(FINAL | 0x1, text.as_bytes())).await;
    }

    pub(crate) async fn ping(&mut self, payload: &[u8]) {
        self.send_raw(&encode(FINAL | 0x9, payload)).await;
    }

    pub(crate) async fn close(&mut self, code: u16, reason: &str) {
        let payload = [&code.to_be_bytes(), reason.as_bytes()].concat();
        self.send_raw(&encode(FINAL | 0x8, &payload)).await;
    }

    /// The next frame.
    pub(crate) async fn receive(&mut self) -> Frame {
        tokio::time::timeout(PATIENCE, self.read_frame()).await.expect("a frame should have come")
    }

    /// The close frame, whatever comes before it; then the end must follow, and the client goes too.
    pub(crate) async fn closed(mut self) -> Option<(u16, String)> {
        loop {
            match self.receive().await {
                Frame::Close(status) => {
                    assert_eq!(self.receive().await, Frame::End);
                    return status;
                }
                Frame::End => panic!("the socket ended without a close"),
                Frame::Text(_) | Frame::Pong(_) => {}
            }
        }
    }

    async fn read_frame(&mut self) -> Frame {
        let Ok(first) = self.0.read_u8().await else {
            return Frame::End;
        };
        let length = match self.0.read_u8().await.unwrap() {
            126 => u64::from(self.0.read_u16().await.unwrap()),
            127 => self.0.read_u64().await.unwrap(),
            short @ ..126 => u64::from(short),
            _ => panic!("servers do not mask"),
        };
        let mut payload = vec![0; usize::try_from(length).unwrap()];
        self.0.read_exact(&mut payload).await.unwrap();
        match first {
            0x81 => Frame::Text(String::from_utf8(payload).unwrap()),
            0x8A => Frame::Pong(payload),
            0x88 => Frame::Close(payload.split_first_chunk().map(|(code, reason)| {
                (u16::from_be_bytes(*code), String::from_utf8(reason.to_vec()).unwrap())
            })),
            other => panic!("unexpected frame {other:x}"),
        }
    }
}
