//! Decisions: plain synchronous functions that take state and time and return what follows. No I/O.

pub mod byte_range;
pub mod client_address;
pub mod display_name;
pub mod drop;
pub mod edge_secret;
pub mod email_address;
pub mod heartbeat;
pub mod limit;
pub mod link_token;
pub mod media;
pub mod next_url;
pub mod origin;
pub mod picture;
pub mod predefined_audio;
pub mod provider;
pub mod refresh_chain;
pub mod role;
pub mod secret;
pub mod secret_strength;
pub mod sign_in_flow;
pub mod token;
pub mod username;
