//! The folders behind the drop folder, and the `DropBox` port on them.

use std::ffi::OsStr;
use std::fs;
use std::io::{self, ErrorKind};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};

use async_trait::async_trait;
use bytes::Bytes;
use parlor::embedded::owner_only;
use parlor::ports::{DropBox, DropBoxError, DropRef, Random};
use parlor::system::OsRandom;
use tokio::io::AsyncReadExt;

use super::claimed_name;

const CLAIMED: &str = ".claimed";
const SENT: &str = "sent";
const REJECTED: &str = "rejected";

/// A drop folder on disk.
#[derive(Debug)]
pub struct FolderDrops {
    folder: PathBuf,
    claimed: PathBuf,
    sent: PathBuf,
    run: u64,
    last_ordinal: AtomicU64,
}

impl FolderDrops {
    /// The drop folder at this path, made if it isn't there.
    pub fn open(folder: impl AsRef<Path>) -> io::Result<Self> {
        owner_only::make_folder(folder.as_ref())?;
        owner_only::close_tree(folder.as_ref());
        // Events name files by their full path.
        let folder = folder.as_ref().canonicalize()?;
        let claimed = folder.join(CLAIMED);
        let sent = claimed.join(SENT);
        let mut run = [0; 8];
        OsRandom.fill(&mut run);
        let drops =
            Self { folder, claimed, sent, run: u64::from_be_bytes(run), last_ordinal: AtomicU64::new(0) };
        drops.make_folders()?;
        let ordinals = drops.claimed_names()?.into_iter().filter_map(|name| claimed_name::ordinal(&name));
        drops.last_ordinal.store(ordinals.max().unwrap_or(0), Ordering::Relaxed);
        Ok(drops)
    }

    /// Where texts are dropped.
    pub fn folder(&self) -> &Path {
        &self.folder
    }

    /// Where texts lie while they are being sent.
    pub(super) fn claimed_folder(&self) -> &Path {
        &self.claimed
    }

    /// Where texts lie for a while after that.
    pub(super) fn sent_folder(&self) -> &Path {
        &self.sent
    }

    /// Where a claimed text of this name lies.
    pub(super) fn claimed_path(&self, name: &str) -> PathBuf {
        self.claimed.join(name)
    }

    /// Where the text lies once it was sent.
    pub(super) fn sent_path(&self, name: &str) -> PathBuf {
        self.sent.join(name)
    }

    pub(super) fn make_folders(&self) -> io::Result<()> {
        owner_only::make_folder(&self.sent)
    }

    /// The path below the folder of what lies there, as texts are known by: folders parted by `/`, and what is no text
    /// in it replaced. None for what lies elsewhere.
    pub(super) fn text_of(&self, path: &Path) -> Option<String> {
        let below = path.strip_prefix(&self.folder).ok()?;
        let parts: Vec<_> = below.iter().map(OsStr::to_string_lossy).collect();
        Some(parts.join("/"))
    }

    /// Whether this is where we put aside what cannot be sent, or below it.
    pub(super) fn is_put_aside(&self, path: &Path) -> bool {
        path.starts_with(self.folder.join(REJECTED))
    }

    /// Makes the file `from`, known as the text `path`, ours alone; answers its claimed name. None if it isn't a plain
    /// file (any more): links are not followed, and pipes never end.
    pub(super) fn claim(&self, from: &Path, path: &str) -> io::Result<Option<String>> {
        let name = self.new_name(path);
        let to = self.claimed_path(&name);
        if !is_plain_file(from) {
            return Ok(None);
        }
        match fs::rename(from, &to) {
            Err(error) if error.kind() == ErrorKind::NotFound => {
                // Either the file has gone or our own folder has.
                self.make_folders()?;
                if !renamed(from, &to)? {
                    return Ok(None);
                }
            }
            other => other?,
        }
        // Somebody may have put another thing in the place of what was looked at.
        if is_plain_file(&to) {
            return Ok(Some(name));
        }
        fs::rename(&to, from)?;
        Ok(None)
    }

    /// Claims anew what a crash left behind, in its order of arrival, and clears away what had been sent.
    pub(super) fn recover(&self) -> io::Result<Vec<String>> {
        for name in names(&self.sent)? {
            fs::remove_file(self.sent_path(&name))?;
        }
        let mut left = self.claimed_names()?;
        left.sort_by_key(|name| claimed_name::ordinal(name));
        let claimed = left.iter().map(|name| self.claim_anew(&self.claimed_path(name), name));
        Ok(claimed.collect::<io::Result<Vec<_>>>()?.into_iter().flatten().collect())
    }

    /// Claims a text again that somebody went on writing to while it was sent.
    pub(super) fn claim_sent(&self, name: &str) -> io::Result<Option<String>> {
        self.claim_anew(&self.sent_path(name), name)
    }

    /// Clears away a text that was sent.
    pub(super) fn clear(&self, name: &str) -> io::Result<()> {
        match fs::remove_file(self.sent_path(name)) {
            Err(error) if error.kind() != ErrorKind::NotFound => Err(error),
            _ => Ok(()),
        }
    }

