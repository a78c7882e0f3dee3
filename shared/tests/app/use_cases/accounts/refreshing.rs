//! Refresh tokens, and sessions that end.

use std::time::Duration;

use futures_util::future::join_all;
use parlor::app::{self, AccountName, AppError, SignIn};
use parlor::ports::Job;

use crate::use_cases::accounts::signing_in::{PASSWORD, proof, register};
use crate::use_cases::bench::*;

const SECOND: Duration = Duration::from_secs(1);

async fn sign_in(bench: &Bench) -> SignIn {
    let proof = proof(Some(PASSWORD), None);
    app::sign_in_account(&bench.app, &AccountName::username("ann"), &proof).await.unwrap()
}

async fn refresh(bench: &Bench, sign_in: &SignIn) -> Result<SignIn, AppError> {
    app::refresh(&bench.app, &sign_in.refresh_token.reveal()).await
}

async fn is_good(bench: &Bench, token: &str) -> bool {
    match app::authenticate(&bench.app, token).await {
        Ok(_) => true,
        Err(AppError::SessionEnded) => false,
        Err(other) => panic!("{other:?}"),
    }
}

#[tokio::test]
async fn a_refresh_token_is_exchanged_for_the_next_one_and_a_new_jwt() {
    let bench = Bench::new();
    let ann = register(&bench, "ann", Some(PASSWORD), None).await.unwrap();
    let mut newest = sign_in(&bench).await;
    let token = newest.session_token.clone();
    for _ in 0..3 {
        bench.clock.advance(20 * HOUR);
        let next = refresh(&bench, &newest).await.unwrap();
        assert_ne!(next.refresh_token, newest.refresh_token);
        assert_ne!(next.access_token, newest.access_token);
        assert_eq!((&next.session_token, &next.user), (&token, &ann), "as ever");
        assert!(is_good(&bench, &next.access_token).await && is_good(&bench, &token.reveal()).await);
        newest = next;
    }
}

#[tokio::test]
async fn a_lost_answer_is_given_again_for_half_a_minute_and_then_the_session_ends() {
    let bench = Bench::new();
    register(&bench, "ann", Some(PASSWORD), None).await.unwrap();
    let first = sign_in(&bench).await;
    let second = refresh(&bench, &first).await.unwrap();
    bench.clock.advance(30 * SECOND);
    let again = refresh(&bench, &first).await.unwrap();
    assert_eq!(
        (&again.access_token, &again.refresh_token, &again.session_token),
        (&second.access_token, &second.refresh_token, &second.session_token)
    );
    bench.clock.advance(SECOND);
    let late = refresh(&bench, &first).await;
    assert!(matches!(late, Err(AppError::SessionEnded)), "{late:?}");
    assert!(!is_good(&bench, &second.access_token).await);
    assert!(!is_good(&bench, &second.session_token.reveal()).await);
    let newest = refresh(&bench, &second).await;
    assert!(matches!(newest, Err(AppError::SessionEnded)), "{newest:?}");
}

#[tokio::test]
async fn many_who_refresh_at_once_get_the_same_tokens() {
    let bench = Bench::new();
    register(&bench, "ann", Some(PASSWORD), None).await.unwrap();
    let first = sign_in(&bench).await;
    let results = join_all((0..50).map(|_| refresh(&bench, &first))).await;
    let tokens: Vec<_> = results
        .into_iter()
        .map(Result::unwrap)
        .map(|one| (one.refresh_token.reveal(), one.access_token))
        .collect();
    assert!(tokens.iter().all(|one| *one == tokens[0]));
    assert!(is_good(&bench, &tokens[0].1).await);
}

#[tokio::test]
async fn what_never_was_a_refresh_token_of_the_session_ends_nothing() {
    let bench = Bench::new();
    register(&bench, "ann", Some(PASSWORD), None).await.unwrap();
    let (mine, other) = (sign_in(&bench).await, sign_in(&bench).await);
    let mut forged = mine.refresh_token.reveal();
    forged.truncate(forged.len() - 10);
    forged.push_str("AAAAAAAAAA");
    for bad in [forged, mine.session_token.reveal(), mine.access_token.clone(), String::new()] {
        let result = app::refresh(&bench.app, &bad).await;
        assert!(matches!(result, Err(AppError::Unauthenticated)), "{result:?}");
    }
    assert!(is_good(&bench, &mine.access_token).await && is_good(&bench, &other.access_token).await);
}

#[tokio::test]
async fn a_guest_refreshes_too_and_stays_by_it() {
    let bench = Bench::new();
    let (mut newest, _) = bench.sign_in().await;
    for _ in 0..3 {
        bench.clock.advance(23 * HOUR);
        newest = refresh(&bench, &newest).await.unwrap();
        assert!(newest.user.is_guest);
    }
    assert!(is_good(&bench, &newest.access_token).await);
}

#[tokio::test]
async fn who_is_disabled_gets_no_new_tokens() {
    let bench = Bench::new();
    let mut ann = register(&bench, "ann", Some(PASSWORD), None).await.unwrap();
    let first = sign_in(&bench).await;
    ann.is_disabled = true;
    bench.put_user(&ann).await;
    let result = refresh(&bench, &first).await;
    assert!(matches!(result, Err(AppError::AccountDisabled)), "{result:?}");
}

#[tokio::test]
async fn a_session_that_ends_takes_its_tokens_and_its_sockets_along_and_no_others() {
    let bench = Bench::new();
    register(&bench, "ann", Some(PASSWORD), None).await.unwrap();
    let (ending, staying) = (sign_in(&bench).await, sign_in(&bench).await);
    let identity = |one: &SignIn| one.session_token.identity.clone();
    let mut closed = bench.connect("ending=", Some(identity(&ending))).await;
    let mut open = bench.connect("staying=", Some(identity(&staying))).await;
    bench.run(bench.jobs.take()).await;
    bench.jobs.take();

    app::end_session(&bench.app, &identity(&ending)).await.unwrap();
    assert!(!is_good(&bench, &ending.access_token).await);
    let jobs = bench.jobs.take();
    assert_eq!(jobs, [(Job::EndSession { identity: identity(&ending) }, Duration::ZERO)]);
    bench.run(jobs.clone()).await;
    bench.run(jobs).await;
    let said = closed.until("SESSION_ENDED").await;
    assert!(said.contains(r#""close":4009"#), "{said}");

    assert!(is_good(&bench, &staying.access_token).await);
    app::end_all_sessions(&bench.app, staying.user.id).await.unwrap();
    assert!(!is_good(&bench, &staying.access_token).await);
    bench.run(bench.jobs.take()).await;
    open.until("SESSION_ENDED").await;
}

#[tokio::test]
async fn nothing_ends_while_the_queue_takes_nothing_so_that_it_can_be_tried_again() {
    let bench = Bench::new();
    let (sign_in, identity) = bench.sign_in().await;
    bench.jobs.fails.store(true, std::sync::atomic::Ordering::SeqCst);
    assert!(app::end_session(&bench.app, &identity).await.is_err());
    assert!(is_good(&bench, &sign_in.access_token).await);
    bench.jobs.fails.store(false, std::sync::atomic::Ordering::SeqCst);
    app::end_session(&bench.app, &identity).await.unwrap();
    assert!(!is_good(&bench, &sign_in.access_token).await);
}
