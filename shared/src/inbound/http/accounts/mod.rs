//! Calls about accounts.

pub(in crate::inbound::http) mod admin;
pub(in crate::inbound::http) mod blocking;
pub(in crate::inbound::http) mod browser_sign_in;
pub(in crate::inbound::http) mod link_account;
pub(in crate::inbound::http) mod link_pages;
pub(in crate::inbound::http) mod profile;
pub(in crate::inbound::http) mod providers;
pub(in crate::inbound::http) mod register;
pub(in crate::inbound::http) mod reset_password;
pub(in crate::inbound::http) mod sessions;
pub(in crate::inbound::http) mod sign_in;
pub(in crate::inbound::http) mod sign_out;
pub(in crate::inbound::http) mod verify_email;
pub(in crate::inbound::http) mod vouched_sign_in;
pub(in crate::inbound::http) mod ws_ticket;
