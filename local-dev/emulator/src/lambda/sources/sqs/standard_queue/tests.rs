use super::*;
use crate::lambda::sources::sqs::message::NewMessage;
use crate::lambda::wiring::Redrive;

fn at(seconds: i64) -> Timestamp {
    Timestamp::from_secs(seconds)
}

fn queue(attributes: QueueAttributes) -> StandardQueue {
    StandardQueue::new(attributes, at(0))
}

fn message(id: &str, sent_at: i64, delay: Option<u64>) -> Message {
    let sent = NewMessage { delay: delay.map(Duration::from_secs), ..NewMessage::text("body") };
    Message { id: id.to_owned(), sent, sent_at: at(sent_at), dead_letter_of: None }
}

fn ids(received: &[Received]) -> Vec<&str> {
    received.iter().map(|received| received.message.id.as_str()).collect()
}

fn take(queue: &mut StandardQueue, now: i64) -> Vec<Received> {
    queue.take(at(now), Want::messages(10)).received
}

fn handle(received: &Received) -> ReceiptHandle {
    ReceiptHandle::parse(&received.receipt_handle).unwrap()
}

#[test]
fn a_received_message_is_hidden_until_its_timeout_and_comes_again_with_another_handle() {
    let mut queue = queue(QueueAttributes::default());
    queue.add(message("m", 0, None));
    let first = take(&mut queue, 1);
    assert_eq!((ids(&first), first[0].receive_count), (vec!["m"], 1));
    assert_eq!(take(&mut queue, 30), []);
    assert_eq!(queue.next_change(), Some(at(31)));
    let second = take(&mut queue, 31);
    assert_eq!((second[0].receive_count, second[0].first_received_at), (2, at(1)));
    assert_ne!(first[0].receipt_handle, second[0].receipt_handle);
    queue.delete(&handle(&first[0]));
    assert_eq!(queue.counts(at(31)).in_flight, 1, "an outdated handle deletes nothing");
    queue.delete(&handle(&second[0]));
    assert_eq!(queue.counts(at(100)), Counts { ready: 0, delayed: 0, in_flight: 0 });
    assert_eq!(queue.bytes(), 0);
}

#[test]
fn a_message_is_deleted_after_its_timeout_too_if_nobody_else_has_received_it() {
    let mut queue = queue(QueueAttributes::default());
    queue.add(message("m", 0, None));
    let received = take(&mut queue, 0);
    queue.delete(&handle(&received[0]));
    assert_eq!(take(&mut queue, 1000), []);
}

#[test]
fn delays_are_the_messages_own_or_the_queues() {
    let attributes = QueueAttributes { delay: Duration::from_secs(5), ..QueueAttributes::default() };
    let mut queue = queue(attributes);
    queue.add(message("queue's", 0, None));
    queue.add(message("own", 0, Some(9)));
    queue.add(message("none", 0, Some(0)));
    assert_eq!(queue.counts(at(4)), Counts { ready: 1, delayed: 2, in_flight: 0 });
    assert_eq!(ids(&take(&mut queue, 4)), ["none"]);
    assert_eq!(ids(&take(&mut queue, 5)), ["queue's"]);
    assert_eq!(queue.next_change(), Some(at(9)));
    assert_eq!(ids(&take(&mut queue, 9)), ["own"]);
}

#[test]
fn visibility_can_be_prolonged_and_ended() {
    let mut queue = queue(QueueAttributes::default());
    queue.add(message("m", 0, None));
    let received = take(&mut queue, 0);
    let handle = handle(&received[0]);
    queue.change_visibility(at(10), &handle, Duration::from_secs(100)).unwrap();
    assert_eq!(take(&mut queue, 109), []);
    let too_long = Duration::from_secs(MAX_VISIBILITY_SECONDS);
    let error = queue.change_visibility(at(10), &handle, too_long).unwrap_err();
    assert_eq!(error.kind, Refusal::InvalidParameterValue);
    queue.change_visibility(at(109), &handle, Duration::ZERO).unwrap();
    let error = queue.change_visibility(at(109), &handle, Duration::ZERO).unwrap_err();
    assert_eq!(error.kind, Refusal::MessageNotInflight);
    assert_eq!(ids(&take(&mut queue, 109)), ["m"]);
    let outdated = queue.change_visibility(at(109), &handle, Duration::ZERO).unwrap_err();
    assert_eq!(outdated.kind, Refusal::InvalidParameterValue);
}

#[test]
fn a_receive_without_visibility_hides_nothing_and_hands_out_nothing_twice_at_once() {
    let mut queue = queue(QueueAttributes::default());
    queue.add(message("m", 0, None));
    let want = Want { visibility: Some(Duration::ZERO), ..Want::messages(10) };
    assert_eq!(ids(&queue.take(at(0), want).received), ["m"]);
    assert_eq!(ids(&queue.take(at(0), want).received), ["m"]);
}

