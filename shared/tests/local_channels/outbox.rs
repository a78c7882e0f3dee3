//! Outboxes: what is coalesced, what is bounded, and who waits for whom.

use std::borrow::Cow;
use std::sync::Arc;
use std::time::Duration;

use parlor::app::Ports;
use parlor::embedded::{Ending, LocalChannelLayer, Outbox, OutboxLimits, Pushed, SocketRegistry, WireFrame};
use parlor::ports::{Broadcast, Clock, Connection, Connections, Endpoint, Group, Groups, Random, Sender};
use parlor::protocol::{Frame, Timestamp};
use parlor::system::OsRandom;
use parlor::testing::SettableClock;
use parlor::testing::channel_contract::Received;

use crate::memory_wire::MemoryWire;

const NOW: Timestamp = Timestamp::from_secs(0);
const LIMITS: OutboxLimits = OutboxLimits { bytes: 1000, frames: 50, close_grace: Duration::from_secs(600) };

fn text(text: &str) -> WireFrame {
    WireFrame::text(text)
}

/// An open socket without a wire: what is pushed gathers.
fn unattached(registry: &SocketRegistry, id: &str) -> Arc<Outbox> {
    let outbox = registry.admit(id.parse().unwrap(), NOW);
    registry.open(&outbox);
    outbox
}

fn attached(registry: &SocketRegistry, id: &str, wire: MemoryWire) -> (Arc<Outbox>, Arc<MemoryWire>) {
    let outbox = unattached(registry, id);
    let wire = Arc::new(wire);
    outbox.attach(wire.clone());
    (outbox, wire)
}

async fn expect_text(wire: &MemoryWire, expected: &str) {
    let received = tokio::time::timeout(Duration::from_secs(10), wire.receive()).await.unwrap();
    assert_eq!(received, Received::Text(expected.to_owned()));
}

async fn expect_close(wire: &MemoryWire, code: u16) {
    let received = tokio::time::timeout(Duration::from_secs(10), wire.receive()).await.unwrap();
    assert_eq!(received, Received::Closed(Some(code)));
}

#[tokio::test]
async fn what_has_gathered_goes_out_in_one_write() {
    let registry = SocketRegistry::start(LIMITS);
    let outbox = unattached(&registry, "a");
    for number in 0..20 {
        assert_eq!(outbox.push(text(&number.to_string()), NOW), Pushed::Queued);
    }
    let wire = Arc::new(MemoryWire::default());
    outbox.attach(wire.clone());
    for number in 0..20 {
        expect_text(&wire, &number.to_string()).await;
    }
    assert_eq!(wire.writes(), 1);
}

#[tokio::test]
async fn what_is_pushed_while_it_is_held_is_written_there_and_then_by_whoever_lets_go() {
    let registry = SocketRegistry::start(LIMITS);
    let (outbox, wire) = attached(&registry, "a", MemoryWire::default());
    let held = outbox.hold();
    let second = outbox.hold();
    for part in ["hello", "world"] {
        outbox.push(text(part), NOW);
    }
    drop(second);
    assert_eq!(wire.writes(), 0, "the first one holds it still");
    drop(held);
    assert_eq!(wire.writes(), 1, "no other task was waited for");
    for part in ["hello", "world"] {
        expect_text(&wire, part).await;
    }
    drop(outbox.hold());
    assert_eq!(wire.writes(), 1, "there was nothing to write");
    outbox.push(text("again"), NOW);
    expect_text(&wire, "again").await;
}

#[tokio::test]
async fn a_socket_that_is_closed_while_it_is_held_gets_all_that_came_before() {
    let registry = SocketRegistry::start(LIMITS);
    let (outbox, wire) = attached(&registry, "a", MemoryWire::default());
    let held = outbox.hold();
    outbox.push(text("last words"), NOW);
    outbox.close(Ending { code: 1001, reason: Cow::Borrowed("Going away") }, None);
    drop(held);
    expect_text(&wire, "last words").await;
    expect_close(&wire, 1001).await;
    wire.ended().await;
}

#[tokio::test]
async fn a_frame_that_was_written_in_part_goes_on_where_it_stopped() {
    let registry = SocketRegistry::start(LIMITS);
    let (outbox, wire) = attached(&registry, "a", MemoryWire::with_room(7));
    for part in ["hello", "world", "again"] {
        outbox.push(text(part), NOW);
    }
    expect_text(&wire, "hello").await;
    wire.unblock();
    expect_text(&wire, "world").await;
    outbox.push(text("more"), NOW);
    expect_text(&wire, "again").await;
    expect_text(&wire, "more").await;
}

