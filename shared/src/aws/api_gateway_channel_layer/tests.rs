//! The layer on a table in memory, a scripted gateway and a queue that keeps its jobs.

#[cfg(feature = "testing")]
mod contract;

use std::collections::HashMap;
use std::sync::Mutex;

use super::*;
use crate::aws::management_api::Posted;
use crate::aws::memory_table::MemoryTable;
use crate::aws::replay::{ConstantRandom, JumpingClock};
use crate::ports::{Endpoint, Identity, Job};

/// How a gateway answers for one socket.
#[derive(Debug, Clone, Copy, PartialEq)]
enum Mood {
    Gone,
    /// Takes no messages, but can be ended.
    Slow,
    Forbidden,
    /// Neither takes messages nor can it be ended.
    Busy,
}

/// A gateway whose sockets take everything, but for those in a mood.
#[derive(Debug, Default)]
struct Gateway {
    moods: Mutex<HashMap<String, Mood>>,
    /// `<connection> <text>` of what was taken, `<connection> closed` of what was ended.
    done: Mutex<Vec<String>>,
    asked: Mutex<usize>,
}

impl Gateway {
    fn answer(&self, id: &ConnectionId, done: &str) -> Posted {
        *self.asked.lock().unwrap() += 1;
        match self.moods.lock().unwrap().get(id.as_str()) {
            Some(Mood::Gone) => return Posted::Gone,
            Some(Mood::Slow) if done != "closed" => return Posted::Busy,
            Some(Mood::Busy) => return Posted::Busy,
            Some(Mood::Forbidden) => return Posted::Failed("forbidden".into()),
            Some(Mood::Slow) | None => self.done.lock().unwrap().push(format!("{id} {done}")),
        }
        Posted::Sent
    }

    fn put(&self, id: &ConnectionId, mood: Mood) {
        self.moods.lock().unwrap().insert(id.to_string(), mood);
    }

    fn cheer(&self, id: &ConnectionId) {
        self.moods.lock().unwrap().remove(id.as_str());
    }

    /// What was done since the last call, sorted.
    fn take_done(&self) -> Vec<String> {
        let mut done = std::mem::take(&mut *self.done.lock().unwrap());
        done.sort();
        done
    }
}

#[async_trait]
impl Post for Gateway {
    async fn post(&self, id: &ConnectionId, frame: &Frame) -> Posted {
        self.answer(id, frame.as_str())
    }

    async fn delete(&self, id: &ConnectionId) -> Posted {
        self.answer(id, "closed")
    }
}

#[derive(Debug, Default)]
struct Queue(Mutex<Vec<(Job, Duration)>>);

impl Queue {
    /// The jobs since the last call.
    fn take(&self) -> Vec<(Job, Duration)> {
        std::mem::take(&mut *self.0.lock().unwrap())
    }

    /// The pieces of a fan-out since the last call, each of which must have waited if asked for.
    fn take_pieces(&self, delays: std::ops::RangeInclusive<u64>) -> Vec<FanOut> {
        let piece = |(job, delay): (Job, Duration)| match job {
            Job::FanOut { piece } => {
                assert!(delays.contains(&delay.as_secs()), "{delay:?}");
                piece
            }
            other => panic!("{other:?}"),
        };
        self.take().into_iter().map(piece).collect()
    }
}

#[async_trait]
impl Jobs for Queue {
    async fn enqueue(&self, jobs: Vec<(Job, Duration)>) -> Result<(), JobsError> {
        self.0.lock().unwrap().extend(jobs);
        Ok(())
    }
}

struct House {
    clock: Arc<JumpingClock>,
    table: Arc<MemoryTable>,
    gateway: Arc<Gateway>,
    queue: Arc<Queue>,
    layer: ApiGatewayChannelLayer,
}

impl House {
    fn new() -> Self {
        let clock = Arc::new(JumpingClock::default());
        let table = Arc::new(MemoryTable::new(clock.clone()));
        let (gateway, queue) = (Arc::new(Gateway::default()), Arc::new(Queue::default()));
        let layer = ApiGatewayChannelLayer::on(
            table.clone(),
            queue.clone(),
            gateway.clone(),
            clock.clone(),
            Arc::new(ConstantRandom(0x80)),
            NonZeroU32::new(1_000_000).unwrap(),
        );
        Self { clock, table, gateway, queue, layer }
    }

