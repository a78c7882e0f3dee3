//! A room full of people, and how a client that loses nothing follows what is said there.

use std::collections::BTreeMap;

use futures_util::future::join_all;
use reqwest::RequestBuilder;
use serde_json::{Value, json};

use crate::accounts::{Api, expect, text};
use crate::client::Socket;
use crate::target::unique;

/// A public room with its host and guests.
pub struct Party {
    pub code: String,
    /// Tokens; the host's first.
    pub people: Vec<Value>,
}

impl Party {
    /// A new room with that many people in it.
    pub async fn new(url: &str, people: usize) -> Self {
        let (api, code) = (Api::at(url), unique("party"));
        let name = api.register().await;
        let host = api.login(&name).await;
        api.call_as(&host, "/api/rooms/", json!({"code": code}), 201).await;
        let guests = join_all((1..people).map(|number| guest(&api, &code, number))).await;
        Self { code, people: [vec![host], guests].concat() }
    }

    /// The path of somebody's socket at this endpoint of the room.
    pub fn path(&self, endpoint: &str, who: &Value, query: &str) -> String {
        format!("/ws/{endpoint}/{}/?token={}{query}", self.code, text(&who["token"]))
    }

    /// All that happened, by its REST call, page by page.
    pub async fn log(&self, url: &str) -> Vec<Value> {
        let mut log: Vec<Value> = Vec::new();
        loop {
            let after = log.last().map_or(0, |event| event["id"].as_u64().unwrap());
            let page = expect(self.events(url, after), 200).await;
            let page = page.as_array().unwrap();
            if page.is_empty() {
                return log;
            }
            log.extend(page.iter().cloned());
        }
    }

    /// Asks for the page of what happened after that.
    pub fn events(&self, url: &str, after: u64) -> RequestBuilder {
        let page = format!("{url}/api/rooms/{}/events/?after={after}", self.code);
        reqwest::Client::new().get(page).bearer_auth(text(&self.people[0]["token"]))
    }
}

async fn guest(api: &Api, code: &str, number: usize) -> Value {
    let name = json!({"display_name": format!("Guest {number}")});
    let guest = api.call("/api/auth/guest/", name, 200).await;
    let joined = api.call_as(&guest, "/api/rooms/join/", json!({"code": code}), 200).await;
    assert_eq!(joined["status"], "APPROVED");
    guest
}

/// Fails unless the events have the numbers 1, 2, 3 … in this order.
pub fn assert_dense(log: &[Value]) {
    for (event, number) in log.iter().zip(1..) {
        assert_eq!(event["id"], number, "{event}");
    }
}

/// What a client knows of a room that keeps the highest id below which nothing is missing, and comes back with that.
#[derive(Default)]
pub struct Follower {
    events: BTreeMap<u64, Value>,
    /// The highest id below which nothing is missing.
    pub mark: u64,
    /// How many events came more than once.
    pub repeats: usize,
}

impl Follower {
    /// Takes note of a text; answers whether it was one that has an id.
    pub fn note(&mut self, heard: &str) -> bool {
        let event: Value = serde_json::from_str(heard).unwrap();
        assert_ne!(event["type"], "RESUME_FAILED", "a follower is never that far behind: {event}");
        let Some(id) = event["id"].as_u64() else { return false };
        self.repeats += usize::from(self.events.insert(id, event).is_some());
        while self.events.contains_key(&(self.mark + 1)) {
            self.mark += 1;
        }
        true
    }

    /// Listens until nothing up to this id is missing.
    pub async fn follow(&mut self, socket: &mut Socket, last: u64) {
        while self.mark < last {
            let mark = self.mark;
            let heard = tokio::time::timeout(crate::client::PATIENCE, socket.try_hear()).await;
            let heard = heard.unwrap_or_else(|_| panic!("{} never came", mark + 1));
            self.note(&heard.expect("the socket ended"));
        }
    }

    /// Fails unless this is the log: the same events, of the same types, about the same messages.
    pub fn assert_has(&self, log: &[Value]) {
        let about = |event: &Value| (event["id"].clone(), event["type"].clone(), event["message_id"].clone());
        let own: Vec<_> = self.events.values().map(about).collect();
        assert_eq!(own, log.iter().map(about).collect::<Vec<_>>());
    }
}
