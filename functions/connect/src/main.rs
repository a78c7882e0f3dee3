//! `$connect` and the authorizer in front of it.

use lambda_runtime::{Error, LambdaEvent, run, service_fn, tracing};
use parlor::aws::{Service, boot};
use parlor::inbound::gateway_event::GatewayEvent;
use parlor::inbound::websocket::connect_or_authorize;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Error> {
    tracing::init_default_subscriber();
    let app = &boot(&[Service::Table, Service::Queue]).await?;
    let handle = |event: LambdaEvent<GatewayEvent>| async move {
        Ok::<_, Error>(connect_or_authorize(app, event.payload).await)
    };
    run(service_fn(handle)).await
}