#[test]
fn a_message_that_was_received_too_often_leaves_as_a_dead_letter() {
    let redrive = Redrive { dead_letters: "dead".to_owned(), max_receive_count: 2 };
    let attributes = QueueAttributes { redrive: Some(redrive), ..QueueAttributes::default() };
    let (mut queue, mut dead_letters) = (queue(attributes), queue(QueueAttributes::default()));
    queue.add(message("bad", 0, None));
    assert_eq!(take(&mut queue, 0)[0].receive_count, 1);
    assert_eq!(take(&mut queue, 30)[0].receive_count, 2);
    queue.add(message("good", 60, None));
    let taken = queue.take(at(60), Want::messages(10));
    assert_eq!(ids(&taken.received), ["good"]);
    taken.dead.into_iter().for_each(|dead| dead_letters.bury(dead, "jobs"));
    let dead = take(&mut dead_letters, 60);
    assert_eq!(ids(&dead), ["bad"]);
    assert_eq!(dead[0].message.dead_letter_of.as_deref(), Some("jobs"));
}

#[test]
fn a_dead_letter_is_received_anew_as_often_as_its_queue_allows() {
    let redrive = Redrive { dead_letters: "dead".to_owned(), max_receive_count: 1 };
    let attributes = QueueAttributes { redrive: Some(redrive), ..QueueAttributes::default() };
    let mut dead_letters = queue(attributes);
    dead_letters.bury(DeadLetter { message: Arc::new(message("m", 0, None)), receives: 7 }, "jobs");
    assert_eq!(take(&mut dead_letters, 0)[0].receive_count, 8);
    let taken = dead_letters.take(at(30), Want::messages(1));
    assert_eq!((taken.received.len(), taken.dead.len()), (0, 1));
}

#[test]
fn messages_are_forgotten_after_their_retention() {
    let attributes = QueueAttributes { retention: Duration::from_secs(60), ..QueueAttributes::default() };
    let mut queue = queue(attributes);
    queue.add(message("ready", 0, None));
    queue.add(message("delayed", 0, Some(900)));
    queue.add(message("young", 1, None));
    assert_eq!(ids(&take(&mut queue, 60)), ["young"]);
    assert_eq!(queue.list(at(60)).len(), 1);
}

#[test]
fn a_message_can_be_had_twice_on_demand() {
    let mut queue = queue(QueueAttributes::default());
    for id in ["a", "b"] {
        queue.add(message(id, 0, None));
    }
    queue.duplicate_next(1);
    let first = take(&mut queue, 0);
    assert_eq!(ids(&first), ["a", "b"]);
    let copy = take(&mut queue, 0);
    assert_eq!(ids(&copy), ["a"]);
    assert_ne!(first[0].receipt_handle, copy[0].receipt_handle);
    first.iter().chain(&copy).for_each(|received| queue.delete(&handle(received)));
    assert_eq!(take(&mut queue, 1000), []);
}

#[test]
fn a_message_is_not_had_more_often_than_twice_however_many_are_doubled() {
    let mut queue = queue(QueueAttributes::default());
    queue.duplicate_next(2);
    for id in ["a", "b"] {
        queue.add(message(id, 0, None));
        let times = [take(&mut queue, 0), take(&mut queue, 0), take(&mut queue, 0)].map(|taken| taken.len());
        assert_eq!(times, [1, 1, 0], "{id}");
    }
}

#[test]
fn what_is_in_flight_can_be_made_visible_at_once_and_what_is_delayed_stays_so() {
    let mut queue = queue(QueueAttributes::default());
    queue.add(message("a", 0, None));
    queue.add(message("b", 0, Some(5)));
    let first = take(&mut queue, 0);
    assert_eq!((ids(&first), queue.time_out(at(0))), (vec!["a"], 1));
    let again = take(&mut queue, 0);
    assert_eq!(ids(&again), ["a"]);
    queue.delete(&handle(&first[0]));
    assert_eq!(queue.time_out(at(0)), 1, "an outdated handle deletes nothing");
}

#[test]
fn a_receiver_gets_no_more_bytes_than_it_wants_but_always_one_message() {
    let mut queue = queue(QueueAttributes::default());
    for id in ["a", "b", "c"] {
        queue.add(message(id, 0, None));
    }
    let want = |bytes| Want { bytes, ..Want::messages(10) };
    assert_eq!(ids(&queue.take(at(0), want(1)).received), ["a"]);
    assert_eq!(ids(&queue.take(at(0), want(3000)).received), ["b", "c"]);
}

#[test]
fn a_purge_leaves_nothing_and_no_handle_of_before_means_a_later_message() {
    let mut queue = queue(QueueAttributes::default());
    queue.add(message("a", 0, None));
    let received = take(&mut queue, 0);
    queue.add(message("b", 0, Some(5)));
    queue.purge();
    assert_eq!(queue.list(at(100)), []);
    queue.add(message("c", 0, None));
    queue.delete(&handle(&received[0]));
    assert_eq!(ids(&take(&mut queue, 100)), ["c"]);
}
