//! Accounts: names, secrets, tokens, and who vouches for whom.

pub mod display_name;
pub mod email_address;
pub mod identity;
pub mod link_token;
pub mod next_url;
pub mod notice;
pub mod picture;
pub mod provider;
pub mod refresh_chain;
pub mod secret;
pub mod secret_strength;
pub mod sign_in_flow;
pub mod token;
pub mod username;
