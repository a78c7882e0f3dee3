//! Somebody who is not in a room, and what they hear of it: nothing.

use serde_json::json;

use crate::accounts::{Api, text};
use crate::client::Socket;
use crate::target::unique;

/// Sockets of somebody who is no member of the room that a scenario is about: an inbox, and a room of their own.
pub struct Outsider(Vec<Socket>);

impl Outsider {
    /// One who listens from now on. `ws` makes the URL of a socket of a path.
    pub async fn listen(url: &str, ws: impl Fn(&str) -> String) -> Self {
        let api = Api::at(url);
        let name = api.register().await;
        let (who, code) = (api.login(&name).await, unique("elsewhere"));
        api.call_as(&who, "/api/rooms/", json!({"code": code}), 201).await;
        let token = text(&who["token"]);
        let mut sockets = Vec::new();
        for path in ["/ws/chat/".to_owned(), format!("/ws/chat/{code}/"), format!("/ws/room/{code}/")] {
            sockets.push(Socket::open(&ws(&format!("{path}?events=all&token={token}"))).await);
        }
        for socket in &mut sockets {
            socket.ping().await;
        }
        Self(sockets)
    }

    /// Fails if anything was heard so far that names the room.
    pub async fn assert_heard_nothing_of(mut self, room: &str) {
        for socket in &mut self.0 {
            socket.say(r#"{"type": "ping", "timestamp": "the last one"}"#).await;
            let heard = socket.hear_all_until(|text| text.contains("the last one")).await;
            let leaked: Vec<_> = heard.iter().filter(|text| text.contains(room)).collect();
            assert!(leaked.is_empty(), "somebody heard of a room that they are not in: {leaked:?}");
        }
    }
}
