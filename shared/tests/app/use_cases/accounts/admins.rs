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
use crate::use_cases::bench::*;

const DISABLE: UserChange = UserChange { is_disabled: Some(true), role: None };
const ENABLE: UserChange = UserChange { is_disabled: Some(false), role: None };
const PROMOTE: UserChange = UserChange { is_disabled: None, role: Some(Role::Admin) };
const DEMOTE: UserChange = UserChange { is_disabled: None, role: Some(Role::Member) };

fn by(admin: &User) -> AdminRequest {
    AdminRequest { admin: admin.id, request_id: "r".to_owned() }
}

async fn sign_in(bench: &Bench, name: &str) -> Result<SignIn, AppError> {
    app::sign_in_account(&bench.app, &AccountName::username(name), &proof(Some(PASSWORD), None)).await
}

async fn change(bench: &Bench, admin: &User, user: &User, change: UserChange) -> Result<User, AppError> {
    // The trail is in the order of time.
    bench.clock.advance(Duration::from_micros(1));
    change_user(&bench.app, &by(admin), user.id, change).await
}

/// What was done to whom, oldest first, by admins who were signed in.
async fn deeds(bench: &Bench) -> Vec<(AuditAction, UserId)> {
    let deed = |record: AuditRecord| record.admin.and(record.user).map(|user| (record.action, user));
    trail(bench).await.into_iter().rev().filter_map(deed).collect()
}

#[tokio::test]
async fn whoever_is_disabled_is_out_at_once_and_stays_out_until_enabled() {
    let bench = Bench::new();
    let root = admin(&bench, "root").await;
    let ann = register(&bench, "ann", Some(PASSWORD), None).await.unwrap();
    let tokens = sign_in(&bench, "ann").await.unwrap();
    let identity = &tokens.session_token.identity;
    let mut socket = bench.connect("A", Some(identity.clone())).await;
    bench.run(bench.jobs.take()).await;
    let ticket = app::issue_ticket(&bench.app, identity).await.unwrap().reveal();

    assert!(change(&bench, &root, &ann, DISABLE).await.unwrap().is_disabled);
    for token in [&tokens.access_token, &tokens.session_token.reveal()] {
        let ended = app::authenticate(&bench.app, token).await;
        assert!(matches!(ended, Err(AppError::SessionEnded)), "{ended:?}");
    }
    let ended = app::authenticate_handshake(&bench.app, &ticket).await;
    assert!(matches!(ended, Err(AppError::SessionEnded)), "{ended:?}");
    let ended = app::refresh(&bench.app, &tokens.refresh_token.reveal()).await;
    assert!(matches!(ended, Err(AppError::SessionEnded)), "{ended:?}");
    assert!(matches!(sign_in(&bench, "ann").await, Err(AppError::AccountDisabled)));
    bench.run(bench.jobs.take()).await;
    socket.until("SESSION_ENDED").await;

    let enabled = change(&bench, &root, &ann, ENABLE).await.unwrap();
    assert_eq!(enabled, User { revision: 2, ..ann.clone() });
    assert_eq!(sign_in(&bench, "ann").await.unwrap().user, enabled);
    assert!(matches!(app::authenticate(&bench.app, &tokens.access_token).await, Err(AppError::SessionEnded)));
    let expected = [(AuditAction::UserDisabled, ann.id), (AuditAction::UserEnabled, ann.id)];
    assert_eq!(deeds(&bench).await, expected);
}

#[tokio::test]
async fn a_sign_in_that_read_its_account_before_it_was_disabled_begins_no_session() {
    let bench = Bench::new();
    let root = admin(&bench, "root").await;
    let ann = register(&bench, "ann", Some(PASSWORD), None).await.unwrap();
    for _ in 0..8 {
        let (signed_in, disabled) =
            tokio::join!(sign_in(&bench, "ann"), change(&bench, &root, &ann, DISABLE));
        disabled.unwrap();
        if let Ok(tokens) = signed_in {
            let ended = app::authenticate(&bench.app, &tokens.access_token).await;
            assert!(matches!(ended, Err(AppError::SessionEnded)), "{ended:?}");
        }
        change(&bench, &root, &ann, ENABLE).await.unwrap();
        // So many attempts are allowed in five minutes.
        bench.clock.advance(HOUR);
    }
}

#[tokio::test]
async fn while_the_queue_takes_nothing_nobody_is_disabled() {
    let bench = Bench::new();
    let root = admin(&bench, "root").await;
    let ann = register(&bench, "ann", Some(PASSWORD), None).await.unwrap();
    let tokens = sign_in(&bench, "ann").await.unwrap();
    bench.jobs.fails.store(true, std::sync::atomic::Ordering::SeqCst);
    assert!(matches!(change(&bench, &root, &ann, DISABLE).await, Err(AppError::Unavailable(_))));
    assert_eq!(app::profile(&bench.app, ann.id).await.unwrap(), ann);
    assert!(app::authenticate(&bench.app, &tokens.access_token).await.is_ok());
    assert_eq!(deeds(&bench).await, []);
}

