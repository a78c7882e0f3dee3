//! Real functions whose table and sockets fail on demand.

use std::collections::BTreeSet;
use std::fs;
use std::time::Duration;

use real_servers::DynamoDbLocal;
use serde_json::{Value, json};
use tokio::time::timeout;

use super::faulty_proxy::FaultyProxy;
use crate::client::Socket;
use crate::target::drop_box::DropBox;
use crate::target::functions::{Functions, Places};

/// Long enough for rows of dead sockets: thirty seconds of youth, a heartbeat, and a busy machine.
pub const LONG: Duration = Duration::from_secs(90);
/// Long enough for jobs that don't wait for anything.
const A_WHILE: Duration = Duration::from_secs(10);
/// The template's queue of jobs.
pub const JOBS: &str = "queue";

/// The functions, with a server in front of each service that is to fail.
pub struct Unreliable {
    pub functions: Functions,
    pub drops: DropBox,
    /// In front of DynamoDB.
    pub database: FaultyProxy,
    /// In front of `@connections`.
    pub sockets: FaultyProxy,
    http: reqwest::Client,
}

impl Unreliable {
    /// Everything works yet. `options` are local-dev's.
    pub async fn start(options: &[&str]) -> Self {
        let (database, sockets) = (FaultyProxy::start().await, FaultyProxy::start().await);
        database.lead_to(DynamoDbLocal::shared().await.endpoint());
        let places = Places { database: Some(&database.url), sockets: Some(&sockets.url), options };
        let functions = Functions::start_with(&places).await;
        sockets.lead_to(&functions.http);
        Self { drops: functions.drops(), functions, database, sockets, http: reqwest::Client::new() }
    }

    /// Sockets on the feed.
    pub async fn open(&self, count: usize) -> Vec<Socket> {
        let sockets = (0..count).map(|_| Socket::open(&self.functions.sockets));
        futures_util::future::join_all(sockets).await
    }

    /// A call of the control endpoint.
    pub async fn control(&self, method: &str, path: &str) -> Value {
        let url = format!("{}/_local/{path}", self.functions.queues);
        let answer = self.http.request(method.parse().unwrap(), url).send().await.unwrap();
        answer.error_for_status().unwrap().json().await.unwrap()
    }

    /// Waits until nothing is stuck: no job but the heartbeats to come, nothing given up on, nothing in the drop box.
    pub async fn comes_to_rest(&self) {
        self.comes_to_rest_within(LONG).await;
    }

    /// The same, with so much time.
    pub async fn comes_to_rest_within(&self, patience: Duration) {
        let rests = async { while !(self.jobs().await.is_empty() && self.functions.dropped().is_empty()) {} };
        if timeout(patience, rests).await.is_err() {
            panic!("stuck: {:?}, {:?}", self.jobs().await, self.functions.dropped());
        }
        let letters = self.control("GET", "dead-letters").await;
        assert!(letters.as_object().unwrap().values().all(|queue| *queue == json!([])), "{letters}");
    }

    /// As if the six minutes had passed until the queue shows again what failed workers had in their hands: as often as
    /// may be before a message is given up on.
    pub async fn redelivers(&self) {
        self.redelivers_within(A_WHILE).await;
    }

    /// The same, with so much time for what is shown to be done.
    pub async fn redelivers_within(&self, patience: Duration) {
        let is_in_hands = |job: &Value| job["state"] == "in-flight";
        let is_done = async || !self.jobs().await.iter().any(is_in_hands);
        for _ in 0..3 {
            self.control("POST", &format!("queues/{JOBS}/time-out")).await;
            if timeout(patience, async { while !is_done().await {} }).await.is_ok() {
                return;
            }
        }
    }

