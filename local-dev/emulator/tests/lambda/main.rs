//! Real function processes behind the gateway: how they are run, and what they are told by sockets and HTTP.

#![cfg(unix)]
#![expect(clippy::unwrap_used, reason = "a test that cannot be set up has failed")]

mod http;
mod mail;
mod processes;
mod sockets;
mod support;
mod template;
mod unread_template;
