//! A text was dropped into the bucket.

use lambda_runtime::{Error, LambdaEvent, run, service_fn};
use parlor::aws::{Boot, init_telemetry};
use parlor::inbound::object_event;
use serde_json::Value;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Error> {
    init_telemetry();
    let app = &Boot::of_process()?.with_table().with_queue().with_sockets().with_drops().app().await;
    let handle = |event: LambdaEvent<Value>| async move { object_event::handle(app, event.payload).await };
    run(service_fn(handle)).await
}
