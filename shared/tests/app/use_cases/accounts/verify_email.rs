//! Whose address it is.

use futures_util::future::join_all;
use parlor::app::{self, AccountName, AppError, Confirmation, ConfirmationDemand, ProfileChange, Proof};
use parlor::domain::link_token::{LinkKind, LinkToken};
use parlor::ids::UserId;
use parlor::ports::{Consistency, Direction, Identity, Job, Mail, MailerError, Partition, Query, SortRange};
use parlor::store::User;

use crate::use_cases::accounts::signing_in::{PASSWORD, PHRASE, proof, register};
use crate::use_cases::house::*;
use crate::use_cases::kept_mails::token;

const PAGE: &str = "verify-email";

/// Ann, and the mails that her registration led to.
async fn registered(house: &House) -> (User, Vec<Mail>) {
    let ann = register(house, "ann", Some(PASSWORD), None).await.unwrap();
    (ann, mails(house).await)
}

/// What is mailed once the jobs have been done.
pub(crate) async fn mails(house: &House) -> Vec<Mail> {
    house.run(house.jobs.take()).await;
    house.mails.take()
}

async fn change_email(house: &House, user: &User, email: &str) -> User {
    let email = Some(email.to_owned());
    let change = ProfileChange { email, proof: proof(Some(PASSWORD), None), ..ProfileChange::default() };
    app::change_profile(&house.app, user.id, change).await.unwrap()
}

async fn is_verified(house: &House, user: &User) -> bool {
    app::profile(&house.app, user.id).await.unwrap().is_email_verified
}

/// Uses a link, with the account's password.
async fn confirm(house: &House, link: &str) -> Result<(), AppError> {
    let proof = Some(proof(Some(PASSWORD), None));
    app::verify_email(&house.app, link, &Confirmation { session: None, proof }).await
}

/// Uses a link as somebody who is signed in.
async fn confirm_as(house: &House, link: &str, session: &Identity) -> Result<(), AppError> {
    let session = Some(session.clone());
    app::verify_email(&house.app, link, &Confirmation { session, proof: None }).await
}

async fn session(house: &House, name: &str, proof: &Proof) -> Identity {
    let name = AccountName::username(name);
    app::sign_in_account(&house.app, &name, proof).await.unwrap().session_token.identity
}

/// The address that somebody has, and the one that they want.
fn addresses(user: &User) -> (Option<&str>, Option<&str>) {
    (user.email.as_ref().map(|email| email.as_str()), user.pending_email.as_ref().map(|email| email.as_str()))
}

/// Whether it was refused because the link is no longer good.
pub(crate) fn is_dead<T>(result: Result<T, AppError>) -> bool {
    matches!(result, Err(AppError::InvalidInput { field: "token", .. }))
}

#[tokio::test]
async fn who_registers_is_mailed_a_link_that_confirms_the_address_once() {
    let house = House::new();
    let (ann, mails) = registered(&house).await;
    let [mail] = &mails[..] else { panic!("{mails:?}") };
    assert_eq!(mail.to.as_str(), "ann@example.org");
    let link = token(mail, PAGE);
    assert!(!is_verified(&house, &ann).await);
    confirm(&house, &link).await.unwrap();
    assert!(is_verified(&house, &ann).await);
    assert!(is_dead(confirm(&house, &link).await));
    assert!(is_verified(&house, &ann).await);
    // Without an address there is nobody to write to.
    let change = change_email(&house, &ann, "").await;
    assert!(!change.is_email_verified);
    let mails = self::mails(&house).await;
    let subjects: Vec<&str> = mails.iter().map(|mail| &*mail.subject).collect();
    assert_eq!(subjects, ["Your e-mail address was replaced"], "the former one alone is told");
}

#[tokio::test]
async fn a_link_ends_after_a_day() {
    let house = House::new();
    let (ann, mails) = registered(&house).await;
    house.clock.advance(24 * HOUR);
    assert!(is_dead(confirm(&house, &token(&mails[0], PAGE)).await));
    assert!(!is_verified(&house, &ann).await);
}

#[tokio::test]
async fn of_those_who_use_a_link_in_the_same_instant_one_does() {
    let house = House::new();
    let (_, mails) = registered(&house).await;
    let link = token(&mails[0], PAGE);
    let all = join_all((0..8).map(|_| confirm(&house, &link))).await;
    assert_eq!(all.iter().filter(|result| result.is_ok()).count(), 1);
    assert!(all.into_iter().filter(Result::is_err).all(is_dead));
}

