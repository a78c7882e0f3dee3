//! Who is in a crowd, as everybody is told who comes within a second. Reading so many members anew for each of them takes longer
//! than all else that a newcomer needs.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use crate::ids::{RoomCode, UserId};
use crate::protocol::{RoomParticipants, Timestamp};

/// How long a list is told to newcomers. A crowd is told who is there ten seconds after anybody came: what has changed within that
/// second reaches them so.
const FRESH: Duration = Duration::from_secs(1);

type Made = (Timestamp, Arc<RoomParticipants>);

/// The lists that this process has made within the last second.
#[derive(Debug, Default)]
pub(in crate::app) struct CrowdLists(Mutex<HashMap<RoomCode, Made>>);

impl CrowdLists {
    /// The list of a room with this host, if there is a fresh one.
    pub(super) fn fresh(
        &self,
        room: &RoomCode,
        host: Option<UserId>,
        now: Timestamp,
    ) -> Option<Arc<RoomParticipants>> {
        let lists = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let (made, list) = lists.get(room)?;
        (is_fresh(*made, now) && list.host_id == host).then(|| Arc::clone(list))
    }

    /// Keeps a list for a second.
    pub(super) fn keep(&self, room: &RoomCode, list: RoomParticipants, now: Timestamp) {
        let mut lists = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        lists.retain(|_, (made, _)| is_fresh(*made, now));
        lists.insert(room.clone(), (now, Arc::new(list)));
    }
}

fn is_fresh(made: Timestamp, now: Timestamp) -> bool {
    now.since(made) < FRESH
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::protocol::Place;

    fn at(millis: i64) -> Timestamp {
        Timestamp::from_micros(millis * 1000)
    }

    #[test]
    fn a_list_is_told_for_a_second_and_as_long_as_the_host_is_the_same() {
        let (lists, room): (_, RoomCode) = (CrowdLists::default(), "kino".parse().unwrap());
        let list =
            RoomParticipants::fitting(Place { room: room.clone(), receiver_id: None }, None, Vec::new(), 201);
        lists.keep(&room, list.clone(), at(0));
        assert_eq!(lists.fresh(&room, None, at(999)).as_deref(), Some(&list));
        assert_eq!(lists.fresh(&room, Some(UserId(7)), at(999)), None);
        assert_eq!(lists.fresh(&room, None, at(1000)), None);
        assert_eq!(lists.fresh(&"other".parse().unwrap(), None, at(0)), None);
    }

    #[test]
    fn nothing_is_kept_of_rooms_whose_list_has_grown_old() {
        let lists = CrowdLists::default();
        for number in 0..3 {
            let room: RoomCode = format!("room-{number}").parse().unwrap();
            let list = RoomParticipants::fitting(
                Place { room: room.clone(), receiver_id: None },
                None,
                Vec::new(),
                201,
            );
            lists.keep(&room, list, at(number * 1000));
        }
        assert_eq!(lists.0.lock().unwrap().len(), 1);
    }
}
