//! A client that does not read harms nobody but itself.

use std::sync::Arc;

use parlor::app::Ports;
use parlor::embedded::{LocalChannelLayer, OutboxLimits};
use parlor::ports::{
    Broadcast, Clock, Connection, Connections as _, Endpoint, Group, Groups as _, Random, Sender as _,
};
use parlor::protocol::Frame as Message;
use parlor::system::OsRandom;

use crate::support::{Client, Frame, TestGateway, aws};

async fn join_feed(test: &TestGateway, layer: &LocalChannelLayer) -> Client {
    let (client, id) = test.open("/").await;
    let id = id.parse().unwrap();
    let connection = Connection::new(id, Endpoint::Feed, None, test.clock.now());
    layer.register(&connection).await.unwrap();
    layer.join(&Group::Feed, &connection, None).await.unwrap();
    client
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_stuck_client_is_closed_as_too_slow_while_others_get_every_message() {
    let limits = OutboxLimits { bytes: 256 * 1024, ..OutboxLimits::default() };
    let test = TestGateway::with(aws(), limits).await;
    let clock: Arc<dyn Clock> = test.clock.clone();
    let random: Arc<dyn Random> = Arc::new(OsRandom);
    // Nobody is present on the feed: no job is ever enqueued.
    let jobs = Ports::absent(clock.clone(), random.clone()).jobs;
    let layer = LocalChannelLayer::new(test.registry.clone(), jobs, clock, random);
    let stuck = join_feed(&test, &layer).await;
    let mut readers = [join_feed(&test, &layer).await, join_feed(&test, &layer).await];
    let message = "x".repeat(30_000);
    let broadcast = Broadcast::same(Message::new(message.as_str()).unwrap());
    // Until the kernel's buffers and the outbox of the stuck one are full; the others keep pace with each message.
    let mut published = 0;
    while test.registry.overflows() == 0 {
        layer.publish(&Group::Feed, &broadcast).await.unwrap();
        published += 1;
        assert!(published < 2000, "the outbox should be bounded");
        for reader in &mut readers {
            assert_eq!(reader.receive().await, Frame::Text(message.clone()));
        }
    }
    layer.publish(&Group::Feed, &Broadcast::same(Message::new("after").unwrap())).await.unwrap();
    for reader in &mut readers {
        assert_eq!(reader.receive().await, Frame::Text("after".to_owned()));
    }
    let close = stuck.closed().await;
    assert_eq!(close, Some((4013, "TOO_SLOW".to_owned())));
    assert_eq!(test.disconnected().await, (4013, "TOO_SLOW".to_owned()));
    assert_eq!(test.gateway.open_sockets(), 2);
}
