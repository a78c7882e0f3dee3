//! A browser signs in elsewhere and comes back.

use parlor::app::{self, AppError, BegunSignIn, Return};
use parlor::domain::next_url::NextUrl;
use parlor::domain::provider::Provider::{self, Facebook, Google};
use parlor::domain::sign_in_flow::FlowSecret;

use crate::use_cases::bench::*;
use crate::vouching::identity;

const CODE: &str = "the-code";

async fn begin(bench: &Bench) -> BegunSignIn {
    bench.providers.know(CODE, identity(Google, "1184", None));
    let origins = bench.app.settings().origins();
    let next = NextUrl::parse("/rooms/", &origins, None).unwrap();
    app::begin_browser_sign_in(&bench.app, Google, next).await.unwrap()
}

/// Comes back from the visit that began last.
async fn finish(
    bench: &Bench,
    provider: Provider,
    secret: Option<FlowSecret>,
    code: Option<&str>,
) -> Result<String, AppError> {
    let state = bench.providers.visits().last().unwrap().state.clone();
    let back = Return { state, code: code.map(str::to_owned), issuer: None, secret };
    app::finish_browser_sign_in(&bench.app, provider, back).await.map(|(_, next)| next)
}

fn is_stale(result: &Result<String, AppError>) -> bool {
    matches!(result, Err(AppError::InvalidInput { field: "state", .. }))
}

#[tokio::test]
async fn who_comes_back_is_signed_in_once_and_goes_where_they_wanted() {
    let bench = Bench::new();
    let BegunSignIn { url, secret } = begin(&bench).await;
    let visit = bench.providers.visits()[0].clone();
    assert_eq!(url, format!("https://provider.test/?state={}", visit.state));
    assert_eq!(visit.redirect_uri, "http://localhost/accounts/google/callback/");
    assert_eq!(finish(&bench, Google, Some(secret.clone()), Some(CODE)).await.unwrap(), "/rooms/");
    let again = finish(&bench, Google, Some(secret), Some(CODE)).await;
    assert!(is_stale(&again), "{again:?}");
}

#[tokio::test]
async fn a_sign_in_ends_in_the_browser_that_began_it_and_at_the_same_provider() {
    let bench = Bench::new();
    let secret = begin(&bench).await.secret;
    let stranger = Some(FlowSecret::new([7; 32]));
    for (provider, kept) in [(Google, None), (Google, stranger), (Facebook, Some(secret.clone()))] {
        let result = finish(&bench, provider, kept, Some(CODE)).await;
        assert!(is_stale(&result), "{result:?}");
    }
    // All of that has spoiled nothing.
    assert!(finish(&bench, Google, Some(secret), Some(CODE)).await.is_ok());
}

#[tokio::test]
async fn a_sign_in_lasts_ten_minutes() {
    let bench = Bench::new();
    for (seconds, is_good) in [(599, true), (600, false)] {
        let secret = begin(&bench).await.secret;
        bench.clock.advance(std::time::Duration::from_secs(seconds));
        let result = finish(&bench, Google, Some(secret), Some(CODE)).await;
        assert_eq!((result.is_ok(), is_stale(&result)), (is_good, !is_good), "{result:?}");
    }
}

#[tokio::test]
async fn who_calls_it_off_or_brings_a_bad_code_is_not_signed_in() {
    let bench = Bench::new();
    let secret = begin(&bench).await.secret;
    let off = finish(&bench, Google, Some(secret), None).await;
    assert!(matches!(off, Err(AppError::Forbidden(_))), "{off:?}");
    let secret = begin(&bench).await.secret;
    let bad = finish(&bench, Google, Some(secret), Some("another")).await;
    assert!(matches!(bad, Err(AppError::NotVouched(Google))), "{bad:?}");
}

#[tokio::test]
async fn nothing_in_the_table_would_help_anybody_to_finish_it() {
    let bench = Bench::new();
    let secret = begin(&bench).await.secret;
    let flow = app::begin_browser_sign_in(&bench.app, Google, NextUrl::default()).await.unwrap();
    assert_ne!(flow.secret, secret);
    let visits = bench.providers.visits().clone();
    assert!(visits[0].state != visits[1].state && visits[0].nonce != visits[1].nonce);
    assert!(visits[0].verifier == secret.verifier() && secret.hash() != secret.reveal());
}
