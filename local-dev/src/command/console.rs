//! Where a command finds the table.

use std::path::Path;
use std::sync::Arc;

use parlor::app::console::Console;
use parlor::embedded::{Durability, SqliteTable, owner_only};
use parlor::ports::{Clock, Random, Table};
use parlor::system::{OsRandom, SystemClock};

use super::CommandError;
use crate::embedded_app::TABLE;
use crate::options::Place;

/// Why a deployed table can't be reached from here.
#[derive(Debug, thiserror::Error)]
pub enum NoTable {
    /// This program does not know AWS.
    #[cfg(not(feature = "aws"))]
    #[error("--table needs the AWS SDK: cargo run -p local-dev --features aws -- …")]
    WithoutAws,
    /// Credentials or region are missing.
    #[cfg(feature = "aws")]
    #[error(transparent)]
    Environment(#[from] parlor::aws::EnvironmentError),
}

/// A console, and the table behind it.
pub(super) struct OpenConsole {
    pub(super) console: Console,
    /// The store's table, if that is where it is done.
    store: Option<Arc<SqliteTable>>,
    place: String,
}

impl OpenConsole {
    /// One on the deployed table, if one is named, else on the store, which is made if it isn't there.
    pub(super) async fn open(place: &Place, store: &Path) -> Result<Self, CommandError> {
        let clock: Arc<dyn Clock> = Arc::new(SystemClock);
        let random: Arc<dyn Random> = Arc::new(OsRandom);
        if let Some(name) = &place.table {
            let table = deployed(name, clock.clone(), random.clone())?;
            let console = Console::new(table, clock, random);
            return Ok(Self { console, store: None, place: format!("the table {name}") });
        }
        let unusable = |source| CommandError::Store { path: store.to_owned(), source };
        owner_only::make_folder(store).map_err(unusable)?;
        // There is little to write: it may as well survive a power cut.
        let table = SqliteTable::open_shared(&store.join(TABLE), Durability::Power, clock.clone())?;
        let table = Arc::new(table);
        let console = Console::new(table.clone(), clock, random);
        Ok(Self { console, store: Some(table), place: format!("the store {}", store.display()) })
    }

    /// Where it is, in words.
    pub(super) fn place(&self) -> &str {
        &self.place
    }

    /// Ends it in good order.
    pub(super) async fn close(self) -> Result<(), CommandError> {
        match self.store {
            Some(table) => table.close().await.map_err(CommandError::Close),
            None => Ok(()),
        }
    }
}

#[cfg(feature = "aws")]
fn deployed(name: &str, clock: Arc<dyn Clock>, random: Arc<dyn Random>) -> Result<Arc<dyn Table>, NoTable> {
    Ok(Arc::new(parlor::aws::deployed_table(name, clock, random)?))
}

#[cfg(not(feature = "aws"))]
fn deployed(_: &str, _: Arc<dyn Clock>, _: Arc<dyn Random>) -> Result<Arc<dyn Table>, NoTable> {
    Err(NoTable::WithoutAws)
}
