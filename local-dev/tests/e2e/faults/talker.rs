//! Somebody who says everything again until it has come back.

use std::collections::BTreeMap;
use std::time::Duration;

use serde_json::{Value, json};
use tokio::time::timeout;

use super::unreliable::Unreliable;
use crate::accounts::{expect, text};
use crate::client::Socket;
use crate::client::party::{Party, assert_dense};

/// How long somebody waits for their echoes before they say the rest again.
const RETRY: Duration = Duration::from_secs(1);

/// Says each text under one id, however often, and opens another socket where one has ended.
pub struct Talker {
    name: String,
    url: String,
    socket: Socket,
    echoed: BTreeMap<String, u64>,
}

impl Talker {
    /// Somebody with a socket in a room.
    pub async fn enter(name: String, url: String) -> Self {
        Self { name, socket: open_at_last(&url).await, url, echoed: BTreeMap::new() }
    }

    /// Says a new text; answers once it has come back.
    pub async fn say_one_more(&mut self) {
        let text = format!("{} says {}", self.name, self.echoed.len());
        let message = json!({"type": "CHAT_MESSAGE", "message": text, "client_msg_id": text});
        while !self.echoed.contains_key(&text) {
            let is_open = self.socket.try_say(message.to_string()).await
                && timeout(RETRY, self.hear_back(&text)).await.unwrap_or(true);
            if !is_open {
                self.come_back().await;
            }
        }
    }

    /// Is gone without a word, and comes back.
    pub async fn come_back(&mut self) {
        self.socket = open_at_last(&self.url).await;
    }

    /// Listens until it has come back; answers whether the socket is still open.
    async fn hear_back(&mut self, text: &str) -> bool {
        while !self.echoed.contains_key(text) {
            let Some(heard) = self.socket.try_hear().await else { return false };
            let heard: Value = serde_json::from_str(&heard).unwrap();
            if heard["type"] == "CHAT_MESSAGE" && heard["is_self"] == true {
                let text = heard["message"].as_str().unwrap().to_owned();
                self.echoed.insert(text, heard["id"].as_u64().unwrap());
            }
        }
        true
    }
}

/// A socket, as soon as one can be had.
pub async fn open_at_last(url: &str) -> Socket {
    loop {
        if let Ok((socket, _)) = Socket::open_with(url, &[]).await {
            return socket;
        }
    }
}

/// What came back is in the log exactly once under its id, so many texts are there, and there are no gaps.
pub async fn assert_in_log(
    party: &Party,
    target: &Unreliable,
    talkers: &[Talker],
    texts: usize,
) -> Vec<Value> {
    let log = party.log(&target.functions.http).await;
    assert_dense(&log);
    let said: BTreeMap<&str, u64> =
        log.iter().map(|event| (event["message"].as_str().unwrap(), event["id"].as_u64().unwrap())).collect();
    assert_eq!(said.len(), log.len(), "something is there twice");
    assert_eq!(said.len(), texts);
    for (message, id) in talkers.iter().flat_map(|talker| &talker.echoed) {
        assert_eq!(said[message.as_str()], *id);
    }
    log
}

/// So many people are in the room, and all of them are there.
pub async fn assert_present(party: &Party, target: &Unreliable, count: usize) {
    let url = format!("{}/api/rooms/{}/participants/", target.functions.http, party.code);
    let asking = reqwest::Client::new().get(url).bearer_auth(text(&party.people[0]["token"]));
    let people = expect(asking, 200).await;
    let people = people.as_array().unwrap();
    assert_eq!(people.len(), count);
    assert!(people.iter().all(|person| person["present"] == true), "{people:?}");
}
