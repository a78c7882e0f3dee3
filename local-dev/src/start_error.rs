//! Why the server could not start.

use std::io;
use std::path::PathBuf;

use parlor::domain::edge_secret::EdgeSecret;
use parlor::embedded::OpenTableError;
use parlor::ports::TableError;

use crate::drop_folder::DropFolderError;
use emulator::lambda::TemplateError;
use emulator::lambda::sources::EventSourcesError;
use emulator::listener::BindError;

/// Why the server could not start.
#[derive(Debug, thiserror::Error)]
pub enum StartError {
    /// A port can't be had.
    #[error("{option} cannot be used")]
    Bind {
        /// The option that chooses what can't be had.
        option: &'static str,
        /// Why not.
        source: BindError,
    },
    /// The secret of the proxy in front could be guessed.
    #[error("--edge-secret is shorter than {} characters", EdgeSecret::MIN_LENGTH)]
    EdgeSecret,
    /// The store's table can't be opened.
    #[error(transparent)]
    Open(#[from] OpenTableError),
    /// The store's table can't be read.
    #[error("the store cannot be read")]
    Table(#[from] TableError),
    /// The drop folder can't be watched.
    #[error(transparent)]
    Drops(#[from] DropFolderError),
    /// The template of the functions can't be used.
    #[error(transparent)]
    Template(#[from] TemplateError),
    /// What calls functions beside the gateway can't be started.
    #[error(transparent)]
    Sources(#[from] EventSourcesError),
    /// None of the template's functions has a binary.
    #[error(
        "{} holds none of the template's functions: build them first, and name the folder that has <name>/bootstrap \
         or <name>\n  {}",
        folder.display(), names.join("\n  ")
    )]
    NoFunctions {
        /// Where they should be.
        folder: PathBuf,
        /// What is the matter with each of them.
        names: Vec<String>,
    },
    /// A file or folder of the store can't be made.
    #[error("the store cannot be used: {}", path.display())]
    Store {
        /// Which one.
        path: PathBuf,
        /// Why not.
        source: io::Error,
    },
}
