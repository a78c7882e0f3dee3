//! Somebody signs in elsewhere, and their browser comes back: the authorization-code flow with PKCE.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;

use crate::app::accounts::signing_in::sign_in::SignIn;
use crate::app::accounts::signing_in::sign_in_vouched::{refusal, sign_in_vouched};
use crate::app::{App, AppError};
use crate::domain::next_url::NextUrl;
use crate::domain::provider::Provider;
use crate::domain::sign_in_flow::FlowSecret;
use crate::ports::{ProviderAnswer, ProviderVisit};
use crate::store::{SignInFlow, SignInFlows};

/// How long somebody may take to sign in at a provider, in seconds.
pub const FLOW_LIFE: i64 = 600;

/// A sign-in that has begun.
#[derive(Debug)]
pub struct BegunSignIn {
    /// Where the browser goes now.
    pub url: String,
    /// What it keeps until it is back.
    pub secret: FlowSecret,
}

/// What a browser comes back with.
#[derive(Debug, Default)]
pub struct Return {
    /// What it was sent with.
    pub state: String,
    /// What the provider gave it; none if that is nothing.
    pub code: Option<String>,
    /// Who says that they gave the code, if they say so.
    pub issuer: Option<String>,
    /// What it has kept.
    pub secret: Option<FlowSecret>,
}

/// Begins a sign-in that ends at this page.
pub async fn begin_browser_sign_in(
    app: &App,
    provider: Provider,
    next: NextUrl,
) -> Result<BegunSignIn, AppError> {
    let secret = FlowSecret::new(app.ports.random.bytes());
    let visit = visit(app, provider, &secret, URL_SAFE_NO_PAD.encode(app.ports.random.bytes::<32>()));
    let url = app.ports.identities.begin(provider, &visit).await;
    let url = url.map_err(|error| refusal(provider, error))?;
    let expires_at = app.ports.clock.now().as_secs() + FLOW_LIFE;
    let flow = SignInFlow { provider, browser: secret.hash(), next: next.into(), expires_at };
    SignInFlows(&*app.ports.table).add(&visit.state, &flow).await?;
    Ok(BegunSignIn { url, secret })
}

/// Ends a sign-in that this browser began; answers where it goes next. It can be done once.
pub async fn finish_browser_sign_in(
    app: &App,
    provider: Provider,
    back: Return,
) -> Result<(SignIn, String), AppError> {
    let stale = AppError::InvalidInput {
        field: "state",
        why: "This sign-in took too long, has ended, or was begun in another browser; begin again.",
    };
    let Some(secret) = back.secret else { return Err(stale) };
    let flow = SignInFlows(&*app.ports.table).take(&back.state, provider, &secret.hash()).await?;
    let Some(flow) = flow else { return Err(stale) };
    let Some(code) = back.code else {
        return Err(AppError::Forbidden("The sign-in was called off."));
    };
    let answer = ProviderAnswer { code, issuer: back.issuer };
    let visit = visit(app, provider, &secret, back.state);
    let proven = app.ports.identities.finish(provider, &visit, &answer).await;
    let proven = proven.map_err(|error| refusal(provider, error))?;
    Ok((sign_in_vouched(app, &proven, Some(&flow.next)).await?, flow.next))
}

fn visit(app: &App, provider: Provider, secret: &FlowSecret, state: String) -> ProviderVisit {
    ProviderVisit {
        redirect_uri: format!("{}/accounts/{}/callback/", app.settings.public_url, provider.name()),
        state,
        nonce: secret.nonce(),
        verifier: secret.verifier(),
    }
}
