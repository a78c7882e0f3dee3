//! Owners are told what was done to their accounts.

use parlor::app::{self, Confirmation, ProfileChange, SecretChange};
use parlor::ports::{Identity, Mail};
use parlor::store::User;

use super::verify_email::mails;
use crate::use_cases::accounts::signing_in::{PASSWORD, PHRASE, proof, register};
use crate::use_cases::bench::*;
use crate::use_cases::kept_mails::token;

fn told(mails: &[Mail]) -> Vec<(&str, &str)> {
    mails.iter().map(|mail| (mail.to.as_str(), mail.subject.as_str())).collect()
}

async fn session(bench: &Bench) -> Identity {
    let name = app::AccountName::username("ann");
    let proof = proof(Some(PASSWORD), None);
    app::sign_in_account(&bench.app, &name, &proof).await.unwrap().session_token.identity
}

/// Confirms the address that a link was mailed to; answers the other mails.
async fn confirm(bench: &Bench, session: &Identity) -> Vec<Mail> {
    let (links, others): (Vec<Mail>, Vec<Mail>) =
        mails(bench).await.into_iter().partition(|mail| mail.subject == "Confirm your e-mail address");
    let by = Confirmation { session: Some(session.clone()), proof: None };
    app::verify_email(&bench.app, &token(&links[0], "verify-email"), &by).await.unwrap();
    others
}

async fn want(bench: &Bench, ann: &User, email: &str) {
    let change = ProfileChange {
        email: Some(email.to_owned()),
        proof: proof(Some(PASSWORD), None),
        ..ProfileChange::default()
    };
    app::change_profile(&bench.app, ann.id, change).await.unwrap();
}

async fn change_phrase(bench: &Bench, session: &Identity, by: app::Proof) {
    let change = SecretChange { proof: by, phrase: proof(None, Some(PHRASE)).phrase, password: None };
    app::change_secrets(&bench.app, session, change).await.unwrap();
}

#[tokio::test]
async fn the_owner_is_told_of_new_secrets_at_an_address_that_is_surely_theirs() {
    let bench = Bench::new();
    register(&bench, "ann", Some(PASSWORD), None).await.unwrap();
    let session = session(&bench).await;
    let first = mails(&bench).await;
    change_phrase(&bench, &session, proof(Some(PASSWORD), None)).await;
    assert_eq!(told(&mails(&bench).await), [], "an address that nobody has confirmed may be anybody's");
    let by = Confirmation { session: Some(session.clone()), proof: None };
    app::verify_email(&bench.app, &token(&first[0], "verify-email"), &by).await.unwrap();
    change_phrase(&bench, &session, proof(None, Some(PHRASE))).await;
    assert_eq!(told(&mails(&bench).await), [("ann@example.org", "Your password was changed")]);
}

#[tokio::test]
async fn a_former_address_is_told_that_it_was_replaced_however_often_it_is_replaced_again() {
    let bench = Bench::new();
    let ann = register(&bench, "ann", Some(PASSWORD), None).await.unwrap();
    let session = session(&bench).await;
    let mut told = confirm(&bench, &session).await;
    for email in ["thief@example.org", "other@example.org"] {
        want(&bench, &ann, email).await;
        told.extend(confirm(&bench, &session).await);
    }
    told.extend(mails(&bench).await);
    assert_eq!(told.len(), 2);
    for mail in &told {
        assert_eq!(
            (mail.to.as_str(), mail.subject.as_str()),
            ("ann@example.org", "Your e-mail address was replaced")
        );
        assert!(!mail.text.contains("thief"), "{}", mail.text);
    }
}