    /// The jobs in the queue that somebody waits for: neither the heartbeat nor the next frame that keeps a socket open.
    pub async fn jobs(&self) -> Vec<Value> {
        let listed = self.control("GET", &format!("queues/{JOBS}/messages")).await;
        let jobs = listed["messages"].as_array().unwrap().iter();
        let is_of_the_clock =
            |body: &str| ["tick", "keep_alive"].iter().any(|job| body.contains(&format!(r#""job":"{job}""#)));
        let is_waited_for = |job: &&Value| !is_of_the_clock(job["body"].as_str().unwrap());
        jobs.filter(is_waited_for).cloned().collect()
    }

    /// Waits until the table knows of so many connections, and of no rows of others.
    pub async fn knows_only(&self, connections: usize) {
        let known = async { while !self.knows_just(connections).await {} };
        if timeout(LONG, known).await.is_err() {
            panic!("{connections} sockets are open, but there are {:?}", self.rows().await);
        }
    }

    /// Waits until the groups that were written to have rows of so many sockets. What else is known of a socket whose handshake
    /// or greeting broke off stays for minutes, until it is written to.
    pub async fn groups_know_only(&self, connections: usize) {
        let known = async { while self.in_groups().await.len() != connections {} };
        if timeout(LONG, known).await.is_err() {
            panic!("{connections} sockets are open, but in groups there are {:?}", self.in_groups().await);
        }
    }

    async fn in_groups(&self) -> BTreeSet<String> {
        let is_written_to = |pk: &str| pk.starts_with("GROUP#room#") || pk.starts_with("GROUP#feed#");
        let rows = self.rows().await.into_iter().filter(|(pk, _)| is_written_to(pk));
        rows.filter_map(|(_, sk)| Some(sk.split('#').nth(1)?.to_owned())).collect()
    }

    async fn knows_just(&self, count: usize) -> bool {
        let rows = self.rows().await;
        let mut connections = rows.iter().filter_map(|(pk, _)| pk.strip_prefix("CONN#")).collect::<Vec<_>>();
        connections.dedup();
        let members = rows.iter().filter(|(pk, sk)| pk.starts_with("GROUP#") && sk.contains('#'));
        let mut of_groups = members.filter_map(|(_, sk)| sk.split('#').nth(1));
        connections.len() == count && of_groups.all(|id| connections.contains(&id))
    }

    /// The keys of all items.
    pub async fn rows(&self) -> Vec<(String, String)> {
        let table = json!({ "TableName": self.functions.table, "ConsistentRead": true });
        let scanned = DynamoDbLocal::shared().await.call("Scan", &table).await;
        assert!(scanned["LastEvaluatedKey"].is_null(), "more than one page of items");
        let items = scanned["Items"].as_array().unwrap().iter();
        let key = |item: &Value, name: &str| item[name]["S"].as_str().unwrap().to_owned();
        let mut rows: Vec<_> = items.map(|item| (key(item, "pk"), key(item, "sk"))).collect();
        rows.sort();
        rows
    }

    /// SIGKILL for every process of this function; how many there were, if any.
    pub fn kill_workers(&self, function: &str) -> usize {
        let workers = fs::read_dir("/proc").unwrap().filter_map(|entry| {
            let pid = entry.ok()?.file_name().into_string().ok()?;
            let stat = fs::read_to_string(format!("/proc/{pid}/stat")).ok()?;
            let (name, rest) = stat.split_once('(')?.1.rsplit_once(')')?;
            let parent: u32 = rest.split_whitespace().nth(1)?.parse().ok()?;
            (name == function && parent == self.functions.process_id()).then_some(pid)
        });
        let workers: Vec<_> = workers.collect();
        if workers.is_empty() {
            return 0;
        }
        let killed = std::process::Command::new("kill").arg("-9").args(&workers).status().unwrap();
        assert!(killed.success(), "{workers:?}");
        workers.len()
    }
}

/// Everybody hears a text.
pub async fn all_hear(sockets: &mut [Socket], text: &str) {
    futures_util::future::join_all(sockets.iter_mut().map(|socket| socket.hear_text(text))).await;
}
