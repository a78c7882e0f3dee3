//! Prints the description of the sockets, as the types of the protocol make it: what `cargo xtask openapi` keeps.

use std::io::{self, Write as _};

use parlor::inbound::http::asyncapi;

fn main() -> io::Result<()> {
    io::stdout().write_all(asyncapi::generated().as_bytes())
}
