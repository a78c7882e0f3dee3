//! Calls as some clients know them that were written for other servers.

mod accounts;
mod groups;
