//! The HTTP API, but for the bytes of media.

use std::sync::Arc;

use lambda_http::{Error, run};
use parlor::aws::{Boot, behind_http_api, init_telemetry};
use parlor::inbound::http::api_router;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Error> {
    init_telemetry();
    let boot = Boot::of_process()?.with_table().with_queue().with_dead_letters().with_sockets();
    let app = Arc::new(boot.with_identity_providers().app().await);
    run(behind_http_api(api_router(app))).await
}
