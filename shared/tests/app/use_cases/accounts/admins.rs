//! Admins at work.

use std::time::Duration;

use futures_util::future::join_all;
use parlor::app::admin::{
    AdminRequest, UserChange, UserCursor, UserSearch, change_user, end_sessions_of, find_users, require_admin,
};
use parlor::app::{self, AccountName, AppError, SignIn};
use parlor::ids::UserId;
use parlor::protocol::Role;
use parlor::store::{AuditAction, AuditRecord, User, Users};

use crate::use_cases::accounts::console::{admin, trail};
use crate::use_cases::accounts::signing_in::{PASSWORD, proof, register};
use crate::use_cases::house::*;

const DISABLE: UserChange = UserChange { is_disabled: Some(true), role: None };
const ENABLE: UserChange = UserChange { is_disabled: Some(false), role: None };
const PROMOTE: UserChange = UserChange { is_disabled: None, role: Some(Role::Admin) };
const DEMOTE: UserChange = UserChange { is_disabled: None, role: Some(Role::Member) };

fn by(admin: &User) -> AdminRequest {
    AdminRequest { admin: admin.id, request_id: "r".to_owned() }
}

async fn sign_in(house: &House, name: &str) -> Result<SignIn, AppError> {
    app::sign_in_account(&house.app, &AccountName::username(name), &proof(Some(PASSWORD), None)).await
}

async fn change(house: &House, admin: &User, user: &User, change: UserChange) -> Result<User, AppError> {
    // The trail is in the order of time.
    house.clock.advance(Duration::from_micros(1));
    change_user(&house.app, &by(admin), user.id, change).await
}

/// What was done to whom, oldest first, by admins who were signed in.
async fn deeds(house: &House) -> Vec<(AuditAction, UserId)> {
    let deed = |record: AuditRecord| record.admin.and(record.user).map(|user| (record.action, user));
    trail(house).await.into_iter().rev().filter_map(deed).collect()
}

#[tokio::test]
async fn whoever_is_disabled_is_out_at_once_and_stays_out_until_enabled() {
    let house = House::new();
    let root = admin(&house, "root").await;
    let ann = register(&house, "ann", Some(PASSWORD), None).await.unwrap();
    let tokens = sign_in(&house, "ann").await.unwrap();
    let identity = &tokens.session_token.identity;
    let mut socket = house.connect("A", Some(identity.clone())).await;
    house.run(house.jobs.take()).await;
    let ticket = app::issue_ticket(&house.app, identity).await.unwrap().reveal();

    assert!(change(&house, &root, &ann, DISABLE).await.unwrap().is_disabled);
    for token in [&tokens.access_token, &tokens.session_token.reveal()] {
        let ended = app::authenticate(&house.app, token).await;
        assert!(matches!(ended, Err(AppError::SessionEnded)), "{ended:?}");
    }
    let ended = app::authenticate_handshake(&house.app, &ticket).await;
    assert!(matches!(ended, Err(AppError::SessionEnded)), "{ended:?}");
    let ended = app::refresh(&house.app, &tokens.refresh_token.reveal()).await;
    assert!(matches!(ended, Err(AppError::SessionEnded)), "{ended:?}");
    assert!(matches!(sign_in(&house, "ann").await, Err(AppError::AccountDisabled)));
    house.run(house.jobs.take()).await;
    socket.until("SESSION_ENDED").await;

    let enabled = change(&house, &root, &ann, ENABLE).await.unwrap();
    assert_eq!(enabled, User { revision: 2, ..ann.clone() });
    assert_eq!(sign_in(&house, "ann").await.unwrap().user, enabled);
    assert!(matches!(app::authenticate(&house.app, &tokens.access_token).await, Err(AppError::SessionEnded)));
    let expected = [(AuditAction::UserDisabled, ann.id), (AuditAction::UserEnabled, ann.id)];
    assert_eq!(deeds(&house).await, expected);
}

#[tokio::test]
async fn a_sign_in_that_read_its_account_before_it_was_disabled_begins_no_session() {
    let house = House::new();
    let root = admin(&house, "root").await;
    let ann = register(&house, "ann", Some(PASSWORD), None).await.unwrap();
    for _ in 0..8 {
        let (signed_in, disabled) =
            tokio::join!(sign_in(&house, "ann"), change(&house, &root, &ann, DISABLE));
        disabled.unwrap();
        if let Ok(tokens) = signed_in {
            let ended = app::authenticate(&house.app, &tokens.access_token).await;
            assert!(matches!(ended, Err(AppError::SessionEnded)), "{ended:?}");
        }
        change(&house, &root, &ann, ENABLE).await.unwrap();
        // So many attempts are allowed in five minutes.
        house.clock.advance(HOUR);
    }
}