#[tokio::test]
async fn a_new_address_counts_once_it_is_confirmed_and_until_then_the_old_one_stands() {
    let house = House::new();
    let (ann, mails) = registered(&house).await;
    confirm(&house, &token(&mails[0], PAGE)).await.unwrap();
    let ann = change_email(&house, &ann, "new@example.org").await;
    assert_eq!(addresses(&ann), (Some("ann@example.org"), Some("new@example.org")));
    assert!(ann.is_email_verified);
    let by = async |email: &str| {
        let name = AccountName::email(email);
        app::sign_in_account(&house.app, &name, &proof(Some(PASSWORD), None)).await.is_ok()
    };
    assert!(by("ann@example.org").await && !by("new@example.org").await);
    let mails = self::mails(&house).await;
    assert_eq!(mails.iter().map(|mail| mail.to.as_str()).collect::<Vec<_>>(), ["new@example.org"]);
    confirm(&house, &token(&mails[0], PAGE)).await.unwrap();
    let ann = app::profile(&house.app, ann.id).await.unwrap();
    assert_eq!((addresses(&ann), ann.is_email_verified), ((Some("new@example.org"), None), true));
    assert!(by("new@example.org").await && !by("ann@example.org").await);
    // The old one is free.
    register(&house, "ann", Some(PASSWORD), None).await.unwrap_err();
    let name = "anna".to_owned();
    let again = app::Registration {
        username: name,
        email: Some("ann@example.org".into()),
        password: proof(Some(PASSWORD), None).password,
        ..app::Registration::default()
    };
    app::register(&house.app, again).await.unwrap();
}

#[tokio::test]
async fn a_link_confirms_no_address_but_the_one_it_was_mailed_to() {
    let house = House::new();
    let (ann, mails) = registered(&house).await;
    let second = change_email(&house, &ann, "new@example.org").await;
    let of_second = self::mails(&house).await;
    // The first one is theirs still, and says nothing of the second.
    confirm(&house, &token(&mails[0], PAGE)).await.unwrap();
    let both = app::profile(&house.app, ann.id).await.unwrap();
    assert_eq!(addresses(&both), (Some("ann@example.org"), Some("new@example.org")));
    assert!(both.is_email_verified);
    change_email(&house, &second, "third@example.org").await;
    assert!(is_dead(confirm(&house, &token(&of_second[0], PAGE)).await));
    let back = change_email(&house, &ann, "ann@example.org").await;
    assert_eq!((addresses(&back), back.is_email_verified), ((Some("ann@example.org"), None), true));
    assert!(is_dead(confirm(&house, &token(&of_second[0], PAGE)).await));
}

#[tokio::test]
async fn an_address_that_somebody_else_has_confirmed_meanwhile_stays_theirs() {
    let house = House::new();
    let (ann, _) = registered(&house).await;
    let bob = register(&house, "bob", Some(PASSWORD), None).await.unwrap();
    mails(&house).await;
    for user in [&ann, &bob] {
        change_email(&house, user, "both@example.org").await;
    }
    let links: Vec<_> = mails(&house).await.iter().map(|mail| token(mail, PAGE)).collect();
    confirm(&house, &links[0]).await.unwrap();
    let late = confirm(&house, &links[1]).await;
    assert!(matches!(late, Err(AppError::Taken { field: "email", .. })), "{late:?}");
    let taken = AppError::from(parlor::store::NameTaken::Email).to_string();
    let email = Some("BOTH@example.org".to_owned());
    let change = ProfileChange { email, proof: proof(Some(PASSWORD), None), ..ProfileChange::default() };
    let refused = app::change_profile(&house.app, bob.id, change).await.unwrap_err();
    assert_eq!(refused.to_string(), taken);
}

