//! Accounts whose address a provider has only seen are linked by their owners alone.

use parlor::app::{self, AccountName, AppError, LinkDemand, LinkOffer, SignIn};
use parlor::domain::provider::Provider;
use parlor::protocol::Role;
use parlor::store::{LinkedIdentities, User};

use crate::use_cases::accounts::signing_in::{PASSWORD, proof, register};
use crate::use_cases::bench::*;
use crate::vouching::{identity, seen_identity};

const ADDRESS: &str = "ann@example.org";
const PHRASE: &str = "plum amber kettle";

/// Signs in by Google, which has seen the address at some time.
async fn seen(bench: &Bench, subject: &str) -> Result<SignIn, AppError> {
    bench.providers.know(subject, seen_identity(Provider::Google, subject, ADDRESS));
    app::sign_in_by_id_token(&bench.app, Provider::Google, subject).await
}

/// What is asked of somebody instead of a sign-in.
async fn asked(bench: &Bench, subject: &str) -> LinkOffer {
    match seen(bench, subject).await {
        Err(AppError::LinkNeeded(offer)) => *offer,
        other => panic!("{other:?}"),
    }
}

/// Ann, with her address, which she has confirmed, and perhaps a phrase.
async fn ann(bench: &Bench, phrase: Option<&str>) -> User {
    let mut ann = register(bench, "ann", Some(PASSWORD), phrase).await.unwrap();
    ann.is_email_verified = true;
    bench.put_user(&ann).await;
    ann
}

async fn stored(bench: &Bench, user: &User) -> User {
    app::profile(&bench.app, user.id).await.unwrap()
}

#[tokio::test]
async fn an_address_that_was_only_seen_links_once_the_accounts_secret_is_said() {
    let bench = Bench::new();
    let ann = ann(&bench, None).await;
    let offer = asked(&bench, "1184").await;
    assert_eq!((offer.provider, offer.demand), (Provider::Google, LinkDemand::Password));
    assert_eq!(stored(&bench, &ann).await, ann);
    let wrong = app::link_identity(&bench.app, &offer.token, &proof(Some("not her password"), None)).await;
    assert!(matches!(wrong, Err(AppError::WrongCredentials)), "{wrong:?}");
    let linked = app::link_identity(&bench.app, &offer.token, &proof(Some(PASSWORD), None)).await.unwrap();
    assert_eq!(linked.sign_in.user.id, ann.id);
    // From then on the provider's name for her is enough.
    assert_eq!(seen(&bench, "1184").await.unwrap().user.id, ann.id);
    // The same token changes nothing more.
    let again = app::link_identity(&bench.app, &offer.token, &proof(Some(PASSWORD), None)).await.unwrap();
    assert_eq!(again.sign_in.user, linked.sign_in.user);
}

#[tokio::test]
async fn a_phrase_is_asked_for_where_there_is_one() {
    let bench = Bench::new();
    ann(&bench, Some(PHRASE)).await;
    let offer = asked(&bench, "1184").await;
    assert_eq!(offer.demand, LinkDemand::Phrase);
    let halfway = app::link_identity(&bench.app, &offer.token, &proof(Some(PASSWORD), None)).await;
    assert!(matches!(halfway, Err(AppError::PhraseRequired)), "{halfway:?}");
    app::link_identity(&bench.app, &offer.token, &proof(None, Some(PHRASE))).await.unwrap();
}

#[tokio::test]
async fn an_admin_is_linked_by_no_providers_word() {
    let bench = Bench::new();
    let mut admin = ann(&bench, None).await;
    admin.role = Role::Admin;
    bench.put_user(&admin).await;
    bench.providers.know("jwt", identity(Provider::Google, "1184", Some(ADDRESS)));
    let refused = app::sign_in_by_id_token(&bench.app, Provider::Google, "jwt").await;
    let Err(AppError::LinkNeeded(offer)) = refused else { panic!("{refused:?}") };
    assert_eq!(stored(&bench, &admin).await, admin);
    app::link_identity(&bench.app, &offer.token, &proof(Some(PASSWORD), None)).await.unwrap();
}