    /// Puts a claimed text among the rejected, under a name that is free there.
    pub(super) fn put_aside(&self, name: &str) -> io::Result<()> {
        let Some(drop) = claimed_name::to_drop(name) else {
            return Ok(());
        };
        let wanted = self.folder.join(REJECTED).join(&drop.path);
        if let Some(folder) = wanted.parent() {
            owner_only::make_folder(folder)?;
        }
        let path = free_path(wanted);
        if renamed(&self.claimed_path(name), &path)? {
            owner_only::close_files([path.as_path()]);
        }
        Ok(())
    }

    /// All plain files, and links, that lie in the folder and may be texts.
    pub(super) fn files(&self) -> Vec<PathBuf> {
        let mut files = Vec::new();
        collect_files(&self.folder, 0, &mut files);
        files.retain(|path| !self.is_put_aside(path));
        files
    }

    fn claim_anew(&self, from: &Path, name: &str) -> io::Result<Option<String>> {
        let Some(drop) = claimed_name::to_drop(name) else {
            return Ok(None);
        };
        let name = self.new_name(&drop.path);
        Ok(renamed(from, &self.claimed_path(&name))?.then_some(name))
    }

    fn new_name(&self, path: &str) -> String {
        let ordinal = self.last_ordinal.fetch_add(1, Ordering::Relaxed) + 1;
        let version = claimed_name::version(ordinal, self.run);
        claimed_name::of_drop(&DropRef { path: path.to_owned(), version })
    }

    fn claimed_names(&self) -> io::Result<Vec<String>> {
        let mut names = names(&self.claimed)?;
        names.retain(|name| claimed_name::to_drop(name).is_some());
        Ok(names)
    }
}

#[async_trait]
impl DropBox for FolderDrops {
    async fn read(&self, drop: &DropRef, limit: usize) -> Result<Option<Bytes>, DropBoxError> {
        let path = self.claimed_path(&claimed_name::of_drop(drop));
        let file = match tokio::fs::File::open(path).await {
            Err(error) if error.kind() == ErrorKind::NotFound => return Ok(None),
            other => other.map_err(unavailable)?,
        };
        let mut bytes = Vec::new();
        let limit = u64::try_from(limit).unwrap_or(u64::MAX);
        file.take(limit).read_to_end(&mut bytes).await.map_err(unavailable)?;
        Ok(Some(bytes.into()))
    }

    /// The file leaves its claim, but is only deleted once it is certain that nobody was still writing to it.
    async fn remove(&self, drop: &DropRef) -> Result<(), DropBoxError> {
        let name = claimed_name::of_drop(drop);
        renamed(&self.claimed_path(&name), &self.sent_path(&name)).map(|_| ()).map_err(unavailable)
    }

    async fn reject(&self, drop: &DropRef) -> Result<(), DropBoxError> {
        self.put_aside(&claimed_name::of_drop(drop)).map_err(unavailable)
    }
}

fn unavailable(error: io::Error) -> DropBoxError {
    DropBoxError(Box::new(error))
}

/// Renames a file; tells whether it was there.
fn renamed(from: &Path, to: &Path) -> io::Result<bool> {
    match fs::rename(from, to) {
        Ok(()) => Ok(true),
        Err(error) if error.kind() == ErrorKind::NotFound && !from.exists() => Ok(false),
        Err(error) => Err(error),
    }
}

fn is_plain_file(path: &Path) -> bool {
    fs::symlink_metadata(path).is_ok_and(|metadata| metadata.is_file())
}

/// The names of the plain files in a folder, as far as they are text.
fn names(folder: &Path) -> io::Result<Vec<String>> {
    let mut names = Vec::new();
    for entry in fs::read_dir(folder)? {
        let entry = entry?;
        if entry.file_type()?.is_file() {
            names.extend(entry.file_name().into_string());
        }
    }
    Ok(names)
}

/// Texts lie at most two folders deep. What cannot be read, or isn't there any more, has no files.
fn collect_files(folder: &Path, depth: usize, files: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).into_iter().flatten().flatten() {
        let is_hidden = entry.file_name().as_encoded_bytes().starts_with(b".");
        match entry.file_type() {
            Ok(kind) if kind.is_dir() && depth < 2 && !is_hidden => {
                collect_files(&entry.path(), depth + 1, files);
            }
            Ok(kind) if kind.is_file() || kind.is_symlink() => files.push(entry.path()),
            _ => {}
        }
    }
}

/// That path, or the first one like `name (2).txt` where nothing lies.
fn free_path(wanted: PathBuf) -> PathBuf {
    if fs::symlink_metadata(&wanted).is_err() {
        return wanted;
    }
    let stem = wanted.file_stem().and_then(OsStr::to_str).unwrap_or_default().to_owned();
    let numbered = (2_u64..).map(|number| wanted.with_file_name(format!("{stem} ({number}).txt")));
    numbered.into_iter().find(|path| fs::symlink_metadata(path).is_err()).unwrap_or(wanted)
}
