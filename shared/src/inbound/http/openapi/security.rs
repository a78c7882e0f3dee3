//! Where credentials go. A call is for whoever is signed in unless it says `security(())`, which is for everybody.

use utoipa::openapi::Components;
use utoipa::openapi::path::Operation;
use utoipa::openapi::security::{
    ApiKey, ApiKeyValue, HttpAuthScheme, HttpBuilder, SecurityRequirement, SecurityScheme,
};

use crate::inbound::cookies::SESSION;

/// What the document says of the session's cookie.
const SET_BY: &str = "Set by every sign-in, for browsers. Over TLS it is called `__Host-session`.";

pub(super) fn add_schemes(components: &mut Components) {
    let bearer = HttpBuilder::new()
        .scheme(HttpAuthScheme::Bearer)
        .description(Some(
            "`access_token` or `token` of a sign-in; `Token` and `JWT` are understood in place of `Bearer`.",
        ))
        .build();
    let cookie = ApiKeyValue::with_description(SESSION.name, SET_BY);
    let token = ApiKeyValue::with_description("token", "For media, which pages load by their URL alone.");
    components.add_security_scheme("bearer", SecurityScheme::Http(bearer));
    components.add_security_scheme("cookie", SecurityScheme::ApiKey(ApiKey::Cookie(cookie)));
    components.add_security_scheme("token", SecurityScheme::ApiKey(ApiKey::Query(token)));
}

/// Says how a call is signed for; whether it refuses whoever isn't signed in.
pub(super) fn complete(operation: &mut Operation) -> bool {
    let anybody = SecurityRequirement::default();
    let ways = operation.security.get_or_insert_with(|| ["bearer", "cookie"].map(way).to_vec());
    let asks_who = !ways.contains(&anybody);
    if *ways == [anybody] {
        operation.security = None;
    }
    asks_who
}

fn way(name: &str) -> SecurityRequirement {
    SecurityRequirement::new::<_, [&str; 0], &str>(name, [])
}
