//! `GET /health/`: is anybody there?

use axum::Json;
use serde_json::{Value, json};

/// We are, and this is our version.
pub(super) async fn health() -> Json<Value> {
    Json(json!({ "status": "ok", "version": env!("CARGO_PKG_VERSION") }))
}
