//! Whose address it is.

use futures_util::future::join_all;
use parlor::app::{self, AccountName, AppError, Confirmation, ConfirmationDemand, ProfileChange, Proof};
use parlor::domain::link_token::{LinkKind, LinkToken};
use parlor::ids::UserId;
use parlor::ports::{Consistency, Direction, Identity, Job, Mail, MailerError, Partition, Query, SortRange};
use parlor::store::User;

use crate::use_cases::accounts::signing_in::{PASSWORD, PHRASE, proof, register};
use crate::use_cases::bench::*;
use crate::use_cases::kept_mails::token;

const PAGE: &str = "verify-email";

/// Ann, and the mails that her registration led to.
async fn registered(bench: &Bench) -> (User, Vec<Mail>) {
    let ann = register(bench, "ann", Some(PASSWORD), None).await.unwrap();
    (ann, mails(bench).await)
}

/// What is mailed once the jobs have been done.
pub(crate) async fn mails(bench: &Bench) -> Vec<Mail> {
    bench.run(bench.jobs.take()).await;
    bench.mails.take()
}

async fn change_email(bench: &Bench, user: &User, email: &str) -> User {
    let email = Some(email.to_owned());
    let change = ProfileChange { email, proof: proof(Some(PASSWORD), None), ..ProfileChange::default() };
    app::change_profile(&bench.app, user.id, change).await.unwrap()
}

async fn is_verified(bench: &Bench, user: &User) -> bool {
    app::profile(&bench.app, user.id).await.unwrap().is_email_verified
}

/// Uses a link, with the account's password.
async fn confirm(bench: &Bench, link: &str) -> Result<(), AppError> {
    let proof = Some(proof(Some(PASSWORD), None));
    app::verify_email(&bench.app, link, &Confirmation { session: None, proof }).await
}

/// Uses a link as somebody who is signed in.
async fn confirm_as(bench: &Bench, link: &str, session: &Identity) -> Result<(), AppError> {
    let session = Some(session.clone());
    app::verify_email(&bench.app, link, &Confirmation { session, proof: None }).await
}

async fn session(bench: &Bench, name: &str, proof: &Proof) -> Identity {
    let name = AccountName::username(name);
    app::sign_in_account(&bench.app, &name, proof).await.unwrap().session_token.identity
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
    let bench = Bench::new();
    let (ann, mails) = registered(&bench).await;
    let [mail] = &mails[..] else { panic!("{mails:?}") };
    assert_eq!(mail.to.as_str(), "ann@example.org");
    let link = token(mail, PAGE);
    assert!(!is_verified(&bench, &ann).await);
    confirm(&bench, &link).await.unwrap();
    assert!(is_verified(&bench, &ann).await);
    assert!(is_dead(confirm(&bench, &link).await));
    assert!(is_verified(&bench, &ann).await);
    // Without an address there is nobody to write to.
    let change = change_email(&bench, &ann, "").await;
    assert!(!change.is_email_verified);
    let mails = self::mails(&bench).await;
    let subjects: Vec<&str> = mails.iter().map(|mail| &*mail.subject).collect();
    assert_eq!(subjects, ["Your e-mail address was replaced"], "the former one alone is told");
}

#[tokio::test]
async fn a_link_ends_after_a_day() {
    let bench = Bench::new();
    let (ann, mails) = registered(&bench).await;
    bench.clock.advance(24 * HOUR);
    assert!(is_dead(confirm(&bench, &token(&mails[0], PAGE)).await));
    assert!(!is_verified(&bench, &ann).await);
}

#[tokio::test]
async fn of_those_who_use_a_link_in_the_same_instant_one_does() {
    let bench = Bench::new();
    let (_, mails) = registered(&bench).await;
    let link = token(&mails[0], PAGE);
    let all = join_all((0..8).map(|_| confirm(&bench, &link))).await;
    assert_eq!(all.iter().filter(|result| result.is_ok()).count(), 1);
    assert!(all.into_iter().filter(Result::is_err).all(is_dead));
}

