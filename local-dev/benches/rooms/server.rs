//! local-dev as a program with rooms in it, and sockets of their members.

use std::io::{BufRead as _, BufReader};
use std::net::TcpStream;
use std::process::{Child, Command, Stdio};

use reqwest::Client;
use serde_json::{Value, json};
use tempfile::TempDir;

use crate::{Failure, handshake};

/// Everybody is in every room, by as many sockets as it takes.
const PEOPLE: usize = 10;

/// Whether what is done too often is refused.
#[derive(Clone, Copy)]
pub(crate) enum Limits {
    /// As deployed.
    Kept,
    /// Never: for loads that nobody may make.
    Lifted,
}

/// It, ended when dropped.
pub(crate) struct Server {
    process: Child,
    _store: TempDir,
    api: Api,
    tokens: Vec<String>,
    rooms: usize,
}

/// Its HTTP API, for people with tokens.
#[derive(Clone)]
pub(crate) struct Api {
    http: Client,
    url: String,
}

impl Server {
    /// Starts it with so many rooms.
    pub(crate) fn start(rooms: usize, limits: Limits) -> Result<Self, Failure> {
        let store = tempfile::tempdir()?;
        let mut command = Command::new(env!("CARGO_BIN_EXE_local-dev"));
        command.args(["--port", "0", "--feed-port", "0", "--log", "error"]);
        command.args(["--rate-limits", limits.option(), "--store"]).arg(store.path());
        let mut process = command.stdin(Stdio::null()).stdout(Stdio::piped()).spawn()?;
        let mut lines = BufReader::new(process.stdout.take().ok_or("it says nothing")?).lines();
        let url = lines.by_ref().map_while(Result::ok).find_map(|line| url_in(&line));
        // Whoever stops reading a pipe stops its writer.
        std::thread::spawn(move || lines.for_each(drop));
        let api = Api { http: Client::new(), url: url.ok_or("it does not start")? };
        let mut server = Self { process, _store: store, api, tokens: Vec::new(), rooms };
        server.tokens = tokio::runtime::Runtime::new()?.block_on(fill(&server.api, rooms))?;
        Ok(server)
    }

    /// Its HTTP API.
    pub(crate) fn api(&self) -> &Api {
        &self.api
    }

    /// The token of the person who made the rooms.
    pub(crate) fn host(&self) -> &str {
        &self.tokens[0]
    }

    /// So many sockets in each room, room by room; its people take turns.
    pub(crate) fn open(&self, members: usize) -> Result<Vec<TcpStream>, Failure> {
        let places = (0..self.rooms).flat_map(|room| (0..members).map(move |member| (room, member)));
        places.map(|(room, member)| self.socket(room, member % PEOPLE)).collect()
    }

    /// So many sockets that hear the feed.
    pub(crate) fn open_feed(&self, count: usize) -> Result<Vec<TcpStream>, Failure> {
        (0..count).map(|_| handshake::open(self.api.authority(), "/ws/feed/")).collect()
    }

    fn socket(&self, room: usize, person: usize) -> Result<TcpStream, Failure> {
        handshake::open(self.api.authority(), &chat_path(room, &self.tokens[person]))
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

impl Limits {
    fn option(self) -> &'static str {
        match self {
            Self::Kept => "keep",
            Self::Lifted => "lift",
        }
    }
}

impl Api {
    /// `localhost:PORT`.
    pub(crate) fn authority(&self) -> &str {
        self.url.split_once("://").map_or("", |(_, authority)| authority)
    }

    /// What a call answers; anything but success is a failure.
    pub(crate) async fn call(&self, path: &str, token: &str, body: &Value) -> Result<Value, Failure> {
        let request = self.http.post(format!("{}{path}", self.url)).bearer_auth(token).json(body);
        Ok(request.send().await?.error_for_status()?.json().await?)
    }

    /// The token of a new guest.
    pub(crate) async fn guest(&self, number: usize) -> Result<String, Failure> {
        let name = json!({"display_name": format!("Guest {number}")});
        token(&self.call("/api/auth/guest/", "", &name).await?)
    }

    /// Makes somebody a member.
    pub(crate) async fn join(&self, room: usize, token: &str) -> Result<(), Failure> {
        self.call("/api/rooms/join/", token, &json!({"code": code(room)})).await.map(drop)
    }
}

/// Makes the people, the rooms, and the former members of the latter; answers tokens, that of the host first.
async fn fill(api: &Api, rooms: usize) -> Result<Vec<String>, Failure> {
    let host = json!({"username": "host", "password": "kX3!vq9Zt-lamp"});
    api.call("/api/register/", "", &host).await?;
    let mut tokens = vec![token(&api.call("/api/login/", "", &host).await?)?];
    for number in 1..PEOPLE {
        tokens.push(api.guest(number).await?);
    }
    for room in 0..rooms {
        api.call("/api/rooms/", &tokens[0], &json!({"code": code(room)})).await?;
        for token in &tokens[1..] {
            api.join(room, token).await?;
        }
    }
    Ok(tokens)
}

/// A room's code.
pub(crate) fn code(room: usize) -> String {
    format!("room-{room}")
}

/// The path of somebody's socket that hears a room's chat.
pub(crate) fn chat_path(room: usize, token: &str) -> String {
    format!("/ws/chat/{}/?token={token}", code(room))
}

fn token(answer: &Value) -> Result<String, Failure> {
    Ok(answer["token"].as_str().ok_or("no token")?.to_owned())
}

/// The URL of the HTTP API, where the line has it.
fn url_in(line: &str) -> Option<String> {
    let url = line.trim().strip_prefix("Web page and HTTP API")?;
    Some(url.trim().trim_end_matches('/').to_owned())
}
