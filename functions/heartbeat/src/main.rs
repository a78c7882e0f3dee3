//! The minute: enqueues the ticks of the next one.

use lambda_runtime::{Error, LambdaEvent, run, service_fn, tracing};
use parlor::aws::{Service, boot};
use parlor::inbound::schedule;
use serde_json::Value;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Error> {
    tracing::init_default_subscriber();
    let app = &boot(&[Service::Table, Service::Queue]).await?;
    let handle = |_event: LambdaEvent<Value>| async move { schedule::minute(app).await };
    run(service_fn(handle)).await
}
