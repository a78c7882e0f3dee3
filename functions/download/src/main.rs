//! Media out.

mod binary_response;

use std::sync::Arc;

use lambda_http::tower::ServiceExt;
use lambda_http::{Error, Request, run, tracing};
use parlor::aws::{Service, boot};
use parlor::inbound::http::download_router;

use crate::binary_response::BinaryResponse;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Error> {
    tracing::init_default_subscriber();
    let app = Arc::new(boot(&[Service::Table, Service::Bucket]).await?);
    run(ServiceExt::<Request>::map_response(download_router(app), BinaryResponse)).await
}
