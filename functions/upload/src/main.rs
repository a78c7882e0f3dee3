//! Media in.

use std::sync::Arc;

use lambda_http::{Error, run, tracing};
use parlor::aws::{Service, boot};
use parlor::inbound::http::upload_router;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Error> {
    tracing::init_default_subscriber();
    let app = Arc::new(boot(&[Service::Table, Service::Queue, Service::Bucket]).await?);
    run(upload_router(app)).await
}
