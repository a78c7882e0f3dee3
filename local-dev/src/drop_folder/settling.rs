//! Files that somebody may still be writing to.

use std::collections::{BTreeMap, HashMap};
use std::fs;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use super::sign::CLOSING_IS_TOLD;
use super::stamp::Stamp;
use super::writers::{self, FileId};

/// How long a file must stay as it is before it counts as written, where nothing else tells.
pub(super) const QUIET: Duration = Duration::from_millis(if CLOSING_IS_TOLD { 1000 } else { 300 });
/// After how long a file that is still being written is looked at again, should the event of its closing be lost.
const NEXT_LOOK: Duration = Duration::from_secs(5);
/// After how long of that somebody is told.
const LONG: Duration = Duration::from_secs(30);

/// Files, by name, until nobody writes to them any more.
#[derive(Debug, Default)]
pub(super) struct Settling {
    files: BTreeMap<String, File>,
}

#[derive(Debug)]
struct File {
    path: PathBuf,
    since: Instant,
    is_told: bool,
    due: Instant,
    seen: Option<(Stamp, Instant)>,
}

impl Settling {
    /// Looks at a file from `due` on; what is known of it already stays known.
    pub(super) fn add(&mut self, name: String, path: PathBuf, due: Instant, now: Instant) {
        let file = self.files.entry(name).or_insert_with(|| File::new(path, due, now));
        file.due = file.due.min(due);
    }

    /// Looks at a file that has just changed once it has been left alone for a while.
    pub(super) fn add_changed(&mut self, name: String, path: PathBuf, now: Instant) {
        let since = self.files.get(&name).map_or(now, |file| file.since);
        self.files.insert(name, File { since, ..File::new(path, now + QUIET, now) });
    }

    /// Looks at a file now, if it is one of these.
    pub(super) fn hurry(&mut self, name: &str, now: Instant) {
        if let Some(file) = self.files.get_mut(name) {
            file.due = now;
        }
    }

    /// Gives up waiting: all files that nobody is seen to write to. The others are looked at no more either.
    pub(super) fn give_up(&mut self, ours: &Path) -> Vec<(String, Stamp)> {
        let files = std::mem::take(self);
        let names: Vec<_> = files.files.keys().cloned().collect();
        let visible = files.visible(&names, ours);
        let written = writers::writing(&visible.values().copied().collect());
        let is_written = |name: &String| visible.get(name).is_some_and(|id| written.contains(id));
        let unwritten = files.files.into_iter().filter(|(name, _)| !is_written(name));
        unwritten.filter_map(|(name, file)| Some((name, Stamp::of(&file.path)?))).collect()
    }

    /// Looks at all files now.
    pub(super) fn hurry_all(&mut self, now: Instant) {
        self.files.values_mut().for_each(|file| file.due = now);
    }

    /// Looks at a file no more.
    pub(super) fn forget(&mut self, name: &str) {
        self.files.remove(name);
    }

    /// When the next look is due.
    pub(super) fn next_due(&self) -> Option<Instant> {
        self.files.values().map(|file| file.due).min()
    }

    /// The files that are due and that nobody writes to, those first that have not changed for longest, each with what
    /// it looked like after that was known. They are looked at no more; nor are those that are gone.
    ///
    /// `ours` is a folder that we made: only the writers of files with the same owner can be seen.
    pub(super) fn settled(&mut self, ours: &Path, now: Instant) -> Vec<(String, Stamp)> {
        let due = self.due(now);
        if due.is_empty() {
            return Vec::new();
        }
        let visible = self.visible(&due, ours);
        let written = writers::writing(&visible.values().copied().collect());
        let settled = due.into_iter().filter_map(|name| {
            let file = self.files.get_mut(&name)?;
            let verdict = match visible.get(&name) {
                Some(id) => file.look_at_visible(&name, written.contains(id), now),
                None => file.look(now),
            };
            match verdict {
                Verdict::Settled(stamp) => {
                    self.files.remove(&name);
                    Some((name, stamp))
                }
                Verdict::Gone => {
                    self.files.remove(&name);
                    None
                }
                Verdict::NotYet => None,
            }
        });
        settled.collect()
    }

    fn due(&self, now: Instant) -> Vec<String> {
        let mut due: Vec<_> = self.files.iter().filter(|(_, file)| file.due <= now).collect();
        due.sort_by_key(|(_, file)| file.seen.map(|(_, since)| since));
        due.into_iter().map(|(name, _)| name.clone()).collect()
    }

