//! All of it at once: the table is slow to take anything, breaks and loses answers, posts to sockets are refused, the queue says things
//! twice, workers are killed and nobody hears of sockets that end, while people talk, come and go.

use std::collections::BTreeSet;
use std::env;

use futures_util::future::{join, join_all};
use serde_json::Value;
use tokio::time::timeout;

use super::faulty_proxy::Fate;
use super::sockets::TOO_MANY;
use super::table::{BROKEN, THROTTLED, is_write};
use super::talker::{Talker, assert_in_log, assert_present, open_at_last};
use super::unreliable::{JOBS, LONG, Unreliable};
use crate::client::Socket;
use crate::client::party::{Follower, Party};

const TALKERS: usize = 8;
const FOLLOWERS: usize = 2;
const ON_THE_FEED: usize = 4;
/// Whose workers are killed, one after the other.
const FUNCTIONS: [&str; 5] = ["message", "deliver", "connect", "broadcast", "heartbeat"];
/// Says how long the storm lasts.
const ROUNDS: &str = "PARLOR_STORM_ROUNDS";
const USUAL_ROUNDS: usize = 5;

/// Somebody who only listens, and comes back with the mark up to which nothing is missing.
struct Listener<'a> {
    party: &'a Party,
    http: &'a str,
    url: String,
    socket: Socket,
    follower: Follower,
}

impl<'a> Listener<'a> {
    async fn enter(party: &'a Party, http: &'a str, url: String) -> Self {
        Self { party, http, socket: open_at_last(&url).await, url, follower: Follower::default() }
    }

