//! A batch from the queue: welcomes, pieces of fan-outs, delayed messages, ticks.

use lambda_runtime::{Error, LambdaEvent, run, service_fn};
use parlor::aws::{Boot, init_telemetry};
use parlor::inbound::queue;
use serde_json::Value;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Error> {
    init_telemetry();
    let boot = Boot::of_process()?
        .with_table()
        .with_queue()
        .with_sockets()
        .with_mailer()
        .with_media()
        .with_outbound();
    let redelivery = &boot.redelivery();
    let app = &boot.app().await;
    let handle = |event: LambdaEvent<Value>| async move {
        queue::handle(app, redelivery, event.payload, event.context.deadline).await
    };
    run(service_fn(handle)).await
}
