//! A browser signs in elsewhere and comes back.

use parlor::app::{self, AppError, BegunSignIn, Return};
use parlor::domain::next_url::NextUrl;
use parlor::domain::provider::Provider::{self, Facebook, Google};
use parlor::domain::sign_in_flow::FlowSecret;

use crate::use_cases::house::*;
use crate::vouching::identity;

const CODE: &str = "the-code";

async fn begin(house: &House) -> BegunSignIn {
    house.providers.know(CODE, identity(Google, "1184", None));
    let origins = house.app.settings().origins();
    let next = NextUrl::parse("/rooms/", &origins, None).unwrap();
    app::begin_browser_sign_in(&house.app, Google, next).await.unwrap()
}

/// Comes back from the visit that began last.
async fn finish(
    house: &House,
    provider: Provider,
    secret: Option<FlowSecret>,
    code: Option<&str>,
) -> Result<String, AppError> {
    let state = house.providers.visits().last().unwrap().state.clone();
    let back = Return { state, code: code.map(str::to_owned), secret };
    app::finish_browser_sign_in(&house.app, provider, back).await.map(|(_, next)| next)
}

fn is_stale(result: &Result<String, AppError>) -> bool {
    matches!(result, Err(AppError::InvalidInput { field: "state", .. }))
}

#[tokio::test]
async fn who_comes_back_is_signed_in_once_and_goes_where_they_wanted() {
    let house = House::new();
    let BegunSignIn { url, secret } = begin(&house).await;
    let visit = house.providers.visits()[0].clone();
    assert_eq!(url, format!("https://provider.test/?state={}", visit.state));
    assert_eq!(visit.redirect_uri, "http://localhost/accounts/google/callback/");
    assert_eq!(finish(&house, Google, Some(secret.clone()), Some(CODE)).await.unwrap(), "/rooms/");
    let again = finish(&house, Google, Some(secret), Some(CODE)).await;
    assert!(is_stale(&again), "{again:?}");
}

#[tokio::test]
async fn a_sign_in_ends_in_the_browser_that_began_it_and_at_the_same_provider() {
    let house = House::new();
    let secret = begin(&house).await.secret;
    let stranger = Some(FlowSecret::new([7; 32]));
    for (provider, kept) in [(Google, None), (Google, stranger), (Facebook, Some(secret.clone()))] {
        let result = finish(&house, provider, kept, Some(CODE)).await;
        assert!(is_stale(&result), "{result:?}");
    }
    // All of that has spoiled nothing.
    assert!(finish(&house, Google, Some(secret), Some(CODE)).await.is_ok());
}

#[tokio::test]
async fn a_sign_in_lasts_ten_minutes() {
    let house = House::new();
    for (seconds, is_good) in [(599, true), (600, false)] {
        let secret = begin(&house).await.secret;
        house.clock.advance(std::time::Duration::from_secs(seconds));
        let result = finish(&house, Google, Some(secret), Some(CODE)).await;
        assert_eq!((result.is_ok(), is_stale(&result)), (is_good, !is_good), "{result:?}");
    }
}

#[tokio::test]
async fn who_calls_it_off_or_brings_a_bad_code_is_not_signed_in() {
    let house = House::new();
    let secret = begin(&house).await.secret;
    let off = finish(&house, Google, Some(secret), None).await;
    assert!(matches!(off, Err(AppError::Forbidden(_))), "{off:?}");
    let secret = begin(&house).await.secret;
    let bad = finish(&house, Google, Some(secret), Some("another")).await;
    assert!(matches!(bad, Err(AppError::NotVouched(Google))), "{bad:?}");
}

#[tokio::test]
async fn nothing_in_the_table_would_help_anybody_to_finish_it() {
    let house = House::new();
    let secret = begin(&house).await.secret;
    let flow = app::begin_browser_sign_in(&house.app, Google, NextUrl::default()).await.unwrap();
    assert_ne!(flow.secret, secret);
    let visits = house.providers.visits().clone();
    assert!(visits[0].state != visits[1].state && visits[0].nonce != visits[1].nonce);
    assert!(visits[0].verifier == secret.verifier() && secret.hash() != secret.reveal());
}