    /// Those whose writers can be seen. Not the empty ones: whoever is just opening a file has emptied it by then, but
    /// may not be listed as its writer yet.
    fn visible(&self, names: &[String], ours: &Path) -> HashMap<String, FileId> {
        let Ok(ours) = fs::metadata(ours) else {
            return HashMap::new();
        };
        let visible = names.iter().filter_map(|name| {
            let metadata = fs::symlink_metadata(&self.files.get(name)?.path).ok()?;
            let id = writers::visible(&metadata, &ours).filter(|_| metadata.len() > 0)?;
            Some((name.clone(), id))
        });
        visible.collect()
    }
}

enum Verdict {
    Settled(Stamp),
    Gone,
    NotYet,
}

impl File {
    fn new(path: PathBuf, due: Instant, now: Instant) -> Self {
        let seen = Stamp::of(&path).map(|stamp| (stamp, now));
        Self { path, since: now, is_told: false, due, seen }
    }

    fn look_at_visible(&mut self, name: &str, is_written: bool, now: Instant) -> Verdict {
        if !is_written {
            return Stamp::of(&self.path).map_or(Verdict::Gone, Verdict::Settled);
        }
        if !self.is_told && now.duration_since(self.since) >= LONG {
            self.is_told = true;
            tracing::warn!(
                file = name,
                "a dropped text is still being written; it is sent once its writer closes it"
            );
        }
        self.due = now + NEXT_LOOK;
        Verdict::NotYet
    }

    /// Settled is what looks as it did [`QUIET`] ago.
    fn look(&mut self, now: Instant) -> Verdict {
        let Some(stamp) = Stamp::of(&self.path) else {
            return Verdict::Gone;
        };
        let since = match self.seen {
            Some((seen, since)) if seen == stamp => since,
            _ => now,
        };
        if now.duration_since(since) >= QUIET {
            return Verdict::Settled(stamp);
        }
        self.seen = Some((stamp, since));
        self.due = since + QUIET;
        Verdict::NotYet
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Where no writer can be seen, because there is no folder to tell whose files are ours.
    const NOWHERE: &str = "/nowhere";

    #[test]
    fn without_a_sight_of_writers_a_file_settles_once_it_stayed_the_same_for_a_while() {
        let folder = tempfile::tempdir().unwrap();
        let (path, nowhere) = (folder.path().join("x.txt"), Path::new(NOWHERE));
        fs::write(&path, "half").unwrap();
        let (mut settling, start) = (Settling::default(), Instant::now());
        settling.add("x".to_owned(), path.clone(), start, start);
        assert_eq!(settling.settled(nowhere, start), []);
        assert_eq!(settling.next_due(), Some(start + QUIET));

        fs::write(&path, "half and half").unwrap();
        assert_eq!(settling.settled(nowhere, start + QUIET), [], "it has changed meanwhile");
        settling.hurry("x", start + QUIET);
        assert_eq!(settling.settled(nowhere, start + QUIET), [], "a look does not shorten the wait");

        let settled = settling.settled(nowhere, start + QUIET + QUIET);
        assert_eq!(settled, [("x".to_owned(), Stamp::of(&path).unwrap())]);
        assert_eq!(settling.next_due(), None);
    }

    #[cfg(target_os = "linux")]
    #[test]
    fn a_file_that_somebody_writes_to_never_settles_and_one_that_nobody_writes_to_does_at_once() {
        let folder = tempfile::tempdir().unwrap();
        let (open, closed) = (folder.path().join("open.txt"), folder.path().join("closed.txt"));
        fs::write(&closed, "done").unwrap();
        fs::write(&open, "half").unwrap();
        let writer = fs::OpenOptions::new().append(true).open(&open).unwrap();
        let (mut settling, start) = (Settling::default(), Instant::now());
        for path in [&open, &closed] {
            let name = path.file_stem().unwrap().to_str().unwrap();
            settling.add(name.to_owned(), path.clone(), start, start);
        }
        let settled = |settling: &mut Settling, now| {
            let settled = settling.settled(folder.path(), now);
            settled.into_iter().map(|(name, _)| name).collect::<Vec<_>>()
        };
        assert_eq!(settled(&mut settling, start), ["closed"]);
        assert!(settled(&mut settling, start + LONG).is_empty());
        drop(writer);
        settling.hurry_all(start + LONG);
        assert_eq!(settled(&mut settling, start + LONG), ["open"]);
    }

    #[test]
    fn a_file_that_has_gone_is_forgotten() {
        let (mut settling, now) = (Settling::default(), Instant::now());
        settling.add("x".to_owned(), "/nowhere/x.txt".into(), now, now);
        assert_eq!(settling.settled(Path::new(NOWHERE), now), []);
        assert_eq!(settling.next_due(), None);
    }
}
