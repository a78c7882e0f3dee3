use parlor::testing::SettableClock;

use super::*;
use crate::lambda::wiring::Redrive;

struct Test {
    clock: Arc<SettableClock>,
    queues: Arc<Queues>,
    stop: CancellationToken,
}

fn test(limits: SqsLimits) -> Test {
    let (clock, stop) = (Arc::new(SettableClock::default()), CancellationToken::new());
    let queues = Arc::new(Queues::new(clock.clone(), limits, stop.clone()));
    queues.create("jobs", QueueAttributes::default()).unwrap();
    Test { clock, queues, stop }
}

impl Test {
    /// Somebody who waits for messages of `jobs`, for ever.
    fn waiting(&self) -> tokio::task::JoinHandle<Vec<Received>> {
        let queues = self.queues.clone();
        tokio::spawn(async move { queues.receive("jobs", Want::messages(10), None).await.unwrap() })
    }

    async fn receive(&self) -> Vec<Received> {
        let now = self.clock.now();
        self.queues.receive("jobs", Want::messages(10), Some(now)).await.unwrap()
    }
}

#[tokio::test]
async fn who_waits_gets_a_message_as_soon_as_it_is_sent() {
    let test = test(SqsLimits::default());
    let waiting = test.waiting();
    tokio::task::yield_now().await;
    let id = test.queues.send("jobs", NewMessage::text("x")).unwrap();
    assert_eq!(waiting.await.unwrap()[0].message.id, id);
}

#[tokio::test]
async fn who_waits_gets_a_delayed_message_when_its_moment_has_come() {
    let test = test(SqsLimits::default());
    let delay = Some(Duration::from_secs(7));
    test.queues.send("jobs", NewMessage { delay, ..NewMessage::text("x") }).unwrap();
    let waiting = test.waiting();
    assert_eq!(test.clock.skip_to_next_alarm().await, Timestamp::from_secs(1_800_000_007));
    assert_eq!(waiting.await.unwrap().len(), 1);
}

#[tokio::test]
async fn who_waits_already_gets_what_somebody_else_has_let_lie() {
    let test = test(SqsLimits::default());
    let waiting = test.waiting();
    tokio::task::yield_now().await;
    test.queues.send("jobs", NewMessage::text("x")).unwrap();
    let other = test.waiting();
    waiting.await.unwrap();
    test.clock.skip_to_next_alarm().await;
    assert_eq!(other.await.unwrap()[0].receive_count, 2);
}

#[tokio::test]
async fn a_wait_ends_in_time_and_with_the_queues() {
    let test = test(SqsLimits::default());
    let queues = test.queues.clone();
    let until = test.clock.now().plus(Duration::from_secs(20));
    let waiting = tokio::spawn(async move { queues.receive("jobs", Want::messages(1), Some(until)).await });
    assert_eq!(test.clock.skip_to_next_alarm().await, until);
    assert_eq!(waiting.await.unwrap().unwrap(), []);
    let waiting = test.waiting();
    test.stop.cancel();
    assert_eq!(waiting.await.unwrap(), []);
}

#[tokio::test]
async fn no_more_messages_are_in_flight_than_may_be() {
    let test = test(SqsLimits { in_flight: 2, ..SqsLimits::default() });
    for text in ["a", "b", "c"] {
        test.queues.send("jobs", NewMessage::text(text)).unwrap();
    }
    let received = test.receive().await;
    assert_eq!(received.len(), 2);
    assert!(test.queues.is_at_limit("jobs").unwrap());
    let waiting = test.waiting();
    tokio::task::yield_now().await;
    test.queues.delete("jobs", &received[0].receipt_handle).unwrap();
    assert_eq!(waiting.await.unwrap()[0].message.sent.body, "c");
}

#[tokio::test]
async fn memory_is_bounded_and_a_refused_message_changes_nothing() {
    let test = test(SqsLimits { bytes: 10, ..SqsLimits::default() });
    test.queues.send("jobs", NewMessage::text("12345678")).unwrap();
    let refused = test.queues.send("jobs", NewMessage::text("123")).unwrap_err();
    assert_eq!(refused.kind, Refusal::Unavailable);
    test.queues.send("jobs", NewMessage::text("12")).unwrap();
    assert_eq!(test.queues.counts("jobs").unwrap().ready, 2);
}

#[tokio::test]
async fn dead_letters_go_to_their_queue() {
    let test = test(SqsLimits::default());
    let redrive = Redrive { dead_letters: "dead".to_owned(), max_receive_count: 1 };
    let attributes = QueueAttributes { redrive: Some(redrive), ..QueueAttributes::default() };
    test.queues.create("strict", attributes).unwrap();
    test.queues.create("dead", QueueAttributes::default()).unwrap();
    let id = test.queues.send("strict", NewMessage::text("x")).unwrap();
    for expected in [1, 0] {
        let now = test.clock.now();
        let received = test.queues.receive("strict", Want::messages(1), Some(now)).await.unwrap();
        assert_eq!(received.len(), expected);
        test.clock.advance(Duration::from_secs(30));
    }
    assert_eq!(test.queues.list("dead").unwrap()[0].message.id, id);
    assert_eq!(test.queues.dead_letter_queues(), ["dead"]);
}

#[tokio::test]
async fn a_queue_is_made_once_and_its_name_is_checked() {
    let test = test(SqsLimits { queues: 2, ..SqsLimits::default() });
    test.queues.create("jobs", QueueAttributes::default()).unwrap();
    let other = QueueAttributes { delay: Duration::from_secs(1), ..QueueAttributes::default() };
    let create = |name: &str| test.queues.create(name, other.clone()).unwrap_err().kind;
    assert_eq!(create("jobs"), Refusal::QueueNameExists);
    assert_eq!(create("jobs.fifo"), Refusal::UnsupportedOperation);
    for name in ["", "a b", "ä", &"x".repeat(81)] {
        assert_eq!(create(name), Refusal::InvalidParameterValue);
    }
    test.queues.create("second", other.clone()).unwrap();
    assert_eq!(create("third"), Refusal::OverLimit);
    assert_eq!(test.queues.names("s"), ["second"]);
    assert_eq!(test.queues.send("none", NewMessage::text("x")).unwrap_err().kind, Refusal::QueueDoesNotExist);
}
