//! The signed-in person: changed, found, gone.

use parlor::app::{self, AccountName, AppError, ProfileChange, Proof, SecretChange, SignIn};
use parlor::domain::secret::Secret;
use parlor::ids::UserId;
use parlor::ports::{Consistency, Direction, Partition, Query, SortRange};
use parlor::store::{Accounts, User};

use crate::use_cases::accounts::signing_in::{PASSWORD, PHRASE, proof, register};
use crate::use_cases::bench::*;

const NEW: &str = "nine red kites over Hull";

async fn sign_in(bench: &Bench, name: &str, proof: &Proof) -> Result<SignIn, AppError> {
    app::sign_in_account(&bench.app, &AccountName::username(name), proof).await
}

fn password() -> Proof {
    proof(Some(PASSWORD), None)
}

async fn found(bench: &Bench, beginning: &str) -> Vec<String> {
    let (found, _) = app::find_people(&bench.app, UserId(0), beginning, None, 20).await.unwrap();
    found.into_iter().map(|row| format!("{}: {}", row.username, row.display_name)).collect()
}

async fn change(bench: &Bench, user: &User, change: ProfileChange) -> Result<User, AppError> {
    app::change_profile(&bench.app, user.id, change).await
}

#[tokio::test]
async fn a_new_name_is_found_and_signed_in_by_and_the_old_one_is_free() {
    let bench = Bench::new();
    let ann = register(&bench, "ann", Some(PASSWORD), None).await.unwrap();
    let wanted = ProfileChange {
        display_name: Some("Ann Lee".into()),
        username: Some("Bea".into()),
        ..ProfileChange::default()
    };
    let bea = change(&bench, &ann, wanted).await.unwrap();
    assert_eq!(app::profile(&bench.app, ann.id).await.unwrap(), bea);
    assert_eq!(found(&bench, "b").await, ["Bea: Ann Lee"]);
    assert_eq!(found(&bench, "a").await, [""; 0]);
    assert_eq!(sign_in(&bench, "bea", &password()).await.unwrap().user, bea);
    assert!(sign_in(&bench, "ann", &password()).await.is_err());
    let recased = ProfileChange { username: Some("BEA".into()), ..ProfileChange::default() };
    change(&bench, &ann, recased).await.unwrap();
    assert_eq!(found(&bench, "bea").await, ["BEA: Ann Lee"]);
    // The address is Ann's still.
    let taken = register(&bench, "ann", Some(PASSWORD), None).await;
    assert!(matches!(taken, Err(AppError::Taken { field: "email", .. })), "{taken:?}");
}

#[tokio::test]
async fn a_taken_name_changes_nothing() {
    let bench = Bench::new();
    let ann = register(&bench, "ann", Some(PASSWORD), None).await.unwrap();
    register(&bench, "bob", Some(PASSWORD), None).await.unwrap();
    let wanted = ProfileChange {
        display_name: Some("Robert".into()),
        username: Some("BOB".into()),
        ..ProfileChange::default()
    };
    let taken = change(&bench, &ann, wanted).await;
    assert!(matches!(taken, Err(AppError::Taken { field: "username", .. })), "{taken:?}");
    let email = Some("Bob@example.org".into());
    let wanted = ProfileChange { email, proof: password(), ..ProfileChange::default() };
    let taken = change(&bench, &ann, wanted).await;
    assert!(matches!(taken, Err(AppError::Taken { field: "email", .. })), "{taken:?}");
    assert_eq!(app::profile(&bench.app, ann.id).await.unwrap(), ann);
    assert_eq!(found(&bench, "ann").await, ["ann: ann"]);
}

#[tokio::test]
async fn an_address_changes_for_its_owner_alone() {
    let bench = Bench::new();
    let ann = register(&bench, "ann", Some(PASSWORD), Some(PHRASE)).await.unwrap();
    let with =
        |email: &str, proof| ProfileChange { email: Some(email.into()), proof, ..ProfileChange::default() };
    for unproven in [Proof::default(), password(), proof(None, Some("not it at all"))] {
        let refused = change(&bench, &ann, with("new@example.org", unproven)).await;
        assert!(matches!(refused, Err(AppError::Forbidden(_))), "{refused:?}");
    }
    let own = || proof(None, Some(PHRASE));
    let changed = change(&bench, &ann, with("new@example.org", own())).await.unwrap();
    assert_eq!(changed.pending_email.as_ref().unwrap().as_str(), "new@example.org");
    let by = |email: &str| (AccountName::email(email), proof(Some(PASSWORD), Some(PHRASE)));
    let (new, all) = by("new@example.org");
    assert!(app::sign_in_account(&bench.app, &new, &all).await.is_err(), "nobody has confirmed it");
    let (old, all) = by("ann@example.org");
    assert!(app::sign_in_account(&bench.app, &old, &all).await.is_ok());
    for unproven in ["ann@example.org", ""] {
        let refused = change(&bench, &ann, with(unproven, Proof::default())).await;
        assert!(matches!(refused, Err(AppError::Forbidden(_))), "{unproven:?}: {refused:?}");
    }
    let none = change(&bench, &ann, with("", own())).await.unwrap();
    assert_eq!((&none.email, &none.pending_email), (&None, &None));
    assert!(app::sign_in_account(&bench.app, &old, &all).await.is_err());
}

#[tokio::test]
async fn a_guest_changes_the_name_that_others_see_and_no_other() {
    let bench = Bench::new();
    let (guest, _) = bench.sign_in().await;
    let wanted = ProfileChange { display_name: Some("Zoë".into()), ..ProfileChange::default() };
    assert_eq!(change(&bench, &guest.user, wanted).await.unwrap().display_name, "Zoë");
    let wanted = ProfileChange { username: Some("zoe".into()), ..ProfileChange::default() };
    let refused = change(&bench, &guest.user, wanted).await;
    assert!(matches!(refused, Err(AppError::Forbidden(_))), "{refused:?}");
}