#[tokio::test]
async fn what_is_so_already_is_not_noted() {
    let bench = Bench::new();
    let root = admin(&bench, "root").await;
    let ann = register(&bench, "ann", Some(PASSWORD), None).await.unwrap();
    for nothing in [ENABLE, DEMOTE, UserChange::default()] {
        assert_eq!(change(&bench, &root, &ann, nothing).await.unwrap(), ann);
        assert_eq!(
            change(&bench, &root, &root, UserChange { is_disabled: Some(false), ..PROMOTE }).await.unwrap(),
            root
        );
    }
    assert_eq!(deeds(&bench).await, []);
}

#[tokio::test]
async fn ended_sessions_are_noted_and_new_ones_may_begin() {
    let bench = Bench::new();
    let root = admin(&bench, "root").await;
    let ann = register(&bench, "ann", Some(PASSWORD), None).await.unwrap();
    let tokens = sign_in(&bench, "ann").await.unwrap();
    end_sessions_of(&bench.app, &by(&root), ann.id).await.unwrap();
    assert!(matches!(app::authenticate(&bench.app, &tokens.access_token).await, Err(AppError::SessionEnded)));
    assert!(sign_in(&bench, "ann").await.is_ok());
    assert_eq!(deeds(&bench).await, [(AuditAction::SessionsEnded, ann.id)]);
    let nobody = end_sessions_of(&bench.app, &by(&root), UserId(99)).await;
    assert!(matches!(nobody, Err(AppError::NotFound)), "{nobody:?}");
    let by_ann = end_sessions_of(&bench.app, &by(&ann), root.id).await;
    assert!(matches!(by_ann, Err(AppError::Forbidden(_))), "{by_ann:?}");
}

#[tokio::test]
async fn a_role_counts_from_the_moment_it_is_given_to_the_moment_it_is_taken() {
    let bench = Bench::new();
    let root = admin(&bench, "root").await;
    let ann = register(&bench, "ann", Some(PASSWORD), None).await.unwrap();
    let identity = sign_in(&bench, "ann").await.unwrap().session_token.identity;
    let is_admin = async || require_admin(&bench.app, &identity).await.is_ok();
    assert!(!is_admin().await);
    change(&bench, &root, &ann, PROMOTE).await.unwrap();
    assert!(is_admin().await);
    change(&bench, &root, &ann, DEMOTE).await.unwrap();
    assert!(!is_admin().await);
    let refused = change(&bench, &ann, &root, DISABLE).await;
    assert!(matches!(refused, Err(AppError::Forbidden(_))), "{refused:?}");
    let (guest, _) = bench.sign_in().await;
    let refused = change(&bench, &root, &guest.user, PROMOTE).await;
    assert!(matches!(refused, Err(AppError::InvalidInput { field: "role", .. })), "{refused:?}");
    let expected = [(AuditAction::AdminGranted, ann.id), (AuditAction::AdminRevoked, ann.id)];
    assert_eq!(deeds(&bench).await, expected);
}

#[tokio::test]
async fn of_two_admins_who_demote_or_disable_each_other_at_once_one_is_left() {
    let bench = Bench::new();
    for round in 0..10 {
        let (a, b) = (admin(&bench, &format!("a{round}x")).await, admin(&bench, &format!("b{round}x")).await);
        let what = if round % 2 == 0 { DEMOTE } else { DISABLE };
        let (of_b, of_a) = tokio::join!(change(&bench, &a, &b, what), change(&bench, &b, &a, what));
        assert!(of_a.is_ok() != of_b.is_ok(), "{of_a:?} {of_b:?}");
        let refused = of_a.err().or(of_b.err());
        assert!(matches!(refused, Some(AppError::Forbidden(_))), "{refused:?}");
    }
    assert_eq!(deeds(&bench).await.len(), 10);
}

#[tokio::test]
async fn nobody_takes_their_own_rights_away_and_the_last_admin_stays() {
    let bench = Bench::new();
    let root = admin(&bench, "root").await;
    for own in [DISABLE, DEMOTE] {
        let refused = change(&bench, &root, &root, own).await;
        assert!(matches!(refused, Err(AppError::Conflict(_))), "{refused:?}");
    }
    let identity = sign_in(&bench, "root").await.unwrap().session_token.identity;
    let refused = app::delete_profile(&bench.app, &identity).await;
    assert!(matches!(refused, Err(AppError::Conflict(_))), "{refused:?}");
    assert!(require_admin(&bench.app, &identity).await.is_ok(), "still signed in");
    let other = admin(&bench, "other").await;
    change(&bench, &root, &other, DISABLE).await.unwrap();
    assert!(app::delete_profile(&bench.app, &identity).await.is_err(), "the other one is disabled");
    change(&bench, &root, &other, ENABLE).await.unwrap();
    app::delete_profile(&bench.app, &identity).await.unwrap();
    let refused = change(&bench, &root, &other, DISABLE).await;
    assert!(matches!(refused, Err(AppError::Forbidden(_))), "{refused:?}");
}

