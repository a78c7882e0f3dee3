//! What admins are shown of the moment, counted in one table by all processes, and in one process by itself.
#![cfg(all(feature = "embedded", feature = "testing"))]
#![expect(clippy::unwrap_used, reason = "a test's helpers may fail as the test may")]

use std::sync::Arc;
use std::time::Duration;

use parlor::embedded::SqliteTable;
use parlor::ids::{SessionId, UserId};
use parlor::ports::{Connection, Endpoint, Happening, Identity, LiveCounts, LiveFigures};
use parlor::protocol::Timestamp;
use parlor::store::{StoredConnections, TableLiveCounts};
use parlor::testing::SettableClock;

/// A table with the sockets and the counts of one worker.
struct Bench {
    clock: Arc<SettableClock>,
    table: Arc<SqliteTable>,
    connections: StoredConnections,
    counts: TableLiveCounts,
}

impl Bench {
    fn new() -> Self {
        let clock = Arc::new(SettableClock::at(Timestamp::from_secs(1_800_000_000)));
        let table = Arc::new(SqliteTable::in_memory(clock.clone()).unwrap());
        let connections = StoredConnections::new(table.clone(), clock.clone());
        let counts = TableLiveCounts::new(table.clone(), clock.clone());
        Self { clock, table, connections, counts }
    }

    fn another_worker(&self) -> TableLiveCounts {
        TableLiveCounts::new(self.table.clone(), self.clock.clone())
    }

    /// Somebody's socket, or nobody's, that opens now.
    async fn open(&self, id: &str, endpoint: Endpoint, user: Option<u64>) -> Connection {
        let identity =
            user.map(|user| Identity { user: UserId(user), session: SessionId::from_random([7; 16]) });
        let now = parlor::ports::Clock::now(&*self.clock);
        let connection = Connection::new(id.parse().unwrap(), endpoint, identity, now);
        self.connections.put(&connection).await.unwrap();
        connection
    }

    /// Closes a socket as two workers do who have both seen it open.
    async fn close(&self, connection: &Connection) {
        let Some(socket) = self.connections.get_with_rooms(&connection.id).await.unwrap() else { return };
        for _ in 0..2 {
            self.connections.remove(&socket).await.unwrap();
        }
    }

    /// Sockets, people, rooms.
    async fn open_now(&self) -> (u64, u64, u64) {
        let LiveFigures { sockets, people, rooms, .. } = self.counts.figures().await.unwrap();
        (sockets, people, rooms)
    }
}

fn kino() -> Endpoint {
    Endpoint::Watch("kino".parse().unwrap())
}

const LONG: Duration = Duration::from_secs(100 * 60);

#[tokio::test]
async fn sockets_people_and_rooms_are_counted_as_they_come_and_go() {
    let bench = Bench::new();
    assert_eq!(bench.open_now().await, (0, 0, 0));
    let feed = bench.open("feed=", Endpoint::Feed, None).await;
    let first = bench.open("first=", kino(), Some(1)).await;
    let second = bench.open("second=", kino(), Some(1)).await;
    let other = bench.open("other=", kino(), Some(2)).await;
    assert_eq!(bench.open_now().await, (4, 2, 1));
    bench.close(&first).await;
    assert_eq!(bench.open_now().await, (3, 2, 1), "who is counted out twice goes once");
    bench.close(&second).await;
    assert_eq!(bench.open_now().await, (2, 1, 1));
    bench.close(&other).await;
    bench.close(&feed).await;
    assert_eq!(bench.open_now().await, (0, 0, 0));
    bench.open("back=", kino(), Some(1)).await;
    assert_eq!(bench.open_now().await, (1, 1, 1), "who comes back counts again");
}

#[tokio::test]
async fn who_goes_on_with_ever_new_sockets_is_counted_for_as_long_as_they_do() {
    let bench = Bench::new();
    let mut socket = bench.open("socket0=", kino(), Some(1)).await;
    for number in 1..5 {
        bench.clock.advance(LONG);
        let next = bench.open(&format!("socket{number}="), kino(), Some(1)).await;
        bench.close(&socket).await;
        assert_eq!(bench.open_now().await, (1, 1, 1), "{number}");
        socket = next;
    }
    bench.close(&socket).await;
    assert_eq!(bench.open_now().await, (0, 0, 0));
}

#[tokio::test]
async fn what_was_lost_with_a_worker_is_made_up_for_once_no_such_socket_can_be_open() {
    let bench = Bench::new();
    bench.open("lost=", kino(), Some(1)).await;
    bench.clock.advance(2 * LONG);
    assert_eq!(bench.open_now().await, (0, 0, 0));
    bench.open("next=", kino(), Some(1)).await;
    assert_eq!(bench.open_now().await, (1, 1, 1));
}

#[tokio::test]
async fn messages_are_counted_by_the_minute_in_one_write_for_many() {
    let bench = Bench::new();
    let messages = async |counts: &TableLiveCounts| -> Vec<u64> {
        counts.figures().await.unwrap().hour.iter().map(|tally| tally.messages).collect()
    };
    let other = bench.another_worker();
    bench.counts.note(Happening::Message).await;
    assert_eq!(messages(&other).await[59], 1, "the first one is shown at once");
    for _ in 0..5 {
        bench.counts.note(Happening::Message).await;
    }
    assert_eq!(messages(&other).await[59], 1, "the others are gathered");
    bench.clock.advance(Duration::from_secs(60));
    bench.counts.note(Happening::DeliveryError).await;
    let hour = other.figures().await.unwrap().hour;
    assert_eq!((hour.len(), hour[58].messages, hour[59].messages, hour[59].delivery_errors), (60, 6, 0, 1));
    bench.clock.advance(Duration::from_secs(3600));
    assert_eq!(messages(&other).await, vec![0; 60]);
}