    fn connection(&self, id: &str, user: u64) -> Connection {
        let session = "0123456789abcdef0123456789abcdef".parse().unwrap();
        Connection {
            id: id.parse().unwrap(),
            endpoint: Endpoint::Feed,
            identity: (user > 0).then_some(Identity { user: UserId(user), session }),
            connected_at: self.clock.now(),
        }
    }

    /// A socket on the feed, in the groups that it belongs to.
    async fn open(&self, id: &str, user: u64) -> Connection {
        let connection = self.connection(id, user);
        self.layer.register(&connection).await.unwrap();
        self.layer.join(&Group::Feed, &connection).await.unwrap();
        if user > 0 {
            self.layer.join(&Group::User(UserId(user)), &connection).await.unwrap();
        }
        connection
    }

    async fn open_many(&self, count: usize) -> Vec<Connection> {
        let mut all = Vec::new();
        for number in 0..count {
            all.push(self.open(&format!("socket{number:09}="), 0).await);
        }
        all
    }

    fn pass(&self, seconds: u64) {
        self.clock.advance(Duration::from_secs(seconds));
    }

    /// The only piece in the queue, which must be one for sockets.
    fn only_piece(&self) -> FanOut {
        let mut pieces = self.queue.take_pieces(1..=5);
        assert_eq!(pieces.len(), 1, "{pieces:?}");
        pieces.remove(0)
    }
}

fn frame() -> Frame {
    Frame::new("hello").unwrap()
}

fn sockets(piece: &FanOut) -> (&[String], Option<i64>) {
    match piece {
        FanOut::Sockets { rows, failing_since, .. } => (rows, *failing_since),
        FanOut::Group { .. } => panic!("{piece:?}"),
    }
}

#[tokio::test]
async fn a_message_reaches_every_socket_of_the_feed_and_only_those_of_a_person() {
    let house = House::new();
    house.open("a=", 0).await;
    house.open("b=", 7).await;
    house.open("c=", 70).await;
    house.layer.publish(&Group::Feed, &frame()).await.unwrap();
    assert_eq!(house.gateway.take_done(), ["a= hello", "b= hello", "c= hello"]);
    house.layer.publish(&Group::User(UserId(7)), &frame()).await.unwrap();
    assert_eq!(house.gateway.take_done(), ["b= hello"]);
    assert_eq!(house.queue.take(), []);
}

#[tokio::test]
async fn a_410_of_a_young_row_is_passed_over() {
    let house = House::new();
    let connection = house.open("a=", 7).await;
    let keys = house.table.keys();
    house.gateway.put(&connection.id, Mood::Gone);
    house.pass(29);
    house.layer.publish(&Group::Feed, &frame()).await.unwrap();
    assert_eq!(house.table.keys(), keys);
    assert_eq!(house.queue.take(), []);
}

#[tokio::test]
async fn a_410_of_an_old_row_forgets_the_socket_and_nobody_else() {
    let house = House::new();
    let dead = house.open("a=", 7).await;
    house.open("b=", 7).await;
    house.gateway.put(&dead.id, Mood::Gone);
    house.pass(30);
    house.layer.publish(&Group::User(UserId(7)), &frame()).await.unwrap();
    assert_eq!(house.gateway.take_done(), ["b= hello"]);
    assert_eq!(house.layer.connection(&dead.id).await.unwrap(), None);
    let keys = house.table.keys();
    assert!(keys.len() == 3 && keys.iter().all(|key| key.contains("b=")), "{keys:?}");
}

#[tokio::test]
async fn an_orphaned_row_is_removed_though_its_connection_is_unknown() {
    let house = House::new();
    let connection = house.connection("a=", 0);
    house.layer.join(&Group::Feed, &connection).await.unwrap();
    house.gateway.put(&connection.id, Mood::Gone);
    house.pass(31);
    house.layer.publish(&Group::Feed, &frame()).await.unwrap();
    assert_eq!(house.table.keys(), Vec::<String>::new());
}

