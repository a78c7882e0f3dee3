//! Google and Facebook as the application knows them, over real HTTP, with providers that the tests play.
#![cfg(all(feature = "oidc", feature = "testing"))]
#![expect(clippy::expect_used, clippy::unwrap_used, reason = "what a test cannot do is its failure")]

mod code_flow;
mod facebook;
mod id_tokens;
mod key_rotation;
mod signed_tokens;
mod test_provider;
