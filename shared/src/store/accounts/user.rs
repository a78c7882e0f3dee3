//! A person, and their names at the providers that vouch for them.

use serde::{Deserialize, Serialize};

use crate::domain::email_address::EmailAddress;
use crate::domain::provider::Provider;
use crate::domain::username::Username;
use crate::ids::{StoredName, Subject, UserId};
use crate::protocol::Role;
use crate::protocol::Timestamp;

/// A person.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct User {
    /// Their number.
    pub id: UserId,
    /// The name that others see.
    pub display_name: String,
    /// The name that they sign in by; guests have none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub username: Option<Username>,
    /// Their e-mail address, if they gave one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub email: Option<EmailAddress>,
    /// Whether they have shown that the address is theirs: nobody may sign in by it in another way before.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub is_email_verified: bool,
    /// The address that they want instead. It counts once they have shown that it is theirs.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub pending_email: Option<EmailAddress>,
    /// Who vouches for them besides us.
    #[serde(flatten)]
    pub identities: LinkedIdentities,
    /// The name of their picture, if they have one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub picture: Option<StoredName>,
    /// What they may do.
    #[serde(default)]
    pub role: Role,
    /// Whether they may not sign in any more.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub is_disabled: bool,
    /// Whether they came without an account of their own.
    pub is_guest: bool,
    /// When they came, in microseconds since 1970.
    pub created_at: i64,
    /// When they go: guests only. In whole seconds since 1970.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub expires_at: Option<i64>,
    /// How often they were changed. Every write that changes them counts it up, but for the one that puts a guest's end off;
    /// people who were stored before this was counted have none.
    #[serde(default)]
    pub revision: i64,
}

/// Somebody's names at the providers by which they sign in; at most one at each.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct LinkedIdentities {
    /// At Google.
    #[serde(default, rename = "google_subject", skip_serializing_if = "Option::is_none")]
    pub google: Option<Subject>,
    /// At Facebook.
    #[serde(default, rename = "facebook_subject", skip_serializing_if = "Option::is_none")]
    pub facebook: Option<Subject>,
}

impl LinkedIdentities {
    /// The name at a provider.
    pub fn at(&self, provider: Provider) -> Option<&Subject> {
        match provider {
            Provider::Google => self.google.as_ref(),
            Provider::Facebook => self.facebook.as_ref(),
        }
    }

    /// With this name at a provider, too.
    #[must_use]
    pub fn with(mut self, provider: Provider, subject: Subject) -> Self {
        match provider {
            Provider::Google => self.google = Some(subject),
            Provider::Facebook => self.facebook = Some(subject),
        }
        self
    }
}

impl User {
    /// The address that they have still to show to be theirs, if there is one.
    pub fn unconfirmed_email(&self) -> Option<&EmailAddress> {
        let named = self.email.as_ref().filter(|_| !self.is_email_verified);
        self.pending_email.as_ref().or(named)
    }

    /// As they are once they have shown that an address is theirs, which they have or want; none if it is neither.
    pub fn confirmed(&self, email: &EmailAddress) -> Option<Self> {
        if self.pending_email.as_ref() == Some(email) {
            let email = Some(email.clone());
            return Some(Self { email, is_email_verified: true, pending_email: None, ..self.clone() });
        }
        let is_theirs = self.email.as_ref() == Some(email);
        is_theirs.then(|| Self { is_email_verified: true, ..self.clone() })
    }

    /// Somebody of whom nothing is known but the name that others see.
    pub fn new(id: UserId, display_name: String, created_at: Timestamp) -> Self {
        Self {
            id,
            display_name,
            username: None,
            email: None,
            is_email_verified: false,
            pending_email: None,
            identities: LinkedIdentities::default(),
            picture: None,
            role: Role::Member,
            is_disabled: false,
            is_guest: false,
            created_at: created_at.as_micros(),
            expires_at: None,
            revision: 0,
        }
    }

    /// What everybody knows of them, and so would try first as a secret.
    pub fn known(&self) -> Vec<String> {
        let username = self.username.as_ref().map(ToString::to_string);
        let email = self.email.as_ref().map(|email| email.as_str().to_owned());
        [self.display_name.clone()].into_iter().chain(username).chain(email).collect()
    }
}
