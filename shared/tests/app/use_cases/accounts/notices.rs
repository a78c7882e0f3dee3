//! Owners are told what was done to their accounts.

use parlor::app::{self, Confirmation, ProfileChange, SecretChange};
use parlor::ports::{Identity, Mail};
use parlor::store::User;

use super::verify_email::mails;
use crate::use_cases::accounts::signing_in::{PASSWORD, PHRASE, proof, register};
use crate::use_cases::house::*;
use crate::use_cases::kept_mails::token;

fn told(mails: &[Mail]) -> Vec<(&str, &str)> {
    mails.iter().map(|mail| (mail.to.as_str(), mail.subject.as_str())).collect()
}

async fn session(house: &House) -> Identity {
    let name = app::AccountName::username("ann");
    let proof = proof(Some(PASSWORD), None);
    app::sign_in_account(&house.app, &name, &proof).await.unwrap().session_token.identity
}

/// Confirms the address that a link was mailed to; answers the other mails.
async fn confirm(house: &House, session: &Identity) -> Vec<Mail> {
    let (links, others): (Vec<Mail>, Vec<Mail>) =
        mails(house).await.into_iter().partition(|mail| mail.subject == "Confirm your e-mail address");
    let by = Confirmation { session: Some(session.clone()), proof: None };
    app::verify_email(&house.app, &token(&links[0], "verify-email"), &by).await.unwrap();
    others
}

async fn want(house: &House, ann: &User, email: &str) {
    let change = ProfileChange {
        email: Some(email.to_owned()),
        proof: proof(Some(PASSWORD), None),
        ..ProfileChange::default()
    };
    app::change_profile(&house.app, ann.id, change).await.unwrap();
}

async fn change_phrase(house: &House, session: &Identity, by: app::Proof) {
    let change = SecretChange { proof: by, phrase: proof(None, Some(PHRASE)).phrase, password: None };
    app::change_secrets(&house.app, session, change).await.unwrap();
}

#[tokio::test]
async fn the_owner_is_told_of_new_secrets_at_an_address_that_is_surely_theirs() {
    let house = House::new();
    register(&house, "ann", Some(PASSWORD), None).await.unwrap();
    let session = session(&house).await;
    let first = mails(&house).await;
    change_phrase(&house, &session, proof(Some(PASSWORD), None)).await;
    assert_eq!(told(&mails(&house).await), [], "an address that nobody has confirmed may be anybody's");
    let by = Confirmation { session: Some(session.clone()), proof: None };
    app::verify_email(&house.app, &token(&first[0], "verify-email"), &by).await.unwrap();
    change_phrase(&house, &session, proof(None, Some(PHRASE))).await;
    assert_eq!(told(&mails(&house).await), [("ann@example.org", "Your password was changed")]);
}

#[tokio::test]
async fn a_former_address_is_told_that_it_was_replaced_however_often_it_is_replaced_again() {
    let house = House::new();
    let ann = register(&house, "ann", Some(PASSWORD), None).await.unwrap();
    let session = session(&house).await;
    let mut told = confirm(&house, &session).await;
    for email in ["thief@example.org", "other@example.org"] {
        want(&house, &ann, email).await;
        told.extend(confirm(&house, &session).await);
    }
    told.extend(mails(&house).await);
    assert_eq!(told.len(), 2);
    for mail in &told {
        assert_eq!(
            (mail.to.as_str(), mail.subject.as_str()),
            ("ann@example.org", "Your e-mail address was replaced")
        );
        assert!(!mail.text.contains("thief"), "{}", mail.text);
    }
}
