//! Who has a file open for writing.
//!
//! Whoever opened a file just before it was claimed goes on writing to it under its new name, so after a claim, somebody
//! must be asked whether that is so. A read lease would tell, but has no safe interface in any crate; the kernel's list
//! of open files tells too. It takes a few milliseconds for all files that were claimed at the same time.

use std::collections::HashSet;
use std::fs::Metadata;

/// A file, whatever its name is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) struct FileId {
    device: u64,
    inode: u64,
}

/// The file's identity, if its writers can be seen: those of other people's files cannot, unless `ours` is root's.
#[cfg(target_os = "linux")]
pub(super) fn visible(file: &Metadata, ours: &Metadata) -> Option<FileId> {
    use std::os::unix::fs::MetadataExt;
    (file.uid() == ours.uid() || ours.uid() == 0).then(|| FileId { device: file.dev(), inode: file.ino() })
}

/// Elsewhere there is no list of open files.
#[cfg(not(target_os = "linux"))]
pub(super) fn visible(_file: &Metadata, _ours: &Metadata) -> Option<FileId> {
    None
}

/// Which of these files somebody has open for writing.
#[cfg(target_os = "linux")]
pub(super) fn writing(files: &HashSet<FileId>) -> HashSet<FileId> {
    proc::open_files().filter(|file| files.contains(file)).collect()
}

/// Elsewhere no file is [`visible`], so nobody asks.
#[cfg(not(target_os = "linux"))]
pub(super) fn writing(_files: &HashSet<FileId>) -> HashSet<FileId> {
    HashSet::new()
}

#[cfg(target_os = "linux")]
mod proc {
    use std::fs::{self, DirEntry};
    use std::os::unix::fs::{MetadataExt, PermissionsExt};
    use std::path::Path;

    use super::FileId;

    /// The owner's write bit of `/proc/{pid}/fd/{n}`, a link: set if the file is open for writing.
    const OPEN_FOR_WRITING: u32 = 0o200;

    /// All files that any process of ours has open for writing. Processes and files that end meanwhile are left out.
    pub(super) fn open_files() -> impl Iterator<Item = FileId> {
        entries(Path::new("/proc"))
            .filter(|entry| entry.file_name().as_encoded_bytes().iter().all(u8::is_ascii_digit))
            .flat_map(|process| entries(&process.path().join("fd")))
            .filter_map(|descriptor| written_file(&descriptor))
    }

    fn entries(folder: &Path) -> impl Iterator<Item = DirEntry> + use<> {
        fs::read_dir(folder).into_iter().flatten().flatten()
    }

    fn written_file(descriptor: &DirEntry) -> Option<FileId> {
        let link = descriptor.metadata().ok()?;
        if link.permissions().mode() & OPEN_FOR_WRITING == 0 {
            return None;
        }
        let path = descriptor.path();
        // Pipes, sockets and the like are no paths.
        fs::read_link(&path).ok().filter(|target| target.is_absolute())?;
        let file = fs::metadata(&path).ok().filter(fs::Metadata::is_file)?;
        Some(FileId { device: file.dev(), inode: file.ino() })
    }
}

#[cfg(test)]
#[cfg(target_os = "linux")]
mod tests {
    use std::fs::{self, File, OpenOptions};
    use std::os::unix::fs::MetadataExt;
    use std::path::Path;

    use super::*;

    fn is_written(path: &Path) -> bool {
        let metadata = fs::metadata(path).unwrap();
        let file = FileId { device: metadata.dev(), inode: metadata.ino() };
        writing(&HashSet::from([file])).contains(&file)
    }

    #[test]
    fn a_file_is_written_while_somebody_has_it_open_for_writing() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("x.txt");
        let writer = File::create(&path).unwrap();
        assert!(is_written(&path));
        drop(writer);
        assert!(!is_written(&path));
        let appending = OpenOptions::new().append(true).open(&path).unwrap();
        let renamed = folder.path().join("y.txt");
        fs::rename(&path, &renamed).unwrap();
        assert!(is_written(&renamed), "under its new name too");
        drop(appending);
        assert!(!is_written(&renamed));
    }

    #[test]
    fn a_reader_is_no_writer() {
        let file = tempfile::NamedTempFile::new().unwrap();
        let path = file.into_temp_path();
        let _reader = File::open(&path).unwrap();
        assert!(!is_written(&path));
    }
}
