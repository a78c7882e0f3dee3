//! Accounts: made, and signed in to.

use futures_util::future::join_all;
use parlor::app::{self, AccountName, AppError, Proof, Registration};
use parlor::domain::secret::Secret;
use parlor::store::{Accounts, User};

use crate::use_cases::bench::*;

pub(crate) const PASSWORD: &str = "kX3!vq9Zt-lamp";
pub(crate) const PHRASE: &str = "seven green boats at dawn";

/// Somebody of that name with these secrets, and an address made from the name.
pub(crate) async fn register(
    bench: &Bench,
    name: &str,
    password: Option<&str>,
    phrase: Option<&str>,
) -> Result<User, AppError> {
    let registration = Registration {
        username: name.to_owned(),
        email: Some(format!("{name}@example.org")),
        password: password.and_then(Secret::new),
        phrase: phrase.and_then(Secret::new),
        ..Registration::default()
    };
    app::register(&bench.app, registration).await
}

pub(crate) fn proof(password: Option<&str>, phrase: Option<&str>) -> Proof {
    let (password, phrase) = (password.and_then(Secret::new), phrase.and_then(Secret::new));
    Proof { password, phrase, ..Proof::default() }
}

async fn sign_in(
    bench: &Bench,
    name: &AccountName,
    password: Option<&str>,
    phrase: Option<&str>,
) -> Result<User, AppError> {
    app::sign_in_account(&bench.app, name, &proof(password, phrase)).await.map(|sign_in| sign_in.user)
}

#[tokio::test]
async fn an_account_is_signed_in_to_by_name_or_address_in_any_case() {
    let bench = Bench::new();
    let ann = register(&bench, "Ann", Some(PASSWORD), None).await.unwrap();
    assert_eq!((ann.display_name.as_str(), ann.is_guest, ann.expires_at), ("Ann", false, None));
    for name in [AccountName::username("aNN"), AccountName::email("ANN@Example.org")] {
        assert_eq!(sign_in(&bench, &name, Some(PASSWORD), None).await.unwrap(), ann, "{name:?}");
    }
}

#[tokio::test]
async fn the_phrase_is_asked_for_where_there_is_one_and_all_that_is_sent_must_be_right() {
    let bench = Bench::new();
    register(&bench, "both", Some(PASSWORD), Some(PHRASE)).await.unwrap();
    register(&bench, "phrase", None, Some(PHRASE)).await.unwrap();
    register(&bench, "password", Some(PASSWORD), None).await.unwrap();
    let wrong = Some("not it at all");
    for (name, password, phrase, enough) in [
        ("both", None, Some(PHRASE), true),
        ("both", Some(PASSWORD), Some(PHRASE), true),
        ("both", Some(PASSWORD), None, false),
        ("both", wrong, Some(PHRASE), false),
        ("both", Some(PASSWORD), wrong, false),
        ("both", Some(PHRASE), Some(PASSWORD), false),
        ("phrase", None, Some(PHRASE), true),
        ("phrase", Some(PHRASE), None, false),
        ("phrase", Some(PASSWORD), Some(PHRASE), false),
        ("password", Some(PASSWORD), None, true),
        ("password", Some(PASSWORD), Some(PASSWORD), false),
        ("password", None, Some(PASSWORD), false),
        ("nobody", Some(PASSWORD), None, false),
        ("not a name", Some(PASSWORD), Some(PHRASE), false),
    ] {
        let result = sign_in(&bench, &AccountName::username(name), password, phrase).await;
        match result {
            Ok(user) => assert!(enough && user.username.unwrap().as_str() == name, "{name}"),
            Err(AppError::PhraseRequired) => {
                assert_eq!((name, password, phrase), ("both", Some(PASSWORD), None));
            }
            Err(error) => {
                assert!(!enough && matches!(error, AppError::WrongCredentials), "{name}: {error:?}");
                assert_ne!((name, password, phrase), ("both", Some(PASSWORD), None), "the phrase is missing");
            }
        }
    }
}

#[tokio::test]
async fn a_disabled_account_says_so_to_its_owner_alone() {
    let bench = Bench::new();
    let mut ann = register(&bench, "ann", Some(PASSWORD), None).await.unwrap();
    ann.is_disabled = true;
    bench.put_user(&ann).await;
    let name = AccountName::username("ann");
    let right = sign_in(&bench, &name, Some(PASSWORD), None).await;
    assert!(matches!(right, Err(AppError::AccountDisabled)), "{right:?}");
    let wrong = sign_in(&bench, &name, Some("not it at all"), None).await;
    assert!(matches!(wrong, Err(AppError::WrongCredentials)), "{wrong:?}");
}

