//! Media in.

use std::sync::Arc;

use lambda_http::{Error, run, tracing};
use parlor::aws::behind_http_api;
use parlor::inbound::http::upload_router;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Error> {
    tracing::init_default_subscriber();
    let app = Arc::new(parlor::aws::boot().await?);
    run(behind_http_api(upload_router(app))).await
}