#[tokio::test]
async fn while_the_queue_takes_nothing_nobody_is_disabled() {
    let house = House::new();
    let root = admin(&house, "root").await;
    let ann = register(&house, "ann", Some(PASSWORD), None).await.unwrap();
    let tokens = sign_in(&house, "ann").await.unwrap();
    house.jobs.fails.store(true, std::sync::atomic::Ordering::SeqCst);
    assert!(matches!(change(&house, &root, &ann, DISABLE).await, Err(AppError::Unavailable(_))));
    assert_eq!(app::profile(&house.app, ann.id).await.unwrap(), ann);
    assert!(app::authenticate(&house.app, &tokens.access_token).await.is_ok());
    assert_eq!(deeds(&house).await, []);
}

#[tokio::test]
async fn what_is_so_already_is_not_noted() {
    let house = House::new();
    let root = admin(&house, "root").await;
    let ann = register(&house, "ann", Some(PASSWORD), None).await.unwrap();
    for nothing in [ENABLE, DEMOTE, UserChange::default()] {
        assert_eq!(change(&house, &root, &ann, nothing).await.unwrap(), ann);
        assert_eq!(
            change(&house, &root, &root, UserChange { is_disabled: Some(false), ..PROMOTE }).await.unwrap(),
            root
        );
    }
    assert_eq!(deeds(&house).await, []);
}

#[tokio::test]
async fn ended_sessions_are_noted_and_new_ones_may_begin() {
    let house = House::new();
    let root = admin(&house, "root").await;
    let ann = register(&house, "ann", Some(PASSWORD), None).await.unwrap();
    let tokens = sign_in(&house, "ann").await.unwrap();
    end_sessions_of(&house.app, &by(&root), ann.id).await.unwrap();
    assert!(matches!(app::authenticate(&house.app, &tokens.access_token).await, Err(AppError::SessionEnded)));
    assert!(sign_in(&house, "ann").await.is_ok());
    assert_eq!(deeds(&house).await, [(AuditAction::SessionsEnded, ann.id)]);
    let nobody = end_sessions_of(&house.app, &by(&root), UserId(99)).await;
    assert!(matches!(nobody, Err(AppError::NotFound)), "{nobody:?}");
    let by_ann = end_sessions_of(&house.app, &by(&ann), root.id).await;
    assert!(matches!(by_ann, Err(AppError::Forbidden(_))), "{by_ann:?}");
}

#[tokio::test]
async fn a_role_counts_from_the_moment_it_is_given_to_the_moment_it_is_taken() {
    let house = House::new();
    let root = admin(&house, "root").await;
    let ann = register(&house, "ann", Some(PASSWORD), None).await.unwrap();
    let identity = sign_in(&house, "ann").await.unwrap().session_token.identity;
    let is_admin = async || require_admin(&house.app, &identity).await.is_ok();
    assert!(!is_admin().await);
    change(&house, &root, &ann, PROMOTE).await.unwrap();
    assert!(is_admin().await);
    change(&house, &root, &ann, DEMOTE).await.unwrap();
    assert!(!is_admin().await);
    let refused = change(&house, &ann, &root, DISABLE).await;
    assert!(matches!(refused, Err(AppError::Forbidden(_))), "{refused:?}");
    let (guest, _) = house.sign_in().await;
    let refused = change(&house, &root, &guest.user, PROMOTE).await;
    assert!(matches!(refused, Err(AppError::InvalidInput { field: "role", .. })), "{refused:?}");
    let expected = [(AuditAction::AdminGranted, ann.id), (AuditAction::AdminRevoked, ann.id)];
    assert_eq!(deeds(&house).await, expected);
}

#[tokio::test]
async fn of_two_admins_who_demote_or_disable_each_other_at_once_one_is_left() {
    let house = House::new();
    for round in 0..10 {
        let (a, b) = (admin(&house, &format!("a{round}x")).await, admin(&house, &format!("b{round}x")).await);
        let what = if round % 2 == 0 { DEMOTE } else { DISABLE };
        let (of_b, of_a) = tokio::join!(change(&house, &a, &b, what), change(&house, &b, &a, what));
        assert!(of_a.is_ok() != of_b.is_ok(), "{of_a:?} {of_b:?}");
        let refused = of_a.err().or(of_b.err());
        assert!(matches!(refused, Some(AppError::Forbidden(_))), "{refused:?}");
    }
    assert_eq!(deeds(&house).await.len(), 10);
}

#[tokio::test]
async fn nobody_takes_their_own_rights_away_and_the_last_admin_stays() {
    let house = House::new();
    let root = admin(&house, "root").await;
    for own in [DISABLE, DEMOTE] {
        let refused = change(&house, &root, &root, own).await;
        assert!(matches!(refused, Err(AppError::Conflict(_))), "{refused:?}");
    }
    let identity = sign_in(&house, "root").await.unwrap().session_token.identity;
    let refused = app::delete_profile(&house.app, &identity).await;
    assert!(matches!(refused, Err(AppError::Conflict(_))), "{refused:?}");
    assert!(require_admin(&house.app, &identity).await.is_ok(), "still signed in");
    let other = admin(&house, "other").await;
    change(&house, &root, &other, DISABLE).await.unwrap();
    assert!(app::delete_profile(&house.app, &identity).await.is_err(), "the other one is disabled");
    change(&house, &root, &other, ENABLE).await.unwrap();
    app::delete_profile(&house.app, &identity).await.unwrap();
    let refused = change(&house, &root, &other, DISABLE).await;
    assert!(matches!(refused, Err(AppError::Forbidden(_))), "{refused:?}");
}

