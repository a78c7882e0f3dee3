//! People who are changed by several at once.

use parlor::app::{self, Confirmation};
use parlor::ports::{Change, Condition, EXPIRES_AT, Key, Write};
use parlor::store::{AccountChange, Accounts, Session, Sessions, User, Users};

use crate::use_cases::accounts::signing_in::{PASSWORD, proof, register};
use crate::use_cases::accounts::verify_email::mails;
use crate::use_cases::bench::*;
use crate::use_cases::kept_mails::token;

fn called(user: &User, display_name: &str) -> User {
    User { display_name: display_name.to_owned(), ..user.clone() }
}

async fn change(bench: &Bench, before: &User, display_name: &str) -> AccountChange {
    let accounts = Accounts(&*bench.app.ports().table);
    accounts.change(before, &called(before, display_name)).await.unwrap()
}

async fn stored(bench: &Bench, user: &User) -> User {
    Users(&*bench.app.ports().table).get(user.id).await.unwrap().unwrap()
}

#[tokio::test]
async fn two_changes_that_cancel_each_other_out_overtake_whoever_read_before_them() {
    let bench = Bench::new();
    let read = register(&bench, "ann", Some(PASSWORD), None).await.unwrap();
    change(&bench, &read, "Bea").await;
    change(&bench, &stored(&bench, &read).await, &read.display_name).await;
    assert_eq!(change(&bench, &read, "Cleo").await, AccountChange::Overtaken);
    let now = stored(&bench, &read).await;
    assert_eq!(User { revision: read.revision, ..now }, read);
}

#[tokio::test]
async fn a_confirmed_address_overtakes_whoever_read_before() {
    let bench = Bench::new();
    let read = register(&bench, "ann", Some(PASSWORD), None).await.unwrap();
    let link = token(&mails(&bench).await[0], "verify-email");
    let proof = Some(proof(Some(PASSWORD), None));
    app::verify_email(&bench.app, &link, &Confirmation { session: None, proof }).await.unwrap();
    assert_eq!(change(&bench, &read, "Bea").await, AccountChange::Overtaken);
    assert!(!Accounts(&*bench.app.ports().table).remove(&read).await.unwrap());
    assert!(stored(&bench, &read).await.is_email_verified);
}

#[tokio::test]
async fn people_who_were_stored_before_changes_were_counted_are_changed_and_counted_from_then_on() {
    let bench = Bench::new();
    let read = register(&bench, "ann", Some(PASSWORD), None).await.unwrap();
    let profile = Key { pk: format!("USER#{}", read.id), sk: "PROFILE".to_owned() };
    let uncounted = Write::Update(profile, vec![Change::Remove("revision".to_owned())], Condition::Exists);
    bench.app.ports().table.write(uncounted).await.unwrap();
    let before = stored(&bench, &read).await;
    let AccountChange::Done(after) = change(&bench, &before, "Bea").await else { panic!("not changed") };
    assert_eq!((stored(&bench, &read).await, after.revision), (*after, 1));
    assert_eq!(change(&bench, &before, "Cleo").await, AccountChange::Overtaken);
}

#[tokio::test]
async fn a_change_of_a_guest_takes_no_time_away_that_they_were_given_meanwhile() {
    let bench = Bench::new();
    let (guest, identity) = bench.sign_in().await;
    let sessions = Sessions(&*bench.app.ports().table);
    let session: Session = sessions.get(&identity).await.unwrap().unwrap();
    let later = session.expires_at + 3600;
    sessions.extend(&session, later).await.unwrap();
    let changed = change(&bench, &guest.user, "Zoë").await;
    assert!(matches!(changed, AccountChange::Done(_)), "{changed:?}");
    let now = stored(&bench, &guest.user).await;
    assert_eq!((now.display_name.as_str(), now.expires_at), ("Zoë", Some(later)), "{EXPIRES_AT}");
}