#[tokio::test]
async fn a_new_address_counts_once_it_is_confirmed_and_until_then_the_old_one_stands() {
    let bench = Bench::new();
    let (ann, mails) = registered(&bench).await;
    confirm(&bench, &token(&mails[0], PAGE)).await.unwrap();
    let ann = change_email(&bench, &ann, "new@example.org").await;
    assert_eq!(addresses(&ann), (Some("ann@example.org"), Some("new@example.org")));
    assert!(ann.is_email_verified);
    let by = async |email: &str| {
        let name = AccountName::email(email);
        app::sign_in_account(&bench.app, &name, &proof(Some(PASSWORD), None)).await.is_ok()
    };
    assert!(by("ann@example.org").await && !by("new@example.org").await);
    let mails = self::mails(&bench).await;
    assert_eq!(mails.iter().map(|mail| mail.to.as_str()).collect::<Vec<_>>(), ["new@example.org"]);
    confirm(&bench, &token(&mails[0], PAGE)).await.unwrap();
    let ann = app::profile(&bench.app, ann.id).await.unwrap();
    assert_eq!((addresses(&ann), ann.is_email_verified), ((Some("new@example.org"), None), true));
    assert!(by("new@example.org").await && !by("ann@example.org").await);
    // The old one is free.
    register(&bench, "ann", Some(PASSWORD), None).await.unwrap_err();
    let name = "anna".to_owned();
    let again = app::Registration {
        username: name,
        email: Some("ann@example.org".into()),
        password: proof(Some(PASSWORD), None).password,
        ..app::Registration::default()
    };
    app::register(&bench.app, again).await.unwrap();
}

#[tokio::test]
async fn a_link_confirms_no_address_but_the_one_it_was_mailed_to() {
    let bench = Bench::new();
    let (ann, mails) = registered(&bench).await;
    let second = change_email(&bench, &ann, "new@example.org").await;
    let of_second = self::mails(&bench).await;
    // The first one is theirs still, and says nothing of the second.
    confirm(&bench, &token(&mails[0], PAGE)).await.unwrap();
    let both = app::profile(&bench.app, ann.id).await.unwrap();
    assert_eq!(addresses(&both), (Some("ann@example.org"), Some("new@example.org")));
    assert!(both.is_email_verified);
    change_email(&bench, &second, "third@example.org").await;
    assert!(is_dead(confirm(&bench, &token(&of_second[0], PAGE)).await));
    let back = change_email(&bench, &ann, "ann@example.org").await;
    assert_eq!((addresses(&back), back.is_email_verified), ((Some("ann@example.org"), None), true));
    assert!(is_dead(confirm(&bench, &token(&of_second[0], PAGE)).await));
}

#[tokio::test]
async fn an_address_that_somebody_else_has_confirmed_meanwhile_stays_theirs() {
    let bench = Bench::new();
    let (ann, _) = registered(&bench).await;
    let bob = register(&bench, "bob", Some(PASSWORD), None).await.unwrap();
    mails(&bench).await;
    for user in [&ann, &bob] {
        change_email(&bench, user, "both@example.org").await;
    }
    let links: Vec<_> = mails(&bench).await.iter().map(|mail| token(mail, PAGE)).collect();
    confirm(&bench, &links[0]).await.unwrap();
    let late = confirm(&bench, &links[1]).await;
    assert!(matches!(late, Err(AppError::Taken { field: "email", .. })), "{late:?}");
    let taken = AppError::from(parlor::store::NameTaken::Email).to_string();
    let email = Some("BOTH@example.org".to_owned());
    let change = ProfileChange { email, proof: proof(Some(PASSWORD), None), ..ProfileChange::default() };
    let refused = app::change_profile(&bench.app, bob.id, change).await.unwrap_err();
    assert_eq!(refused.to_string(), taken);
}

#[tokio::test]
async fn whoever_reads_the_mail_confirms_nothing_without_being_the_accounts_owner() {
    let bench = Bench::new();
    let ann = register(&bench, "ann", Some(PASSWORD), Some(PHRASE)).await.unwrap();
    let link = token(&mails(&bench).await[0], PAGE);
    register(&bench, "bob", Some(PASSWORD), None).await.unwrap();
    let bob = session(&bench, "bob", &proof(Some(PASSWORD), None)).await;
    for (why, by) in [
        ("nothing", Confirmation::default()),
        ("another account's session", Confirmation { session: Some(bob.clone()), proof: None }),
    ] {
        let refused = app::verify_email(&bench.app, &link, &by).await;
        assert!(matches!(refused, Err(AppError::OwnerNeeded)), "{why}: {refused:?}");
    }
    let with = async |password: Option<&str>, phrase: Option<&str>| {
        let by = Confirmation { session: Some(bob.clone()), proof: Some(proof(password, phrase)) };
        app::verify_email(&bench.app, &link, &by).await
    };
    let wrong = with(Some("not it at all"), None).await;
    assert!(matches!(wrong, Err(AppError::WrongCredentials)), "{wrong:?}");
    let half = with(Some(PASSWORD), None).await;
    assert!(matches!(half, Err(AppError::PhraseRequired)), "{half:?}");
    assert!(!is_verified(&bench, &ann).await);
    with(None, Some(PHRASE)).await.unwrap();
    assert!(is_verified(&bench, &ann).await);
}