#[tokio::test]
async fn of_two_last_admins_who_go_at_once_one_stays() {
    let bench = Bench::new();
    for name in ["one", "two"] {
        admin(&bench, name).await;
    }
    let mut identities = Vec::new();
    for name in ["one", "two"] {
        identities.push(sign_in(&bench, name).await.unwrap().session_token.identity);
    }
    let gone = join_all(identities.iter().map(|identity| app::delete_profile(&bench.app, identity))).await;
    assert_eq!(gone.iter().filter(|gone| gone.is_ok()).count(), 1, "{gone:?}");
    let refused = gone.into_iter().find_map(Result::err);
    assert!(matches!(refused, Some(AppError::Busy | AppError::Conflict(_))), "{refused:?}");
}

#[tokio::test]
async fn the_trail_holds_numbers_alone_and_outlives_people() {
    let bench = Bench::new();
    let root = admin(&bench, "root").await;
    register(&bench, "ann", Some(PASSWORD), None).await.unwrap();
    let identity = sign_in(&bench, "ann").await.unwrap().session_token.identity;
    end_sessions_of(&bench.app, &by(&root), identity.user).await.unwrap();
    let identity = sign_in(&bench, "ann").await.unwrap().session_token.identity;
    app::delete_profile(&bench.app, &identity).await.unwrap();
    let left = format!("{:?}", trail(&bench).await);
    assert!(
        left.contains("SessionsEnded") && !left.to_lowercase().contains("ann") && !left.contains('@'),
        "{left}"
    );
}

/// The numbers on all pages, and how many pages there were.
async fn pages(bench: &Bench, search: &UserSearch, limit: usize) -> (Vec<u64>, usize) {
    let (mut found, mut count, mut next) = (Vec::new(), 0, None::<UserCursor>);
    loop {
        let page = find_users(&bench.app, search, next, limit).await.unwrap();
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
    let bench = Bench::new();
    assert_eq!(pages(&bench, &UserSearch::All, 5).await, (vec![], 1));
    let mut expected = Vec::new();
    let users = Users(&*bench.app.ports().table);
    for _ in 0..3 {
        expected.push(bench.sign_in().await.0.user.id.0);
        for _ in 0..700 {
            users.next_id().await.unwrap();
        }
        expected.push(bench.sign_in().await.0.user.id.0);
    }
    for limit in [1, 2, 100] {
        let (found, count) = pages(&bench, &UserSearch::All, limit).await;
        assert_eq!(found, expected, "{limit}");
        assert!(count <= 8, "{limit}: {count} pages");
    }
}

#[tokio::test]
async fn people_are_searched_by_the_beginning_of_a_name_or_by_a_whole_address() {
    let bench = Bench::new();
    let mut ids = Vec::new();
    for name in ["anna", "Ann", "bert", "annabel"] {
        ids.push(register(&bench, name, Some(PASSWORD), None).await.unwrap().id.0);
    }
    let by_name = |text: &str| UserSearch::Username(text.to_owned());
    for limit in [1, 2, 3, 100] {
        assert_eq!(pages(&bench, &by_name("aNN"), limit).await.0, [ids[1], ids[0], ids[3]], "{limit}");
    }
    assert_eq!(pages(&bench, &by_name("zoe"), 5).await.0, [0; 0]);
    let by_email = |text: &str| UserSearch::Email(text.to_owned());
    assert_eq!(pages(&bench, &by_email("BERT@example.org"), 5).await.0, [ids[2]]);
    assert_eq!(pages(&bench, &by_email("ber@example.org"), 5).await.0, [0; 0]);
    let wrong = find_users(&bench.app, &by_email("bert"), None, 5).await;
    assert!(matches!(wrong, Err(AppError::InvalidInput { field: "email", .. })), "{wrong:?}");
    for (search, cursor) in [(UserSearch::All, "uanna"), (by_name("ann"), "i1"), (by_name("ann"), "ubert")] {
        let wrong = find_users(&bench.app, &search, Some(cursor.parse().unwrap()), 5).await;
        assert!(matches!(wrong, Err(AppError::InvalidInput { field: "cursor", .. })), "{wrong:?}");
    }
}
