//! Connections that are made before the first event needs them.

use std::error::Error as StdError;
use std::time::Duration;

use aws_sdk_dynamodb::error::SdkError;
use aws_sdk_dynamodb::types::AttributeValue;
use futures_util::future::join_all;

use super::boot::Clients;
use super::management_api::{Post, Posted};
use super::{Environment, ManagementApi};
use crate::protocol::Frame;

/// How long an environment's start may wait for its connections. The first event makes those that are missing.
const WITHIN: Duration = Duration::from_millis(1500);
/// A key that nothing is stored under.
const NOTHING: &str = "NOTHING";

/// What a function talks to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Service {
    /// The table.
    Table,
    /// The queue.
    Queue,
    /// The sockets of the WebSocket API.
    Sockets,
    /// The bucket.
    Bucket,
}

/// Makes a connection to each of these services, all at once, by a request that changes nothing. Any answer will do, a
/// refusal too: no function needs another permission for this. Failures are only logged.
pub(super) async fn warm_up(services: &[Service], environment: &Environment, clients: &Clients) {
    let requests = services.iter().map(|service| async move {
        if let Err(error) = touch(*service, environment, clients).await {
            tracing::warn!(?service, error = &*error, "no connection could be made in advance");
        }
    });
    if tokio::time::timeout(WITHIN, join_all(requests)).await.is_err() {
        tracing::warn!("not all connections could be made in advance");
    }
}

async fn touch(
    service: Service,
    environment: &Environment,
    clients: &Clients,
) -> Result<(), Box<dyn StdError + Send + Sync>> {
    match service {
        Service::Table => {
            let nothing = || AttributeValue::S(NOTHING.to_owned());
            let get = clients.table.get_item().table_name(&environment.table_name);
            answered(get.key("pk", nothing()).key("sk", nothing()).send().await)
        }
        // A batch of nothing is refused, but only once it has arrived.
        Service::Queue => {
            let send = clients.queue.send_message_batch().queue_url(&environment.queue_url);
            answered(send.set_entries(Some(Vec::new())).send().await)
        }
        Service::Sockets => touch_sockets(&clients.sockets).await,
        Service::Bucket => {
            answered(clients.bucket.head_bucket().bucket(&environment.bucket_name).send().await)
        }
    }
}

/// To a socket that there cannot be.
async fn touch_sockets(sockets: &ManagementApi) -> Result<(), Box<dyn StdError + Send + Sync>> {
    match sockets.post(&NOTHING.parse()?, &Frame::new("")?).await {
        Posted::Sent | Posted::Gone | Posted::Failed(_) => Ok(()),
        Posted::Busy => Err("no answer from the sockets' API".into()),
    }
}

/// Whether there was an answer, whatever it says.
fn answered<T, E>(outcome: Result<T, SdkError<E>>) -> Result<(), Box<dyn StdError + Send + Sync>>
where
    E: StdError + Send + Sync + 'static,
{
    match outcome {
        Ok(_) | Err(SdkError::ServiceError(_)) => Ok(()),
        Err(error) => Err(Box::new(error)),
    }
}
