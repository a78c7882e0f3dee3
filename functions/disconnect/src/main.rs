//! `$disconnect`.

use lambda_runtime::{Error, LambdaEvent, run, service_fn};
use parlor::aws::{Boot, init_telemetry};
use parlor::inbound::gateway_event::GatewayEvent;
use parlor::inbound::websocket::disconnect;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Error> {
    init_telemetry();
    let app = &Boot::of_process()?.with_table().with_queue().app().await;
    let handle = |event: LambdaEvent<GatewayEvent>| async move {
        Ok::<_, Error>(disconnect(app, &event.payload).await)
    };
    run(service_fn(handle)).await
}
