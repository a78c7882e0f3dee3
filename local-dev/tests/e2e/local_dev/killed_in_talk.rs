//! Being killed while people talk. `PARLOR_KILLS` says how often; by default ten times.

use std::collections::BTreeSet;
use std::env;
use std::sync::Mutex;
use std::time::Duration;

use futures_util::future::join_all;
use futures_util::join;
use serde_json::{Value, json};
use tokio::time::timeout;

use super::LocalDev;
use crate::client::party::{Party, assert_dense};
use crate::client::{PATIENCE, Socket};

const PEOPLE: usize = 12;
/// What one person may say at once.
const BURST: usize = 5;

/// What one person has said, and what of it has come back.
#[derive(Default)]
struct Said {
    /// Texts that have not come back. They are said again, under the same id.
    pending: Vec<String>,
    /// Ids and texts that have.
    echoed: Vec<(u64, String)>,
}

/// Talks until the socket breaks. What was not acknowledged before is said again first, and what was too much a moment later.
async fn talk(socket: &mut Socket, name: &str, said: &Mutex<Said>) {
    for text in next_texts(name, said) {
        if !say(socket, &text).await {
            return;
        }
    }
    while let Some(heard) = socket.try_hear().await {
        let heard: Value = serde_json::from_str(&heard).unwrap();
        if heard["type"] == "CHAT_MESSAGE" && heard["is_self"] == true {
            said.lock().unwrap().echo(&heard);
        }
        if let Some(wait) = heard["retry_after"].as_f64() {
            // So long a client has to wait that is told so.
            tokio::time::sleep(Duration::from_secs_f64(wait)).await;
            let Some(text) = said.lock().unwrap().pending.first().cloned() else { continue };
            if !say(socket, &text).await {
                return;
            }
        }
    }
}

async fn say(socket: &mut Socket, text: &str) -> bool {
    let message = json!({"type": "CHAT_MESSAGE", "message": text, "client_msg_id": text});
    socket.try_say(message.to_string()).await
}

fn next_texts(name: &str, said: &Mutex<Said>) -> Vec<String> {
    let mut said = said.lock().unwrap();
    let first = said.echoed.len() + said.pending.len();
    let more = BURST.saturating_sub(said.pending.len());
    said.pending.extend((first..first + more).map(|number| format!("{name} says {number}")));
    said.pending.clone()
}

impl Said {
    fn echo(&mut self, heard: &Value) {
        let text = heard["message"].as_str().unwrap();
        // History and repetitions may bring it again.
        if let Some(place) = self.pending.iter().position(|pending| pending == text) {
            let text = self.pending.swap_remove(place);
            self.echoed.push((heard["id"].as_u64().unwrap(), text));
        }
    }
}

/// Who is present, as somebody is told who comes in.
async fn roster(socket: &mut Socket) -> BTreeSet<String> {
    let event = socket.hear(|text| text.contains(r#""type":"ROOM_PARTICIPANTS""#)).await;
    let event: Value = serde_json::from_str(&event).unwrap();
    let names = event["participants"].as_array().unwrap().iter();
    names.map(|name| name.as_str().unwrap().to_owned()).collect()
}

#[tokio::test]
async fn what_was_echoed_is_in_the_log_once_however_often_it_is_killed() {
    let kills: u64 = env::var("PARLOR_KILLS").ok().and_then(|text| text.parse().ok()).unwrap_or(10);
    let mut target = LocalDev::start();
    let party = Party::new(&target.http, PEOPLE).await;
    let said: Vec<Mutex<Said>> = (0..PEOPLE).map(|_| Mutex::default()).collect();
    let echoes = || said.iter().map(|said| said.lock().unwrap().echoed.len()).sum::<usize>();
    for round in 0..kills {
        let host = target.ws(&party.path("room", &party.people[0], ""));
        let mut first = Socket::open(&host).await;
        assert_eq!(roster(&mut first).await.len(), 1, "who was there before it was killed, in round {round}");
        let open = party.people[1..].iter().map(|who| target.ws(&party.path("room", who, "")));
        let mut sockets = join_all(open.map(|url| async move { Socket::open(&url).await })).await;
        sockets.insert(0, first);
        let before = echoes();
        // Anywhere between the first echo and the last one, which is different in every round.
        let enough = before + 1 + usize::try_from(round * 7 % 40).unwrap();
        let talking = sockets.iter_mut().zip(&said).enumerate();
        let talking = join_all(talking.map(async |(number, (socket, said))| {
            talk(socket, &format!("person {number}"), said).await;
        }));
        let killing = async {
            let until = async |enough: usize| {
                while echoes() < enough {
                    tokio::time::sleep(Duration::from_micros(500)).await;
                }
            };
            // Something comes back, however busy the machine. Where limits let less through, it is killed all the same.
            let _ = timeout(PATIENCE, until(before + 1)).await;
            let _ = timeout(Duration::from_secs(4), until(enough)).await;
            target.kill()
        };
        let (_, store) = join!(talking, killing);
        assert!(echoes() > before, "nothing came back in round {round}");
        target = LocalDev::start_in(store, &[]);
        assert_log(&party, &target, &said).await;
    }
    assert_rejoined(&party, &target).await;
    println!("killed {kills} times: {} echoes, each of them in the log once", echoes());
}

/// What came back is in the log exactly once under its id, what did not at most once, and there are no gaps.
async fn assert_log(party: &Party, target: &LocalDev, said: &[Mutex<Said>]) {
    let log = party.log(&target.http).await;
    assert_dense(&log);
    let texts: Vec<_> = log.iter().map(|event| event["message"].as_str().unwrap()).collect();
    assert_eq!(texts.iter().collect::<BTreeSet<_>>().len(), texts.len(), "something is there twice");
    for said in said {
        for (id, text) in &said.lock().unwrap().echoed {
            assert_eq!(texts[usize::try_from(*id).unwrap() - 1], text);
        }
    }
}

/// Everybody who comes back is present, and nobody else.
async fn assert_rejoined(party: &Party, target: &LocalDev) {
    let mut sockets = Vec::new();
    for who in &party.people[..3] {
        let mut socket = Socket::open(&target.ws(&party.path("room", who, ""))).await;
        let present = timeout(PATIENCE, roster(&mut socket)).await.expect("no roster");
        sockets.push(socket);
        assert_eq!(present.len(), sockets.len(), "{present:?}");
    }
}