#[tokio::test]
async fn of_two_hundred_who_want_one_name_at_once_one_gets_it() {
    let bench = Bench::new();
    let attempts = (0..200).map(|number| {
        let registration = Registration {
            // Neither case nor anything else about them helps.
            username: if number % 2 == 0 { "Kino" } else { "kINO" }.to_owned(),
            email: Some(format!("{number}@example.org")),
            phrase: Secret::new(PHRASE),
            ..Registration::default()
        };
        app::register(&bench.app, registration)
    });
    let results = join_all(attempts).await;
    let (made, refused): (Vec<_>, Vec<_>) = results.into_iter().partition(Result::is_ok);
    assert_eq!((made.len(), refused.len()), (1, 199));
    for error in refused.into_iter().map(Result::unwrap_err) {
        assert!(matches!(error, AppError::Taken { field: "username", .. }), "{error:?}");
    }
}

#[tokio::test]
async fn who_is_refused_one_name_takes_no_other() {
    let bench = Bench::new();
    register(&bench, "ann", Some(PASSWORD), None).await.unwrap();
    let with = |name: &str, email: &str| Registration {
        username: name.to_owned(),
        email: Some(email.to_owned()),
        password: Secret::new(PASSWORD),
        ..Registration::default()
    };
    let taken = app::register(&bench.app, with("bob", "ANN@example.org")).await;
    assert!(matches!(taken, Err(AppError::Taken { field: "email", .. })), "{taken:?}");
    let taken = app::register(&bench.app, with("ANN", "bob@example.org")).await;
    assert!(matches!(taken, Err(AppError::Taken { field: "username", .. })), "{taken:?}");
    // Nothing of theirs is worked on before: to score a secret takes time.
    for (name, email, field) in [("bob", "ANN@example.org", "email"), ("ANN", "bob@example.org", "username")]
    {
        let weak = Registration { password: Secret::new("password1"), ..with(name, email) };
        let taken = app::register(&bench.app, weak).await;
        assert!(matches!(taken, Err(AppError::Taken { field: f, .. }) if f == field), "{taken:?}");
    }
    assert!(app::register(&bench.app, with("bob", "bob@example.org")).await.is_ok());
}

#[tokio::test]
async fn an_account_needs_a_secret_that_is_hard_to_guess() {
    let bench = Bench::new();
    let error = register(&bench, "ann", None, None).await.unwrap_err();
    assert!(matches!(error, AppError::InvalidInput { field: "password", .. }), "{error:?}");
    for (password, phrase, named) in [
        (Some("password1"), None, "password"),
        (Some("short"), None, "password"),
        (Some(PASSWORD), Some("iloveyou"), "phrase"),
        (Some("grzelakowski"), None, "password"),
    ] {
        let error = register(&bench, "grzelakowski", password, phrase).await.unwrap_err();
        assert!(matches!(error, AppError::InvalidInput { field, .. } if field == named), "{error:?}");
    }
    assert!(register(&bench, "grzelakowski", Some(PASSWORD), None).await.is_ok());
}

#[tokio::test]
async fn secrets_lie_in_the_table_as_hashes_alone() {
    let bench = Bench::new();
    let ann = register(&bench, "ann", Some(PASSWORD), Some(PHRASE)).await.unwrap();
    let table = &*bench.app.ports().table;
    let (_, secrets) = Accounts(table).get(ann.id).await.unwrap().unwrap();
    let stored = serde_json::to_string(&secrets).unwrap();
    assert_eq!(stored.matches("$argon2id$").count(), 2, "{stored}");
    assert!(!stored.contains(PASSWORD) && !stored.contains(PHRASE));
}

#[tokio::test]
async fn an_accounts_session_lives_thirty_days_unused() {
    let bench = Bench::new();
    register(&bench, "ann", Some(PASSWORD), None).await.unwrap();
    let name = AccountName::username("ann");
    let sign_in = app::sign_in_account(&bench.app, &name, &proof(Some(PASSWORD), None)).await.unwrap();
    let token = sign_in.session_token.reveal();
    for _ in 0..3 {
        bench.clock.advance(29 * 24 * HOUR);
        app::authenticate(&bench.app, &token).await.unwrap();
    }
    bench.clock.advance(31 * 24 * HOUR);
    let late = app::authenticate(&bench.app, &token).await;
    assert!(matches!(late, Err(AppError::SessionEnded)), "{late:?}");
}
