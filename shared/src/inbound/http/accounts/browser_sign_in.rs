//! `GET /accounts/{provider}/login/` and `/callback/`: browsers that are sent to a provider, and come back.

use std::sync::Arc;

use axum::extract::rejection::QueryRejection;
use axum::extract::{Path, Query, State};
use axum::http::header::{ACCEPT, CACHE_CONTROL, COOKIE, HOST, LOCATION, REFERRER_POLICY, SET_COOKIE};
use axum::http::{HeaderMap, HeaderName, StatusCode};
use axum::response::{AppendHeaders, IntoResponse, Response};
use serde::Deserialize;

use crate::app::{self, App, AppError, FLOW_LIFE, FromAddress, LinkOffer, Return, Settings};
use crate::domain::next_url::NextUrl;
use crate::domain::provider::Provider;
use crate::domain::sign_in_flow::FlowSecret;
use crate::inbound::cookies::Cookie;
use crate::inbound::http::accounts::link_account::kept_by_browser;
use crate::inbound::http::accounts::sign_in::cookie;
use crate::inbound::http::answers::Limited;
use crate::inbound::http::client::Client;
use crate::inbound::http::error::{HttpError, needs, not_found};
use crate::inbound::http::error_page::as_page;
use crate::openapi_macros;

/// The name of the cookie that a browser keeps while somebody signs in elsewhere.
const FLOW: Cookie = Cookie { name: "sign_in", same_site: "Lax" };

#[derive(Deserialize, openapi_macros::IntoParams)]
#[into_params(parameter_in = Query)]
pub(in crate::inbound::http) struct Begin {
    /// Where the browser goes in the end: a path of ours, or a page of an allowed origin. Without it, our page.
    next: Option<String>,
}

/// Sends a browser to a provider.
///
/// Who accepts HTML gets an error as a page.
#[openapi_macros::path(
    get, path = "/accounts/{provider}/login/", operation_id = "begin_browser_sign_in", tag = "Accounts",
    params(("provider" = Provider, Path, description = "Who is to vouch"), Begin),
    security(()),
    responses(
        (status = 303, description = "There", headers(("Location" = String, description = "The provider's page"), ("Set-Cookie" = String, description = "The cookie `sign_in`, good for ten minutes"))),
        (status = 400, description = "`next` leads to a page that may not use us (`INVALID_INPUT`), or the query cannot be read (`MALFORMED`)"),
        (status = 404, description = "This provider is unknown (`NOT_FOUND`), or not set up here (`NOT_OFFERED`)"),
        Limited,
    ),
)]
pub(in crate::inbound::http) async fn login(
    State(app): State<Arc<App>>,
    Client(client): Client,
    Path(provider): Path<String>,
    query: Result<Query<Begin>, QueryRejection>,
    headers: HeaderMap,
) -> Response {
    let begun = async {
        let provider = known(&provider).await?;
        let query = query.map_err(|_| HttpError::malformed("The query cannot be read."))?.0;
        let next = next(&app, &headers, query.next.as_deref())?;
        app::limit_address(&app, FromAddress::SignIn, client).await?;
        let begun = app::begin_browser_sign_in(&app, provider, next).await?;
        let kept = FLOW.set(app.settings(), &begun.secret.reveal(), FLOW_LIFE);
        Ok(see_other(&begun.url, vec![kept]))
    };
    begun.await.unwrap_or_else(|error: HttpError| refusal(error, &headers))
}

/// What a provider sends a browser back with.
#[derive(Deserialize, openapi_macros::IntoParams)]
#[into_params(parameter_in = Query)]
pub(in crate::inbound::http) struct Back {
    /// What it was sent with.
    state: Option<String>,
    /// Who gave it (RFC 9207).
    iss: Option<String>,
    /// What signs in; none if whoever it is changed their mind.
    code: Option<String>,
}

