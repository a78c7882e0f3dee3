//! A socket in a watch room, and what it is told.

use std::io::{self, IoSlice};
use std::time::Duration;

use async_trait::async_trait;
use parlor::app;
use parlor::embedded::Wire;
use parlor::ports::Connection;
use serde_json::Value;
use tokio::sync::mpsc;

use super::cinema::Cinema;

/// Somebody's socket in a watch room.
pub(crate) struct Seat {
    pub(crate) connection: Connection,
    bytes: mpsc::UnboundedReceiver<Vec<u8>>,
    /// What has come but is not a whole frame yet.
    rest: Vec<u8>,
}

impl Seat {
    pub(crate) fn new(connection: Connection, bytes: mpsc::UnboundedReceiver<Vec<u8>>) -> Self {
        Self { connection, bytes, rest: Vec::new() }
    }

    /// The next event.
    pub(crate) async fn next(&mut self) -> Value {
        loop {
            if let Some(frame) = frame(&mut self.rest) {
                return frame;
            }
            let more = tokio::time::timeout(Duration::from_secs(20), self.bytes.recv()).await;
            self.rest.extend(more.expect("another event").expect("an open socket"));
        }
    }

    /// The next event of that type; what comes before it is passed over.
    pub(crate) async fn hear(&mut self, kind: &str) -> Value {
        loop {
            let event = self.next().await;
            if event["type"] == kind {
                return event;
            }
        }
    }

    /// Says something, and hears nothing of it yet.
    pub(crate) async fn say(&self, cinema: &Cinema, text: &Value) {
        self.say_at(cinema, text, 0).await;
    }

    /// The same for what the gateway got at a moment of its own.
    pub(crate) async fn say_at(&self, cinema: &Cinema, text: &Value, sent_at: i64) {
        app::receive(&cinema.bench.app, &self.connection, &text.to_string(), sent_at).await.unwrap();
    }

    /// The types of all events up to the answer to a `ping`, which is said now.
    pub(crate) async fn heard(&mut self, cinema: &Cinema) -> Vec<String> {
        self.say(cinema, &serde_json::json!({"type": "ping", "timestamp": "mark"})).await;
        let mut types = Vec::new();
        loop {
            let kind = self.next().await["type"].as_str().unwrap().to_owned();
            if kind == "pong" {
                return types;
            }
            types.push(kind);
        }
    }
}

/// Takes a whole text frame from what has come.
fn frame(bytes: &mut Vec<u8>) -> Option<Value> {
    let (start, length) = match *bytes.get(1)? {
        126 => (4, usize::from(u16::from_be_bytes([*bytes.get(2)?, *bytes.get(3)?]))),
        127 => panic!("a frame of more than 64 KB"),
        length => (2, usize::from(length)),
    };
    if bytes.len() < start + length {
        return None;
    }
    let frame: Vec<u8> = bytes.drain(..start + length).collect();
    Some(serde_json::from_slice(&frame[start..]).unwrap())
}

/// Passes on what is written to a socket.
#[derive(Debug)]
pub(crate) struct SeatWire(pub(crate) mpsc::UnboundedSender<Vec<u8>>);

#[async_trait]
impl Wire for SeatWire {
    fn try_write(&self, slices: &[IoSlice<'_>]) -> io::Result<usize> {
        let bytes: Vec<u8> = slices.iter().flat_map(|slice| slice.iter().copied()).collect();
        let length = bytes.len();
        let _ = self.0.send(bytes);
        Ok(length)
    }

    async fn writable(&self) -> io::Result<()> {
        Ok(())
    }

    fn finish(&self) {}

    fn abort(&self) {}
}
