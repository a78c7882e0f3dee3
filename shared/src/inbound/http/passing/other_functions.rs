//! Calls of other functions that reach `api` all the same.
//!
//! API Gateway takes no route key that ends with a slash, and sources disagree whether a request for `/x/` takes the route
//! `/x`, `/x/{proxy+}` or neither. Then it reaches `api` by `$default`, which sends its client to the form without the slash.

use axum::extract::Request;
use axum::http::header::LOCATION;
use axum::http::{Method, StatusCode};
use axum::response::{IntoResponse, Response};
use axum::routing::{MethodFilter, MethodRouter, any, on};

use crate::inbound::http::{App, Arc, Routes};

/// The routes of the HTTP API that lead to other functions than `api`: method, or `ANY`, and path. `template.yaml` has the
/// same ones; a test holds them against each other.
pub const OTHER_FUNCTIONS: [(&str, &str); 10] = [
    ("ANY", "/media_post"),
    ("ANY", "/api/uploads"),
    ("ANY", "/api/send-message"),
    ("ANY", "/api/upload-file"),
    ("ANY", "/api/register"),
    ("ANY", "/api/accounts/register"),
    ("PATCH", "/api/user-profile"),
    ("DELETE", "/api/user-profile"),
    ("ANY", "/media_get"),
    ("ANY", "/media/{filename}"),
];

/// Sends clients on who come for another function's call with a slash at its end.
pub(in crate::inbound::http) fn redirects() -> Routes {
    let add = |routes: Routes, (method, path)| routes.route(&format!("{path}/"), redirect(method));
    OTHER_FUNCTIONS.into_iter().fold(Routes::new(), add)
}

fn redirect(method: &str) -> MethodRouter<Arc<App>> {
    let filter =
        Method::from_bytes(method.as_bytes()).ok().and_then(|method| MethodFilter::try_from(method).ok());
    filter.map_or_else(|| any(without_slash), |filter| on(filter, without_slash))
}

/// 308 keeps method and body. The reference is relative, so that it is right below a stage's prefix, too.
async fn without_slash(request: Request) -> Response {
    let name = request.uri().path().trim_end_matches('/').rsplit('/').next().unwrap_or_default();
    let query = request.uri().query().map(|query| format!("?{query}")).unwrap_or_default();
    (StatusCode::PERMANENT_REDIRECT, [(LOCATION, format!("../{name}{query}"))]).into_response()
}
