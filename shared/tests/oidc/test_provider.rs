//! An OpenID provider, and Facebook's Graph API, in the test's own process.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard};

use axum::extract::{Query, State};
use axum::http::header::CACHE_CONTROL;
use axum::http::{StatusCode, Uri};
use axum::response::{IntoResponse as _, Redirect, Response};
use axum::routing::{get, post};
use axum::{Json, Router};
use hyper::server::conn::http1;
use hyper_util::rt::TokioIo;
use hyper_util::service::TowerToHyperService;
use parlor::domain::provider::Provider;
use parlor::oidc::{ClientSecret, FacebookSettings, GoogleSettings, OpenIdProviders, ProviderSettings};
use parlor::ports::{Clock as _, IdentityError, IdentityProviders as _, ProvenIdentity};
use parlor::protocol::Timestamp;
use parlor::testing::SettableClock;
use serde_json::{Value, json};
use tokio::net::TcpListener;

use crate::signed_tokens::rsa_key;

pub(crate) const WEB: &str = "web.apps.test";
pub(crate) const PHONE: &str = "phone.apps.test";
pub(crate) const APP: &str = "4711";
pub(crate) const SECRET: &str = "s3cret-of-the-app";

/// What the provider answers, and what it was asked.
#[derive(Default)]
pub(crate) struct Script {
    pub(crate) keys: Vec<Value>,
    pub(crate) keys_max_age: Option<u32>,
    /// How often the keys were asked for.
    pub(crate) keys_asked_for: usize,
    /// In the place of what the discovery document says.
    pub(crate) discovery: HashMap<&'static str, String>,
    /// What a code is exchanged for.
    pub(crate) tokens: (u16, Value),
    /// How codes were exchanged.
    pub(crate) exchanges: Vec<HashMap<String, String>>,
    /// What the Graph API says of a token and of its owner.
    pub(crate) debug_token: Value,
    pub(crate) me: Value,
    /// How the Graph API was asked.
    pub(crate) graph_queries: Vec<HashMap<String, String>>,
    /// Whether keys are answered by a redirect, a torrent or not at all.
    pub(crate) fault: Option<Fault>,
}

#[derive(Debug, Clone, Copy)]
pub(crate) enum Fault {
    Redirect,
    Torrent,
    Broken,
    Nonsense,
}

/// A provider that is up, and the application's view of it.
pub(crate) struct TestProvider {
    pub(crate) url: String,
    pub(crate) clock: Arc<SettableClock>,
    pub(crate) providers: OpenIdProviders,
    script: Arc<Mutex<Script>>,
}

impl TestProvider {
    /// One with a key named `a`.
    pub(crate) async fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let script = Script { keys: vec![rsa_key(0, "a")], ..Script::default() };
        let script = Arc::new(Mutex::new(script));
        tokio::spawn(serve(listener, router(url.clone(), script.clone())));
        let clock = Arc::new(SettableClock::at(Timestamp::from_secs(1_000_000_000)));
        let providers = OpenIdProviders::new(settings(&url), clock.clone());
        Self { url, clock, providers, script }
    }

    pub(crate) fn script(&self) -> MutexGuard<'_, Script> {
        self.script.lock().unwrap()
    }

    /// What a good token says.
    pub(crate) fn claims(&self) -> Value {
        let now = self.clock.now().as_secs();
        json!({
            "iss": self.url, "aud": WEB, "azp": WEB, "sub": "1184", "iat": now, "exp": now + 3600,
            "email": "ann@example.org", "email_verified": true, "name": "Ann Lee",
        })
    }

    /// What a good token says, with something else in it. `null` takes a claim away.
    pub(crate) fn claims_with(&self, other: Value) -> Value {
        let mut claims = self.claims();
        let all = claims.as_object_mut().unwrap();
        for (name, value) in other.as_object().unwrap().clone() {
            if value.is_null() {
                all.remove(&name)
            } else {
                all.insert(name, value)
            };
        }
        claims
    }

    pub(crate) async fn verify(&self, token: &str) -> Result<ProvenIdentity, IdentityError> {
        self.providers.verify_id_token(Provider::Google, token).await
    }

    /// Fails unless a token is refused, whose text the reason does not hold.
    pub(crate) async fn refuses(&self, token: &str, why: &str) {
        let error = self.verify(token).await.expect_err(why);
        assert!(matches!(error, IdentityError::Refused(_)), "{why}: {error:?}");
        let parts = token.split('.').filter(|part| part.len() > 8);
        assert!(parts.into_iter().all(|part| !format!("{error:?}").contains(part)), "{why}: {error:?}");
    }
}

