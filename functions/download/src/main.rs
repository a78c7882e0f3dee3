//! Media out.

mod binary_response;

use std::sync::Arc;

use lambda_http::tower::ServiceExt;
use lambda_http::{Error, Request, run, tracing};
use parlor::aws::{Service, behind_http_api, boot};
use parlor::inbound::http::download_router;

use crate::binary_response::BinaryResponse;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Error> {
    tracing::init_default_subscriber();
    let app = Arc::new(boot(&[Service::Table, Service::Bucket]).await?);
    let router = behind_http_api(download_router(app));
    run(ServiceExt::<Request>::map_response(router, BinaryResponse)).await
}