#[tokio::test]
async fn of_two_last_admins_who_go_at_once_one_stays() {
    let house = House::new();
    for name in ["one", "two"] {
        admin(&house, name).await;
    }
    let mut identities = Vec::new();
    for name in ["one", "two"] {
        identities.push(sign_in(&house, name).await.unwrap().session_token.identity);
    }
    let gone = join_all(identities.iter().map(|identity| app::delete_profile(&house.app, identity))).await;
    assert_eq!(gone.iter().filter(|gone| gone.is_ok()).count(), 1, "{gone:?}");
    let refused = gone.into_iter().find_map(Result::err);
    assert!(matches!(refused, Some(AppError::Busy | AppError::Conflict(_))), "{refused:?}");
}

#[tokio::test]
async fn the_trail_holds_numbers_alone_and_outlives_people() {
    let house = House::new();
    let root = admin(&house, "root").await;
    register(&house, "ann", Some(PASSWORD), None).await.unwrap();
    let identity = sign_in(&house, "ann").await.unwrap().session_token.identity;
    end_sessions_of(&house.app, &by(&root), identity.user).await.unwrap();
    let identity = sign_in(&house, "ann").await.unwrap().session_token.identity;
    app::delete_profile(&house.app, &identity).await.unwrap();
    let left = format!("{:?}", trail(&house).await);
    assert!(
        left.contains("SessionsEnded") && !left.to_lowercase().contains("ann") && !left.contains('@'),
        "{left}"
    );
}

/// The numbers on all pages, and how many pages there were.
async fn pages(house: &House, search: &UserSearch, limit: usize) -> (Vec<u64>, usize) {
    let (mut found, mut count, mut next) = (Vec::new(), 0, None::<UserCursor>);
    loop {
        let page = find_users(&house.app, search, next, limit).await.unwrap();
        assert!(page.users.len() <= limit);
        found.extend(page.users.iter().map(|user| user.id.0));
        count += 1;
        // As clients send it back.
        next = page.next.map(|cursor| cursor.to_string().parse().unwrap());
        if next.is_none() {
            return (found, count);
        }
    }
}

#[tokio::test]
async fn everybody_is_on_one_page_whatever_gaps_there_are() {
    let house = House::new();
    assert_eq!(pages(&house, &UserSearch::All, 5).await, (vec![], 1));
    let mut expected = Vec::new();
    let users = Users(&*house.app.ports().table);
    for _ in 0..3 {
        expected.push(house.sign_in().await.0.user.id.0);
        for _ in 0..700 {
            users.next_id().await.unwrap();
        }
        expected.push(house.sign_in().await.0.user.id.0);
    }
    for limit in [1, 2, 100] {
        let (found, count) = pages(&house, &UserSearch::All, limit).await;
        assert_eq!(found, expected, "{limit}");
        assert!(count <= 8, "{limit}: {count} pages");
    }
}

#[tokio::test]
async fn people_are_searched_by_the_beginning_of_a_name_or_by_a_whole_address() {
    let house = House::new();
    let mut ids = Vec::new();
    for name in ["anna", "Ann", "bert", "annabel"] {
        ids.push(register(&house, name, Some(PASSWORD), None).await.unwrap().id.0);
    }
    let by_name = |text: &str| UserSearch::Username(text.to_owned());
    for limit in [1, 2, 3, 100] {
        assert_eq!(pages(&house, &by_name("aNN"), limit).await.0, [ids[1], ids[0], ids[3]], "{limit}");
    }
    assert_eq!(pages(&house, &by_name("zoe"), 5).await.0, [0; 0]);
    let by_email = |text: &str| UserSearch::Email(text.to_owned());
    assert_eq!(pages(&house, &by_email("BERT@example.org"), 5).await.0, [ids[2]]);
    assert_eq!(pages(&house, &by_email("ber@example.org"), 5).await.0, [0; 0]);
    let wrong = find_users(&house.app, &by_email("bert"), None, 5).await;
    assert!(matches!(wrong, Err(AppError::InvalidInput { field: "email", .. })), "{wrong:?}");
    for (search, cursor) in [(UserSearch::All, "uanna"), (by_name("ann"), "i1"), (by_name("ann"), "ubert")] {
        let wrong = find_users(&house.app, &search, Some(cursor.parse().unwrap()), 5).await;
        assert!(matches!(wrong, Err(AppError::InvalidInput { field: "cursor", .. })), "{wrong:?}");
    }
}
