//! A file that is being written and that nobody sees yet.

use std::io::Result;
use std::path::{Path, PathBuf};

use sha2::{Digest, Sha256};
use tokio::fs::{self, File, OpenOptions};
use tokio::io::{AsyncWriteExt, BufWriter};

use crate::embedded::{Durability, owner_only};
use crate::ports::StoredMedia;

/// Every write to a file costs a trip to another thread, so that small pieces are gathered first.
const BUFFER_BYTES: usize = 256 * 1024;

/// A file that is being written; it goes away unless it is kept.
#[derive(Debug)]
pub(super) struct IncomingFile {
    path: PathBuf,
    file: BufWriter<File>,
    digest: Sha256,
    size: u64,
    kept: bool,
}

impl IncomingFile {
    /// An empty one at a path where nothing is.
    pub(super) async fn create(path: PathBuf) -> Result<Self> {
        let mut options = OpenOptions::from(owner_only::file_options());
        let file = options.write(true).create_new(true).open(&path).await?;
        let file = BufWriter::with_capacity(BUFFER_BYTES, file);
        Ok(Self { path, file, digest: Sha256::new(), size: 0, kept: false })
    }

    /// How many bytes were written.
    pub(super) fn size(&self) -> u64 {
        self.size
    }

    /// Their SHA-256, in lower-case hex.
    pub(super) fn sha256(&self) -> String {
        format!("{:x}", self.digest.clone().finalize())
    }

    /// Adds bytes.
    pub(super) async fn write(&mut self, bytes: &[u8]) -> Result<()> {
        self.digest.update(bytes);
        self.size += bytes.len() as u64;
        self.file.write_all(bytes).await
    }

    /// Gives the file its name in a folder: at once, and with all its bytes.
    pub(super) async fn keep(
        mut self,
        folder: &Path,
        name: &str,
        durability: Durability,
    ) -> Result<StoredMedia> {
        self.file.flush().await?;
        if durability == Durability::Power {
            self.file.get_ref().sync_all().await?;
        }
        fs::rename(&self.path, folder.join(name)).await?;
        self.kept = true;
        if durability == Durability::Power {
            // The name is an entry of the folder, which has to reach the disk too.
            File::open(folder).await?.sync_all().await?;
        }
        Ok(StoredMedia { size: self.size, sha256: self.sha256() })
    }
}

impl Drop for IncomingFile {
    fn drop(&mut self) {
        if !self.kept
            && let Err(error) = std::fs::remove_file(&self.path)
        {
            tracing::warn!(%error, path = %self.path.display(), "an incomplete file could not be removed");
        }
    }
}
