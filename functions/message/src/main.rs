//! `$default`: every message of every socket.

use lambda_runtime::{Error, LambdaEvent, run, service_fn, tracing};
use parlor::aws::{Service, boot};
use parlor::inbound::gateway_event::GatewayEvent;
use parlor::inbound::websocket::message;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Error> {
    tracing::init_default_subscriber();
    let app = &boot(&[Service::Table, Service::Sockets]).await?;
    let handle =
        |event: LambdaEvent<GatewayEvent>| async move { Ok::<_, Error>(message(app, &event.payload).await) };
    run(service_fn(handle)).await
}