#[tokio::test]
async fn an_account_without_a_secret_is_linked_by_nothing() {
    let bench = Bench::new();
    bench.providers.know("jwt", identity(Provider::Google, "1184", Some(ADDRESS)));
    let first = app::sign_in_by_id_token(&bench.app, Provider::Google, "jwt").await.unwrap().user;
    let mut only_facebook = first.clone();
    only_facebook.identities = LinkedIdentities::default();
    bench.put_user(&only_facebook).await;
    let offer = asked(&bench, "2000").await;
    assert_eq!(offer.demand, LinkDemand::Reset);
    let guessed = app::link_identity(&bench.app, &offer.token, &proof(Some(PASSWORD), None)).await;
    assert!(matches!(guessed, Err(AppError::WrongCredentials)), "{guessed:?}");
}

#[tokio::test]
async fn nobody_loses_an_address_to_who_had_it_once() {
    let bench = Bench::new();
    let unconfirmed = register(&bench, "ann", Some(PASSWORD), None).await.unwrap();
    let stranger = seen(&bench, "1184").await.unwrap().user;
    assert_ne!(stranger.id, unconfirmed.id);
    assert_eq!(stranger.email, None);
    assert_eq!(stored(&bench, &unconfirmed).await, unconfirmed);
    let by_address = AccountName::email(ADDRESS);
    app::sign_in_account(&bench.app, &by_address, &proof(Some(PASSWORD), None)).await.unwrap();
}

#[tokio::test]
async fn an_address_that_nobody_has_is_an_accounts_once_a_mail_has_shown_it() {
    let bench = Bench::new();
    let new = seen(&bench, "1184").await.unwrap().user;
    assert_eq!(new.email.as_ref().map(|email| email.as_str()), Some(ADDRESS));
    assert!(!new.is_email_verified);
}

#[tokio::test]
async fn a_permit_ends_after_ten_minutes_and_passes_for_no_access_token() {
    let bench = Bench::new();
    ann(&bench, None).await;
    let offer = asked(&bench, "1184").await;
    let as_access = app::authenticate(&bench.app, &offer.token).await;
    assert!(matches!(as_access, Err(AppError::Unauthenticated)), "{as_access:?}");
    let session =
        app::sign_in_account(&bench.app, &AccountName::username("ann"), &proof(Some(PASSWORD), None)).await;
    let access = session.unwrap().access_token;
    bench.clock.advance(std::time::Duration::from_secs(600));
    for stale in [&*offer.token, &*access, "", "x.y.z"] {
        let refused = app::link_identity(&bench.app, stale, &proof(Some(PASSWORD), None)).await;
        assert!(matches!(refused, Err(AppError::InvalidInput { field: "link_token", .. })), "{refused:?}");
    }
}

#[tokio::test]
async fn an_account_that_was_linked_or_disabled_meanwhile_is_not_linked_again() {
    let bench = Bench::new();
    let ann = ann(&bench, None).await;
    let (first, second) = (asked(&bench, "1184").await, asked(&bench, "2000").await);
    app::link_identity(&bench.app, &first.token, &proof(Some(PASSWORD), None)).await.unwrap();
    let late = app::link_identity(&bench.app, &second.token, &proof(Some(PASSWORD), None)).await;
    assert!(matches!(late, Err(AppError::Conflict(_))), "{late:?}");
    let mut disabled = stored(&bench, &ann).await;
    disabled.is_disabled = true;
    bench.put_user(&disabled).await;
    let shut = app::link_identity(&bench.app, &first.token, &proof(Some(PASSWORD), None)).await;
    assert!(matches!(shut, Err(AppError::AccountDisabled)), "{shut:?}");
}
