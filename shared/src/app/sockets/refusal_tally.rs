//! Counts what is refused to each socket. One that goes on sending far more than the limits allow is closed.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};

use crate::domain::chat::{Budget, Pace};
use crate::ids::ConnectionId;
use crate::protocol::Timestamp;

/// From how many sockets on those are forgotten that were refused nothing lately.
const MANY: usize = 1024;

/// What the sockets that this process has to do with were refused lately. Each process counts by itself: a flood through
/// many of them at once is cut a little later.
#[derive(Debug, Default)]
pub(in crate::app) struct RefusalTally(Mutex<HashMap<ConnectionId, Timestamp>>);

impl RefusalTally {
    /// Counts one more refusal of a socket; tells whether it was one too many.
    pub(super) fn is_too_many(&self, id: &ConnectionId, limit: Budget, now: Timestamp) -> bool {
        let mut refused = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        match limit.spend(refused.get(id).copied(), now) {
            Pace::Free(next) => {
                if refused.len() >= MANY {
                    refused.retain(|_, restored_at| *restored_at > now);
                }
                refused.insert(id.clone(), next);
                false
            }
            Pace::Spent { .. } => {
                refused.remove(id);
                true
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const LIMIT: Budget = Budget::new(50, 3);

    fn at(millis: i64) -> Timestamp {
        Timestamp::from_micros(millis * 1000)
    }

    #[test]
    fn a_flood_of_refusals_is_too_many_and_what_is_refused_now_and_then_never_is() {
        let (tally, flooder, typist) =
            (RefusalTally::default(), "flooder=".parse().unwrap(), "typist=".parse().unwrap());
        for millis in 0..50 {
            assert!(!tally.is_too_many(&flooder, LIMIT, at(millis)), "{millis}");
        }
        assert!(tally.is_too_many(&flooder, LIMIT, at(50)));
        for second in 0..600 {
            assert!(!tally.is_too_many(&typist, LIMIT, at(second * 200)));
        }
    }

    #[test]
    fn what_was_refused_long_ago_takes_no_room() {
        let tally = RefusalTally::default();
        for number in 0..10 * MANY {
            let id = format!("c{number}=").parse().unwrap();
            tally.is_too_many(&id, LIMIT, at(i64::try_from(number).unwrap() * 1000));
        }
        assert!(tally.0.lock().unwrap().len() <= MANY);
    }
}
