//! Forgotten passwords.

use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};

use async_trait::async_trait;
use futures_util::future::join_all;
use parlor::app::{
    self, AccountName, App, AppError, Confirmation, Ports, ProfileChange, SecretChange, Settings,
};
use parlor::domain::email_address::EmailAddress;
use parlor::domain::provider::Provider;
use parlor::domain::secret::Secret;
use parlor::ports::{Consistency, Item, Key, Page, Query, Table, TableError, Write};
use parlor::store::{AccountChange, Accounts, LinkedIdentities, User};

use crate::use_cases::accounts::signing_in::{PASSWORD, PHRASE, proof, register};
use crate::use_cases::accounts::verify_email::{is_dead, mails};
use crate::use_cases::bench::*;
use crate::use_cases::kept_mails::token;
use crate::vouching::identity;

const PAGE: &str = "reset-password";
const NEW: &str = "nine red kites over Hull";

fn email(text: &str) -> EmailAddress {
    EmailAddress::parse(text).unwrap()
}

/// The links that asking for an address leads to.
async fn links(bench: &Bench, address: &str) -> Vec<String> {
    bench.jobs.take();
    app::forgot_password(&bench.app, &email(address)).await.unwrap();
    mails(bench).await.iter().map(|mail| token(mail, PAGE)).collect()
}

async fn link(bench: &Bench, address: &str) -> String {
    let [link] = links(bench, address).await.try_into().unwrap();
    link
}

async fn reset(
    bench: &Bench,
    link: &str,
    password: Option<&str>,
    phrase: Option<&str>,
) -> Result<(), AppError> {
    let (password, phrase) = (password.and_then(Secret::new), phrase.and_then(Secret::new));
    app::reset_password(&bench.app, link, password.as_ref(), phrase.as_ref()).await
}

async fn signs_in(bench: &Bench, password: Option<&str>, phrase: Option<&str>) -> bool {
    let name = AccountName::username("ann");
    app::sign_in_account(&bench.app, &name, &proof(password, phrase)).await.is_ok()
}

async fn ann(bench: &Bench, phrase: Option<&str>) -> User {
    register(bench, "ann", Some(PASSWORD), phrase).await.unwrap()
}

#[tokio::test]
async fn a_link_replaces_the_secrets_ends_all_sessions_and_confirms_the_address() {
    let bench = Bench::new();
    let ann = ann(&bench, Some(PHRASE)).await;
    let by_phrase = proof(None, Some(PHRASE));
    let session = app::sign_in_account(&bench.app, &AccountName::username("ann"), &by_phrase).await.unwrap();
    let (first, second) = (link(&bench, "ANN@example.org").await, link(&bench, "ann@example.org").await);
    reset(&bench, &first, Some(NEW), None).await.unwrap();
    assert!(signs_in(&bench, Some(NEW), None).await);
    // The phrase may be what was forgotten: it is gone.
    assert!(!signs_in(&bench, None, Some(PHRASE)).await && !signs_in(&bench, Some(PASSWORD), None).await);
    assert!(app::authenticate(&bench.app, &session.access_token).await.is_err());
    assert!(app::authenticate(&bench.app, &session.session_token.reveal()).await.is_err());
    assert!(app::profile(&bench.app, ann.id).await.unwrap().is_email_verified);
    for used in [first, second] {
        assert!(is_dead(reset(&bench, &used, Some("ten blue kites over Hull"), None).await));
    }
    assert!(signs_in(&bench, Some(NEW), None).await);
    let third = link(&bench, "ann@example.org").await;
    reset(&bench, &third, None, Some("ten blue kites over Hull")).await.unwrap();
    assert!(signs_in(&bench, None, Some("ten blue kites over Hull")).await);
}

#[tokio::test]
async fn a_link_ends_after_an_hour() {
    let bench = Bench::new();
    ann(&bench, None).await;
    let link = link(&bench, "ann@example.org").await;
    bench.clock.advance(HOUR);
    assert!(is_dead(reset(&bench, &link, Some(NEW), None).await));
    assert!(signs_in(&bench, Some(PASSWORD), None).await);
}