#[tokio::test]
async fn a_busy_socket_gets_its_message_later_and_it_alone() {
    let house = House::new();
    let slow = house.open("a=", 0).await;
    house.open("b=", 0).await;
    house.gateway.put(&slow.id, Mood::Busy);
    house.layer.publish(&Group::Feed, &frame()).await.unwrap();
    assert_eq!(house.gateway.take_done(), ["b= hello"]);
    let piece = house.only_piece();
    assert_eq!(sockets(&piece), (&["0#a=".to_owned()][..], Some(house.clock.now().as_secs())));

    house.gateway.cheer(&slow.id);
    house.layer.fan_out(piece).await.unwrap();
    assert_eq!(house.gateway.take_done(), ["a= hello"]);
    assert_eq!(house.queue.take(), []);
}

#[tokio::test]
async fn a_socket_that_keeps_failing_for_30_s_is_closed_and_forgotten() {
    let house = House::new();
    let slow = house.open("a=", 0).await;
    house.gateway.put(&slow.id, Mood::Slow);
    house.layer.publish(&Group::Feed, &frame()).await.unwrap();
    let first = house.only_piece();
    house.pass(29);
    house.layer.fan_out(first.clone()).await.unwrap();
    let second = house.only_piece();
    assert_eq!(sockets(&second), sockets(&first), "it has been failing since the first time");

    house.pass(1);
    house.layer.fan_out(second).await.unwrap();
    assert_eq!(house.gateway.take_done(), ["a= closed"]);
    assert_eq!(house.queue.take(), []);
    assert_eq!(house.table.keys(), Vec::<String>::new());
}

#[tokio::test]
async fn a_socket_that_cannot_be_ended_now_is_not_forgotten_either() {
    let house = House::new();
    let connection = house.open("a=", 7).await;
    let keys = house.table.keys();
    house.gateway.put(&connection.id, Mood::Busy);
    house.layer.close(&connection.id, Close::SessionEnded).await.unwrap_err();
    assert_eq!(house.table.keys(), keys);
    house.gateway.put(&connection.id, Mood::Gone);
    house.layer.close(&connection.id, Close::SessionEnded).await.unwrap();
    assert_eq!(house.table.keys(), Vec::<String>::new());
}

#[tokio::test]
async fn sockets_that_failed_together_for_30_s_are_told_apart_before_any_is_closed() {
    let house = House::new();
    for id in ["a=", "b="] {
        let connection = house.open(id, 0).await;
        house.gateway.put(&connection.id, Mood::Busy);
    }
    house.open("c=", 0).await;
    house.layer.publish(&Group::Feed, &frame()).await.unwrap();
    let together = house.only_piece();
    let since = sockets(&together).1;
    house.pass(30);
    house.layer.fan_out(together).await.unwrap();
    let mut apart = house.queue.take_pieces(1..=5);
    apart.sort_by_key(|piece| sockets(piece).0.to_vec());
    let apart: Vec<_> = apart.iter().map(sockets).collect();
    assert_eq!(apart, [(&["0#a=".to_owned()][..], since), (&["0#b=".to_owned()][..], since)]);
}

#[tokio::test]
async fn when_nothing_gets_through_it_is_no_sockets_fault() {
    let house = House::new();
    for connection in house.open_many(120).await {
        house.gateway.put(&connection.id, Mood::Busy);
    }
    house.layer.publish(&Group::Feed, &frame()).await.unwrap();
    let pieces = house.queue.take_pieces(1..=5);
    let sizes: Vec<_> = pieces.iter().map(sockets).map(|(rows, since)| (rows.len(), since)).collect();
    assert_eq!(sizes, [(100, None), (20, None)]);
}

#[tokio::test]
async fn three_hundred_sockets_are_written_to_at_once() {
    let house = House::new();
    house.open_many(300).await;
    house.layer.publish(&Group::Feed, &frame()).await.unwrap();
    assert_eq!(house.gateway.take_done().len(), 300);
    assert_eq!(house.queue.take(), []);
}

