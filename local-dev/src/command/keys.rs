//! `local-dev keys list` and `local-dev keys rotate`.

use parlor::app::console::{KeyState, ListedKey};

use super::CommandError;
use super::console::OpenConsole;

/// A line for each key.
pub(super) async fn list(open: &OpenConsole) -> Result<String, CommandError> {
    let keys = open.console.keys().await?;
    if keys.is_empty() {
        return Ok(format!("There is no key yet in {}: the first sign-in makes one.\n", open.place()));
    }
    Ok(keys.iter().map(line).collect())
}

/// Makes a new key.
pub(super) async fn rotate(open: &OpenConsole) -> Result<String, CommandError> {
    let key = open.console.rotate_keys().await?;
    Ok(line(&key))
}

fn line(ListedKey { kid, created_at, state }: &ListedKey) -> String {
    let good_for = match state {
        KeyState::SignsFrom(moment) => format!("signs from {moment} on"),
        KeyState::Signs => "signs".to_owned(),
        KeyState::VerifiesUntil(moment) => format!("verifies until {moment}"),
    };
    format!("{kid}  made {created_at}  {good_for}\n")
}
