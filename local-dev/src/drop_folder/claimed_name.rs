//! The name that a file bears while it is claimed. It says all there is to know, so that a crash forgets nothing.
//!
//! `{version}+feed+{name}`, `{version}+rooms+{code}+{name}` or `{version}+users+{id}+{name}`, all in one folder: it is
//! watched before the first file comes, which no folder made on the way would be.

use std::borrow::Cow;

use parlor::ports::DropRef;

/// The longest file name, in bytes, on all usual file systems.
const MAX_NAME: usize = 255;
const EXTENSION: &str = ".txt";
const FEED: &str = "feed";

/// A version: first its place in the order of arrival, then what tells this run of the server from all others, whose
/// files may have been sent under the same number.
pub(super) fn version(ordinal: u64, run: u64) -> String {
    format!("{ordinal:012}-{run:016x}")
}

/// The place in the order of arrival that a version names.
pub(super) fn ordinal(version: &str) -> Option<u64> {
    version.split_once('-')?.0.parse().ok()
}

/// The claimed file's name for a text. A name that would be too long loses the end of its stem.
pub(super) fn of_drop(drop: &DropRef) -> String {
    let (folder, name) = drop.path.rsplit_once('/').unwrap_or((FEED, &drop.path));
    let head = format!("{}+{}+", drop.version, folder.replace('/', "+"));
    let name = shortened(name, MAX_NAME.saturating_sub(head.len()));
    head + &name
}

/// The text that a claimed file's name stands for; none if we did not make that name.
pub(super) fn to_drop(claimed: &str) -> Option<DropRef> {
    let (version, rest) = claimed.split_once('+')?;
    ordinal(version)?;
    let path = match rest.split_once('+')? {
        (FEED, name) => name.to_owned(),
        (folder, rest) => {
            let (of_whom, name) = rest.split_once('+')?;
            format!("{folder}/{of_whom}/{name}")
        }
    };
    Some(DropRef { path, version: version.to_owned() })
}

fn shortened(name: &str, room: usize) -> Cow<'_, str> {
    if name.len() <= room {
        return name.into();
    }
    let stem = &name[..name.floor_char_boundary(room.saturating_sub(EXTENSION.len()))];
    format!("{stem}{EXTENSION}").into()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn drop(path: &str) -> DropRef {
        DropRef { path: path.to_owned(), version: version(7, 0xbeef) }
    }

    #[test]
    fn a_claimed_name_tells_path_and_version() {
        for path in ["x.txt", "rooms+a+b.txt", "feed+x.txt", "rooms/kino/a+b.txt", "users/17/Grüße.txt"] {
            let text = drop(path);
            let name = of_drop(&text);
            assert!(!name.contains('/'), "{name}");
            assert_eq!(to_drop(&name), Some(text));
        }
        assert_eq!(of_drop(&drop("rooms/kino/x.txt")), "000000000007-000000000000beef+rooms+kino+x.txt");
    }

    #[test]
    fn a_long_name_is_shortened_until_it_fits() {
        let room = "k".repeat(64);
        let text = drop(&format!("rooms/{room}/{}.txt", "é".repeat(125)));
        let name = of_drop(&text);
        assert!((MAX_NAME - 1..=MAX_NAME).contains(&name.len()), "{}", name.len());
        let read = to_drop(&name).unwrap();
        assert!(read.path.starts_with(&format!("rooms/{room}/éé")) && read.path.ends_with("é.txt"));
        assert_eq!(of_drop(&read), name, "shortening twice changes nothing");
    }

    #[test]
    fn versions_sort_by_arrival() {
        assert!(version(9, 99) < version(10, 1));
        assert_eq!(ordinal(&version(10, 1)), Some(10));
    }

    #[test]
    fn foreign_names_stand_for_nothing() {
        for name in ["", "x.txt", "sent", "+feed+x.txt", "a-b+feed+x.txt", "7-1+x.txt", "7-1+rooms+kino"] {
            assert_eq!(to_drop(name), None, "{name:?}");
        }
    }
}
