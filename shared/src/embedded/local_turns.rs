//! One thing after another in a room of this process.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use async_trait::async_trait;
use tokio::sync::{Mutex as FairMutex, OwnedMutexGuard};

use crate::ids::RoomCode;
use crate::ports::{RoomTurns, Turn};

type Rooms = HashMap<RoomCode, Arc<FairMutex<()>>>;

/// The [`RoomTurns`] port: a fair lock for each room in which anybody has a turn or waits for one.
#[derive(Debug, Default)]
pub struct LocalTurns {
    rooms: Arc<Mutex<Rooms>>,
}

/// A place in a room's line: the room is forgotten with the last of them.
struct Place {
    rooms: Arc<Mutex<Rooms>>,
    room: RoomCode,
    lock: Arc<FairMutex<()>>,
}

/// Fields are dropped in their order: first the turn is over, then the place in the line.
struct Held {
    _turn: OwnedMutexGuard<()>,
    _place: Place,
}

impl LocalTurns {
    /// In how many rooms anybody has a turn or waits for one.
    pub fn rooms(&self) -> usize {
        lock(&self.rooms).len()
    }

    fn line_up(&self, room: &RoomCode) -> Place {
        let room_lock = lock(&self.rooms).entry(room.clone()).or_default().clone();
        Place { rooms: self.rooms.clone(), room: room.clone(), lock: room_lock }
    }
}

#[async_trait]
impl RoomTurns for LocalTurns {
    async fn take(&self, room: &RoomCode) -> Turn {
        let place = self.line_up(room);
        let turn = Arc::clone(&place.lock).lock_owned().await;
        Turn::held_by(Held { _turn: turn, _place: place })
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        let mut rooms = lock(&self.rooms);
        // Two hold it, the map and we: nobody else lines up meanwhile, since that takes the lock of all rooms.
        if Arc::strong_count(&self.lock) == 2 {
            rooms.remove(&self.room);
        }
    }
}

fn lock(rooms: &Mutex<Rooms>) -> MutexGuard<'_, Rooms> {
    rooms.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests {
    use std::task::Poll;

    use futures_util::FutureExt;
    use futures_util::poll;

    use super::*;

    fn room(code: &str) -> RoomCode {
        code.parse().unwrap()
    }

    #[tokio::test]
    async fn turns_in_a_room_come_in_the_order_in_which_they_were_asked_for() {
        let turns = LocalTurns::default();
        let (kino, shouted) = (room("kino"), room("KINO"));
        let first = turns.take(&kino).await;
        let (mut second, mut third) = (turns.take(&shouted), turns.take(&kino));
        assert!(poll!(&mut second).is_pending(), "codes are equal whatever their case");
        assert!(poll!(&mut third).is_pending());
        drop(first);
        assert!(poll!(&mut third).is_pending(), "it is not this one's turn");
        let Poll::Ready(second) = poll!(&mut second) else { panic!("it is this one's turn") };
        drop(second);
        let _third = third.now_or_never().unwrap();
    }

    #[tokio::test]
    async fn rooms_do_not_wait_for_each_other() {
        let turns = LocalTurns::default();
        let _one = turns.take(&room("a")).await;
        let _other = turns.take(&room("b")).now_or_never().unwrap();
    }

    #[tokio::test]
    async fn a_room_is_forgotten_once_nobody_has_a_turn_or_waits_for_one() {
        let turns = LocalTurns::default();
        let kino = room("kino");
        let held = turns.take(&kino).await;
        let mut waiting = turns.take(&kino);
        assert!(poll!(&mut waiting).is_pending());
        assert_eq!(turns.rooms(), 1);
        drop(held);
        assert_eq!(turns.rooms(), 1, "somebody waits");
        drop(waiting);
        assert_eq!(turns.rooms(), 0, "who waited has given up");
    }
}
