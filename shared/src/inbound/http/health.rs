//! `GET /health/`: is anybody there?

use axum::Json;
use serde::Serialize;

use crate::openapi_macros::{self, ToSchema};

#[derive(Serialize, ToSchema)]
pub(super) struct Health {
    /// `ok`
    status: &'static str,
    /// The version of the server.
    version: &'static str,
}

/// Says that the server is there, and its version.
#[openapi_macros::path(
    get, path = "/health/", tag = "Service",
    security(()),
    responses((status = 200, description = "It is", body = Health)),
)]
pub(super) async fn health() -> Json<Health> {
    Json(Health { status: "ok", version: env!("CARGO_PKG_VERSION") })
}
