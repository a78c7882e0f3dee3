//! A layer on a table in memory, a scripted gateway and a queue that keeps its jobs.

use std::collections::{HashMap, VecDeque};
use std::sync::Mutex;

use super::super::*;
use crate::aws::management_api::Posted;
use crate::aws::recording_table::RecordingTable;
use crate::aws::replay::JumpingClock;
use crate::ids::RoomCode;
use crate::ports::{Content, Endpoint, Identity, Job};
use crate::testing::{Fault, FaultyTable, SeededRandom};

/// How a gateway answers for one socket.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) enum Mood {
    Gone,
    /// Takes no messages, but can be ended.
    Slow,
    Forbidden,
    /// Neither takes messages nor can it be ended.
    Busy,
}

/// A gateway whose sockets take everything, but for those in a mood.
#[derive(Debug, Default)]
pub(crate) struct Gateway {
    moods: Mutex<HashMap<String, Mood>>,
    /// `<connection> <text>` of what was taken, `<connection> closed` of what was ended.
    pub(crate) done: Mutex<Vec<String>>,
    pub(crate) asked: Mutex<usize>,
    /// How many posts are under way, and how many were at most.
    pub(crate) under_way: Mutex<(usize, usize)>,
}

impl Gateway {
    pub(crate) fn answer(&self, id: &ConnectionId, done: &str) -> Posted {
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

    fn begin(&self) {
        let (now, most) = &mut *self.under_way.lock().unwrap();
        *now += 1;
        *most = (*most).max(*now);
    }

    pub(crate) fn put(&self, id: &ConnectionId, mood: Mood) {
        self.moods.lock().unwrap().insert(id.to_string(), mood);
    }

    pub(crate) fn cheer(&self, id: &ConnectionId) {
        self.moods.lock().unwrap().remove(id.as_str());
    }

    /// What was done since the last call, sorted.
    pub(crate) fn take_done(&self) -> Vec<String> {
        let mut done = std::mem::take(&mut *self.done.lock().unwrap());
        done.sort();
        done
    }
}

#[async_trait]
impl Post for Gateway {
    async fn post(&self, id: &ConnectionId, frame: &Frame) -> Posted {
        self.begin();
        // Others have their turn meanwhile.
        tokio::task::yield_now().await;
        self.under_way.lock().unwrap().0 -= 1;
        self.answer(id, frame.as_str())
    }

    async fn delete(&self, id: &ConnectionId) -> Posted {
        self.answer(id, "closed")
    }
}

#[derive(Debug, Default)]
pub(crate) struct Queue {
    jobs: Mutex<Vec<(Job, Duration)>>,
    /// Whether it takes what comes next, one call after another; of what nothing is said it takes.
    moods: Mutex<VecDeque<bool>>,
}

impl Queue {
    pub(crate) fn takes(&self, moods: impl IntoIterator<Item = bool>) {
        self.moods.lock().unwrap().extend(moods);
    }

    /// The jobs since the last call.
    pub(crate) fn take(&self) -> Vec<(Job, Duration)> {
        std::mem::take(&mut *self.jobs.lock().unwrap())
    }

    /// The pieces of a fan-out since the last call, each of which must have waited if asked for.
    pub(crate) fn take_pieces(&self, delays: std::ops::RangeInclusive<u64>) -> Vec<FanOut> {
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
        if self.moods.lock().unwrap().pop_front() == Some(false) {
            return Err(JobsError("as ordered".into()));
        }
        self.jobs.lock().unwrap().extend(jobs);
        Ok(())
    }
}

fn layer(
    (table, queue, gateway, clock): (Arc<dyn Table>, &Arc<Queue>, &Arc<Gateway>, &Arc<JumpingClock>),
    posts_per_second: u32,
) -> ApiGatewayChannelLayer {
    ApiGatewayChannelLayer::on(
        table,
        queue.clone(),
        gateway.clone(),
        clock.clone(),
        Arc::new(SeededRandom::new(1)),
        NonZeroU32::new(posts_per_second).unwrap(),
    )
}

pub(crate) struct Bench {
    pub(crate) clock: Arc<JumpingClock>,
    pub(crate) table: Arc<RecordingTable>,
    pub(crate) gateway: Arc<Gateway>,
    pub(crate) queue: Arc<Queue>,
    pub(crate) layer: ApiGatewayChannelLayer,
}

impl Bench {
    pub(crate) fn new() -> Self {
        Self::at(1_000_000)
    }

