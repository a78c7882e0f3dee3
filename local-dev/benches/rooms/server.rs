//! local-dev as a program with rooms in it, and sockets of their members.

use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::TcpStream;
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use reqwest::Client;
use serde_json::{Value, json};
use tempfile::TempDir;

use crate::Failure;

/// Everybody is in every room, by as many sockets as it takes.
const PEOPLE: usize = 10;

/// It, ended when dropped.
pub(crate) struct Server {
    process: Child,
    _store: TempDir,
    url: String,
    tokens: Vec<String>,
    rooms: usize,
}

impl Server {
    /// Starts it with so many rooms.
    pub(crate) fn start(rooms: usize) -> Result<Self, Failure> {
        let store = tempfile::tempdir()?;
        let mut command = Command::new(env!("CARGO_BIN_EXE_local-dev"));
        command.args([
            "--port",
            "0",
            "--feed-port",
            "0",
            "--rate-limits",
            "lift",
            "--log",
            "error",
            "--store",
        ]);
        command.arg(store.path()).stdin(Stdio::null()).stdout(Stdio::piped());
        let mut process = command.spawn()?;
        let mut lines = BufReader::new(process.stdout.take().ok_or("it says nothing")?).lines();
        let url = lines.by_ref().map_while(Result::ok).find_map(|line| url_in(&line));
        // Whoever stops reading a pipe stops its writer.
        std::thread::spawn(move || lines.for_each(drop));
        let mut server =
            Self { process, _store: store, url: url.ok_or("it does not start")?, tokens: Vec::new(), rooms };
        tokio::runtime::Runtime::new()?.block_on(server.fill())?;
        Ok(server)
    }

    /// Makes the people, the rooms, and the former members of the latter.
    async fn fill(&mut self) -> Result<(), Failure> {
        let http = Client::new();
        let secret = "kX3!vq9Zt-lamp";
        let call = async |path: &str, token: &str, body: Value| -> Result<Value, Failure> {
            let request = http.post(format!("{}{path}", self.url)).bearer_auth(token).json(&body);
            Ok(request.send().await?.error_for_status()?.json().await?)
        };
        call("/api/register/", "", json!({"username": "host", "password": secret})).await?;
        let host = call("/api/login/", "", json!({"username": "host", "password": secret})).await?;
        let mut tokens = vec![token(&host)?];
        for number in 1..PEOPLE {
            let guest = json!({"display_name": format!("Guest {number}")});
            tokens.push(token(&call("/api/auth/guest/", "", guest).await?)?);
        }
        for number in 0..self.rooms {
            let room = json!({"code": code(number)});
            call("/api/rooms/", &tokens[0], room.clone()).await?;
            for token in &tokens[1..] {
                call("/api/rooms/join/", token, room.clone()).await?;
            }
        }
        self.tokens = tokens;
        Ok(())
    }

    /// So many sockets in each room, room by room; its people take turns.
    pub(crate) fn open(&self, members: usize) -> Result<Vec<TcpStream>, Failure> {
        let places = (0..self.rooms).flat_map(|room| (0..members).map(move |member| (room, member)));
        places.map(|(room, member)| self.socket(room, member % PEOPLE)).collect()
    }

    fn socket(&self, room: usize, person: usize) -> Result<TcpStream, Failure> {
        let (_, authority) = self.url.split_once("://").ok_or("no URL")?;
        let mut stream = TcpStream::connect(authority.replace("localhost", "127.0.0.1"))?;
        stream.set_nodelay(true)?;
        stream.set_read_timeout(Some(Duration::from_secs(10)))?;
        let request = format!(
            "GET /ws/chat/{}/?token={} HTTP/1.1\r\nHost: {authority}\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\
             Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n",
            code(room),
            self.tokens[person]
        );
        stream.write_all(request.as_bytes())?;
        let (mut head, mut byte) = (Vec::new(), [0]);
        while !head.ends_with(b"\r\n\r\n") {
            stream.read_exact(&mut byte)?;
            head.push(byte[0]);
        }
        if head.starts_with(b"HTTP/1.1 101") { Ok(stream) } else { Err("the handshake was refused".into()) }
    }

    /// The memory that it holds, in bytes.
    pub(crate) fn resident_bytes(&self) -> Result<usize, Failure> {
        let status = std::fs::read_to_string(format!("/proc/{}/status", self.process.id()))?;
        let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:")).ok_or("no VmRSS")?;
        let kilobytes: usize = line.trim().trim_end_matches(" kB").parse()?;
        Ok(kilobytes * 1024)
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

fn code(number: usize) -> String {
    format!("room-{number}")
}

fn token(answer: &Value) -> Result<String, Failure> {
    Ok(answer["token"].as_str().ok_or("no token")?.to_owned())
}

/// The URL of the HTTP API, where the line has it.
fn url_in(line: &str) -> Option<String> {
    let url = line.trim().strip_prefix("Web page and HTTP API")?;
    Some(url.trim().trim_end_matches('/').to_owned())
}
