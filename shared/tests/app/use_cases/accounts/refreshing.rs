//! Refresh tokens, and sessions that end.

use std::time::Duration;

use futures_util::future::join_all;
use parlor::app::{self, AccountName, AppError, SignIn};
use parlor::ports::Job;

use crate::use_cases::accounts::signing_in::{PASSWORD, proof, register};
use crate::use_cases::house::*;

const SECOND: Duration = Duration::from_secs(1);

async fn sign_in(house: &House) -> SignIn {
    let proof = proof(Some(PASSWORD), None);
    app::sign_in_account(&house.app, &AccountName::username("ann"), &proof).await.unwrap()
}

async fn refresh(house: &House, sign_in: &SignIn) -> Result<SignIn, AppError> {
    app::refresh(&house.app, &sign_in.refresh_token.reveal()).await
}

async fn is_good(house: &House, token: &str) -> bool {
    match app::authenticate(&house.app, token).await {
        Ok(_) => true,
        Err(AppError::SessionEnded) => false,
        Err(other) => panic!("{other:?}"),
    }
}

#[tokio::test]
async fn a_refresh_token_is_exchanged_for_the_next_one_and_a_new_jwt() {
    let house = House::new();
    let ann = register(&house, "ann", Some(PASSWORD), None).await.unwrap();
    let mut newest = sign_in(&house).await;
    let token = newest.session_token.clone();
    for _ in 0..3 {
        house.clock.advance(20 * HOUR);
        let next = refresh(&house, &newest).await.unwrap();
        assert_ne!(next.refresh_token, newest.refresh_token);
        assert_ne!(next.access_token, newest.access_token);
        assert_eq!((&next.session_token, &next.user), (&token, &ann), "as ever");
        assert!(is_good(&house, &next.access_token).await && is_good(&house, &token.reveal()).await);
        newest = next;
    }
}

#[tokio::test]
async fn a_lost_answer_is_given_again_for_half_a_minute_and_then_the_session_ends() {
    let house = House::new();
    register(&house, "ann", Some(PASSWORD), None).await.unwrap();
    let first = sign_in(&house).await;
    let second = refresh(&house, &first).await.unwrap();
    house.clock.advance(30 * SECOND);
    let again = refresh(&house, &first).await.unwrap();
    assert_eq!(
        (&again.access_token, &again.refresh_token, &again.session_token),
        (&second.access_token, &second.refresh_token, &second.session_token)
    );
    house.clock.advance(SECOND);
    let late = refresh(&house, &first).await;
    assert!(matches!(late, Err(AppError::SessionEnded)), "{late:?}");
    assert!(!is_good(&house, &second.access_token).await);
    assert!(!is_good(&house, &second.session_token.reveal()).await);
    let newest = refresh(&house, &second).await;
    assert!(matches!(newest, Err(AppError::SessionEnded)), "{newest:?}");
}

#[tokio::test]
async fn many_who_refresh_at_once_get_the_same_tokens() {
    let house = House::new();
    register(&house, "ann", Some(PASSWORD), None).await.unwrap();
    let first = sign_in(&house).await;
    let results = join_all((0..50).map(|_| refresh(&house, &first))).await;
    let tokens: Vec<_> = results
        .into_iter()
        .map(Result::unwrap)
        .map(|one| (one.refresh_token.reveal(), one.access_token))
        .collect();
    assert!(tokens.iter().all(|one| *one == tokens[0]));
    assert!(is_good(&house, &tokens[0].1).await);
}

#[tokio::test]
async fn what_never_was_a_refresh_token_of_the_session_ends_nothing() {
    let house = House::new();
    register(&house, "ann", Some(PASSWORD), None).await.unwrap();
    let (mine, other) = (sign_in(&house).await, sign_in(&house).await);
    let mut forged = mine.refresh_token.reveal();
    forged.truncate(forged.len() - 10);
    forged.push_str("AAAAAAAAAA");
    for bad in [forged, mine.session_token.reveal(), mine.access_token.clone(), String::new()] {
        let result = app::refresh(&house.app, &bad).await;
        assert!(matches!(result, Err(AppError::Unauthenticated)), "{result:?}");
    }
    assert!(is_good(&house, &mine.access_token).await && is_good(&house, &other.access_token).await);
}

#[tokio::test]
async fn a_guest_refreshes_too_and_stays_by_it() {
    let house = House::new();
    let (mut newest, _) = house.sign_in().await;
    for _ in 0..3 {
        house.clock.advance(23 * HOUR);
        newest = refresh(&house, &newest).await.unwrap();
        assert!(newest.user.is_guest);
    }
    assert!(is_good(&house, &newest.access_token).await);
}

#[tokio::test]
async fn who_is_disabled_gets_no_new_tokens() {
    let house = House::new();
    let mut ann = register(&house, "ann", Some(PASSWORD), None).await.unwrap();
    let first = sign_in(&house).await;
    ann.is_disabled = true;
    house.put_user(&ann).await;
    let result = refresh(&house, &first).await;
    assert!(matches!(result, Err(AppError::AccountDisabled)), "{result:?}");
}

#[tokio::test]
async fn a_session_that_ends_takes_its_tokens_and_its_sockets_along_and_no_others() {
    let house = House::new();
    register(&house, "ann", Some(PASSWORD), None).await.unwrap();
    let (ending, staying) = (sign_in(&house).await, sign_in(&house).await);
    let identity = |one: &SignIn| one.session_token.identity.clone();
    let mut closed = house.connect("ending=", Some(identity(&ending))).await;
    let mut open = house.connect("staying=", Some(identity(&staying))).await;
    house.run(house.jobs.take()).await;
    house.jobs.take();

    app::end_session(&house.app, &identity(&ending)).await.unwrap();
    assert!(!is_good(&house, &ending.access_token).await);
    let jobs = house.jobs.take();
    assert_eq!(jobs, [(Job::EndSession { identity: identity(&ending) }, Duration::ZERO)]);
    house.run(jobs.clone()).await;
    house.run(jobs).await;
    let said = closed.until("SESSION_ENDED").await;
    assert!(said.contains(r#""close":4009"#), "{said}");

    assert!(is_good(&house, &staying.access_token).await);
    app::end_all_sessions(&house.app, staying.user.id).await.unwrap();
    assert!(!is_good(&house, &staying.access_token).await);
    house.run(house.jobs.take()).await;
    open.until("SESSION_ENDED").await;
}

#[tokio::test]
async fn nothing_ends_while_the_queue_takes_nothing_so_that_it_can_be_tried_again() {
    let house = House::new();
    let (sign_in, identity) = house.sign_in().await;
    house.jobs.fails.store(true, std::sync::atomic::Ordering::SeqCst);
    assert!(app::end_session(&house.app, &identity).await.is_err());
    assert!(is_good(&house, &sign_in.access_token).await);
    house.jobs.fails.store(false, std::sync::atomic::Ordering::SeqCst);
    app::end_session(&house.app, &identity).await.unwrap();
    assert!(!is_good(&house, &sign_in.access_token).await);
}
