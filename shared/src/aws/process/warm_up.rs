//! Connections that are made before the first event needs them.
//!
//! Each is made by a request that changes nothing. Any answer will do, a refusal too: no function needs another
//! permission for this. Failures are only logged.

use std::error::Error as StdError;
use std::fmt;
use std::time::Duration;

use aws_sdk_dynamodb::error::SdkError;
use aws_sdk_dynamodb::types::AttributeValue;
use futures_util::FutureExt;
use futures_util::future::{BoxFuture, join_all};

use crate::aws::ManagementApi;
use crate::aws::management_api::{Post, Posted};
use crate::protocol::Frame;

/// How long an environment's start may wait for its connections. The first event makes those that are missing.
const WITHIN: Duration = Duration::from_millis(1500);
/// A key that nothing is stored under.
const NOTHING: &str = "NOTHING";

type Touched = Result<(), Box<dyn StdError + Send + Sync>>;

/// A request to a service, not yet made.
pub(in crate::aws) struct Touch {
    service: &'static str,
    request: BoxFuture<'static, Touched>,
}

impl fmt::Debug for Touch {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Touch").field("service", &self.service).finish_non_exhaustive()
    }
}

/// Makes all of them at once, and waits for the connections, though not for long.
pub(in crate::aws) async fn all(touches: Vec<Touch>) {
    let requests = touches.into_iter().map(|Touch { service, request }| async move {
        if let Err(error) = request.await {
            tracing::warn!(service, error = &*error, "no connection could be made in advance");
        }
    });
    if tokio::time::timeout(WITHIN, join_all(requests)).await.is_err() {
        tracing::warn!("not all connections could be made in advance");
    }
}

/// Reads what there cannot be.
pub(in crate::aws) fn table(client: &aws_sdk_dynamodb::Client, name: &str) -> Touch {
    let nothing = || AttributeValue::S(NOTHING.to_owned());
    let get = client.get_item().table_name(name).key("pk", nothing()).key("sk", nothing());
    Touch { service: "table", request: get.send().map(answered).boxed() }
}

/// A batch of nothing is refused, but only once it has arrived.
pub(in crate::aws) fn queue(client: &aws_sdk_sqs::Client, url: &str) -> Touch {
    let send = client.send_message_batch().queue_url(url).set_entries(Some(Vec::new()));
    Touch { service: "queue", request: send.send().map(answered).boxed() }
}

/// Asks whether it is there.
pub(in crate::aws) fn bucket(client: &aws_sdk_s3::Client, name: &str) -> Touch {
    let head = client.head_bucket().bucket(name);
    Touch { service: "bucket", request: head.send().map(answered).boxed() }
}

/// Writes to a socket that there cannot be.
pub(in crate::aws) fn sockets(api: &ManagementApi) -> Touch {
    let api = api.clone();
    let request = async move {
        match api.post(&NOTHING.parse()?, &Frame::new("")?).await {
            Posted::Sent | Posted::Gone | Posted::Failed(_) => Ok(()),
            Posted::Busy => Err("no answer from the sockets' API".into()),
        }
    };
    Touch { service: "sockets", request: request.boxed() }
}

/// Whether there was an answer, whatever it says.
fn answered<T, E: StdError + Send + Sync + 'static>(outcome: Result<T, SdkError<E>>) -> Touched {
    match outcome {
        Ok(_) | Err(SdkError::ServiceError(_)) => Ok(()),
        Err(error) => Err(Box::new(error)),
    }
}
