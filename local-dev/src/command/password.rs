//! A password, asked for.

use std::io::{self, Read as _};

use parlor::domain::secret::Secret;

use super::CommandError;

/// More than any password has, in bytes.
const MAX_INPUT: u64 = 64 * 1024;

/// Asks for it twice, without showing it; or reads it from standard input.
pub(super) fn read(from_stdin: bool) -> Result<Secret, CommandError> {
    let text = if from_stdin { piped()? } else { typed_twice()? };
    Secret::new(&text).ok_or(CommandError::NoPassword)
}

fn typed_twice() -> Result<String, CommandError> {
    let ask = |prompt: &str| rpassword::prompt_password(prompt).map_err(CommandError::NoTerminal);
    let (first, second) = (ask("Password: ")?, ask("The same again: ")?);
    if first == second { Ok(first) } else { Err(CommandError::PasswordsDiffer) }
}

/// The first line: whoever pipes a password often ends it with a line break, which is no part of it.
fn piped() -> Result<String, CommandError> {
    let mut text = String::new();
    io::stdin().take(MAX_INPUT).read_to_string(&mut text).map_err(CommandError::NoTerminal)?;
    Ok(text.lines().next().unwrap_or_default().to_owned())
}
