//! A text was dropped into the bucket.

use lambda_runtime::{Error, LambdaEvent, run, service_fn, tracing};
use parlor::aws::{Service, boot};
use parlor::inbound::object_event;
use serde_json::Value;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Error> {
    tracing::init_default_subscriber();
    let app = &boot(&[Service::Table, Service::Queue, Service::Sockets, Service::Bucket]).await?;
    let handle = |event: LambdaEvent<Value>| async move { object_event::handle(app, event.payload).await };
    run(service_fn(handle)).await
}
