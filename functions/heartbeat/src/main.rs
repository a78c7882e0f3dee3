//! The minute: enqueues the ticks of the next one.

use lambda_runtime::{Error, LambdaEvent, run, service_fn};
use parlor::aws::{Boot, init_telemetry};
use parlor::inbound::schedule;
use serde_json::Value;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Error> {
    init_telemetry();
    let app = &Boot::of_process()?.with_table().with_queue().app().await;
    let handle = |_event: LambdaEvent<Value>| async move { schedule::minute(app).await };
    run(service_fn(handle)).await
}