#[tokio::test]
async fn a_refused_password_uses_no_link_up_and_ends_no_session() {
    let bench = Bench::new();
    ann(&bench, None).await;
    let by_password = proof(Some(PASSWORD), None);
    let session =
        app::sign_in_account(&bench.app, &AccountName::username("ann"), &by_password).await.unwrap();
    let link = link(&bench, "ann@example.org").await;
    for (password, phrase, field) in
        [(None, None, "password"), (Some("password1"), None, "password"), (Some(NEW), Some("ann"), "phrase")]
    {
        let refused = reset(&bench, &link, password, phrase).await;
        assert!(matches!(refused, Err(AppError::InvalidInput { field: f, .. }) if f == field), "{refused:?}");
    }
    app::authenticate(&bench.app, &session.access_token).await.unwrap();
    reset(&bench, &link, Some(NEW), None).await.unwrap();
}

#[tokio::test]
async fn of_those_who_use_a_link_in_the_same_instant_one_does() {
    let bench = Bench::new();
    ann(&bench, None).await;
    let link = link(&bench, "ann@example.org").await;
    let passwords = [NEW, "ten blue kites over Hull", "six pink kites over Hull"];
    let all = join_all(passwords.map(|password| reset(&bench, &link, Some(password), None))).await;
    let done: Vec<_> = all.iter().zip(passwords).filter(|(result, _)| result.is_ok()).collect();
    let [(_, password)] = done[..] else { panic!("{all:?}") };
    assert!(signs_in(&bench, Some(password), None).await);
    assert!(all.into_iter().filter(Result::is_err).all(is_dead));
}

#[tokio::test]
async fn a_link_is_dead_once_secrets_or_address_are_others() {
    let bench = Bench::new();
    let ann = ann(&bench, None).await;
    let by_password = || proof(Some(PASSWORD), None);
    let session =
        app::sign_in_account(&bench.app, &AccountName::username("ann"), &by_password()).await.unwrap();
    let identity = &session.session_token.identity;
    mails(&bench).await;
    let old = link(&bench, "ann@example.org").await;
    let moved =
        ProfileChange { email: Some("new@example.org".into()), proof: by_password(), ..Default::default() };
    app::change_profile(&bench.app, ann.id, moved).await.unwrap();
    let confirm = token(&mails(&bench).await[0], "verify-email");
    let by = Confirmation { session: Some(identity.clone()), proof: None };
    app::verify_email(&bench.app, &confirm, &by).await.unwrap();
    assert!(is_dead(reset(&bench, &old, Some(NEW), None).await));
    // Whoever has the address now is another account, which no old link is about.
    let registration = app::Registration {
        username: "bob".into(),
        email: Some("ann@example.org".into()),
        password: by_password().password,
        ..Default::default()
    };
    app::register(&bench.app, registration).await.unwrap();
    assert!(is_dead(reset(&bench, &old, Some(NEW), None).await));
    let fresh = link(&bench, "new@example.org").await;
    let change = SecretChange { proof: by_password(), password: Secret::new(NEW), phrase: None };
    app::change_secrets(&bench.app, identity, change).await.unwrap();
    assert!(is_dead(reset(&bench, &fresh, Some("ten blue kites over Hull"), None).await));
    assert!(signs_in(&bench, Some(NEW), None).await);
}

