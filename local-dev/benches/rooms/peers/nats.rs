//! NATS by its WebSocket listener: a room is a subject. It adds nothing to what is said, neither an id nor an author.

use std::fs;
use std::io::Write as _;
use std::net::TcpStream;
use std::path::Path;
use std::process::{Command, Stdio};

use serde_json::{Value, json};

use super::program::{Program, read_frame};
use crate::Failure;
use crate::crowd::{Crowd, frame};

const SERVER: &str = "nats-server";
/// Where the API of JetStream answers.
const INBOX: &str = "inbox";

/// Whether there is a server to be started.
pub(super) fn is_installed() -> bool {
    let mut version = Command::new(SERVER);
    version.arg("--version").stdout(Stdio::null()).stderr(Stdio::null());
    version.status().is_ok_and(|status| status.success())
}

/// What is said goes to all who have subscribed to the subject, and is stored nowhere.
pub(super) fn passing_on(folder: &Path, rooms: usize, members: usize) -> Result<(Program, Crowd), Failure> {
    let program = start(folder, "")?;
    let crowd = crowd(&program, "room", rooms, members)?;
    Ok((program, crowd))
}

/// What is said goes into a stream, in files; from there a consumer for each room tells those who have subscribed to what it
/// delivers. No acknowledgement is asked for, neither from the stream nor from those who hear.
pub(super) fn storing(folder: &Path, rooms: usize, members: usize) -> Result<(Program, Crowd), Failure> {
    let program = start(folder, &format!("jetstream {{ store_dir: {:?} }}", folder.join("stream")))?;
    let crowd = crowd(&program, "told", rooms, members)?;
    let mut admin = subscribed(&program, INBOX)?;
    let stream = json!({"name": "rooms", "subjects": ["room.*"], "storage": "file", "num_replicas": 1});
    ask(&mut admin, "STREAM.CREATE.rooms", &stream)?;
    for room in 0..rooms {
        ask(&mut admin, &format!("CONSUMER.DURABLE.CREATE.rooms.room-{room}"), &consumer(room))?;
    }
    Ok((program, crowd))
}

fn consumer(room: usize) -> Value {
    json!({
        "stream_name": "rooms",
        "config": {
            "durable_name": format!("room-{room}"),
            "filter_subject": format!("room.{room}"),
            "deliver_subject": format!("told.{room}"),
            "deliver_policy": "new",
            "ack_policy": "none",
            "replay_policy": "instant",
        },
    })
}

fn start(folder: &Path, more: &str) -> Result<Program, Failure> {
    let config = folder.join("nats.conf");
    let listeners = r#"host: 127.0.0.1, port: -1, ping_interval: "10m""#;
    let websocket = "websocket { host: 127.0.0.1, port: -1, no_tls: true }";
    fs::write(&config, format!("{listeners}\n{websocket}\n{more}\n"))?;
    Program::start_logging(Command::new(SERVER).arg("-c").arg(config), |line| {
        line.split_once("Listening for websocket clients on ws://127.0.0.1:")?.1.trim().parse().ok()
    })
}

/// Sockets that speak on the subject of their room, and hear what comes on another, or the same.
fn crowd(program: &Program, heard: &str, rooms: usize, members: usize) -> Result<Crowd, Failure> {
    let places = (0..rooms).flat_map(|room| std::iter::repeat_n(room, members));
    let sockets = places.map(|room| subscribed(program, &format!("{heard}.{room}")));
    let sockets = sockets.collect::<Result<_, _>>()?;
    Crowd::speaking(sockets, members, |room, text| publication(&format!("room.{room}"), text))
}

fn publication(subject: &str, text: &str) -> String {
    format!("PUB {subject} {}\r\n{text}\r\n", text.len())
}

/// A socket whose subscription the server has taken.
fn subscribed(program: &Program, subject: &str) -> Result<TcpStream, Failure> {
    let mut socket = program.socket("/")?;
    hear(&mut socket, "INFO")?;
    let greeting = format!("CONNECT {{\"verbose\":false}}\r\nSUB {subject} 1\r\nPING\r\n");
    socket.write_all(&frame(&greeting))?;
    hear(&mut socket, "PONG")?;
    Ok(socket)
}

fn ask(admin: &mut TcpStream, call: &str, request: &Value) -> Result<(), Failure> {
    admin.write_all(&frame(&publication(&format!("$JS.API.{call} {INBOX}"), &request.to_string())))?;
    let answer = hear(admin, "MSG")?;
    if answer.contains(r#""error""#) { Err(format!("{call}: {answer}").into()) } else { Ok(()) }
}

/// The next frame that begins so.
fn hear(socket: &mut TcpStream, beginning: &str) -> Result<String, Failure> {
    loop {
        let told = String::from_utf8(read_frame(socket)?)?;
        if told.starts_with(beginning) {
            return Ok(told);
        }
    }
}
