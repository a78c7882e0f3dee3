//! Invitations: links that let people in without a password or approval.

use std::fmt;
use std::time::Duration;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;

use crate::domain::accounts::token::TokenHash;

/// The longest and the usual life of an invitation: a week.
pub const MAX_INVITATION_LIFE: Duration = Duration::from_secs(7 * 24 * 3600);
/// How often one may be used at most.
const MAX_USES: u32 = 10_000;

/// What invitations begin with.
const PREFIX: &str = "pli_";

/// The secret of an invitation: whoever brings it comes in.
#[derive(Clone, PartialEq, Eq)]
pub struct InvitationToken([u8; 32]);

impl InvitationToken {
    /// A token with this secret.
    pub fn new(secret: [u8; 32]) -> Self {
        Self(secret)
    }

    /// Reads a token; none if the text isn't one.
    pub fn parse(text: &str) -> Option<Self> {
        let bytes = URL_SAFE_NO_PAD.decode(text.strip_prefix(PREFIX)?).ok()?;
        bytes.try_into().ok().map(Self)
    }

    /// The token as it is handed out.
    pub fn reveal(&self) -> String {
        format!("{PREFIX}{}", URL_SAFE_NO_PAD.encode(self.0))
    }

    /// What is stored of it.
    pub fn hash(&self) -> TokenHash {
        TokenHash::of(PREFIX, &self.0)
    }
}

/// Shows nothing of it.
impl fmt::Debug for InvitationToken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("InvitationToken(..)")
    }
}

/// How long and how often an invitation is good.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct InvitationTerms {
    /// For how long.
    pub life: Duration,
    /// How many people may come in by it.
    pub uses: u32,
}

/// The terms that somebody asked for, or the field that can't be and why.
pub fn invitation_terms(
    expires_in: Option<u64>,
    uses: Option<u32>,
) -> Result<InvitationTerms, (&'static str, &'static str)> {
    let life = expires_in.map_or(MAX_INVITATION_LIFE, Duration::from_secs);
    if life.is_zero() || life > MAX_INVITATION_LIFE {
        return Err(("expires_in", "From 1 to 604800 seconds."));
    }
    let uses = uses.unwrap_or(MAX_USES);
    if uses == 0 || uses > MAX_USES {
        return Err(("uses", "From 1 to 10000."));
    }
    Ok(InvitationTerms { life, uses })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_token_is_read_back_and_shown_nowhere() {
        let token = InvitationToken::new([7; 32]);
        assert_eq!(InvitationToken::parse(&token.reveal()), Some(token.clone()));
        assert_eq!(format!("{token:?}"), "InvitationToken(..)");
        for bad in ["", "pli_", "pli_x", &token.reveal()[..20]] {
            assert_eq!(InvitationToken::parse(bad), None, "{bad}");
        }
    }

    #[test]
    fn terms_have_limits() {
        assert_eq!(invitation_terms(None, None).map(|terms| terms.life), Ok(MAX_INVITATION_LIFE));
        assert_eq!(invitation_terms(Some(60), Some(1)).map(|terms| terms.uses), Ok(1));
        assert!(invitation_terms(Some(0), None).is_err() && invitation_terms(Some(604_801), None).is_err());
        assert!(invitation_terms(None, Some(0)).is_err() && invitation_terms(None, Some(10_001)).is_err());
    }
}
