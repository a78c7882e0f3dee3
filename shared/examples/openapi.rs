//! Prints the description of the HTTP API, as its handlers make it: what `cargo xtask openapi` keeps.

use std::io::{self, Write as _};

use parlor::inbound::http::openapi;

fn main() -> io::Result<()> {
    io::stdout().write_all(openapi::generated().as_bytes())
}
