//! What tells the word of our own edge from what anybody could have written.

use std::fmt;

use subtle::ConstantTimeEq;

/// A secret that the edge in front of us (CloudFront, a reverse proxy) sends along with each request.
#[derive(Clone, PartialEq, Eq)]
pub struct EdgeSecret(String);

impl EdgeSecret {
    /// The fewest characters of a secret.
    pub const MIN_LENGTH: usize = 32;

    /// A secret; none if the text is too short to be one.
    pub fn new(text: impl Into<String>) -> Option<Self> {
        Some(text.into()).filter(|text| text.len() >= Self::MIN_LENGTH).map(Self)
    }

    /// Whether somebody knows the secret; how long this takes tells nothing of it but its length.
    pub fn is(&self, told: &[u8]) -> bool {
        self.0.as_bytes().ct_eq(told).into()
    }
}

/// Says nothing.
impl fmt::Debug for EdgeSecret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("EdgeSecret").finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SECRET: &str = "0123456789abcdef0123456789abcdef";

    #[test]
    fn only_the_secret_itself_is_it() {
        let secret = EdgeSecret::new(SECRET).unwrap();
        assert!(secret.is(SECRET.as_bytes()));
        let twice = [SECRET, SECRET].join(", ");
        for other in ["", "0", &SECRET[1..], &SECRET.to_uppercase(), &twice] {
            assert!(!secret.is(other.as_bytes()), "{other}");
        }
    }

    #[test]
    fn what_could_be_guessed_is_no_secret() {
        assert_eq!(EdgeSecret::new(""), None);
        assert_eq!(EdgeSecret::new(&SECRET[1..]), None);
    }

    #[test]
    fn it_is_not_shown() {
        let shown = format!("{:?}", EdgeSecret::new(SECRET));
        assert!(!shown.contains(&SECRET[..4]), "{shown}");
    }
}
