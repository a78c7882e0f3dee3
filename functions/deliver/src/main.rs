//! A batch from the queue: welcomes, pieces of fan-outs, delayed messages, ticks.

use lambda_runtime::{Error, LambdaEvent, run, service_fn, tracing};
use parlor::aws::{Service, boot};
use parlor::inbound::queue;
use serde_json::Value;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Error> {
    tracing::init_default_subscriber();
    let app = &boot(&[Service::Table, Service::Queue, Service::Sockets]).await?;
    let handle = |event: LambdaEvent<Value>| async move {
        queue::handle(app, event.payload, event.context.deadline).await
    };
    run(service_fn(handle)).await
}