/// What makes an application use the provider at this URL for everything.
pub(crate) fn settings(url: &str) -> ProviderSettings {
    let secret = || ClientSecret::new(SECRET);
    ProviderSettings {
        google: Some(GoogleSettings {
            client_ids: vec![WEB.to_owned(), PHONE.to_owned()],
            client_secret: secret(),
            issuer: url.to_owned(),
        }),
        facebook: Some(FacebookSettings {
            app_id: APP.to_owned(),
            app_secret: secret(),
            issuer: Some(url.to_owned()),
            graph_url: url.to_owned(),
        }),
    }
}

async fn serve(listener: TcpListener, router: Router) {
    loop {
        let (stream, _) = listener.accept().await.unwrap();
        let service = TowerToHyperService::new(router.clone());
        tokio::spawn(http1::Builder::new().serve_connection(TokioIo::new(stream), service));
    }
}

type Shared = State<(String, Arc<Mutex<Script>>)>;

fn router(url: String, script: Arc<Mutex<Script>>) -> Router {
    Router::new()
        .route("/.well-known/openid-configuration", get(discovery))
        .route("/keys", get(keys))
        .route("/token", post(token))
        .route("/debug_token", get(graph))
        .route("/me", get(graph))
        .with_state((url, script))
}

async fn discovery(State((url, script)): Shared) -> Json<Value> {
    let mut document = json!({
        "issuer": url, "authorization_endpoint": format!("{url}/authorize"),
        "token_endpoint": format!("{url}/token"), "jwks_uri": format!("{url}/keys"),
    });
    for (name, value) in &script.lock().unwrap().discovery {
        document[*name] = value.clone().into();
    }
    Json(document)
}

async fn keys(State((_, script)): Shared) -> Response {
    let mut script = script.lock().unwrap();
    script.keys_asked_for += 1;
    let keys = Json(json!({"keys": script.keys}));
    match script.fault {
        Some(Fault::Redirect) => {
            return Redirect::temporary("/.well-known/openid-configuration").into_response();
        }
        Some(Fault::Torrent) => return "x".repeat(1 << 20).into_response(),
        Some(Fault::Broken) => return StatusCode::INTERNAL_SERVER_ERROR.into_response(),
        Some(Fault::Nonsense) => return "<html>".into_response(),
        None => {}
    }
    match script.keys_max_age {
        Some(seconds) => ([(CACHE_CONTROL, format!("public, max-age={seconds}"))], keys).into_response(),
        None => keys.into_response(),
    }
}

async fn token(State((_, script)): Shared, form: axum::Form<HashMap<String, String>>) -> Response {
    let mut script = script.lock().unwrap();
    script.exchanges.push(form.0);
    let (status, tokens) = script.tokens.clone();
    (StatusCode::from_u16(status).unwrap(), Json(tokens)).into_response()
}

async fn graph(State((_, script)): Shared, uri: Uri, query: Query<HashMap<String, String>>) -> Response {
    let mut script = script.lock().unwrap();
    script.graph_queries.push(query.0);
    let answer = if uri.path() == "/me" { script.me.clone() } else { script.debug_token.clone() };
    if answer.is_null() { StatusCode::BAD_REQUEST.into_response() } else { Json(answer).into_response() }
}
