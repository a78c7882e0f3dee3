//! Media out.

use std::sync::Arc;

use lambda_http::{Error, run, tracing};
use parlor::inbound::http::download_router;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Error> {
    tracing::init_default_subscriber();
    let app = Arc::new(parlor::aws::boot().await?);
    run(download_router(app)).await
}
