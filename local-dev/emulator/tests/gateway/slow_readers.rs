//! A client that does not read harms nobody but itself.

use std::sync::Arc;

use parlor::embedded::{LocalChannelLayer, OutboxLimits};
use parlor::ports::{ChannelLayer, Clock, Connection, Endpoint, Group};
use parlor::protocol::Frame as Message;

use crate::support::{Client, Frame, TestGateway, aws};

async fn join_feed(test: &TestGateway, layer: &LocalChannelLayer) -> Client {
    let (client, id) = test.open("/").await;
    let id = id.parse().unwrap();
    let connection =
        Connection { id, endpoint: Endpoint::Feed, identity: None, connected_at: test.clock.now() };
    layer.register(&connection).await.unwrap();
    layer.join(&Group::Feed, &connection).await.unwrap();
    client
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_stuck_client_is_closed_as_too_slow_while_others_get_every_message() {
    let limits = OutboxLimits { bytes: 256 * 1024, ..OutboxLimits::default() };
    let test = TestGateway::with(aws(), limits).await;
    let clock: Arc<dyn Clock> = test.clock.clone();
    let layer = LocalChannelLayer::new(test.registry.clone(), clock);
    let stuck = join_feed(&test, &layer).await;
    let mut readers = [join_feed(&test, &layer).await, join_feed(&test, &layer).await];
    let message = "x".repeat(30_000);
    let frame = Message::new(message.as_str()).unwrap();
    // Until the kernel's buffers and the outbox of the stuck one are full; the others keep pace with each message.
    let mut published = 0;
    while test.registry.overflows() == 0 {
        layer.publish(&Group::Feed, &frame).await.unwrap();
        published += 1;
        assert!(published < 2000, "the outbox should be bounded");
        for reader in &mut readers {
            assert_eq!(reader.receive().await, Frame::Text(message.clone()));
        }
    }
    layer.publish(&Group::Feed, &Message::new("after").unwrap()).await.unwrap();
    for reader in &mut readers {
        assert_eq!(reader.receive().await, Frame::Text("after".to_owned()));
    }
    let close = stuck.closed().await;
    assert_eq!(close, Some((4013, "TOO_SLOW".to_owned())));
    assert_eq!(test.disconnected().await, (4013, "TOO_SLOW".to_owned()));
    assert_eq!(test.gateway.open_sockets(), 2);
}