#[tokio::test]
async fn a_session_of_the_account_is_enough_and_the_link_says_whose_it_is() {
    let bench = Bench::new();
    let ann = register(&bench, "ann", Some(PASSWORD), Some(PHRASE)).await.unwrap();
    let link = token(&mails(&bench).await[0], PAGE);
    let mine = session(&bench, "ann", &proof(None, Some(PHRASE))).await;
    let bob = register(&bench, "bob", Some(PASSWORD), None).await.unwrap();
    let bobs_link = token(&mails(&bench).await[0], PAGE);
    for (link, session, user, demand) in [
        (&link, None, &ann, ConfirmationDemand::Phrase),
        (&link, Some(&mine), &ann, ConfirmationDemand::Nothing),
        (&bobs_link, Some(&mine), &bob, ConfirmationDemand::Password),
    ] {
        let linked = app::linked_account(&bench.app, link, session).await.unwrap();
        assert_eq!((linked.user.id, linked.demand), (user.id, demand));
    }
    confirm_as(&bench, &link, &mine).await.unwrap();
    assert!(is_verified(&bench, &ann).await);
    assert!(is_dead(app::linked_account(&bench.app, &link, None).await));
    assert!(matches!(confirm_as(&bench, &bobs_link, &mine).await, Err(AppError::OwnerNeeded)));
}

#[tokio::test]
async fn guesses_by_a_link_are_counted() {
    let bench = Bench::new();
    let (_, mails) = registered(&bench).await;
    let link = token(&mails[0], PAGE);
    let guess = async || {
        let proof = Some(proof(Some("not it at all"), None));
        app::verify_email(&bench.app, &link, &Confirmation { session: None, proof }).await
    };
    for _ in 0..20 {
        assert!(matches!(guess().await, Err(AppError::WrongCredentials)));
    }
    assert!(matches!(guess().await, Err(AppError::TooMany { .. })));
}

#[tokio::test]
async fn texts_that_are_no_link_of_this_kind_confirm_nothing() {
    let bench = Bench::new();
    let (ann, mails) = registered(&bench).await;
    let good = token(&mails[0], PAGE);
    app::forgot_password(&bench.app, ann.email.as_ref().unwrap()).await.unwrap();
    let reset = token(&self::mails(&bench).await[0], "reset-password");
    let renamed = reset.replace("plp_", "plv_");
    // The lowest bits of the account's number are at the beginning of this letter: another person's.
    let mut other = good.clone().into_bytes();
    other[14] += 4;
    let other = String::from_utf8(other).unwrap();
    let whose = |text: &str| LinkToken::parse(LinkKind::VerifyEmail, text).unwrap().user;
    assert_eq!((whose(&good), whose(&other)), (ann.id, UserId(ann.id.0 + 1)));
    for bad in ["", "x", "plv_", &good[..good.len() - 1], &reset, &renamed, &other] {
        assert!(is_dead(confirm(&bench, bad).await), "{bad}");
    }
    assert!(!is_verified(&bench, &ann).await);
}

#[tokio::test]
async fn the_mail_is_sent_again_on_request_but_not_often_and_not_in_vain() {
    let bench = Bench::new();
    let (ann, first) = registered(&bench).await;
    for _ in 0..5 {
        assert!(app::request_verification(&bench.app, ann.id).await.unwrap());
    }
    let again = mails(&bench).await;
    assert_eq!(again.len(), 5);
    let limited = app::request_verification(&bench.app, ann.id).await;
    assert!(matches!(limited, Err(AppError::TooMany { limit: 5, .. })), "{limited:?}");
    // Each link is good until the address is confirmed.
    confirm(&bench, &token(&first[0], PAGE)).await.unwrap();
    confirm(&bench, &token(&again[4], PAGE)).await.unwrap();
    assert!(!app::request_verification(&bench.app, ann.id).await.unwrap());
    let (_, guest) = bench.sign_in().await;
    let refused = app::request_verification(&bench.app, guest.user).await;
    assert!(matches!(refused, Err(AppError::Forbidden(_))), "{refused:?}");
    assert!(mails(&bench).await.is_empty());
}

