//! Workers that die while people talk.

use std::collections::BTreeMap;
use std::time::Duration;

use futures_util::future::join_all;
use serde_json::{Value, json};
use tokio::time::timeout;

use super::unreliable::Unreliable;
use crate::accounts::{expect, text};
use crate::client::party::{Party, assert_dense};
use crate::client::{PATIENCE, Socket};

const PEOPLE: usize = 6;
const ROUNDS: usize = 8;
/// How long somebody waits for their echoes before they say the rest again.
const RETRY: Duration = Duration::from_secs(1);

/// Somebody who says a text again, under the same id, until it has come back.
struct Talker {
    name: String,
    socket: Socket,
    echoed: BTreeMap<String, u64>,
}

impl Talker {
    /// Says a new text; answers once it has come back.
    async fn say_one_more(&mut self) {
        let text = format!("{} says {}", self.name, self.echoed.len());
        let message = json!({"type": "CHAT_MESSAGE", "message": text, "client_msg_id": text});
        while !self.echoed.contains_key(&text) {
            self.socket.say(message.to_string()).await;
            let _ = timeout(RETRY, self.hear_back(&text)).await;
        }
    }

    async fn hear_back(&mut self, text: &str) {
        while !self.echoed.contains_key(text) {
            let heard = self.socket.try_hear().await.expect("the socket ended");
            let heard: Value = serde_json::from_str(&heard).unwrap();
            if heard["type"] == "CHAT_MESSAGE" && heard["is_self"] == true {
                let text = heard["message"].as_str().unwrap().to_owned();
                self.echoed.insert(text, heard["id"].as_u64().unwrap());
            }
        }
    }
}

#[tokio::test]
#[ignore = "needs the real functions: cargo xtask e2e functions"]
async fn what_was_echoed_is_in_the_log_once_though_workers_were_killed_and_everybody_is_still_there() {
    let target = Unreliable::start(&[]).await;
    let party = Party::new(&target.functions.http, PEOPLE).await;
    let sockets = target.functions.http.replace("http://", "ws://");
    let mut talkers = join_all(party.people.iter().enumerate().map(async |(number, who)| {
        let url = format!("{sockets}{}", party.path("room", who, ""));
        Talker { name: format!("person {number}"), socket: Socket::open(&url).await, echoed: BTreeMap::new() }
    }))
    .await;
    let mut killed = 0;
    for _ in 0..ROUNDS {
        // The first one's echo is the moment at which the others' messages are under way.
        let (first, others) = talkers.split_first_mut().unwrap();
        let talk = join_all(others.iter_mut().map(Talker::say_one_more));
        let kill = async {
            first.say_one_more().await;
            killed += target.kill_workers("message");
        };
        let all = async { futures_util::join!(talk, kill) };
        timeout(PATIENCE, all).await.expect("an echo never came");
    }
    assert!(killed >= ROUNDS, "{killed} workers were killed");
    assert_log(&party, &target, &talkers).await;
    assert_roster(&party, &target).await;
}

/// What came back is in the log exactly once under its id, and there are no gaps.
async fn assert_log(party: &Party, target: &Unreliable, talkers: &[Talker]) {
    let log = party.log(&target.functions.http).await;
    assert_dense(&log);
    let said: BTreeMap<&str, u64> =
        log.iter().map(|event| (event["message"].as_str().unwrap(), event["id"].as_u64().unwrap())).collect();
    assert_eq!(said.len(), log.len(), "something is there twice");
    assert_eq!(said.len(), PEOPLE * ROUNDS);
    for (message, id) in talkers.iter().flat_map(|talker| &talker.echoed) {
        assert_eq!(said[message.as_str()], *id);
    }
}

async fn assert_roster(party: &Party, target: &Unreliable) {
    let url = format!("{}/api/rooms/{}/participants/", target.functions.http, party.code);
    let asking = reqwest::Client::new().get(url).bearer_auth(text(&party.people[0]["token"]));
    let people = expect(asking, 200).await;
    let people = people.as_array().unwrap();
    assert_eq!(people.len(), PEOPLE);
    assert!(people.iter().all(|person| person["present"] == true), "{people:?}");
}
