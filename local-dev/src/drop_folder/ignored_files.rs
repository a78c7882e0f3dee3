//! Files in the drop folder that will never be sent.

use std::collections::HashSet;
use std::fs;
use std::path::{Path, PathBuf};

use parlor::domain::drop::NotADrop;

/// Of so many files it is remembered that they were told of.
const MEMORY: usize = 1000;

/// Tells of files that are left alone, once of each that somebody may be waiting for in vain.
#[derive(Debug, Default)]
pub(super) struct IgnoredFiles {
    told: HashSet<PathBuf>,
}

impl IgnoredFiles {
    /// Tells that a file is left alone, and why.
    pub(super) fn tell(&mut self, path: &Path, text: &str, reason: NotADrop) {
        if self.is_news(path, text, reason) {
            tracing::warn!(path = text, %reason, "a text is left alone");
        } else {
            tracing::debug!(path = text, %reason, "a file is left alone");
        }
    }

    /// Whether a path with a text's name is a symbolic link, which is not followed; that is told.
    pub(super) fn is_link(&mut self, path: &Path, text: &str) -> bool {
        let is_link = fs::symlink_metadata(path).is_ok_and(|metadata| metadata.is_symlink());
        if is_link && self.is_first(path) {
            tracing::warn!(path = text, "a symbolic link is left alone: drop the text itself");
        }
        is_link
    }

    /// Files with other endings and hidden ones are left alone on purpose, and so are hidden folders: they may be
    /// somebody's unfinished work. An ending in capitals is meant to be a text's.
    fn is_news(&mut self, path: &Path, text: &str, reason: NotADrop) -> bool {
        let is_meant = match reason {
            NotADrop::Extension => text.to_ascii_lowercase().ends_with(".txt"),
            NotADrop::Hidden => false,
            NotADrop::Folder | NotADrop::RoomCode | NotADrop::UserId => true,
        };
        let is_hidden = text.split('/').any(|part| part.starts_with('.'));
        is_meant && !is_hidden && path.is_file() && self.is_first(path)
    }

    fn is_first(&mut self, path: &Path) -> bool {
        self.told.len() < MEMORY && self.told.insert(path.to_owned())
    }
}

#[cfg(test)]
mod tests {
    use parlor::domain::drop::DropTarget;

    use super::*;

    #[test]
    fn only_a_text_in_the_wrong_place_is_news_and_only_once() {
        let folder = tempfile::tempdir().unwrap();
        let mut ignored = IgnoredFiles::default();
        let table = [
            ("other/a.txt", true),
            ("rooms/a.txt", true),
            ("users/ann/a.txt", true),
            ("rooms/kino/deeper/a.txt", true),
            ("a.TXT", true),
            ("rooms/kino/a.Txt", true),
            ("a.tmp", false),
            (".a.TXT", false),
            (".a.txt", false),
            ("rooms/kino/.a.txt", false),
            (".cache/a.txt", false),
        ];
        for (text, is_news) in table {
            let path = folder.path().join(text);
            let reason = DropTarget::of_path(text).unwrap_err();
            assert!(!ignored.is_news(&path, text, reason), "{text} is not there yet");
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(&path, "x").unwrap();
            assert_eq!(ignored.is_news(&path, text, reason), is_news, "{text}");
            assert!(!ignored.is_news(&path, text, reason), "{text} is no news any more");
        }
    }
}