#[tokio::test]
async fn whoever_reads_the_mail_confirms_nothing_without_being_the_accounts_owner() {
    let house = House::new();
    let ann = register(&house, "ann", Some(PASSWORD), Some(PHRASE)).await.unwrap();
    let link = token(&mails(&house).await[0], PAGE);
    register(&house, "bob", Some(PASSWORD), None).await.unwrap();
    let bob = session(&house, "bob", &proof(Some(PASSWORD), None)).await;
    for (why, by) in [
        ("nothing", Confirmation::default()),
        ("another account's session", Confirmation { session: Some(bob.clone()), proof: None }),
    ] {
        let refused = app::verify_email(&house.app, &link, &by).await;
        assert!(matches!(refused, Err(AppError::OwnerNeeded)), "{why}: {refused:?}");
    }
    let with = async |password: Option<&str>, phrase: Option<&str>| {
        let by = Confirmation { session: Some(bob.clone()), proof: Some(proof(password, phrase)) };
        app::verify_email(&house.app, &link, &by).await
    };
    let wrong = with(Some("not it at all"), None).await;
    assert!(matches!(wrong, Err(AppError::WrongCredentials)), "{wrong:?}");
    let half = with(Some(PASSWORD), None).await;
    assert!(matches!(half, Err(AppError::PhraseRequired)), "{half:?}");
    assert!(!is_verified(&house, &ann).await);
    with(None, Some(PHRASE)).await.unwrap();
    assert!(is_verified(&house, &ann).await);
}

#[tokio::test]
async fn a_session_of_the_account_is_enough_and_the_link_says_whose_it_is() {
    let house = House::new();
    let ann = register(&house, "ann", Some(PASSWORD), Some(PHRASE)).await.unwrap();
    let link = token(&mails(&house).await[0], PAGE);
    let mine = session(&house, "ann", &proof(None, Some(PHRASE))).await;
    let bob = register(&house, "bob", Some(PASSWORD), None).await.unwrap();
    let bobs_link = token(&mails(&house).await[0], PAGE);
    for (link, session, user, demand) in [
        (&link, None, &ann, ConfirmationDemand::Phrase),
        (&link, Some(&mine), &ann, ConfirmationDemand::Nothing),
        (&bobs_link, Some(&mine), &bob, ConfirmationDemand::Password),
    ] {
        let linked = app::linked_account(&house.app, link, session).await.unwrap();
        assert_eq!((linked.user.id, linked.demand), (user.id, demand));
    }
    confirm_as(&house, &link, &mine).await.unwrap();
    assert!(is_verified(&house, &ann).await);
    assert!(is_dead(app::linked_account(&house.app, &link, None).await));
    assert!(matches!(confirm_as(&house, &bobs_link, &mine).await, Err(AppError::OwnerNeeded)));
}

#[tokio::test]
async fn guesses_by_a_link_are_counted() {
    let house = House::new();
    let (_, mails) = registered(&house).await;
    let link = token(&mails[0], PAGE);
    let guess = async || {
        let proof = Some(proof(Some("not it at all"), None));
        app::verify_email(&house.app, &link, &Confirmation { session: None, proof }).await
    };
    for _ in 0..20 {
        assert!(matches!(guess().await, Err(AppError::WrongCredentials)));
    }
    assert!(matches!(guess().await, Err(AppError::TooMany { .. })));
}

#[tokio::test]
async fn texts_that_are_no_link_of_this_kind_confirm_nothing() {
    let house = House::new();
    let (ann, mails) = registered(&house).await;
    let good = token(&mails[0], PAGE);
    app::forgot_password(&house.app, ann.email.as_ref().unwrap()).await.unwrap();
    let reset = token(&self::mails(&house).await[0], "reset-password");
    let renamed = reset.replace("plp_", "plv_");
    // The lowest bits of the account's number are at the beginning of this letter: another person's.
    let mut other = good.clone().into_bytes();
    other[14] += 4;
    let other = String::from_utf8(other).unwrap();
    let whose = |text: &str| LinkToken::parse(LinkKind::VerifyEmail, text).unwrap().user;
    assert_eq!((whose(&good), whose(&other)), (ann.id, UserId(ann.id.0 + 1)));
    for bad in ["", "x", "plv_", &good[..good.len() - 1], &reset, &renamed, &other] {
        assert!(is_dead(confirm(&house, bad).await), "{bad}");
    }
    assert!(!is_verified(&house, &ann).await);
}

