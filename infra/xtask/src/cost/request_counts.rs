//! How many requests things take, and how long rows and lines of logs are. The numbers lie in `request_counts.json`, where
//! tests read them, too: `aws::request_counts` of the library counts requests and rows anew, the template's tests lines.

use serde_json::Value;

use crate::step::Outcome;

const FILE: &str = include_str!("request_counts.json");

/// The numbers, by name.
pub(super) struct RequestCounts(Value);

/// What something asks of the services behind the ports, as far as that is billed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Counts {
    /// What reads of the table cost, in half read units: a consistent read of up to 4 KB is two of them.
    pub(super) read_halves: u64,
    /// Writes of single items to the table, conditional ones included.
    pub(super) writes: u64,
    /// Items written in transactions, each of which costs twice.
    pub(super) transacted: u64,
    /// Requests that put messages into the queue, ten at most each.
    pub(super) queue_requests: u64,
    /// Messages in the queue.
    pub(super) queue_messages: u64,
    /// Posts to sockets.
    pub(super) posts: u64,
}

impl RequestCounts {
    /// Those of the file.
    pub(super) fn load() -> Outcome<Self> {
        Ok(Self(serde_json::from_str(FILE)?))
    }

    /// What something takes.
    pub(super) fn of(&self, name: &str) -> Outcome<Counts> {
        let counts = &self.0["requests"][name]["counts"];
        if !counts.is_object() {
            return Err(format!("requests of {name} are not counted").into());
        }
        let count = |kind: &str| counts[kind].as_u64().unwrap_or_default();
        Ok(Counts {
            read_halves: count("read_halves"),
            writes: count("writes"),
            transacted: count("transacted"),
            queue_requests: count("queue_requests"),
            queue_messages: count("queue_messages"),
            posts: count("posts"),
        })
    }

    /// How many bytes something has.
    pub(super) fn bytes(&self, name: &str) -> Outcome<u64> {
        let size = self.0["bytes"][name]["size"].as_u64();
        size.ok_or_else(|| format!("bytes of {name} are not counted").into())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_not_counted_is_told() {
        let counts = RequestCounts::load().unwrap();
        assert_eq!(counts.of("publish_to_100").unwrap().posts, 100);
        assert!(counts.of("publish_to_7").is_err() && counts.bytes("nothing").is_err());
    }
}
