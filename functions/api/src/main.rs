//! The HTTP API, but for the bytes of media.

use std::sync::Arc;

use lambda_http::{Error, run, tracing};
use parlor::aws::{Service, behind_http_api, boot};
use parlor::inbound::http::api_router;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Error> {
    tracing::init_default_subscriber();
    let app = Arc::new(boot(&[Service::Table]).await?);
    run(behind_http_api(api_router(app))).await
}
