//! Opening the file: who may, with which settings, in which version.

use std::fs::{File, TryLockError};
use std::io::ErrorKind;
use std::path::{Path, PathBuf};
use std::time::Duration;

use rusqlite::{Connection, OpenFlags};

use crate::embedded::{Durability, owner_only};

/// The version of the tables below; a later version of Parlor that changes them counts it up and converts.
const SCHEMA_VERSION: i64 = 1;

/// Keys are blobs: SQLite leaves open how texts with a NUL compare, blobs compare byte by byte. The last three
/// columns repeat attributes, for SQLite to find items by.
const SCHEMA: &str = "
    CREATE TABLE items (
        pk BLOB NOT NULL,
        sk BLOB NOT NULL,
        attributes TEXT NOT NULL,
        expires_at INTEGER,
        index_pk BLOB,
        index_sk BLOB,
        PRIMARY KEY (pk, sk)
    ) WITHOUT ROWID, STRICT;
    CREATE INDEX items_by_index ON items (index_pk, index_sk, pk, sk) WHERE index_pk IS NOT NULL;
    CREATE INDEX items_by_expiry ON items (expires_at) WHERE expires_at IS NOT NULL;
";

/// How long a connection waits for another one: of this process, which only a checkpoint makes it do, or of one beside it.
const BUSY_TIMEOUT: Duration = Duration::from_secs(10);

/// How long the log grows before the writer itself moves it into the file, in pages of 4 KiB. A thread beside it does so
/// sooner; but where writes never pause it can't catch up with them, and the log begins anew only once all of it was moved.
const CHECKPOINT_PAGES: i64 = 16_000;
/// How much of the file the writer keeps in memory, in KiB: the pages that it comes back to.
const CACHE_KIB: i64 = 16 * 1024;

/// Why a [`SqliteTable`](super::SqliteTable) could not be opened.
#[derive(Debug, thiserror::Error)]
pub enum OpenTableError {
    /// Somebody else has it open.
    #[error("{} is in use by another process", .0.display())]
    InUse(PathBuf),
    /// A later version of Parlor wrote it.
    #[error("{} has version {found}, this program knows versions up to {known} only", path.display())]
    Newer {
        /// The file.
        path: PathBuf,
        /// The version of the file.
        found: i64,
        /// The version of this program.
        known: i64,
    },
    /// The file's lock beside it could not be made.
    #[error("{} cannot be locked", path.display())]
    Lock {
        /// The lock.
        path: PathBuf,
        /// Why not.
        source: std::io::Error,
    },
    /// The file could not be made.
    #[error("{} cannot be made", path.display())]
    Make {
        /// The file.
        path: PathBuf,
        /// Why not.
        source: std::io::Error,
    },
    /// The file could not be opened or is no SQLite file.
    #[error("{} cannot be opened as a table: {reason}", path.display())]
    Sqlite {
        /// The file.
        path: PathBuf,
        /// Why not. No `source`: what stands behind it says the same once more.
        reason: rusqlite::Error,
    },
    /// A thread that serves the table could not be started.
    #[error("a thread of the table cannot be started")]
    Thread(#[from] std::io::Error),
}

/// Keeps other processes out for as long as the answer lives: SQLite alone would let them in, and their writes would
/// not go through our writer.
pub(super) fn lock(path: &Path) -> Result<File, OpenTableError> {
    let lock = beside(path, ".lock");
    let unusable = |source| OpenTableError::Lock { path: lock.clone(), source };
    let file = owner_only::file_options().create(true).truncate(false).write(true).open(&lock);
    let file = file.map_err(unusable)?;
    match file.try_lock() {
        Ok(()) => Ok(file),
        Err(TryLockError::WouldBlock) => Err(OpenTableError::InUse(path.to_owned())),
        Err(TryLockError::Error(error)) => Err(unusable(error)),
    }
}

/// The writing connection to a file.
pub(super) fn open_file(path: &Path, durability: Durability) -> Result<Connection, OpenTableError> {
    make_for_owner(path).map_err(|source| OpenTableError::Make { path: path.to_owned(), source })?;
    let db = Connection::open(path).and_then(|db| set_up(db, durability));
    let mut db = db.map_err(|reason| at(path, reason))?;
    match migrate(&mut db).map_err(|reason| at(path, reason))? {
        SCHEMA_VERSION => Ok(db),
        found => Err(OpenTableError::Newer { path: path.to_owned(), found, known: SCHEMA_VERSION }),
    }
}

/// SQLite takes an empty file for a new table, and gives the files beside it the mode of this one.
fn make_for_owner(path: &Path) -> std::io::Result<()> {
    match owner_only::file_options().write(true).create_new(true).open(path) {
        Err(error) if error.kind() != ErrorKind::AlreadyExists => return Err(error),
        _ => {}
    }
    let files = ["", ".lock", "-wal", "-shm"].map(|end| beside(path, end));
    owner_only::close_files(files.iter().map(PathBuf::as_path));
    Ok(())
}

fn beside(path: &Path, end: &str) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(end);
    name.into()
}