    /// With a layer that writes to so many sockets per second.
    pub(crate) fn at(posts_per_second: u32) -> Self {
        let clock = Arc::new(JumpingClock::default());
        let table = Arc::new(RecordingTable::new(clock.clone()));
        let (gateway, queue) = (Arc::new(Gateway::default()), Arc::new(Queue::default()));
        let layer = layer((table.clone(), &queue, &gateway, &clock), posts_per_second);
        Self { clock, table, gateway, queue, layer }
    }

    /// Another layer with the same queue, gateway and clock, on a table that fails at every write.
    pub(crate) fn without_writes(&self) -> ApiGatewayChannelLayer {
        let table = Arc::new(FaultyTable::new(self.table.clone(), 1, Fault::Before));
        layer((table, &self.queue, &self.gateway, &self.clock), 1_000_000)
    }

    pub(crate) fn connection(&self, id: &str, user: u64) -> Connection {
        let session = "0123456789abcdef0123456789abcdef".parse().unwrap();
        let identity = (user > 0).then_some(Identity { user: UserId(user), session });
        Connection::new(id.parse().unwrap(), Endpoint::Feed, identity, self.clock.now())
    }

    /// A socket on the feed, in the groups that it belongs to.
    pub(crate) async fn open(&self, id: &str, user: u64) -> Connection {
        let connection = self.connection(id, user);
        self.layer.register(&connection).await.unwrap();
        self.layer.join(&Group::Feed, &connection, None).await.unwrap();
        if user > 0 {
            self.layer.join(&Group::User(UserId(user)), &connection, None).await.unwrap();
        }
        connection
    }

    pub(crate) async fn open_many(&self, count: usize) -> Vec<Connection> {
        let mut all = Vec::new();
        for number in 0..count {
            all.push(self.open(&format!("socket{number:09}="), 0).await);
        }
        all
    }

    pub(crate) fn pass(&self, seconds: u64) {
        self.clock.advance(Duration::from_secs(seconds));
    }

    pub(crate) async fn publish(&self, group: &Group) -> Result<(), ChannelError> {
        self.layer.publish(group, &hello()).await
    }

    /// Goes on with a part of a fan-out of frames.
    pub(crate) async fn resume(&self, part: FanOut, until: Option<Timestamp>) -> Result<(), ChannelError> {
        let Content::Given(broadcast) = part.content.clone() else { panic!("{part:?}") };
        self.layer.resume(part, &broadcast, until).await
    }

    /// Goes on with a piece so often, each time in vain; answers what is left in the queue.
    pub(crate) async fn fails(&self, mut piece: FanOut, times: usize) -> FanOut {
        for _ in 0..times {
            self.resume(piece, None).await.unwrap();
            piece = self.only_piece();
        }
        piece
    }

    /// The only piece in the queue, which must be one for sockets.
    pub(crate) fn only_piece(&self) -> FanOut {
        let mut pieces = self.queue.take_pieces(1..=5);
        assert_eq!(pieces.len(), 1, "{pieces:?}");
        pieces.remove(0)
    }
}

pub(crate) fn frame() -> Frame {
    Frame::new("hello").unwrap()
}

pub(crate) fn hello() -> Broadcast {
    Broadcast::same(frame())
}

pub(crate) fn kino() -> RoomCode {
    "kino".parse().unwrap()
}

/// What says hello to those.
pub(crate) fn piece(rest: &Rest) -> FanOut {
    let Job::FanOut { piece } = rest.job(hello().content()).unwrap() else { panic!("another job") };
    piece
}

pub(crate) fn rest(piece: &FanOut) -> Rest {
    Rest::of(piece.clone()).unwrap().0
}

/// For which members it is, and since when they have been failing.
pub(crate) fn members(piece: &FanOut) -> (Vec<String>, Option<i64>) {
    match rest(piece) {
        Rest::Members { rows, failing, .. } => {
            (rows.into_iter().map(|row| row.0).collect(), failing.map(|failing| failing.since))
        }
        other => panic!("{other:?}"),
    }
}
