//! What is done at a terminal, beside the application.

use futures_util::future::join_all;
use parlor::app::console::{Console, NewAdmin, Promotion};
use parlor::app::{self, AccountName, AppError};
use parlor::domain::secret::Secret;
use parlor::protocol::Role;
use parlor::store::{Admins, AuditAction, AuditLog, AuditRecord, User};

use crate::use_cases::accounts::signing_in::{PASSWORD, proof, register};
use crate::use_cases::bench::*;

/// A terminal beside that application.
pub(crate) fn console(bench: &Bench) -> Console {
    let ports = bench.app.ports();
    Console::new(ports.table.clone(), ports.clock.clone(), ports.random.clone())
}

/// An admin whose username and address are made from the name, made at a terminal.
pub(crate) async fn admin(bench: &Bench, name: &str) -> User {
    let email = format!("{name}@example.org");
    let admin = NewAdmin { email, username: Some(name.to_owned()), display_name: None };
    console(bench).create_admin(&admin, &Secret::new(PASSWORD).unwrap()).await.unwrap()
}

/// The newest deeds.
pub(crate) async fn trail(bench: &Bench) -> Vec<AuditRecord> {
    AuditLog(&*bench.app.ports().table).page(None, 100).await.unwrap().records
}

async fn admins(bench: &Bench) -> u64 {
    Admins(&*bench.app.ports().table).count().await.unwrap()
}

#[tokio::test]
async fn an_admin_is_made_whose_address_counts_as_theirs_and_it_is_noted() {
    let bench = Bench::new();
    let wanted = NewAdmin { email: "root@example.org".into(), username: None, display_name: None };
    let made = console(&bench).create_admin(&wanted, &Secret::new(PASSWORD).unwrap()).await.unwrap();
    assert_eq!((made.display_name.as_str(), made.role, made.is_email_verified), ("Admin", Role::Admin, true));
    let name = AccountName::email("ROOT@example.org");
    let signed_in = app::sign_in_account(&bench.app, &name, &proof(Some(PASSWORD), None)).await.unwrap();
    assert_eq!(signed_in.user, made);
    let note = &trail(&bench).await[..];
    assert!(
        matches!(note, [AuditRecord { action: AuditAction::AdminCreated, admin: None, user, .. }] if *user == Some(made.id)),
        "{note:?}"
    );
    assert_eq!(admins(&bench).await, 1);
}

#[tokio::test]
async fn what_would_be_no_good_account_is_refused_and_nothing_is_noted() {
    let bench = Bench::new();
    register(&bench, "ann", Some(PASSWORD), None).await.unwrap();
    let new = |email: &str, username: Option<&str>, display_name: Option<&str>| NewAdmin {
        email: email.into(),
        username: username.map(str::to_owned),
        display_name: display_name.map(str::to_owned),
    };
    let good = "root@example.org";
    for (wanted, password, wrong) in [
        (new("root", None, None), PASSWORD, "email"),
        (new("ANN@example.org", None, None), PASSWORD, "email"),
        (new(good, Some("Ann"), None), PASSWORD, "username"),
        (new(good, Some("a  b"), None), PASSWORD, "username"),
        (new(good, None, Some("\u{202E}")), PASSWORD, "display_name"),
        (new(good, None, None), "password1", "password"),
        (new(good, None, None), good, "password"),
    ] {
        let refused = console(&bench).create_admin(&wanted, &Secret::new(password).unwrap()).await;
        match refused {
            Err(AppError::InvalidInput { field, .. } | AppError::Taken { field, .. }) => {
                assert_eq!(field, wrong)
            }
            other => panic!("{wanted:?}: {other:?}"),
        }
    }
    assert_eq!((admins(&bench).await, trail(&bench).await.len()), (0, 0));
}

#[tokio::test]
async fn of_many_who_are_made_admins_with_one_address_at_once_one_is() {
    let bench = Bench::new();
    let wanted = NewAdmin { email: "root@example.org".into(), username: None, display_name: None };
    let (console, password) = (console(&bench), Secret::new(PASSWORD).unwrap());
    let made = join_all((0..5).map(|_| console.create_admin(&wanted, &password))).await;
    assert_eq!(made.iter().filter(|made| made.is_ok()).count(), 1);
    assert_eq!((admins(&bench).await, trail(&bench).await.len()), (1, 1));
}

#[tokio::test]
async fn somebody_who_has_an_account_becomes_an_admin_once() {
    let bench = Bench::new();
    let ann = register(&bench, "ann", Some(PASSWORD), None).await.unwrap();
    let console = console(&bench);
    assert!(matches!(console.promote("nobody@example.org").await, Err(AppError::NotFound)));
    let promoted = User { role: Role::Admin, revision: 1, ..ann.clone() };
    assert_eq!(console.promote("Ann@example.org").await.unwrap(), Promotion::Done(promoted.clone()));
    assert_eq!(console.promote("ann@example.org").await.unwrap(), Promotion::AlreadyAdmin(promoted.clone()));
    assert_eq!(app::profile(&bench.app, ann.id).await.unwrap(), promoted);
    assert_eq!((admins(&bench).await, trail(&bench).await.len()), (1, 1));
    bench.put_user(&User { is_disabled: true, ..ann.clone() }).await;
    assert!(matches!(console.promote("ann@example.org").await, Err(AppError::AccountDisabled)));
}