/// Another writing connection to a file that some process has made ready. One that is only just being made is not.
pub(super) fn join_file(path: &Path, durability: Durability) -> Result<Connection, OpenTableError> {
    let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let Ok(db) = Connection::open_with_flags(path, flags) else {
        return Err(OpenTableError::InUse(path.to_owned()));
    };
    let db = set_up(db, durability).map_err(|reason| at(path, reason))?;
    match version(&db).map_err(|reason| at(path, reason))? {
        SCHEMA_VERSION => Ok(db),
        0 => Err(OpenTableError::InUse(path.to_owned())),
        found => Err(OpenTableError::Newer { path: path.to_owned(), found, known: SCHEMA_VERSION }),
    }
}

/// A reading connection to a file that the writing one has made ready.
pub(super) fn open_reader(path: &Path) -> Result<Connection, OpenTableError> {
    let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let db = Connection::open_with_flags(path, flags).map_err(|reason| at(path, reason))?;
    db.busy_timeout(BUSY_TIMEOUT).map_err(|reason| at(path, reason))?;
    Ok(db)
}

/// The only connection to a new table in memory.
pub(super) fn open_memory() -> Result<Connection, OpenTableError> {
    let made = Connection::open_in_memory().and_then(|mut db| migrate(&mut db).map(|_| db));
    made.map_err(|reason| at(Path::new(":memory:"), reason))
}

fn at(path: &Path, reason: rusqlite::Error) -> OpenTableError {
    OpenTableError::Sqlite { path: path.to_owned(), reason }
}

fn version(db: &Connection) -> rusqlite::Result<i64> {
    db.pragma_query_value(None, "user_version", |row| row.get(0))
}

fn set_up(db: Connection, durability: Durability) -> rusqlite::Result<Connection> {
    db.busy_timeout(BUSY_TIMEOUT)?;
    db.pragma_update(None, "journal_mode", "WAL")?;
    let synchronous = match durability {
        Durability::Process => "NORMAL",
        Durability::Power => "FULL",
    };
    db.pragma_update(None, "synchronous", synchronous)?;
    db.pragma_update(None, "wal_autocheckpoint", CHECKPOINT_PAGES)?;
    db.pragma_update(None, "cache_size", -CACHE_KIB)?;
    Ok(db)
}

/// Makes the tables of a new file; answers the version that the file then has.
fn migrate(db: &mut Connection) -> rusqlite::Result<i64> {
    let found = version(db)?;
    if found != 0 {
        return Ok(found);
    }
    let transaction = db.transaction()?;
    transaction.execute_batch(SCHEMA)?;
    transaction.pragma_update(None, "user_version", SCHEMA_VERSION)?;
    transaction.commit()?;
    Ok(SCHEMA_VERSION)
}