#[tokio::test]
async fn nobody_is_written_to_without_end() {
    let bench = Bench::new();
    // To the beginning of an hour, by which mails are counted.
    bench.clock.advance(std::time::Duration::from_secs(795));
    let (mut ann, first) = registered(&bench).await;
    assert_eq!(first.len(), 1);
    let mut mailed = 0;
    for _ in 0..20 {
        ann = change_email(&bench, &ann, "elsewhere@example.org").await;
        mailed += mails(&bench).await.len();
        ann = change_email(&bench, &ann, "ann@example.org").await;
        mails(&bench).await;
        bench.clock.advance(std::time::Duration::from_secs(60));
    }
    assert_eq!(mailed, 15);
    bench.clock.advance(HOUR);
    change_email(&bench, &ann, "elsewhere@example.org").await;
    assert_eq!(mails(&bench).await.len(), 1);
}

#[tokio::test]
async fn a_mail_that_cannot_be_sent_now_is_tried_again_and_one_that_never_can_is_given_up() {
    let bench = Bench::new();
    let ann = register(&bench, "ann", Some(PASSWORD), None).await.unwrap();
    let job = Job::Mail { link: LinkKind::VerifyEmail, user: ann.id };
    assert_eq!(bench.jobs.take(), [(job.clone(), std::time::Duration::ZERO)]);
    *bench.mails.next_error.lock().unwrap() = Some(MailerError::Unavailable("busy".into()));
    assert!(app::run_job(&bench.app, job.clone(), None).await.is_err());
    app::run_job(&bench.app, job.clone(), None).await.unwrap();
    confirm(&bench, &token(&bench.mails.take()[0], PAGE)).await.unwrap();
    *bench.mails.next_error.lock().unwrap() = Some(MailerError::Refused("no such host".into()));
    let job = Job::Mail { link: LinkKind::ResetPassword, user: ann.id };
    app::run_job(&bench.app, job, None).await.unwrap();
    assert!(bench.mails.take().is_empty());
}

#[tokio::test]
async fn an_account_is_made_although_the_queue_takes_no_mail() {
    let bench = Bench::new();
    bench.jobs.fails.store(true, std::sync::atomic::Ordering::SeqCst);
    let (ann, mails) = registered(&bench).await;
    assert!(mails.is_empty());
    bench.jobs.fails.store(false, std::sync::atomic::Ordering::SeqCst);
    assert!(app::request_verification(&bench.app, ann.id).await.unwrap());
    assert_eq!(self::mails(&bench).await.len(), 1);
}

#[tokio::test]
async fn whoever_is_gone_disabled_or_nobody_gets_no_mail_and_leaves_no_links() {
    let bench = Bench::new();
    let (ann, _) = registered(&bench).await;
    app::forgot_password(&bench.app, ann.email.as_ref().unwrap()).await.unwrap();
    assert_eq!(mails(&bench).await.len(), 1);
    bench.put_user(&User { is_disabled: true, ..ann.clone() }).await;
    let job = |user| Job::Mail { link: LinkKind::VerifyEmail, user };
    app::run_job(&bench.app, job(ann.id), None).await.unwrap();
    bench.put_user(&ann).await;
    let (name, password) = (AccountName::username("ann"), proof(Some(PASSWORD), None));
    let session = app::sign_in_account(&bench.app, &name, &password).await.unwrap().session_token.identity;
    app::delete_profile(&bench.app, &session).await.unwrap();
    for user in [ann.id, UserId(0)] {
        app::run_job(&bench.app, job(user), None).await.unwrap();
    }
    assert!(bench.mails.take().is_empty());
    let query = Query {
        partition: Partition::Table(format!("USER#{}", ann.id)),
        range: SortRange::All,
        direction: Direction::Forward,
        limit: 10,
        after: None,
        consistency: Consistency::Strong,
    };
    assert_eq!(bench.app.ports().table.query(&query).await.unwrap().items, []);
}