    async fn listen(&mut self) {
        loop {
            match self.socket.try_hear().await {
                Some(heard) if heard.contains(r#""type":"RESUME_FAILED""#) => self.catch_up().await,
                Some(heard) => _ = self.follower.note(&heard),
                None => self.come_back().await,
            }
        }
    }

    async fn come_back(&mut self) {
        self.socket = open_at_last(&format!("{}&since={}", self.url, self.follower.mark)).await;
    }

    /// Asks by REST for what is missing, as clients do that are too far behind.
    async fn catch_up(&mut self) {
        loop {
            let asked = self.party.events(self.http, self.follower.mark).send().await.unwrap();
            let page = if asked.status() == 200 { asked.json().await.unwrap() } else { continue };
            let Value::Array(page) = page else { panic!("no list: {page}") };
            if page.is_empty() {
                return;
            }
            for event in page {
                self.follower.note(&event.to_string());
            }
        }
    }
}

/// From now on much goes wrong, in an order that does not repeat itself soon.
fn rage(target: &Unreliable) {
    let mut asked = 0_u32;
    target.database.judge(move |request| {
        asked += 1;
        match asked {
            n if n % 97 == 0 && is_write(request) => Fate::Lose(BROKEN),
            n if n % 211 == 0 => Fate::Refuse(BROKEN),
            n if n % 7 == 0 => Fate::Refuse(THROTTLED),
            _ => Fate::Pass,
        }
    });
    let (mut posts, mut refused) = (0_u32, BTreeSet::new());
    target.sockets.judge(move |post| {
        posts += 1;
        let fate = match posts {
            n if n % 37 == 0 => Fate::Lose(BROKEN),
            n if n % 5 == 0 => Fate::Refuse(TOO_MANY),
            _ => Fate::Pass,
        };
        // A socket that fails again and again is closed in the end: none is refused twice running.
        if !matches!(fate, Fate::Pass) && refused.insert(post.what.clone()) {
            return fate;
        }
        refused.remove(&post.what);
        Fate::Pass
    });
}

/// Everybody says something while workers of this function are killed; answers how many were.
async fn talk(target: &Unreliable, talkers: &mut [Talker], function: &str) -> usize {
    let (first, others) = talkers.split_first_mut().unwrap();
    let others = join_all(others.iter_mut().map(Talker::say_one_more));
    // The first one's echo is the moment at which the others' messages are under way.
    let kill = async {
        first.say_one_more().await;
        target.kill_workers(function)
    };
    join(others, kill).await.1
}

/// One more text for the feed, one more of each talker's in the room, while others listen; then some are gone without a
/// word, and come back.
async fn rage_on(
    target: &Unreliable,
    talkers: &mut [Talker],
    listeners: &mut [Listener<'_>],
    round: usize,
) -> usize {
    target.control("POST", &format!("queues/{JOBS}/duplicate?count=5")).await;
    target.drops.put(&format!("{round}.txt"), format!("storm {round}")).await;
    let killed = tokio::select! {
        killed = timeout(LONG, talk(target, talkers, FUNCTIONS[round % FUNCTIONS.len()])) => killed,
        _ = join_all(listeners.iter_mut().map(Listener::listen)) => panic!("listening never ends"),
    };
    talkers[round % TALKERS].come_back().await;
    listeners[round % FOLLOWERS].come_back().await;
    killed.expect("an echo never came")
}

#[tokio::test]
#[ignore = "needs the real functions: cargo xtask e2e functions"]
async fn in_a_storm_of_all_faults_nothing_that_was_echoed_is_lost_and_in_the_end_all_have_heard_all() {
    let rounds = env::var(ROUNDS).ok().and_then(|text| text.parse().ok()).unwrap_or(USUAL_ROUNDS);
    let target = Unreliable::start(&["--disconnects", "lose"]).await;
    let party = Party::new(&target.functions.http, TALKERS + FOLLOWERS).await;
    let sockets = target.functions.http.replace("http://", "ws://");
    let url = |endpoint, who: &Value, query| format!("{sockets}{}", party.path(endpoint, who, query));
    let (talking, listening) = party.people.split_at(TALKERS);
    let talkers = talking.iter().enumerate();
    let talkers = talkers.map(|(number, who)| Talker::enter(number.to_string(), url("room", who, "")));
    let listeners = listening.iter().map(|who| url("chat", who, "&events=all"));
    let listeners = listeners.map(|url| Listener::enter(&party, &target.functions.http, url));
    let (mut talkers, mut listeners) = join(join_all(talkers), join_all(listeners)).await;
    let mut feed = target.open(ON_THE_FEED).await;

    rage(&target);
    let mut killed = 0;
    for round in 0..rounds {
        target.database.forget();
        target.sockets.forget();
        killed += rage_on(&target, &mut talkers, &mut listeners, round).await;
    }
    assert!(killed > 0, "no worker was killed");
    target.database.recover();
    target.sockets.recover();

    // Who was killed while greeting a socket keeps others from it for longer than a function may run.
    target.redelivers_within(LONG / 2).await;
    // What failed for a second time to be dealt with is tried again after two minutes.
    target.comes_to_rest_within(2 * LONG).await;
    for listener in &mut listeners {
        listener.catch_up().await;
        listener.come_back().await;
    }
    join_all(talkers.iter_mut().map(Talker::say_one_more)).await;
    let log = assert_in_log(&party, &target, &talkers, TALKERS * (rounds + 1)).await;
    for Listener { socket, follower, .. } in &mut listeners {
        follower.follow(socket, log.len() as u64).await;
        follower.assert_has(&log);
    }
    for socket in &mut feed {
        hear_all(socket, rounds).await;
    }
    assert_present(&party, &target, TALKERS + FOLLOWERS).await;
    target.groups_know_only(TALKERS + FOLLOWERS + ON_THE_FEED).await;
    println!("{rounds} rounds, {killed} workers killed: {} echoes, each of them in the log once", log.len());
}

/// Waits until each round's text has come, in any order.
async fn hear_all(socket: &mut Socket, rounds: usize) {
    let mut missing: BTreeSet<_> = (0..rounds).map(|round| format!("storm {round}")).collect();
    while !missing.is_empty() {
        let heard = socket.hear(|text| missing.contains(text)).await;
        missing.remove(&heard);
    }
}
