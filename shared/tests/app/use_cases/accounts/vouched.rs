//! People sign in on the word of Google or Facebook.

use futures_util::future::join_all;
use parlor::app::{self, AccountName, AppError, ProfileChange, SecretChange, SignIn};
use parlor::domain::provider::Provider;
use parlor::domain::secret::Secret;
use parlor::ids::Subject;
use parlor::store::{Accounts, User};

use crate::use_cases::accounts::signing_in::{PASSWORD, proof, register};
use crate::use_cases::bench::*;
use crate::vouching::identity;

const ADDRESS: &str = "ann@example.org";

/// Signs somebody in whom a provider calls so.
async fn sign_in(
    bench: &Bench,
    provider: Provider,
    subject: &str,
    email: Option<&str>,
) -> Result<SignIn, AppError> {
    bench.providers.know(subject, identity(provider, subject, email));
    app::sign_in_by_id_token(&bench.app, provider, subject).await
}

async fn google(bench: &Bench, subject: &str, email: Option<&str>) -> Result<SignIn, AppError> {
    sign_in(bench, Provider::Google, subject, email).await
}

/// Ann, with her address and a password; she may have shown that it is hers.
async fn ann(bench: &Bench, is_verified: bool) -> User {
    let mut ann = register(bench, "ann", Some(PASSWORD), None).await.unwrap();
    ann.is_email_verified = is_verified;
    bench.put_user(&ann).await;
    ann
}

fn address(user: &User) -> Option<&str> {
    user.email.as_ref().map(|email| email.as_str())
}

#[tokio::test]
async fn the_first_sign_in_makes_an_account_and_the_next_ones_find_it() {
    let bench = Bench::new();
    let first = google(&bench, "1184", Some(ADDRESS)).await.unwrap().user;
    assert_eq!(
        (first.display_name.as_str(), &first.username, address(&first)),
        ("Ann Lee", &None, Some(ADDRESS))
    );
    assert!(first.is_email_verified && !first.is_guest && first.expires_at.is_none());
    // The name there says who it is, whatever becomes of the address.
    for email in [Some(ADDRESS), Some("lee@example.org"), None] {
        assert_eq!(google(&bench, "1184", email).await.unwrap().user, first);
    }
    let other = sign_in(&bench, Provider::Facebook, "1184", None).await.unwrap().user;
    assert_ne!(other.id, first.id);
}

#[tokio::test]
async fn an_account_whose_owner_has_shown_the_address_to_be_theirs_is_the_same_person() {
    let bench = Bench::new();
    let ann = ann(&bench, true).await;
    let linked = google(&bench, "1184", Some("ANN@example.org")).await.unwrap().user;
    assert_eq!((linked.id, address(&linked), linked.is_email_verified), (ann.id, Some(ADDRESS), true));
    assert_eq!(google(&bench, "1184", None).await.unwrap().user, linked);
    let name = AccountName::email(ADDRESS);
    let password = app::sign_in_account(&bench.app, &name, &proof(Some(PASSWORD), None)).await;
    assert_eq!(password.unwrap().user, linked);
}

#[tokio::test]
async fn who_parks_an_address_loses_it_to_its_owner_and_nothing_else() {
    let bench = Bench::new();
    let squatter = ann(&bench, false).await;
    let by_name = AccountName::username("ann");
    let session = app::sign_in_account(&bench.app, &by_name, &proof(Some(PASSWORD), None)).await.unwrap();
    let owner = google(&bench, "1184", Some(ADDRESS)).await.unwrap().user;
    assert_ne!(owner.id, squatter.id);
    assert_eq!((address(&owner), owner.is_email_verified), (Some(ADDRESS), true));
    let left = app::profile(&bench.app, squatter.id).await.unwrap();
    assert_eq!((&left.email, left.is_email_verified), (&None, false));
    app::authenticate(&bench.app, &session.session_token.reveal()).await.unwrap();
    app::sign_in_account(&bench.app, &by_name, &proof(Some(PASSWORD), None)).await.unwrap();
    let by_address = AccountName::email(ADDRESS);
    let parked = app::sign_in_account(&bench.app, &by_address, &proof(Some(PASSWORD), None)).await;
    assert!(matches!(parked, Err(AppError::WrongCredentials)), "{parked:?}");
    let again = ProfileChange {
        email: Some(ADDRESS.to_owned()),
        proof: proof(Some(PASSWORD), None),
        ..ProfileChange::default()
    };
    let again = app::change_profile(&bench.app, squatter.id, again).await;
    assert!(matches!(again, Err(AppError::Taken { field: "email", .. })), "{again:?}");
}

#[tokio::test]
async fn an_address_that_has_a_new_owner_at_the_provider_opens_no_account_of_the_former_one() {
    let bench = Bench::new();
    let former = google(&bench, "1184", Some(ADDRESS)).await.unwrap().user;
    let new = google(&bench, "2000", Some(ADDRESS)).await.unwrap().user;
    assert_ne!(new.id, former.id);
    assert_eq!(address(&new), Some(ADDRESS));
    let former = google(&bench, "1184", None).await.unwrap().user;
    assert_eq!((former.email, former.is_email_verified), (None, false));
}

#[tokio::test]
async fn what_a_provider_has_not_verified_is_neither_stored_nor_taken_from_anybody() {
    let bench = Bench::new();
    let ann = ann(&bench, true).await;
    let stranger = sign_in(&bench, Provider::Facebook, "77", None).await.unwrap().user;
    assert_ne!(stranger.id, ann.id);
    assert_eq!((stranger.email, stranger.is_email_verified), (None, false));
    assert_eq!(app::profile(&bench.app, ann.id).await.unwrap(), ann);
}

