//! The numbers of `cargo xtask cost`, which these tests hold against the code.

use std::collections::BTreeMap;

use serde::Deserialize;

const FILE: &str = include_str!("../../../../infra/xtask/src/cost/request_counts.json");

/// What something asked of the services behind the ports.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(super) struct Counts {
    /// Requests to the table that read.
    pub(super) reads: u64,
    /// What they cost, in half read units: a consistent read of up to 4 KB is two of them.
    pub(super) read_halves: u64,
    /// Writes of single items to the table, conditional ones included.
    pub(super) writes: u64,
    /// Those of them that have a condition.
    pub(super) conditional_writes: u64,
    /// Items written in transactions, each of which costs twice.
    pub(super) transacted: u64,
    /// Requests that put messages into the queue, ten at most each.
    pub(super) queue_requests: u64,
    /// Messages in the queue.
    pub(super) queue_messages: u64,
    /// Posts to sockets.
    pub(super) posts: u64,
    /// Requests to the bucket.
    pub(super) bucket_requests: u64,
    /// How many requests one after another come before the first post, or before the end where nothing is posted.
    pub(super) rounds: u64,
}

#[derive(Deserialize)]
struct Expected {
    requests: BTreeMap<String, Requests>,
    bytes: BTreeMap<String, Bytes>,
}

#[derive(Deserialize)]
struct Requests {
    counts: Counts,
}

#[derive(Deserialize)]
struct Bytes {
    size: u64,
}

fn expected() -> Expected {
    serde_json::from_str(FILE).unwrap()
}

/// What something should take.
pub(super) fn requests(name: &str) -> Counts {
    expected().requests.get(name).expect(name).counts
}

/// How many bytes something should have.
pub(super) fn bytes(name: &str) -> u64 {
    expected().bytes.get(name).expect(name).size
}

#[test]
fn all_of_the_files_requests_are_counted() {
    let tests =
        [include_str!("../request_counts.rs"), include_str!("media.rs"), include_str!("rooms.rs")].concat();
    for name in expected().requests.keys() {
        assert!(tests.contains(&format!("\"{name}\"")), "{name}");
    }
}
