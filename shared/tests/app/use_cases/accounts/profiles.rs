//! The signed-in person: changed, found, gone.

use parlor::app::{self, AccountName, AppError, ProfileChange, Proof, SecretChange, SignIn};
use parlor::domain::secret::Secret;
use parlor::ids::UserId;
use parlor::ports::{Consistency, Direction, Partition, Query, SortRange};
use parlor::store::{Accounts, User};

use crate::use_cases::accounts::signing_in::{PASSWORD, PHRASE, proof, register};
use crate::use_cases::house::*;

const NEW: &str = "nine red kites over Hull";

async fn sign_in(house: &House, name: &str, proof: &Proof) -> Result<SignIn, AppError> {
    app::sign_in_account(&house.app, &AccountName::username(name), proof).await
}

fn password() -> Proof {
    proof(Some(PASSWORD), None)
}

async fn found(house: &House, beginning: &str) -> Vec<String> {
    let found = app::find_people(&house.app, parlor::ids::UserId(0), beginning).await.unwrap();
    found.into_iter().map(|row| format!("{}: {}", row.username, row.display_name)).collect()
}

async fn change(house: &House, user: &User, change: ProfileChange) -> Result<User, AppError> {
    app::change_profile(&house.app, user.id, change).await
}

#[tokio::test]
async fn a_new_name_is_found_and_signed_in_by_and_the_old_one_is_free() {
    let house = House::new();
    let ann = register(&house, "ann", Some(PASSWORD), None).await.unwrap();
    let wanted = ProfileChange {
        display_name: Some("Ann Lee".into()),
        username: Some("Bea".into()),
        ..ProfileChange::default()
    };
    let bea = change(&house, &ann, wanted).await.unwrap();
    assert_eq!(app::profile(&house.app, ann.id).await.unwrap(), bea);
    assert_eq!(found(&house, "b").await, ["Bea: Ann Lee"]);
    assert_eq!(found(&house, "a").await, [""; 0]);
    assert_eq!(sign_in(&house, "bea", &password()).await.unwrap().user, bea);
    assert!(sign_in(&house, "ann", &password()).await.is_err());
    let recased = ProfileChange { username: Some("BEA".into()), ..ProfileChange::default() };
    change(&house, &ann, recased).await.unwrap();
    assert_eq!(found(&house, "bea").await, ["BEA: Ann Lee"]);
    // The address is Ann's still.
    let taken = register(&house, "ann", Some(PASSWORD), None).await;
    assert!(matches!(taken, Err(AppError::Taken { field: "email", .. })), "{taken:?}");
}

#[tokio::test]
async fn a_taken_name_changes_nothing() {
    let house = House::new();
    let ann = register(&house, "ann", Some(PASSWORD), None).await.unwrap();
    register(&house, "bob", Some(PASSWORD), None).await.unwrap();
    let wanted = ProfileChange {
        display_name: Some("Robert".into()),
        username: Some("BOB".into()),
        ..ProfileChange::default()
    };
    let taken = change(&house, &ann, wanted).await;
    assert!(matches!(taken, Err(AppError::Taken { field: "username", .. })), "{taken:?}");
    let email = Some("Bob@example.org".into());
    let wanted = ProfileChange { email, proof: password(), ..ProfileChange::default() };
    let taken = change(&house, &ann, wanted).await;
    assert!(matches!(taken, Err(AppError::Taken { field: "email", .. })), "{taken:?}");
    assert_eq!(app::profile(&house.app, ann.id).await.unwrap(), ann);
    assert_eq!(found(&house, "ann").await, ["ann: ann"]);
}

#[tokio::test]
async fn an_address_changes_for_its_owner_alone() {
    let house = House::new();
    let ann = register(&house, "ann", Some(PASSWORD), Some(PHRASE)).await.unwrap();
    let with =
        |email: &str, proof| ProfileChange { email: Some(email.into()), proof, ..ProfileChange::default() };
    for unproven in [Proof::default(), password(), proof(None, Some("not it at all"))] {
        let refused = change(&house, &ann, with("new@example.org", unproven)).await;
        assert!(matches!(refused, Err(AppError::Forbidden(_))), "{refused:?}");
    }
    let own = || proof(None, Some(PHRASE));
    let changed = change(&house, &ann, with("new@example.org", own())).await.unwrap();
    assert_eq!(changed.pending_email.as_ref().unwrap().as_str(), "new@example.org");
    let by = |email: &str| (AccountName::email(email), proof(Some(PASSWORD), Some(PHRASE)));
    let (new, all) = by("new@example.org");
    assert!(app::sign_in_account(&house.app, &new, &all).await.is_err(), "nobody has confirmed it");
    let (old, all) = by("ann@example.org");
    assert!(app::sign_in_account(&house.app, &old, &all).await.is_ok());
    for unproven in ["ann@example.org", ""] {
        let refused = change(&house, &ann, with(unproven, Proof::default())).await;
        assert!(matches!(refused, Err(AppError::Forbidden(_))), "{unproven:?}: {refused:?}");
    }
    let none = change(&house, &ann, with("", own())).await.unwrap();
    assert_eq!((&none.email, &none.pending_email), (&None, &None));
    assert!(app::sign_in_account(&house.app, &old, &all).await.is_err());
}

#[tokio::test]
async fn a_guest_changes_the_name_that_others_see_and_no_other() {
    let house = House::new();
    let (guest, _) = house.sign_in().await;
    let wanted = ProfileChange { display_name: Some("Zoë".into()), ..ProfileChange::default() };
    assert_eq!(change(&house, &guest.user, wanted).await.unwrap().display_name, "Zoë");
    let wanted = ProfileChange { username: Some("zoe".into()), ..ProfileChange::default() };
    let refused = change(&house, &guest.user, wanted).await;
    assert!(matches!(refused, Err(AppError::Forbidden(_))), "{refused:?}");
}

