//! Who vouches for people besides us.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

use crate::domain::email_address::EmailAddress;
use crate::openapi_macros::ToSchema;

/// Who vouches for people besides us.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub enum Provider {
    /// Google.
    Google,
    /// Facebook.
    Facebook,
}

impl Provider {
    /// All of them.
    pub const ALL: [Self; 2] = [Self::Google, Self::Facebook];

    /// The name in paths and keys.
    pub fn name(self) -> &'static str {
        match self {
            Self::Google => "google",
            Self::Facebook => "facebook",
        }
    }

    /// Whether this provider gives out addresses like this one, and so knows whose it is today: Google those of Gmail, and
    /// those of the organisation whose account it is (the claim `hd`).
    pub fn is_authoritative(self, email: &EmailAddress, hosted_domain: Option<&str>) -> bool {
        let domain = email.domain();
        self == Self::Google
            && (domain == "gmail.com" || hosted_domain.is_some_and(|hosted| hosted.to_lowercase() == domain))
    }
}

impl FromStr for Provider {
    type Err = ();

    fn from_str(text: &str) -> Result<Self, ()> {
        Self::ALL.into_iter().find(|provider| provider.name() == text).ok_or(())
    }
}

/// The name as people know it.
impl fmt::Display for Provider {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Google => "Google",
            Self::Facebook => "Facebook",
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn google_speaks_for_gmail_and_for_an_organisations_own_domain_alone() {
        let speaks = |provider: Provider, email: &str, hosted: Option<&str>| {
            provider.is_authoritative(&EmailAddress::parse(email).unwrap(), hosted)
        };
        assert!(speaks(Provider::Google, "Ann@Gmail.com", None));
        assert!(speaks(Provider::Google, "ann@Example.org", Some("example.ORG")));
        for (email, hosted) in [
            ("ann@example.org", None),
            ("ann@example.org", Some("")),
            ("ann@example.org", Some("example.com")),
            ("ann@mail.example.org", Some("example.org")),
            ("ann@gmail.com.example.org", None),
            ("gmail.com@example.org", None),
        ] {
            assert!(!speaks(Provider::Google, email, hosted), "{email} {hosted:?}");
            assert!(!speaks(Provider::Facebook, email, hosted), "{email} {hosted:?}");
        }
        assert!(!speaks(Provider::Facebook, "ann@gmail.com", Some("gmail.com")));
    }
}
