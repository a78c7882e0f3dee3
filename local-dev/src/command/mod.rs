//! What can be done instead of serving: on the store, beside a server that may be running on it, or on a deployed table.

mod admin;
mod console;
mod error;
mod keys;
mod password;

use std::path::Path;

pub use self::console::NoTable;
use self::console::OpenConsole;
pub use self::error::CommandError;
use crate::options::{AdminCommand, Command, KeysCommand};

/// Does it; answers what to say.
pub async fn run(command: &Command, store: &Path) -> Result<String, CommandError> {
    let place = match command {
        Command::Admin(AdminCommand::Create(create)) => &create.place,
        Command::Keys(KeysCommand::List(place) | KeysCommand::Rotate(place)) => place,
    };
    let open = OpenConsole::open(place, store).await?;
    let said = match command {
        Command::Admin(AdminCommand::Create(create)) => admin::create(&open, create).await,
        Command::Keys(KeysCommand::List(_)) => keys::list(&open).await,
        Command::Keys(KeysCommand::Rotate(_)) => keys::rotate(&open).await,
    };
    open.close().await?;
    said
}