#[tokio::test]
async fn more_than_three_hundred_sockets_become_one_job_that_is_split_into_hundreds() {
    let house = House::new();
    house.open_many(1301).await;
    house.layer.publish(&Group::Feed, &frame()).await.unwrap();
    assert_eq!(*house.gateway.asked.lock().unwrap(), 0, "nothing is sent before the queue has it");
    let whole = house.queue.take_pieces(0..=0);
    assert_eq!(whole, [FanOut::Group { group: Group::Feed, frame: frame() }]);

    house.layer.fan_out(whole[0].clone()).await.unwrap();
    let pieces = house.queue.take_pieces(0..=0);
    assert!(pieces.iter().all(|piece| sockets(piece).0.len() <= 100));
    for piece in pieces {
        house.layer.fan_out(piece).await.unwrap();
    }
    let mut done = house.gateway.take_done();
    done.dedup();
    assert_eq!(done.len(), 1301);
}

#[tokio::test]
async fn the_feeds_rows_lie_in_four_partitions() {
    let house = House::new();
    house.open_many(64).await;
    let partitions: std::collections::BTreeSet<_> = house
        .table
        .keys()
        .iter()
        .filter_map(|key| key.strip_prefix("GROUP#feed#").map(|rest| rest[..1].to_owned()))
        .collect();
    assert_eq!(partitions.into_iter().collect::<Vec<_>>(), ["0", "1", "2", "3"]);
}

#[tokio::test]
async fn one_refused_post_does_not_keep_the_others_from_theirs_but_is_told() {
    let house = House::new();
    let refused = house.open("a=", 0).await;
    house.open("b=", 0).await;
    house.gateway.put(&refused.id, Mood::Forbidden);
    house.layer.publish(&Group::Feed, &frame()).await.unwrap_err();
    assert_eq!(house.gateway.take_done(), ["b= hello"]);
}

#[tokio::test]
async fn a_person_comes_once_and_leaves_once_however_many_sockets_they_have() {
    let house = House::new();
    let room = Group::Room("kino".parse().unwrap());
    let (one, two) = (house.open("a=", 7).await, house.open("b=", 7).await);
    assert!(house.layer.join(&room, &one).await.unwrap());
    assert!(!house.layer.join(&room, &one).await.unwrap(), "joining is idempotent");
    assert!(!house.layer.join(&room, &two).await.unwrap());
    assert_eq!(house.layer.present(&room).await.unwrap(), [UserId(7)]);

    assert!(!house.layer.leave(&room, &one).await.unwrap());
    assert!(!house.layer.confirm_left(&room, UserId(7)).await.unwrap(), "the other socket is still there");
    assert!(house.layer.leave(&room, &two).await.unwrap());
    assert!(!house.layer.leave(&room, &two).await.unwrap(), "leaving is idempotent");
    assert_eq!(house.layer.present(&room).await.unwrap(), [UserId(7)], "until it is confirmed");
    assert!(!house.layer.is_occupied(&room).await.unwrap(), "a latch is no member");
    assert!(house.layer.confirm_left(&room, UserId(7)).await.unwrap());
    assert!(!house.layer.confirm_left(&room, UserId(7)).await.unwrap());
    assert_eq!(house.layer.present(&room).await.unwrap(), []);
    assert!(house.layer.join(&room, &one).await.unwrap(), "back again");
}

#[tokio::test]
async fn who_is_back_before_it_is_confirmed_has_never_left() {
    let house = House::new();
    let room = Group::Room("kino".parse().unwrap());
    let (one, two) = (house.open("a=", 7).await, house.open("b=", 7).await);
    house.layer.join(&room, &one).await.unwrap();
    house.layer.join(&room, &house.open("c=", 12).await).await.unwrap();
    house.layer.join(&room, &house.open("d=", 0).await).await.unwrap();
    assert!(house.layer.leave(&room, &one).await.unwrap());
    assert!(!house.layer.join(&room, &two).await.unwrap());
    assert!(!house.layer.confirm_left(&room, UserId(7)).await.unwrap());
    assert_eq!(house.layer.present(&room).await.unwrap(), [UserId(7), UserId(12)]);
}

