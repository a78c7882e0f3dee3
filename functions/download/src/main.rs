//! Media out.

mod binary_response;

use std::sync::Arc;

use lambda_http::tower::ServiceExt;
use lambda_http::{Error, Request, run};
use parlor::aws::{Boot, behind_http_api, init_telemetry};
use parlor::inbound::http::download_router;

use crate::binary_response::BinaryResponse;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Error> {
    init_telemetry();
    let app = Arc::new(Boot::of_process()?.with_table().with_media().app().await);
    let router = behind_http_api(download_router(app));
    run(ServiceExt::<Request>::map_response(router, BinaryResponse)).await
}
