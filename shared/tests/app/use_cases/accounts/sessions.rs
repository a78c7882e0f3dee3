//! Sessions and the tokens that name them.

use std::sync::Arc;

use parlor::app::{self, AppError};
use parlor::embedded::SqliteTable;
use parlor::store::Sessions;

use crate::use_cases::bench::*;

#[tokio::test]
async fn a_guest_who_is_about_stays_and_one_who_is_not_goes_after_a_day() {
    let bench = Bench::new();
    let (sign_in, identity) = bench.sign_in().await;
    let opaque = sign_in.session_token.reveal();
    let who = async |token: &str| app::authenticate(&bench.app, token).await;
    assert_eq!(who(&opaque).await.unwrap(), identity);
    assert_eq!(who(&sign_in.access_token).await.unwrap(), identity);
    bench.clock.advance(20 * HOUR);
    assert_eq!(who(&opaque).await.unwrap(), identity);
    bench.clock.advance(20 * HOUR);
    assert_eq!(who(&opaque).await.unwrap(), identity);
    assert!(matches!(who(&sign_in.access_token).await, Err(AppError::Unauthenticated)), "a JWT lives a day");
    bench.clock.advance(25 * HOUR);
    assert!(matches!(who(&opaque).await, Err(AppError::SessionEnded)));
}

#[tokio::test]
async fn both_tokens_die_with_their_session_at_once() {
    let bench = Bench::new();
    let (sign_in, identity) = bench.sign_in().await;
    app::authenticate(&bench.app, &sign_in.access_token).await.unwrap();
    Sessions(&*bench.app.ports().table).end(&identity).await.unwrap();
    for token in [sign_in.access_token, sign_in.session_token.reveal()] {
        assert!(matches!(app::authenticate(&bench.app, &token).await, Err(AppError::SessionEnded)));
    }
}

#[tokio::test]
async fn twenty_processes_that_start_at_once_agree_on_one_signing_key() {
    let first = Bench::new();
    let clock = first.clock.clone();
    let table = Arc::new(SqliteTable::in_memory(clock.clone()).unwrap());
    let houses: Vec<_> = (0..20).map(|_| Bench::on(table.clone(), clock.clone())).collect();
    let signed_in = futures_util::future::join_all(houses.iter().map(Bench::sign_in)).await;
    let kid = |token: &str| token.split('.').next().unwrap().to_owned();
    assert!(signed_in.iter().all(|(one, _)| kid(&one.access_token) == kid(&signed_in[0].0.access_token)));
    for (bench, (sign_in, identity)) in houses.iter().rev().zip(&signed_in) {
        assert_eq!(app::authenticate(&bench.app, &sign_in.access_token).await.unwrap(), *identity);
    }
}

#[tokio::test]
async fn a_token_is_good_at_once_however_lately_a_stale_one_was_looked_up() {
    let (bench, other) = (Bench::new(), Bench::new());
    let (stale, _) = other.sign_in().await;
    assert!(app::authenticate(&bench.app, &stale.access_token).await.is_err());
    let (fresh, identity) = bench.sign_in().await;
    assert_eq!(app::authenticate(&bench.app, &fresh.access_token).await.unwrap(), identity);
}