#[tokio::test]
async fn a_socket_that_is_gone_joins_no_room() {
    let house = House::new();
    let room = Group::Room("kino".parse().unwrap());
    assert!(!house.layer.join(&room, &house.connection("a=", 7)).await.unwrap());
    assert_eq!(house.table.keys(), Vec::<String>::new());
}

#[tokio::test]
async fn forgetting_removes_the_rows_first_and_the_connection_last() {
    let house = House::new();
    let connection = house.open("a=", 7).await;
    house.table.take_written();
    assert_eq!(house.layer.forget(&connection.id).await.unwrap(), Some(connection.clone()));
    let written = house.table.take_written();
    assert_eq!(written.len(), 3, "{written:?}");
    assert!(written[..2].iter().all(|write| write.starts_with("delete GROUP#")), "{written:?}");
    assert_eq!(written[2], "delete CONN#a=/META");
    assert_eq!(house.table.keys(), Vec::<String>::new());
    assert_eq!(house.layer.forget(&connection.id).await.unwrap(), None);
}

#[tokio::test]
async fn closing_says_why_and_then_ends_and_forgets_the_socket() {
    let house = House::new();
    let connection = house.open("a=", 7).await;
    house.layer.close(&connection.id, Close::SessionEnded).await.unwrap();
    let done = house.gateway.done.lock().unwrap().clone();
    assert!(done[0].contains(r#""code":"SESSION_ENDED","close":4009"#), "{done:?}");
    assert_eq!(done[1..], ["a= closed"]);
    assert_eq!(house.table.keys(), Vec::<String>::new());
}

#[tokio::test]
async fn what_is_sent_to_a_socket_still_being_born_arrives_later() {
    let house = House::new();
    let connection = house.open("a=", 0).await;
    house.gateway.put(&connection.id, Mood::Gone);
    assert_eq!(house.layer.send(&connection.id, &frame()).await.unwrap(), Delivery::Sent);
    house.gateway.cheer(&connection.id);
    house.layer.fan_out(house.only_piece()).await.unwrap();
    assert_eq!(house.gateway.take_done(), ["a= hello"]);
}

#[tokio::test]
async fn what_is_sent_to_a_dead_socket_forgets_it() {
    let house = House::new();
    let connection = house.open("a=", 0).await;
    house.gateway.put(&connection.id, Mood::Gone);
    house.pass(30);
    assert_eq!(house.layer.send(&connection.id, &frame()).await.unwrap(), Delivery::Gone);
    assert_eq!(house.table.keys(), Vec::<String>::new());
    assert_eq!(house.layer.send(&connection.id, &frame()).await.unwrap(), Delivery::Gone);
}

#[tokio::test]
async fn a_socket_is_greeted_by_one_worker_at_a_time_and_once() {
    let house = House::new();
    let connection = house.open("a=", 7).await;
    let lease = || house.layer.lease_welcome(&connection.id);
    assert_eq!(lease().await.unwrap(), WelcomeLease::Granted(connection.clone()));
    assert_eq!(lease().await.unwrap(), WelcomeLease::Busy);
    house.pass(30);
    assert_eq!(lease().await.unwrap(), WelcomeLease::Granted(connection.clone()), "that worker died");
    house.layer.welcomed(&connection.id).await.unwrap();
    assert_eq!(lease().await.unwrap(), WelcomeLease::Done);
    house.layer.register(&connection).await.unwrap();
    assert_eq!(lease().await.unwrap(), WelcomeLease::Done, "registering again changes nothing");
    house.layer.forget(&connection.id).await.unwrap();
    assert_eq!(lease().await.unwrap(), WelcomeLease::Gone);
    house.layer.welcomed(&connection.id).await.unwrap();
    assert_eq!(house.table.keys(), Vec::<String>::new(), "nothing comes back to life");
}

#[tokio::test]
async fn what_a_lost_disconnect_leaves_ends_with_its_time_to_live() {
    let house = House::new();
    let connection = house.open("a=", 7).await;
    house.pass(2 * 60 * 60);
    assert!(house.layer.is_occupied(&Group::Feed).await.unwrap());
    house.pass(60 * 60);
    assert!(!house.layer.is_occupied(&Group::Feed).await.unwrap());
    assert_eq!(house.layer.connection(&connection.id).await.unwrap(), None);
}
