//! Many people talk at once in one room.

use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use futures_util::future::join_all;
use futures_util::join;
use serde_json::{Value, json};

use super::LocalDev;
use crate::client::outsider::Outsider;
use crate::client::party::{Follower, Party, assert_dense};
use crate::client::{PATIENCE, Socket};

/// What one person may say at once, and after how long again.
const BURST: usize = 5;
const PAUSE: Duration = Duration::from_millis(3100);
/// Below what one person may change in three seconds.
const CHANGES: usize = 15;

/// Says as much as somebody may at once, and waits until all of it came back; answers the ids.
async fn talk(socket: &mut Socket, name: &str) -> Vec<u64> {
    for number in 0..BURST {
        let text = format!("{name} says {number}");
        socket.say(json!({"message": text, "client_msg_id": text}).to_string()).await;
    }
    let mut ids = Vec::new();
    while ids.len() < BURST {
        let heard: Value =
            serde_json::from_str(&socket.hear(|text| text.contains("\"type\"")).await).unwrap();
        assert_ne!(heard["type"], "ERROR", "{heard}");
        if heard["is_self"] == true {
            ids.push(heard["id"].as_u64().unwrap());
        }
    }
    ids
}

/// Changes messages as they are heard, in one way.
async fn change(socket: &mut Socket, how: impl Fn(&Value) -> Option<Value>) {
    let mut changed = 0;
    while changed < CHANGES {
        let heard: Value =
            serde_json::from_str(&socket.hear(|text| text.contains("\"type\"")).await).unwrap();
        let Some(change) = how(&heard) else { continue };
        socket.say(change.to_string()).await;
        changed += 1;
    }
    // What one socket says is dealt with in order: all of it is done by now.
    socket.ping().await;
}

/// Follows a room, and loses the connection now and then, until the talk is over and nothing is missing.
async fn follow(
    target: &LocalDev,
    party: &Party,
    endpoint: &str,
    who: &Value,
    over: &AtomicBool,
) -> Follower {
    let mut follower = Follower::default();
    for patience in [40_usize, 60, usize::MAX] {
        let query = format!("&events=all&since={}", follower.mark);
        let mut socket = Socket::open(&target.ws(&party.path(endpoint, who, &query))).await;
        let mut heard = 0;
        while heard < patience && !over.load(Ordering::Relaxed) {
            let next = tokio::time::timeout(Duration::from_millis(200), socket.try_hear()).await;
            let Ok(next) = next else { continue };
            heard += usize::from(follower.note(&next.expect("the socket ended")));
        }
        if over.load(Ordering::Relaxed) {
            let last = party.log(&target.http).await.len() as u64;
            follower.follow(&mut socket, last).await;
            return follower;
        }
    }
    follower
}

async fn talk_twice(mut socket: Socket, number: usize) {
    talk(&mut socket, &format!("{number} first")).await;
    tokio::time::sleep(PAUSE).await;
    talk(&mut socket, &format!("{number} then")).await;
}

/// Whether this is what one of the talkers says, and not the editor.
fn is_talk(heard: &Value) -> bool {
    let is_editors = heard["message"].as_str().is_some_and(|text| text.starts_with("editor"));
    heard["type"] == "CHAT_MESSAGE" && heard["is_self"] == false && !is_editors
}

/// Deletes every third of what the talkers say, as only the host may.
async fn delete(mut socket: Socket) {
    change(&mut socket, |heard| {
        let is_third = heard["id"].as_u64().is_some_and(|id| id % 3 == 0);
        (is_talk(heard) && is_third).then(|| json!({"type": "delete_message", "message_id": heard["id"]}))
    })
    .await;
}

async fn react(mut socket: Socket) {
    change(&mut socket, |heard| {
        let reaction = json!({"type": "react_message", "message_id": heard["id"], "reaction": "👍"});
        is_talk(heard).then_some(reaction)
    })
    .await;
}