#[tokio::test]
async fn whoever_has_the_address_has_the_account_alone_from_then_on() {
    let bench = Bench::new();
    // Whoever made the account has a way in by Google, and another address in mind.
    let ann = ann(&bench, None).await;
    let identities = LinkedIdentities::default().with(Provider::Google, "1184".parse().unwrap());
    let pending_email = Some(email("eve@example.org"));
    let linked = User { identities, pending_email, ..ann.clone() };
    let accounts = Accounts(&*bench.app.ports().table);
    assert!(matches!(accounts.change(&ann, &linked).await.unwrap(), AccountChange::Done(_)));
    bench.providers.know("jwt", identity(Provider::Google, "1184", None));
    let google = async || app::sign_in_by_id_token(&bench.app, Provider::Google, "jwt").await.unwrap();
    let eve = google().await;
    assert_eq!(eve.user.id, ann.id);
    app::request_verification(&bench.app, ann.id).await.unwrap();
    let hers = token(&mails(&bench).await[0], "verify-email");

    let link = link(&bench, "ann@example.org").await;
    reset(&bench, &link, Some(NEW), None).await.unwrap();
    let owner = app::profile(&bench.app, ann.id).await.unwrap();
    assert_eq!((&owner.identities, &owner.pending_email), (&LinkedIdentities::default(), &None));
    assert_ne!(google().await.user.id, ann.id, "the name at the provider is another account's");
    assert!(app::authenticate(&bench.app, &eve.access_token).await.is_err());
    let by_session = Confirmation { session: Some(eve.session_token.identity.clone()), proof: None };
    assert!(is_dead(app::verify_email(&bench.app, &hers, &by_session).await));
    assert!(signs_in(&bench, Some(NEW), None).await);
}

#[tokio::test]
async fn a_link_is_good_although_something_else_about_the_person_changes_meanwhile() {
    let bench = Bench::new();
    let ann = ann(&bench, None).await;
    let link = link(&bench, "ann@example.org").await;
    let rename = ProfileChange { display_name: Some("Ann Lee".into()), ..ProfileChange::default() };
    let (done, renamed) =
        tokio::join!(reset(&bench, &link, Some(NEW), None), app::change_profile(&bench.app, ann.id, rename));
    done.unwrap();
    assert!(matches!(renamed, Ok(_) | Err(AppError::Busy)), "{renamed:?}");
    assert!(signs_in(&bench, Some(NEW), None).await);
}

#[tokio::test]
async fn asking_takes_as_many_requests_whether_or_not_the_address_has_an_account() {
    let bench = Bench::new();
    ann(&bench, None).await;
    bench.jobs.take();
    let calls = Arc::new(AtomicU32::new(0));
    let table = Arc::new(CountedTable(bench.app.ports().table.clone(), calls.clone()));
    let counted = App::new(Ports { table, ..bench.app.ports().clone() }, Settings::new("http://localhost"));
    let mut costs = Vec::new();
    for address in ["ann@example.org", "nobody@example.org"] {
        calls.store(0, Ordering::SeqCst);
        app::forgot_password(&counted, &email(address)).await.unwrap();
        costs.push((calls.load(Ordering::SeqCst), bench.jobs.take().len()));
    }
    assert_eq!(costs, [(2, 1), (2, 1)], "a count, the address; a job");
    assert_eq!(links(&bench, "nobody@example.org").await, [""; 0]);
}

#[tokio::test]
async fn asking_is_limited_for_an_address_whether_or_not_it_has_an_account() {
    let bench = Bench::new();
    ann(&bench, None).await;
    for address in ["ann@example.org", "nobody@example.org"] {
        for _ in 0..5 {
            app::forgot_password(&bench.app, &email(address)).await.unwrap();
        }
        let limited = app::forgot_password(&bench.app, &email(&address.to_uppercase())).await;
        assert!(matches!(limited, Err(AppError::TooMany { limit: 5, .. })), "{limited:?}");
    }
}

/// Counts its calls.
#[derive(Debug)]
struct CountedTable(Arc<dyn Table>, Arc<AtomicU32>);

impl CountedTable {
    fn counted(&self) -> &dyn Table {
        self.1.fetch_add(1, Ordering::SeqCst);
        &*self.0
    }
}

#[async_trait]
impl Table for CountedTable {
    async fn get(&self, key: &Key, consistency: Consistency) -> Result<Option<Item>, TableError> {
        self.counted().get(key, consistency).await
    }

    async fn batch_get(&self, keys: &[Key], consistency: Consistency) -> Result<Vec<Item>, TableError> {
        self.counted().batch_get(keys, consistency).await
    }

    async fn query(&self, query: &Query) -> Result<Page, TableError> {
        self.counted().query(query).await
    }

    async fn write(&self, write: Write) -> Result<Option<Item>, TableError> {
        self.counted().write(write).await
    }

    async fn transact(&self, writes: Vec<Write>) -> Result<(), TableError> {
        self.counted().transact(writes).await
    }
}