/// Signs in whoever comes back from a provider.
///
/// Good once, and in the browser that was sent there. Who accepts HTML gets an error as a page.
#[openapi_macros::path(
    get, path = "/accounts/{provider}/callback/", operation_id = "finish_browser_sign_in", tag = "Accounts",
    params(("provider" = Provider, Path, description = "Who vouches"), Back),
    security(()),
    responses(
        (status = 303, description = "To where the browser wanted to go; or to `/accounts/link/`, where an account has the address and its secret is asked for once", headers(("Location" = String, description = "That page"), ("Set-Cookie" = String, description = "The cookie `session`"))),
        (status = 400, description = "No such sign-in was begun in this browser lately (`INVALID_INPUT`), or the query cannot be read (`MALFORMED`)"),
        (status = 401, description = "The provider does not vouch for it (`WRONG_CREDENTIALS`)"),
        (status = 403, description = "The sign-in was called off (`FORBIDDEN`), or the account is disabled (`ACCOUNT_DISABLED`)"),
        (status = 404, description = "This provider is unknown (`NOT_FOUND`), or not set up here (`NOT_OFFERED`)"),
        (status = 409, description = "The account was changed at this moment (`CONFLICT`)"),
    ),
)]
pub(in crate::inbound::http) async fn callback(
    State(app): State<Arc<App>>,
    Path(provider): Path<String>,
    query: Result<Query<Back>, QueryRejection>,
    headers: HeaderMap,
) -> Response {
    let finished = async {
        let provider = known(&provider).await?;
        let query = query.map_err(|_| HttpError::malformed("The query cannot be read."))?.0;
        let secret = flow_secret(app.settings(), &headers);
        let Back { state, code, iss: issuer } = query;
        let back = Return { state: state.unwrap_or_default(), code, issuer, secret };
        let flow_over = FLOW.set(app.settings(), "", 0);
        match app::finish_browser_sign_in(&app, provider, back).await {
            Err(AppError::LinkNeeded(offer)) => Ok(asked_for_secret(app.settings(), &offer, flow_over)),
            finished => {
                let (sign_in, next) = finished?;
                Ok(see_other(&next, vec![cookie(app.settings(), &sign_in), flow_over]))
            }
        }
    };
    finished.await.unwrap_or_else(|error: HttpError| refusal(error, &headers))
}

/// Sends a browser to the page that asks for the account's secret. What it is good for lies in a cookie: no link leads there
/// with somebody else's sign-in.
fn asked_for_secret(settings: &Settings, offer: &LinkOffer, flow_over: String) -> Response {
    let (provider, needs) = (offer.provider.name(), needs(offer.demand));
    let page = format!("/accounts/link/?provider={provider}&needs={needs}");
    see_other(&page, vec![kept_by_browser(settings, &offer.token), flow_over])
}

async fn known(provider: &str) -> Result<Provider, HttpError> {
    match provider.parse() {
        Ok(provider) => Ok(provider),
        Err(()) => Err(not_found().await),
    }
}

fn next(app: &App, headers: &HeaderMap, wanted: Option<&str>) -> Result<NextUrl, HttpError> {
    let Some(wanted) = wanted.filter(|wanted| !wanted.is_empty()) else { return Ok(NextUrl::default()) };
    let host = headers.get(HOST).and_then(|host| host.to_str().ok());
    let next = NextUrl::parse(wanted, &app.settings().origins(), host);
    next.ok_or_else(|| HttpError::field("next", "It leads neither to us nor to a page that may use us."))
}

/// Whatever URL brought a browser here holds secrets: no other page is told.
fn see_other(url: &str, cookies: Vec<String>) -> Response {
    let headers = [(LOCATION, url), (CACHE_CONTROL, "no-store"), (REFERRER_POLICY, "no-referrer")];
    let cookies: Vec<(HeaderName, String)> = cookies.into_iter().map(|cookie| (SET_COOKIE, cookie)).collect();
    (StatusCode::SEE_OTHER, headers, AppendHeaders(cookies)).into_response()
}

/// A person reads a page, a program JSON.
fn refusal(error: HttpError, headers: &HeaderMap) -> Response {
    let accepted = headers.get(ACCEPT).and_then(|accept| accept.to_str().ok()).unwrap_or_default();
    if accepted.contains("text/html") { as_page(error) } else { error.into_response() }
}

fn flow_secret(settings: &Settings, headers: &HeaderMap) -> Option<FlowSecret> {
    let mut cookies = headers.get_all(COOKIE).iter().filter_map(|cookies| cookies.to_str().ok());
    cookies.find_map(|cookies| FLOW.read(settings, cookies).and_then(FlowSecret::parse))
}