#[tokio::test]
async fn people_are_found_by_the_beginning_of_their_names_in_order() {
    let bench = Bench::new();
    for name in ["anna", "Ann", "bert", "annabel", "a-n"] {
        register(&bench, name, Some(PASSWORD), None).await.unwrap();
    }
    assert_eq!(found(&bench, "ANN").await, ["Ann: Ann", "anna: anna", "annabel: annabel"]);
    assert_eq!(found(&bench, "annab").await, ["annabel: annabel"]);
    assert_eq!(found(&bench, "a").await.len(), 4);
    for nobody in ["c", "annn", "%", "ä", "#"] {
        assert_eq!(found(&bench, nobody).await, [""; 0], "{nobody}");
    }
}

#[tokio::test]
async fn new_secrets_take_the_old_ones_place_and_end_the_other_sessions() {
    let bench = Bench::new();
    register(&bench, "ann", Some(PASSWORD), None).await.unwrap();
    let mine = sign_in(&bench, "ann", &password()).await.unwrap();
    let other = sign_in(&bench, "ann", &password()).await.unwrap();
    let identity = &mine.session_token.identity;
    let change = |proof, password: Option<&str>, phrase: Option<&str>| {
        let (password, phrase) = (password.and_then(Secret::new), phrase.and_then(Secret::new));
        app::change_secrets(&bench.app, identity, SecretChange { proof, password, phrase })
    };
    let refused = change(proof(Some("not it at all"), None), Some(NEW), None).await;
    assert!(matches!(refused, Err(AppError::Forbidden(_))), "{refused:?}");
    let weak = change(password(), Some("ann@example.org"), None).await;
    assert!(matches!(weak, Err(AppError::InvalidInput { field: "password", .. })), "{weak:?}");
    let nothing = change(password(), None, None).await;
    assert!(matches!(nothing, Err(AppError::InvalidInput { .. })), "{nothing:?}");
    assert!(app::authenticate(&bench.app, &other.access_token).await.is_ok(), "so far");

    change(password(), Some(NEW), None).await.unwrap();
    assert!(app::authenticate(&bench.app, &mine.access_token).await.is_ok());
    assert!(app::authenticate(&bench.app, &other.access_token).await.is_err());
    assert!(sign_in(&bench, "ann", &password()).await.is_err());
    assert!(sign_in(&bench, "ann", &proof(Some(NEW), None)).await.is_ok());

    change(proof(Some(NEW), None), None, Some(PHRASE)).await.unwrap();
    assert!(sign_in(&bench, "ann", &proof(Some(NEW), None)).await.is_err(), "the phrase is asked for");
    assert!(sign_in(&bench, "ann", &proof(Some(NEW), Some(PHRASE))).await.is_ok());
}

#[tokio::test]
async fn who_goes_leaves_nothing_behind_and_their_names_are_free() {
    let bench = Bench::new();
    let ann = register(&bench, "ann", Some(PASSWORD), Some(PHRASE)).await.unwrap();
    let own = proof(Some(PASSWORD), Some(PHRASE));
    let (mine, other) =
        (sign_in(&bench, "ann", &own).await.unwrap(), sign_in(&bench, "ann", &own).await.unwrap());
    app::delete_profile(&bench.app, &mine.session_token.identity).await.unwrap();
    for token in [&mine.access_token, &other.access_token] {
        let gone = app::authenticate(&bench.app, token).await;
        assert!(matches!(gone, Err(AppError::SessionEnded)), "{gone:?}");
    }
    assert!(matches!(
        app::refresh(&bench.app, &mine.refresh_token.reveal()).await,
        Err(AppError::SessionEnded)
    ));
    assert!(matches!(sign_in(&bench, "ann", &own).await, Err(AppError::WrongCredentials)));
    for partition in [&format!("USER#{}", ann.id), "USERNAME#a", "EMAIL#ann@example.org"] {
        assert_eq!(items(&bench, partition).await, 0, "{partition}");
    }
    let again = register(&bench, "ANN", Some(PASSWORD), None).await.unwrap();
    assert_ne!(again.id, ann.id, "no number is given twice");
}

async fn items(bench: &Bench, partition: &str) -> usize {
    let query = Query {
        partition: Partition::Table(partition.to_owned()),
        range: SortRange::All,
        direction: Direction::Forward,
        limit: 100,
        after: None,
        consistency: Consistency::Strong,
    };
    bench.app.ports().table.query(&query).await.unwrap().items.len()
}

#[tokio::test]
async fn a_guest_goes_too() {
    let bench = Bench::new();
    let (guest, identity) = bench.sign_in().await;
    app::delete_profile(&bench.app, &identity).await.unwrap();
    let UserId(number) = guest.user.id;
    assert_eq!(items(&bench, &format!("USER#{number}")).await, 0);
}

#[tokio::test]
async fn a_deletion_that_broke_off_is_finished_by_asking_again() {
    let bench = Bench::new();
    let ann = register(&bench, "ann", Some(PASSWORD), None).await.unwrap();
    let sign_in = sign_in(&bench, "ann", &password()).await.unwrap();
    assert!(Accounts(&*bench.app.ports().table).remove(&ann).await.unwrap());
    let partition = format!("USER#{}", ann.id);
    assert_eq!(items(&bench, &partition).await, 1, "the session is there still");
    app::delete_profile(&bench.app, &sign_in.session_token.identity).await.unwrap();
    assert_eq!(items(&bench, &partition).await, 0);
}