/// Says something, edits it again and again, and waits for the last edit.
async fn edit(mut socket: Socket) {
    let own = talk(&mut socket, "editor").await;
    for number in 0..CHANGES {
        let (id, text) = (own[number % own.len()], format!("edited {number}"));
        socket.say(json!({"type": "edit_message", "message_id": id, "new_content": text}).to_string()).await;
    }
    socket.hear(|text| text.contains(&format!("edited {}", CHANGES - 1))).await;
}

fn assert_has_all(log: &[Value]) {
    assert_dense(log);
    let count = |kind: &str| log.iter().filter(|event| event["type"] == kind).count();
    assert_eq!(count("CHAT_MESSAGE"), 20 * 2 * BURST + BURST);
    assert_eq!(count("MESSAGE_EDITED"), CHANGES);
    // A message may be deleted before somebody's reaction comes.
    assert!(count("MESSAGE_DELETED") > 10 && count("MESSAGE_REACTED") > 5, "{}", log.len());
}

#[tokio::test]
async fn while_twenty_talk_and_three_edit_react_and_delete_everybody_has_exactly_the_log_in_the_end() {
    let target = LocalDev::start();
    let party = Party::new(&target.http, 29).await;
    let outsider = Outsider::listen(&target.http, |path| target.ws(path)).await;
    let over = AtomicBool::new(false);
    let full = async |who: &Value| Socket::open(&target.ws(&party.path("chat", who, "&events=all"))).await;
    let (changing, talking, listening) = (&party.people[..3], &party.people[3..23], &party.people[23..]);

    let talkers = talking.iter().enumerate();
    let talkers = join_all(talkers.map(async |(number, who)| talk_twice(full(who).await, number).await));
    let changers = async {
        let [host, fan, editor] = changing else { panic!("three people change things") };
        join!(delete(full(host).await), react(full(fan).await), edit(full(editor).await));
    };
    let endpoints = ["chat", "room"];
    let followers = listening.iter().zip(endpoints.iter().cycle());
    let followers = join_all(followers.map(|(who, endpoint)| follow(&target, &party, endpoint, who, &over)));
    let storm = async {
        join!(talkers, changers);
        over.store(true, Ordering::Relaxed);
    };
    let ((), followers) = join!(storm, followers);

    let log = party.log(&target.http).await;
    assert_has_all(&log);
    for follower in &followers {
        follower.assert_has(&log);
    }
    outsider.assert_heard_nothing_of(&party.code).await;
}

#[tokio::test]
async fn what_thirty_two_say_at_once_is_numbered_without_a_gap_and_heard_in_that_order_by_all() {
    let target = LocalDev::start();
    let party = Party::new(&target.http, 32).await;
    let outsider = Outsider::listen(&target.http, |path| target.ws(path)).await;
    let open = |who| {
        let url = target.ws(&party.path("chat", who, ""));
        async move { Socket::open(&url).await }
    };
    let mut sockets = join_all(party.people.iter().map(open)).await;
    let last = (32 * BURST) as u64;
    let heard = join_all(sockets.iter_mut().enumerate().map(|(number, socket)| async move {
        for turn in 0..BURST {
            socket.say(json!({"message": format!("{number} says {turn}")}).to_string()).await;
        }
        let mut ids = Vec::new();
        let mut own = Vec::new();
        while ids.len() < 32 * BURST {
            let text = tokio::time::timeout(PATIENCE, socket.try_hear()).await.expect("it never came");
            let event: Value = serde_json::from_str(&text.expect("the socket ended")).unwrap();
            assert_eq!(event["type"], "CHAT_MESSAGE", "{event}");
            ids.push(event["id"].as_u64().unwrap());
            if event["is_self"] == true {
                own.push(event["message"].as_str().unwrap().to_owned());
            }
        }
        let said: Vec<_> = (0..BURST).map(|turn| format!("{number} says {turn}")).collect();
        assert_eq!(own, said, "what one says on one socket keeps its order");
        ids
    }))
    .await;
    for ids in heard {
        assert_eq!(ids, (1..=last).collect::<Vec<_>>());
    }
    let log = party.log(&target.http).await;
    assert_dense(&log);
    assert_eq!(log.len() as u64, last);
    outsider.assert_heard_nothing_of(&party.code).await;
}