#[tokio::test]
async fn a_pending_socket_takes_nothing_and_a_gone_one_neither() {
    let registry = SocketRegistry::start(LIMITS);
    let outbox = registry.admit("a".parse().unwrap(), NOW);
    assert_eq!(outbox.push(text("x"), NOW), Pushed::NotYetOpen);
    registry.open(&outbox);
    assert_eq!(outbox.push(text("x"), NOW), Pushed::Queued);
    registry.remove(outbox.id());
    assert_eq!(outbox.push(text("x"), NOW), Pushed::Closed);
    assert!(registry.is_empty());
}

#[tokio::test]
async fn an_outbox_is_bounded_in_bytes_and_in_frames() {
    let registry = SocketRegistry::start(LIMITS);
    let bytes = unattached(&registry, "bytes");
    let large = text(&"x".repeat(300));
    let pushed = [(); 4].map(|()| bytes.offer(large.clone(), NOW));
    assert_eq!(pushed, [Pushed::Queued, Pushed::Queued, Pushed::Queued, Pushed::Full]);

    let frames = unattached(&registry, "frames");
    let queued = (0..60).filter(|_| frames.offer(text("x"), NOW) == Pushed::Queued);
    assert_eq!(queued.count(), LIMITS.frames);
    assert_eq!(registry.overflows(), 0);
}

#[tokio::test]
async fn a_socket_whose_outbox_overflows_is_closed_as_too_slow() {
    let registry = SocketRegistry::start(LIMITS);
    let (outbox, wire) = attached(&registry, "slow", MemoryWire::with_room(9));
    outbox.push(text("hello"), NOW);
    expect_text(&wire, "hello").await;
    outbox.push(text("begun"), NOW);
    while outbox.push(text(&"x".repeat(100)), NOW) == Pushed::Queued {
        tokio::task::yield_now().await;
    }
    assert_eq!(registry.overflows(), 1);
    assert_eq!(outbox.push(text("too late"), NOW), Pushed::Closing);
    wire.unblock();
    // What had begun is completed, what waited is dropped.
    expect_text(&wire, "begun").await;
    let error =
        r#"{"type":"ERROR","code":"TOO_SLOW","message":"This connection could not keep up.","close":4013}"#;
    expect_text(&wire, error).await;
    expect_close(&wire, 4013).await;
    wire.ended().await;
}

#[tokio::test]
async fn a_stuck_socket_does_not_delay_the_others() {
    let registry = SocketRegistry::start(OutboxLimits::default());
    let clock = Arc::new(SettableClock::default());
    let random: Arc<dyn Random> = Arc::new(OsRandom);
    // Nobody is present on the feed: no job is ever enqueued.
    let jobs = Ports::absent(clock.clone(), random.clone()).jobs;
    let layer = LocalChannelLayer::new(registry.clone(), jobs, clock.clone(), random);
    let mut wires = Vec::new();
    for id in ["stuck", "one", "other"] {
        let wire = if id == "stuck" { MemoryWire::with_room(0) } else { MemoryWire::default() };
        let (outbox, wire) = attached(&registry, id, wire);
        let id = outbox.id().clone();
        let connection = Connection::new(id, Endpoint::Feed, None, clock.now());
        layer.register(&connection).await.unwrap();
        layer.join(&Group::Feed, &connection, None).await.unwrap();
        wires.push(wire);
    }
    for number in 0..2000 {
        let message = number.to_string();
        let broadcast = Broadcast::same(Frame::new(message.as_str()).unwrap());
        layer.publish(&Group::Feed, &broadcast).await.unwrap();
        expect_text(&wires[1], &message).await;
        expect_text(&wires[2], &message).await;
    }
    assert_eq!(registry.overflows(), 1);
}

#[tokio::test]
async fn closing_sends_what_waits_then_the_close_and_nothing_after_it() {
    let registry = SocketRegistry::start(LIMITS);
    let (outbox, wire) = attached(&registry, "a", MemoryWire::with_room(3));
    outbox.push(text("waits"), NOW);
    let ending = Ending { code: 1001, reason: Cow::Borrowed("Going away") };
    assert!(outbox.close(ending.clone(), None));
    assert!(!outbox.close(Ending { code: 1000, ..ending.clone() }, None));
    assert_eq!(outbox.push(text("late"), NOW), Pushed::Closing);
    wire.unblock();
    expect_text(&wire, "waits").await;
    expect_close(&wire, 1001).await;
    wire.ended().await;
    assert_eq!(outbox.ending(), Some(ending));
}

#[tokio::test(start_paused = true)]
async fn a_socket_that_does_not_take_its_close_is_cut_off() {
    let limits = OutboxLimits { close_grace: Duration::from_secs(3), ..LIMITS };
    let registry = SocketRegistry::start(limits);
    let (outbox, wire) = attached(&registry, "a", MemoryWire::with_room(0));
    outbox.close(Ending { code: 1001, reason: Cow::Borrowed("Going away") }, None);
    assert!(!wire.is_ended());
    wire.ended().await;
    assert_eq!(outbox.push(text("x"), NOW), Pushed::Closed);
}
