//! Files and folders for their owner alone: they hold signing keys, hashes of secrets, mailed links and people's files,
//! which a umask of 022 would show to everybody on the machine.
//!
//! What is new is made with the right mode. What is there already is changed at start, with a warning where that can't be:
//! files that somebody else owns, file systems without modes. Windows has no modes; a profile's folders are private there.

use std::fs::{self, DirBuilder, OpenOptions};
use std::io;
use std::path::Path;

/// Makes a folder and the missing ones above it, for their owner alone. One that is there already is closed to others.
pub fn make_folder(path: &Path) -> io::Result<()> {
    let mut builder = DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, modes::FOLDER);
    builder.create(path)?;
    let mut left_open = LeftOpen::default();
    left_open.try_to_close(path);
    left_open.report();
    Ok(())
}

/// Closes to others what is at this path, if anything is, and all that lies below it; links below it are not followed.
pub fn close_tree(path: &Path) {
    let mut left_open = LeftOpen::default();
    // The path itself may be a link: a large folder often lies on another disk.
    if let Ok(resolved) = path.canonicalize() {
        walk(&resolved, &mut left_open);
    }
    left_open.report();
}

/// Closes these files to others, as far as they are there.
pub fn close_files<'a>(paths: impl IntoIterator<Item = &'a Path>) {
    let mut left_open = LeftOpen::default();
    for path in paths {
        left_open.try_to_close(path);
    }
    left_open.report();
}

/// How a file is opened that, if it is made by that, is for its owner alone.
pub fn file_options() -> OpenOptions {
    #[cfg_attr(not(unix), expect(unused_mut, reason = "there is no mode to set"))]
    let mut options = OpenOptions::new();
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, modes::FILE);
    options
}

fn walk(path: &Path, left_open: &mut LeftOpen) {
    let Ok(metadata) = fs::symlink_metadata(path) else { return };
    if metadata.is_symlink() {
        return;
    }
    left_open.try_to_close(path);
    if metadata.is_dir() {
        for entry in fs::read_dir(path).into_iter().flatten().flatten() {
            walk(&entry.path(), left_open);
        }
    }
}

/// What others can still read, and why.
#[derive(Default)]
struct LeftOpen {
    count: usize,
    first: Option<(std::path::PathBuf, io::Error)>,
}

impl LeftOpen {
    fn try_to_close(&mut self, path: &Path) {
        match modes::close(path) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => {
                self.count += 1;
                self.first.get_or_insert_with(|| (path.to_owned(), error));
            }
            _ => {}
        }
    }

    /// One line, however many there are.
    fn report(self) {
        let Some((path, error)) = self.first else { return };
        tracing::warn!(
            path = %path.display(), %error, count = self.count,
            "others on this machine may be able to read the store: it cannot be closed to them"
        );
    }
}

#[cfg(unix)]
mod modes {
    use std::fs::{self, Metadata, Permissions};
    use std::io;
    use std::os::unix::fs::PermissionsExt as _;
    use std::path::Path;

    pub(super) const FOLDER: u32 = 0o700;
    pub(super) const FILE: u32 = 0o600;
    /// What group and others may do.
    const OTHERS: u32 = 0o077;
    /// Folders such as `/tmp` are for everybody on purpose.
    const STICKY: u32 = 0o1000;

    /// Takes group's and others' rights to what is there.
    pub(super) fn close(path: &Path) -> io::Result<()> {
        let found = fs::metadata(path)?;
        if !is_open(&found) {
            return Ok(());
        }
        if found.is_dir() && found.permissions().mode() & STICKY != 0 {
            return Err(io::Error::other("the folder is shared (its sticky bit is set)"));
        }
        let mode = if found.is_dir() { FOLDER } else { FILE };
        fs::set_permissions(path, Permissions::from_mode(mode))?;
        // Some file systems accept any mode and keep none.
        if is_open(&fs::metadata(path)?) {
            return Err(io::Error::other("the file system keeps no modes"));
        }
        Ok(())
    }

    fn is_open(metadata: &Metadata) -> bool {
        metadata.permissions().mode() & OTHERS != 0
    }
}

#[cfg(not(unix))]
mod modes {
    pub(super) fn close(_: &std::path::Path) -> std::io::Result<()> {
        Ok(())
    }
}

#[cfg(test)]
#[cfg(unix)]
mod tests {
    use std::os::unix::fs::{PermissionsExt as _, symlink};

    use super::*;

    fn mode(path: &Path) -> u32 {
        fs::metadata(path).unwrap().permissions().mode() & 0o7777
    }

    fn set_mode(path: &Path, mode: u32) {
        fs::set_permissions(path, fs::Permissions::from_mode(mode)).unwrap();
    }

    #[test]
    fn folders_are_made_for_their_owner_and_so_are_the_missing_ones_above_them() {
        let place = tempfile::tempdir().unwrap();
        let folder = place.path().join("a/b");
        make_folder(&folder).unwrap();
        assert_eq!([mode(&folder), mode(&place.path().join("a"))], [0o700; 2]);
        set_mode(&folder, 0o755);
        make_folder(&folder).unwrap();
        assert_eq!(mode(&folder), 0o700);
    }

    #[test]
    fn a_file_that_is_made_is_for_its_owner() {
        let place = tempfile::tempdir().unwrap();
        let path = place.path().join("file");
        file_options().write(true).create_new(true).open(&path).unwrap();
        assert_eq!(mode(&path), 0o600);
    }

    #[test]
    fn what_is_there_already_is_closed_but_not_what_links_lead_to() {
        let place = tempfile::tempdir().unwrap();
        let (tree, elsewhere) = (place.path().join("tree"), place.path().join("elsewhere"));
        fs::create_dir_all(tree.join("in")).unwrap();
        for path in [&tree.join("in/file"), &elsewhere] {
            fs::write(path, "x").unwrap();
            set_mode(path, 0o644);
        }
        symlink(&elsewhere, tree.join("link")).unwrap();
        set_mode(&tree, 0o775);
        close_tree(&tree);
        assert_eq!([mode(&tree), mode(&tree.join("in")), mode(&tree.join("in/file"))], [0o700, 0o700, 0o600]);
        assert_eq!(mode(&elsewhere), 0o644);
        close_tree(&place.path().join("nowhere"));
    }

    #[test]
    fn a_folder_that_is_reached_by_a_link_is_closed_where_it_lies() {
        let place = tempfile::tempdir().unwrap();
        let (disk, link) = (place.path().join("disk"), place.path().join("media"));
        fs::create_dir(&disk).unwrap();
        fs::write(disk.join("file"), "x").unwrap();
        set_mode(&disk, 0o755);
        set_mode(&disk.join("file"), 0o644);
        symlink(&disk, &link).unwrap();
        close_tree(&link);
        assert_eq!([mode(&disk), mode(&disk.join("file"))], [0o700, 0o600]);
    }

    #[test]
    fn a_folder_that_everybody_shares_stays_as_it_is() {
        let place = tempfile::tempdir().unwrap();
        set_mode(place.path(), 0o1777);
        make_folder(place.path()).unwrap();
        assert_eq!(mode(place.path()), 0o1777);
    }
}