#[tokio::test]
async fn first_sign_ins_at_once_make_one_account() {
    for is_there in [None, Some(false), Some(true)] {
        let bench = Bench::new();
        let before = match is_there {
            Some(is_verified) => Some(ann(&bench, is_verified).await.id),
            None => None,
        };
        let attempts = (0..50).map(|_| google(&bench, "1184", Some(ADDRESS)));
        let users = join_all(attempts).await.into_iter().map(|sign_in| sign_in.unwrap().user.id);
        let mut users: Vec<_> = users.collect();
        users.dedup();
        assert_eq!(users.len(), 1, "{is_there:?}");
        assert_eq!(before == Some(users[0]), is_there == Some(true), "{is_there:?}");
    }
}

#[tokio::test]
async fn of_many_owners_of_one_address_at_once_one_has_it_in_the_end() {
    let bench = Bench::new();
    let subjects: Vec<_> = (0..8).map(|number| format!("sub-{number}")).collect();
    let attempts = join_all(subjects.iter().map(|subject| google(&bench, subject, Some(ADDRESS)))).await;
    let mut owners = Vec::new();
    for sign_in in attempts {
        match sign_in {
            Ok(sign_in) => owners.push(app::profile(&bench.app, sign_in.user.id).await.unwrap()),
            Err(error) => assert!(matches!(error, AppError::Busy), "{error:?}"),
        }
    }
    let owners: Vec<_> = owners.iter().filter(|user| user.email.is_some()).collect();
    assert_eq!(owners.len(), 1);
    let table = &*bench.app.ports().table;
    let holder = Accounts(table).with_email(owners[0].email.as_ref().unwrap()).await.unwrap();
    assert_eq!(holder, Some(owners[0].id));
}

#[tokio::test]
async fn a_disabled_account_stays_shut_linked_already_or_not() {
    let bench = Bench::new();
    let mut linked = google(&bench, "1184", None).await.unwrap().user;
    linked.is_disabled = true;
    bench.put_user(&linked).await;
    let mut unlinked = ann(&bench, true).await;
    unlinked.is_disabled = true;
    bench.put_user(&unlinked).await;
    for (subject, email) in [("1184", None), ("2000", Some(ADDRESS))] {
        let refused = google(&bench, subject, email).await;
        assert!(matches!(refused, Err(AppError::AccountDisabled)), "{refused:?}");
    }
    assert_eq!(app::profile(&bench.app, unlinked.id).await.unwrap(), unlinked);
}

#[tokio::test]
async fn a_deleted_account_leaves_no_name_at_a_provider_behind() {
    let bench = Bench::new();
    let sign_in = google(&bench, "1184", Some(ADDRESS)).await.unwrap();
    app::delete_profile(&bench.app, &sign_in.session_token.identity).await.unwrap();
    let subject: Subject = "1184".parse().unwrap();
    let table = &*bench.app.ports().table;
    assert_eq!(Accounts(table).with_identity(Provider::Google, &subject).await.unwrap(), None);
    let new = google(&bench, "1184", Some(ADDRESS)).await.unwrap().user;
    assert_ne!(new.id, sign_in.user.id);
    assert_eq!(address(&new), Some(ADDRESS));
}

#[tokio::test]
async fn an_account_without_secrets_is_opened_by_none_and_a_session_gives_it_none() {
    let bench = Bench::new();
    let sign_in = google(&bench, "1184", Some(ADDRESS)).await.unwrap();
    let name = AccountName::email(ADDRESS);
    let guessed = app::sign_in_account(&bench.app, &name, &proof(Some(PASSWORD), None)).await;
    assert!(matches!(guessed, Err(AppError::WrongCredentials)), "{guessed:?}");
    let identity = &sign_in.session_token.identity;
    for given in [proof(None, None), proof(Some(PASSWORD), None)] {
        let change = SecretChange { proof: given, password: Secret::new(PASSWORD), phrase: None };
        let refused = app::change_secrets(&bench.app, identity, change).await;
        assert!(matches!(refused, Err(AppError::Forbidden(_))), "{refused:?}");
    }
    let move_away = ProfileChange { email: Some("eve@example.org".into()), ..ProfileChange::default() };
    let refused = app::change_profile(&bench.app, identity.user, move_away).await;
    assert!(matches!(refused, Err(AppError::Forbidden(_))), "{refused:?}");
    let rename = ProfileChange { username: Some("ann".into()), ..ProfileChange::default() };
    let renamed = app::change_profile(&bench.app, identity.user, rename).await.unwrap();
    assert_eq!(google(&bench, "1184", None).await.unwrap().user, renamed);
}

#[tokio::test]
async fn what_a_provider_does_not_vouch_for_makes_nobody() {
    let bench = Bench::new();
    bench.providers.know("good", identity(Provider::Google, "1184", None));
    for (provider, token) in [(Provider::Google, "bad"), (Provider::Facebook, "good")] {
        let refused = app::sign_in_by_id_token(&bench.app, provider, token).await;
        assert!(matches!(refused, Err(AppError::NotVouched(_))), "{refused:?}");
    }
    // The first number is still to be had.
    assert_eq!(google(&bench, "1184", None).await.unwrap().user.id.0, 1);
}
