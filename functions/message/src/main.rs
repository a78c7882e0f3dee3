//! `$default`: every message of every socket.

use lambda_runtime::{Error, LambdaEvent, run, service_fn};
use parlor::aws::{Boot, init_telemetry};
use parlor::inbound::gateway_event::GatewayEvent;
use parlor::inbound::websocket::message;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Error> {
    init_telemetry();
    let app = &Boot::of_process()?.with_table().with_queue().with_sockets().app().await;
    let handle =
        |event: LambdaEvent<GatewayEvent>| async move { Ok::<_, Error>(message(app, &event.payload).await) };
    run(service_fn(handle)).await
}
