//! What handlers answer: errors, pages of lists, and what several calls answer alike.

pub(in crate::inbound::http) mod answers;
pub(in crate::inbound::http) mod error;
pub(in crate::inbound::http) mod error_page;
pub(in crate::inbound::http) mod pages;
