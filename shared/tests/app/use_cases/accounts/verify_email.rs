//! Whose address it is.

use futures_util::future::join_all;
use parlor::app::{self, AppError, ProfileChange};
use parlor::domain::link_token::{LinkKind, LinkToken};
use parlor::ids::UserId;
use parlor::ports::{Consistency, Direction, Job, Mail, MailerError, Partition, Query, SortRange};
use parlor::store::User;

use crate::use_cases::accounts::signing_in::{PASSWORD, proof, register};
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
    app::verify_email(&house.app, &link).await.unwrap();
    assert!(is_verified(&house, &ann).await);
    assert!(is_dead(app::verify_email(&house.app, &link).await));
    assert!(is_verified(&house, &ann).await);
    // Without an address there is nobody to write to.
    let change = change_email(&house, &ann, "").await;
    assert!(!change.is_email_verified && self::mails(&house).await.is_empty());
}

#[tokio::test]
async fn a_link_ends_after_a_day() {
    let house = House::new();
    let (ann, mails) = registered(&house).await;
    house.clock.advance(24 * HOUR);
    assert!(is_dead(app::verify_email(&house.app, &token(&mails[0], PAGE)).await));
    assert!(!is_verified(&house, &ann).await);
}

#[tokio::test]
async fn of_those_who_use_a_link_in_the_same_instant_one_does() {
    let house = House::new();
    let (_, mails) = registered(&house).await;
    let link = token(&mails[0], PAGE);
    let all = join_all((0..8).map(|_| app::verify_email(&house.app, &link))).await;
    assert_eq!(all.iter().filter(|result| result.is_ok()).count(), 1);
    assert!(all.into_iter().filter(Result::is_err).all(is_dead));
}

#[tokio::test]
async fn a_link_confirms_no_address_but_the_one_it_was_mailed_to() {
    let house = House::new();
    let (ann, mails) = registered(&house).await;
    let ann = change_email(&house, &ann, "new@example.org").await;
    assert!(is_dead(app::verify_email(&house.app, &token(&mails[0], PAGE)).await));
    assert!(!is_verified(&house, &ann).await);
    let mails = self::mails(&house).await;
    assert_eq!(mails.iter().map(|mail| mail.to.as_str()).collect::<Vec<_>>(), ["new@example.org"]);
    app::verify_email(&house.app, &token(&mails[0], PAGE)).await.unwrap();
    assert!(is_verified(&house, &ann).await);
    // Confirmed once, lost with the address.
    let ann = change_email(&house, &ann, "third@example.org").await;
    assert!(!is_verified(&house, &ann).await);
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
        assert!(is_dead(app::verify_email(&house.app, bad).await), "{bad}");
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
    app::verify_email(&house.app, &token(&first[0], PAGE)).await.unwrap();
    app::verify_email(&house.app, &token(&again[4], PAGE)).await.unwrap();
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
    let mut mailed = first.len();
    for _ in 0..20 {
        ann = change_email(&house, &ann, "elsewhere@example.org").await;
        mails(&house).await;
        ann = change_email(&house, &ann, "ann@example.org").await;
        mailed += mails(&house).await.len();
        house.clock.advance(std::time::Duration::from_secs(60));
    }
    assert_eq!(mailed, 15);
    house.clock.advance(HOUR);
    assert!(app::request_verification(&house.app, ann.id).await.unwrap());
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
    app::verify_email(&house.app, &token(&house.mails.take()[0], PAGE)).await.unwrap();
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
    let (name, password) = (app::AccountName::username("ann"), proof(Some(PASSWORD), None));
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
