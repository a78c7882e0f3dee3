//! Tickets for sockets.

use std::time::Duration;

use parlor::app::{self, AppError};

use crate::use_cases::bench::*;

#[tokio::test]
async fn a_ticket_opens_one_socket_within_half_a_minute() {
    let bench = Bench::new();
    let (_, identity) = bench.sign_in().await;
    let ticket = || app::issue_ticket(&bench.app, &identity);
    let first = ticket().await.unwrap().reveal();
    bench.clock.advance(Duration::from_secs(29));
    assert_eq!(app::authenticate_handshake(&bench.app, &first).await.unwrap(), identity);
    let second_use = app::authenticate_handshake(&bench.app, &first).await;
    assert!(matches!(second_use, Err(AppError::Unauthenticated)), "{second_use:?}");

    let late = ticket().await.unwrap().reveal();
    bench.clock.advance(Duration::from_secs(30));
    let late = app::authenticate_handshake(&bench.app, &late).await;
    assert!(matches!(late, Err(AppError::Unauthenticated)), "{late:?}");
}

#[tokio::test]
async fn of_many_who_use_a_ticket_at_once_one_gets_in() {
    let bench = Bench::new();
    let (_, identity) = bench.sign_in().await;
    let ticket = app::issue_ticket(&bench.app, &identity).await.unwrap().reveal();
    let uses = (0..50).map(|_| app::authenticate_handshake(&bench.app, &ticket));
    let results = futures_util::future::join_all(uses).await;
    assert_eq!(results.iter().filter(|result| result.is_ok()).count(), 1);
}

#[tokio::test]
async fn a_ticket_is_no_token_and_dies_with_its_session() {
    let bench = Bench::new();
    let (sign_in, identity) = bench.sign_in().await;
    let ticket = app::issue_ticket(&bench.app, &identity).await.unwrap().reveal();
    assert!(matches!(app::authenticate(&bench.app, &ticket).await, Err(AppError::Unauthenticated)));
    for token in [sign_in.access_token, sign_in.session_token.reveal()] {
        assert_eq!(app::authenticate_handshake(&bench.app, &token).await.unwrap(), identity);
    }
    app::end_session(&bench.app, &identity).await.unwrap();
    let dead = app::authenticate_handshake(&bench.app, &ticket).await;
    assert!(matches!(dead, Err(AppError::SessionEnded)), "{dead:?}");
}
