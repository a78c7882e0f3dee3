//! What a path in the drop folder stands for.

use std::path::Path;

use super::folder_drops::FolderDrops;

/// What a path stands for.
pub(super) enum DropPath {
    /// A text that was claimed, by name; sent or not.
    Claimed(String),
    /// Something in the folder, by its path there.
    Open(String),
}

impl DropPath {
    /// What this path stands for, if it is one of these folders'.
    pub(super) fn of(path: &Path, drops: &FolderDrops) -> Option<Self> {
        if path.starts_with(drops.claimed_folder()) {
            return Some(Self::Claimed(path.file_name()?.to_str()?.to_owned()));
        }
        drops.text_of(path).map(Self::Open)
    }
}
