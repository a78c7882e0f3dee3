//! Where a function's binary is.

use std::path::{Path, PathBuf};

/// `<folder>/<name>/bootstrap`, as cargo-lambda lays it out, or `<folder>/<name>`, as cargo does.
pub fn executable(folder: &Path, function: &str) -> Option<PathBuf> {
    // A name is one part of a path, and never a way out of the folder.
    if function.is_empty() || function.starts_with('.') || function.contains(['/', '\\']) {
        return None;
    }
    let candidates = [folder.join(function).join("bootstrap"), folder.join(function)];
    candidates.into_iter().find(|path| path.is_file())
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;

    #[test]
    fn both_layouts_are_found() {
        let folder = tempfile::tempdir().unwrap();
        fs::create_dir(folder.path().join("one")).unwrap();
        fs::write(folder.path().join("one/bootstrap"), "").unwrap();
        fs::write(folder.path().join("two"), "").unwrap();
        let found = |name| executable(folder.path(), name);
        assert_eq!(found("one"), Some(folder.path().join("one/bootstrap")));
        assert_eq!(found("two"), Some(folder.path().join("two")));
        assert_eq!(found("three"), None);
    }

    #[test]
    fn a_name_cannot_lead_out_of_the_folder() {
        let folder = tempfile::tempdir().unwrap();
        fs::create_dir(folder.path().join("in")).unwrap();
        fs::write(folder.path().join("out"), "").unwrap();
        for name in ["../out", "", ".", "..", "/bin/sh"] {
            assert_eq!(executable(&folder.path().join("in"), name), None, "{name}");
        }
    }
}