#[tokio::test]
async fn people_are_found_by_the_beginning_of_their_names_in_order() {
    let house = House::new();
    for name in ["anna", "Ann", "bert", "annabel", "a-n"] {
        register(&house, name, Some(PASSWORD), None).await.unwrap();
    }
    assert_eq!(found(&house, "ANN").await, ["Ann: Ann", "anna: anna", "annabel: annabel"]);
    assert_eq!(found(&house, "annab").await, ["annabel: annabel"]);
    assert_eq!(found(&house, "a").await.len(), 4);
    for nobody in ["c", "annn", "%", "ä", "#"] {
        assert_eq!(found(&house, nobody).await, [""; 0], "{nobody}");
    }
}

#[tokio::test]
async fn new_secrets_take_the_old_ones_place_and_end_the_other_sessions() {
    let house = House::new();
    register(&house, "ann", Some(PASSWORD), None).await.unwrap();
    let mine = sign_in(&house, "ann", &password()).await.unwrap();
    let other = sign_in(&house, "ann", &password()).await.unwrap();
    let identity = &mine.session_token.identity;
    let change = |proof, password: Option<&str>, phrase: Option<&str>| {
        let (password, phrase) = (password.and_then(Secret::new), phrase.and_then(Secret::new));
        app::change_secrets(&house.app, identity, SecretChange { proof, password, phrase })
    };
    let refused = change(proof(Some("not it at all"), None), Some(NEW), None).await;
    assert!(matches!(refused, Err(AppError::Forbidden(_))), "{refused:?}");
    let weak = change(password(), Some("ann@example.org"), None).await;
    assert!(matches!(weak, Err(AppError::InvalidInput { field: "password", .. })), "{weak:?}");
    let nothing = change(password(), None, None).await;
    assert!(matches!(nothing, Err(AppError::InvalidInput { .. })), "{nothing:?}");
    assert!(app::authenticate(&house.app, &other.access_token).await.is_ok(), "so far");

    change(password(), Some(NEW), None).await.unwrap();
    assert!(app::authenticate(&house.app, &mine.access_token).await.is_ok());
    assert!(app::authenticate(&house.app, &other.access_token).await.is_err());
    assert!(sign_in(&house, "ann", &password()).await.is_err());
    assert!(sign_in(&house, "ann", &proof(Some(NEW), None)).await.is_ok());

    change(proof(Some(NEW), None), None, Some(PHRASE)).await.unwrap();
    assert!(sign_in(&house, "ann", &proof(Some(NEW), None)).await.is_err(), "the phrase is asked for");
    assert!(sign_in(&house, "ann", &proof(Some(NEW), Some(PHRASE))).await.is_ok());
}

#[tokio::test]
async fn who_goes_leaves_nothing_behind_and_their_names_are_free() {
    let house = House::new();
    let ann = register(&house, "ann", Some(PASSWORD), Some(PHRASE)).await.unwrap();
    let own = proof(Some(PASSWORD), Some(PHRASE));
    let (mine, other) =
        (sign_in(&house, "ann", &own).await.unwrap(), sign_in(&house, "ann", &own).await.unwrap());
    app::delete_profile(&house.app, &mine.session_token.identity).await.unwrap();
    for token in [&mine.access_token, &other.access_token] {
        let gone = app::authenticate(&house.app, token).await;
        assert!(matches!(gone, Err(AppError::SessionEnded)), "{gone:?}");
    }
    assert!(matches!(
        app::refresh(&house.app, &mine.refresh_token.reveal()).await,
        Err(AppError::SessionEnded)
    ));
    assert!(matches!(sign_in(&house, "ann", &own).await, Err(AppError::WrongCredentials)));
    for partition in [&format!("USER#{}", ann.id), "USERNAME#a", "EMAIL#ann@example.org"] {
        assert_eq!(items(&house, partition).await, 0, "{partition}");
    }
    let again = register(&house, "ANN", Some(PASSWORD), None).await.unwrap();
    assert_ne!(again.id, ann.id, "no number is given twice");
}

async fn items(house: &House, partition: &str) -> usize {
    let query = Query {
        partition: Partition::Table(partition.to_owned()),
        range: SortRange::All,
        direction: Direction::Forward,
        limit: 100,
        after: None,
        consistency: Consistency::Strong,
    };
    house.app.ports().table.query(&query).await.unwrap().items.len()
}

#[tokio::test]
async fn a_guest_goes_too() {
    let house = House::new();
    let (guest, identity) = house.sign_in().await;
    app::delete_profile(&house.app, &identity).await.unwrap();
    let UserId(number) = guest.user.id;
    assert_eq!(items(&house, &format!("USER#{number}")).await, 0);
}

#[tokio::test]
async fn a_deletion_that_broke_off_is_finished_by_asking_again() {
    let house = House::new();
    let ann = register(&house, "ann", Some(PASSWORD), None).await.unwrap();
    let sign_in = sign_in(&house, "ann", &password()).await.unwrap();
    assert!(Accounts(&*house.app.ports().table).remove(&ann).await.unwrap());
    let partition = format!("USER#{}", ann.id);
    assert_eq!(items(&house, &partition).await, 1, "the session is there still");
    app::delete_profile(&house.app, &sign_in.session_token.identity).await.unwrap();
    assert_eq!(items(&house, &partition).await, 0);
}
