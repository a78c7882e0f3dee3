//! The HTTP API: one router for each function, put together into one in `local-dev`.
//!
//! Paths end in a slash and work without one, too. Nobody is redirected, since some clients lose a POST's body by it, but for
//! those whom API Gateway has sent to the wrong function ([`OTHER_FUNCTIONS`]).

#![cfg_attr(
    not(feature = "openapi"),
    expect(unused_imports, reason = "handlers are described by types that appear nowhere else")
)]

mod accounts;
mod answering;
pub mod asyncapi;
mod health;
mod media;
pub mod openapi;
mod passing;
mod reading;
mod rooms;
mod spellings;
mod watch;

use self::answering::{answers, error, error_page, pages};
use self::passing::{cross_origin, other_functions, rate_limit, request_id};
use self::reading::{client, input, signed_in};

use std::sync::Arc;

use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::middleware::{from_fn, from_fn_with_state};
use axum::routing::{MethodRouter, delete, get, patch, post};

use self::accounts::{
    admin, blocking, browser_sign_in, link_account, link_pages, profile, providers, register, reset_password,
    sessions, sign_in, sign_out, verify_email, vouched_sign_in, ws_ticket,
};
pub use self::error::HttpError;
use self::media::{media_get, media_post, uploads};
pub use self::other_functions::OTHER_FUNCTIONS;
pub use self::request_id::RequestId;
use crate::app::App;

/// The largest body of calls that take no file, in bytes.
const MAX_BODY: usize = 256 * 1024;

/// A router without the layers that all of them share; see [`layered`].
pub type Routes = Router<Arc<App>>;

/// The calls of the `api` function, ready to serve, and where those are that reach it by mistake.
pub fn api_router(app: Arc<App>) -> Router {
    layered(app, api_routes().merge(other_functions::redirects()))
}

/// The calls of the `upload` function, ready to serve.
pub fn upload_router(app: Arc<App>) -> Router {
    layered(app, upload_routes())
}

/// The calls of the `download` function, ready to serve.
pub fn download_router(app: Arc<App>) -> Router {
    layered(app, download_routes())
}

/// Accounts, but for their pictures, and everything that isn't a medium.
pub fn api_routes() -> Routes {
    let routes = Routes::new().route("/openapi.json", get(openapi::show));
    let routes = routes.route("/asyncapi.json", get(asyncapi::show));
    let routes = either(routes, "/health", get(health::health));
    let routes = either(routes, "/api/user-profile", get(profile::show));
    let routes = either(routes, "/api/login", post(sign_in::by_username));
    let routes = either(routes, "/api/auth/login", post(sign_in::by_email));
    let routes = either(routes, "/api/auth/refresh", post(sign_in::refresh));
    let routes = either(routes, "/api/auth/logout", post(sign_out::sign_out));
    let routes = either(routes, "/api/auth/sessions", get(sessions::list));
    let routes = either(routes, "/api/auth/sessions/{id}", delete(sessions::end));
    let routes = either(routes, "/api/auth/providers", get(providers::show));
    let routes = either(routes, "/api/logout", post(sign_out::sign_out_and_clear));
    let routes = either(routes, "/api/auth/password", post(profile::change_secrets));
    let routes = either(routes, "/api/auth/password/forgot", post(reset_password::forgot));
    let routes = either(routes, "/api/auth/password/reset", post(reset_password::reset));
    let routes = either(routes, "/api/auth/verify-email", post(verify_email::verify));
    let routes = either(routes, "/api/auth/verify-email/account", post(verify_email::account));
    let routes = either(routes, "/api/auth/verify-email/request", post(verify_email::request));
    let routes = link_pages::link_pages(routes);
    let routes = either(routes, "/api/users", get(profile::people));
    let routes = either(routes, "/api/users/{id}/block", post(blocking::block));
    let routes = either(routes, "/api/users/{id}/unblock", post(blocking::unblock));
    let routes = either(routes, "/api/user-profile/blocked", get(blocking::list));
    let routes = either(routes, "/api/ws-ticket", post(ws_ticket::issue));
    let routes = spellings::routes(watch::routes(rooms::routes(routes)));
    let routes = admin::routes(routes);
    let routes = either(routes, "/api/auth/google", post(vouched_sign_in::google));
    let routes = either(routes, "/api/auth/facebook", post(vouched_sign_in::facebook));
    let routes = either(routes, "/api/auth/link", post(link_account::link));
    let routes = either(routes, "/accounts/{provider}/login", get(browser_sign_in::login));
    let routes = either(routes, "/accounts/{provider}/callback", get(browser_sign_in::callback));
    either(routes, "/api/auth/guest", post(sign_in::guest))
}

/// Media coming in, accounts where a picture comes or goes with them, and messages that may bring a file along: so `api`,
/// which everybody waits for, needs no bucket.
pub fn upload_routes() -> Routes {
    let with_picture = DefaultBodyLimit::max(input::MAX_BODY_WITH_PICTURE);
    let register = post(register::register).layer(with_picture);
    let own = patch(profile::change).delete(profile::delete).layer(with_picture);
    let upload = post(media_post::media_post).layer(DefaultBodyLimit::disable());
    let routes = either(Routes::new(), "/media_post", upload);
    let routes = either(routes, "/api/register", register);
    let other_name = post(spellings::accounts::register).layer(with_picture);
    let routes = either(routes, "/api/accounts/register", other_name);
    let routes = either(routes, "/api/user-profile", own);
    let routes = rooms::upload_routes(routes);
    either(routes, "/api/uploads", post(uploads::begin))
}

/// Media going out.
pub fn download_routes() -> Routes {
    let routes = either(Routes::new(), "/media_get", get(media_get::by_id));
    either(routes, "/media/{filename}", get(media_get::by_name))
}

/// Gives routes what all of them share: JSON errors for what isn't there, origins, request ids and limits. Whatever is
/// answered passes through the last two on its way out, so that pages can read every refusal, and the log knows it.
pub fn layered(app: Arc<App>, routes: Routes) -> Router {
    routes
        .fallback(error::not_found)
        .method_not_allowed_fallback(error::method_not_allowed)
        .layer(DefaultBodyLimit::max(MAX_BODY))
        .layer(from_fn(error::always_json))
        .layer(from_fn(rate_limit::rate_limit))
        .layer(from_fn_with_state(app.clone(), cross_origin::cross_origin))
        .layer(from_fn_with_state(app.clone(), request_id::request_id))
        .with_state(app)
}

/// A route with the slash at its end, and without.
fn either(routes: Routes, path: &str, method: MethodRouter<Arc<App>>) -> Routes {
    routes.route(path, method.clone()).route(&format!("{path}/"), method)
}
