//! Why a command was not carried out.

use std::io;
use std::path::PathBuf;

use parlor::app::AppError;
use parlor::embedded::OpenTableError;
use parlor::ports::TableError;

use super::NoTable;

/// Why a command was not carried out. Nothing was changed.
#[derive(Debug, thiserror::Error)]
pub enum CommandError {
    /// The store's folder can't be made.
    #[error("the store cannot be used: {}", path.display())]
    Store {
        /// Which one.
        path: PathBuf,
        /// Why not.
        source: io::Error,
    },
    /// The store's table can't be opened.
    #[error(transparent)]
    Open(#[from] OpenTableError),
    /// The deployed table can't be reached from here.
    #[error(transparent)]
    NoTable(#[from] NoTable),
    /// The table did not end well.
    #[error("the table could not be closed")]
    Close(#[source] TableError),
    /// Nobody could be asked for a password.
    #[error("no password could be read: without a terminal, use --password-stdin")]
    NoTerminal(#[source] io::Error),
    /// What was typed twice was not the same.
    #[error("the two passwords differ")]
    PasswordsDiffer,
    /// There was none.
    #[error("an empty password is none")]
    NoPassword,
    /// Somebody has the address.
    #[error("user {0} has this e-mail address already: with --promote, they become an admin")]
    HasAccount(u64),
    /// Somebody has the address, and has not shown that it is theirs.
    #[error(
        "user {0}, {1}, has not confirmed this e-mail address: make sure that it is the right person's account, and say \
         --promote --unconfirmed then"
    )]
    Unconfirmed(u64, String),
    /// A field is wrong.
    #[error("{field}: {why}")]
    Invalid {
        /// Which one.
        field: &'static str,
        /// A sentence.
        why: &'static str,
    },
    /// Something else.
    #[error(transparent)]
    App(AppError),
}

impl From<AppError> for CommandError {
    fn from(error: AppError) -> Self {
        match error {
            AppError::InvalidInput { field, why } | AppError::Taken { field, why } => {
                Self::Invalid { field, why }
            }
            other => Self::App(other),
        }
    }
}
