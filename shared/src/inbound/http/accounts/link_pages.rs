//! The pages that mailed links open, `GET /verify-email/` and `GET /reset-password/`, and the one that asks for an account's
//! secret before it is linked, `GET /accounts/link/`.
//!
//! A page shows a button, or a form, that POSTs: programs that look into every link of a mail use none up. It is answered by
//! the same host as the calls, so that links work where there is no CloudFront to serve the other pages.

use std::sync::Arc;

use axum::http::header::{
    CACHE_CONTROL, CONTENT_SECURITY_POLICY, CONTENT_TYPE, REFERRER_POLICY, X_CONTENT_TYPE_OPTIONS,
};
use axum::http::{HeaderName, HeaderValue};
use axum::response::{IntoResponse, Response};
use axum::routing::{MethodRouter, get};

use crate::app::App;
use crate::inbound::http::{Routes, either};
use crate::openapi_macros;

const VERIFY_EMAIL: &str = include_str!("../../../../../static/links/verify-email.html");
const RESET_PASSWORD: &str = include_str!("../../../../../static/links/reset-password.html");
const LINK_ACCOUNT: &str = include_str!("../../../../../static/links/link-account.html");
const SCRIPT: &str = include_str!("../../../../../static/links/link-page.js");
const STYLE: &str = include_str!("../../../../../static/links/link-page.css");
const HTML: &str = "text/html; charset=utf-8";

/// What a page with a secret in its address may do: load our script and style, and call us.
const POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; base-uri 'none'; \
                      form-action 'none'; frame-ancestors 'none'; require-trusted-types-for 'script'; \
                      trusted-types 'none'";

/// The pages.
pub(in crate::inbound::http) fn link_pages(routes: Routes) -> Routes {
    let routes = link_page(routes, "/verify-email", get(verify_email));
    let routes = link_page(routes, "/accounts/link", get(link_account));
    link_page(routes, "/reset-password", get(reset_password))
}

/// Shows a button that confirms an address.
#[openapi_macros::path(
    get, path = "/verify-email/", operation_id = "show_verify_email_page", tag = "Accounts",
    security(()),
    responses((status = 200, description = "The page that a mailed link opens", body = String, content_type = "text/html")),
)]
pub(in crate::inbound::http) async fn verify_email() -> Response {
    file(HTML, VERIFY_EMAIL)
}

/// Shows a form for a new password.
#[openapi_macros::path(
    get, path = "/reset-password/", operation_id = "show_reset_password_page", tag = "Accounts",
    security(()),
    responses((status = 200, description = "The page that a mailed link opens", body = String, content_type = "text/html")),
)]
pub(in crate::inbound::http) async fn reset_password() -> Response {
    file(HTML, RESET_PASSWORD)
}

/// Asks for an account's secret before it is linked.
#[openapi_macros::path(
    get, path = "/accounts/link/", operation_id = "show_link_account_page", tag = "Accounts",
    security(()),
    responses((status = 200, description = "The page to which a browser is sent where a provider's word is not enough", body = String, content_type = "text/html")),
)]
pub(in crate::inbound::http) async fn link_account() -> Response {
    file(HTML, LINK_ACCOUNT)
}

/// A page at its path, with its script and style below that.
fn link_page(routes: Routes, path: &str, page: MethodRouter<Arc<App>>) -> Routes {
    let script = get(|| async { file("text/javascript; charset=utf-8", SCRIPT) });
    let style = get(|| async { file("text/css; charset=utf-8", STYLE) });
    either(routes, path, page)
        .route(&format!("{path}/link-page.js"), script)
        .route(&format!("{path}/link-page.css"), style)
}

fn file(content_type: &'static str, text: &'static str) -> Response {
    let headers: [(HeaderName, HeaderValue); 5] = [
        (CONTENT_TYPE, HeaderValue::from_static(content_type)),
        (CACHE_CONTROL, HeaderValue::from_static("no-store")),
        (CONTENT_SECURITY_POLICY, HeaderValue::from_static(POLICY)),
        (REFERRER_POLICY, HeaderValue::from_static("no-referrer")),
        (X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff")),
    ];
    (headers, text).into_response()
}
