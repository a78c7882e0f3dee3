//! Chat.

mod clearing;
mod inboxes;
mod retention;
mod speaking;
mod unread;

use parlor::app;
use parlor::ids::RoomCode;
use parlor::ports::Identity;
use serde_json::Value;

use crate::use_cases::bench::Bench;

/// The frames in what was written to a socket, whatever stands between them.
pub(crate) fn frames(written: &str) -> Vec<Value> {
    let mut frames = Vec::new();
    let mut rest = written;
    while let Some(begin) = rest.find("{\"") {
        let mut values = serde_json::Deserializer::from_str(&rest[begin..]).into_iter::<Value>();
        frames.push(values.next().unwrap().unwrap());
        rest = &rest[begin + values.byte_offset()..];
    }
    frames
}

pub(crate) async fn pair(bench: &Bench, one: &Identity, other: &Identity) -> RoomCode {
    let started = app::start_conversation(&bench.app, one.user, &[other.user], None).await.unwrap();
    started.room.code
}