#[tokio::test]
async fn the_mail_is_sent_again_on_request_but_not_often_and_not_in_vain() {
    let house = House::new();
    let (ann, first) = registered(&house).await;
    for _ in 0..5 {
        assert!(app::request_verification(&house.app, ann.id).await.unwrap());
    }
    let again = mails(&house).await;
    assert_eq!(again.len(), 5);
    let limited = app::request_verification(&house.app, ann.id).await;
    assert!(matches!(limited, Err(AppError::TooMany { limit: 5, .. })), "{limited:?}");
    // Each link is good until the address is confirmed.
    confirm(&house, &token(&first[0], PAGE)).await.unwrap();
    confirm(&house, &token(&again[4], PAGE)).await.unwrap();
    assert!(!app::request_verification(&house.app, ann.id).await.unwrap());
    let (_, guest) = house.sign_in().await;
    let refused = app::request_verification(&house.app, guest.user).await;
    assert!(matches!(refused, Err(AppError::Forbidden(_))), "{refused:?}");
    assert!(mails(&house).await.is_empty());
}

#[tokio::test]
async fn nobody_is_written_to_without_end() {
    let house = House::new();
    // To the beginning of an hour, by which mails are counted.
    house.clock.advance(std::time::Duration::from_secs(795));
    let (mut ann, first) = registered(&house).await;
    assert_eq!(first.len(), 1);
    let mut mailed = 0;
    for _ in 0..20 {
        ann = change_email(&house, &ann, "elsewhere@example.org").await;
        mailed += mails(&house).await.len();
        ann = change_email(&house, &ann, "ann@example.org").await;
        mails(&house).await;
        house.clock.advance(std::time::Duration::from_secs(60));
    }
    assert_eq!(mailed, 15);
    house.clock.advance(HOUR);
    change_email(&house, &ann, "elsewhere@example.org").await;
    assert_eq!(mails(&house).await.len(), 1);
}

#[tokio::test]
async fn a_mail_that_cannot_be_sent_now_is_tried_again_and_one_that_never_can_is_given_up() {
    let house = House::new();
    let ann = register(&house, "ann", Some(PASSWORD), None).await.unwrap();
    let job = Job::Mail { link: LinkKind::VerifyEmail, user: ann.id };
    assert_eq!(house.jobs.take(), [(job.clone(), std::time::Duration::ZERO)]);
    *house.mails.next_error.lock().unwrap() = Some(MailerError::Unavailable("busy".into()));
    assert!(app::run_job(&house.app, job.clone(), None).await.is_err());
    app::run_job(&house.app, job.clone(), None).await.unwrap();
    confirm(&house, &token(&house.mails.take()[0], PAGE)).await.unwrap();
    *house.mails.next_error.lock().unwrap() = Some(MailerError::Refused("no such host".into()));
    let job = Job::Mail { link: LinkKind::ResetPassword, user: ann.id };
    app::run_job(&house.app, job, None).await.unwrap();
    assert!(house.mails.take().is_empty());
}

#[tokio::test]
async fn an_account_is_made_although_the_queue_takes_no_mail() {
    let house = House::new();
    house.jobs.fails.store(true, std::sync::atomic::Ordering::SeqCst);
    let (ann, mails) = registered(&house).await;
    assert!(mails.is_empty());
    house.jobs.fails.store(false, std::sync::atomic::Ordering::SeqCst);
    assert!(app::request_verification(&house.app, ann.id).await.unwrap());
    assert_eq!(self::mails(&house).await.len(), 1);
}

#[tokio::test]
async fn whoever_is_gone_disabled_or_nobody_gets_no_mail_and_leaves_no_links() {
    let house = House::new();
    let (ann, _) = registered(&house).await;
    app::forgot_password(&house.app, ann.email.as_ref().unwrap()).await.unwrap();
    assert_eq!(mails(&house).await.len(), 1);
    house.put_user(&User { is_disabled: true, ..ann.clone() }).await;
    let job = |user| Job::Mail { link: LinkKind::VerifyEmail, user };
    app::run_job(&house.app, job(ann.id), None).await.unwrap();
    house.put_user(&ann).await;
    let (name, password) = (AccountName::username("ann"), proof(Some(PASSWORD), None));
    let session = app::sign_in_account(&house.app, &name, &password).await.unwrap().session_token.identity;
    app::delete_profile(&house.app, &session).await.unwrap();
    for user in [ann.id, UserId(0)] {
        app::run_job(&house.app, job(user), None).await.unwrap();
    }
    assert!(house.mails.take().is_empty());
    let query = Query {
        partition: Partition::Table(format!("USER#{}", ann.id)),
        range: SortRange::All,
        direction: Direction::Forward,
        limit: 10,
        after: None,
        consistency: Consistency::Strong,
    };
    assert_eq!(house.app.ports().table.query(&query).await.unwrap().items, []);
}
