//! Files that somebody may still be writing to.

use std::collections::{BTreeMap, HashMap};
use std::fs;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use super::file_stamp::FileStamp;
use super::watch_event::CLOSING_IS_TOLD;
use super::writers::{self, FileId};

/// How long a file must stay as it is before it counts as written, where nothing else tells.
pub(super) const QUIET: Duration = Duration::from_millis(if CLOSING_IS_TOLD { 1000 } else { 300 });
/// After how long a file that is still being written is looked at again, should the event of its closing be lost.
const NEXT_LOOK: Duration = Duration::from_secs(5);
/// After how long of that somebody is told.
const LONG: Duration = Duration::from_secs(30);

/// Files, by path, until nobody writes to them any more.
#[derive(Debug, Default)]
pub(super) struct UnfinishedFiles {
    files: BTreeMap<PathBuf, File>,
}

#[derive(Debug)]
struct File {
    since: Instant,
    is_told: bool,
    due: Instant,
    seen: Option<(FileStamp, Instant)>,
}

impl UnfinishedFiles {
    /// Looks at a file from `due` on; what is known of it already stays known.
    pub(super) fn add(&mut self, path: PathBuf, due: Instant, now: Instant) {
        let seen = FileStamp::of(&path);
        let file = self.files.entry(path).or_insert_with(|| File::new(seen, due, now));
        file.due = file.due.min(due);
    }

    /// Looks at a file that has just changed once it has been left alone for a while.
    pub(super) fn add_changed(&mut self, path: PathBuf, now: Instant) {
        let since = self.files.get(&path).map_or(now, |file| file.since);
        let file = File { since, ..File::new(FileStamp::of(&path), now + QUIET, now) };
        self.files.insert(path, file);
    }

    /// Looks at a file now, if it is one of these.
    pub(super) fn hurry(&mut self, path: &Path, now: Instant) {
        if let Some(file) = self.files.get_mut(path) {
            file.due = now;
        }
    }

    /// Gives up waiting: all files that nobody is seen to write to. The others are looked at no more either.
    pub(super) fn give_up(&mut self, ours: &Path) -> Vec<(PathBuf, FileStamp)> {
        let paths: Vec<_> = std::mem::take(&mut self.files).into_keys().collect();
        let visible = visible(&paths, ours);
        let written = writers::writing(&visible.values().copied().collect());
        let is_written = |path: &PathBuf| visible.get(path).is_some_and(|id| written.contains(id));
        let unwritten = paths.into_iter().filter(|path| !is_written(path));
        unwritten.filter_map(|path| FileStamp::of(&path).map(|stamp| (path, stamp))).collect()
    }

    /// Looks at all files now.
    pub(super) fn hurry_all(&mut self, now: Instant) {
        self.files.values_mut().for_each(|file| file.due = now);
    }

    /// Looks at a file no more.
    pub(super) fn forget(&mut self, path: &Path) {
        self.files.remove(path);
    }

    /// When the next look is due.
    pub(super) fn next_due(&self) -> Option<Instant> {
        self.files.values().map(|file| file.due).min()
    }

    /// The files that are due and that nobody writes to, those first that have not changed for longest, each with what
    /// it looked like after that was known. They are looked at no more; nor are those that are gone.
    ///
    /// `ours` is a folder that we made: only the writers of files with the same owner can be seen.
    pub(super) fn finished(&mut self, ours: &Path, now: Instant) -> Vec<(PathBuf, FileStamp)> {
        let due = self.due(now);
        if due.is_empty() {
            return Vec::new();
        }
        let visible = visible(&due, ours);
        let written = writers::writing(&visible.values().copied().collect());
        let finished = due.into_iter().filter_map(|path| {
            let file = self.files.get_mut(&path)?;
            let verdict = match visible.get(&path) {
                Some(id) => file.look_at_visible(&path, written.contains(id), now),
                None => file.look(&path, now),
            };
            match verdict {
                Verdict::Finished(stamp) => {
                    self.files.remove(&path);
                    Some((path, stamp))
                }
                Verdict::Gone => {
                    self.files.remove(&path);
                    None
                }
                Verdict::NotYet => None,
            }
        });
        finished.collect()
    }

    fn due(&self, now: Instant) -> Vec<PathBuf> {
        let mut due: Vec<_> = self.files.iter().filter(|(_, file)| file.due <= now).collect();
        due.sort_by_key(|(_, file)| file.seen.map(|(_, since)| since));
        due.into_iter().map(|(path, _)| path.clone()).collect()
    }
}

/// Those whose writers can be seen. Not the empty ones: whoever is just opening a file has emptied it by then, but may
/// not be listed as its writer yet.
fn visible(paths: &[PathBuf], ours: &Path) -> HashMap<PathBuf, FileId> {
    let Ok(ours) = fs::metadata(ours) else {
        return HashMap::new();
    };
    let visible = paths.iter().filter_map(|path| {
        let metadata = fs::symlink_metadata(path).ok()?;
        let id = writers::visible(&metadata, &ours).filter(|_| metadata.len() > 0)?;
        Some((path.clone(), id))
    });
    visible.collect()
}

enum Verdict {
    Finished(FileStamp),
    Gone,
    NotYet,
}

impl File {
    fn new(seen: Option<FileStamp>, due: Instant, now: Instant) -> Self {
        Self { since: now, is_told: false, due, seen: seen.map(|stamp| (stamp, now)) }
    }

    fn look_at_visible(&mut self, path: &Path, is_written: bool, now: Instant) -> Verdict {
        if !is_written {
            return FileStamp::of(path).map_or(Verdict::Gone, Verdict::Finished);
        }
        if !self.is_told && now.duration_since(self.since) >= LONG {
            self.is_told = true;
            tracing::warn!(
                file = %path.display(),
                "a dropped text is still being written; it is sent once its writer closes it"
            );
        }
        self.due = now + NEXT_LOOK;
        Verdict::NotYet
    }

    /// Settled is what looks as it did [`QUIET`] ago.
    fn look(&mut self, path: &Path, now: Instant) -> Verdict {
        let Some(stamp) = FileStamp::of(path) else {
            return Verdict::Gone;
        };
        let since = match self.seen {
            Some((seen, since)) if seen == stamp => since,
            _ => now,
        };
        if now.duration_since(since) >= QUIET {
            return Verdict::Finished(stamp);
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
        let (mut unfinished, start) = (UnfinishedFiles::default(), Instant::now());
        unfinished.add(path.clone(), start, start);
        assert_eq!(unfinished.finished(nowhere, start), []);
        assert_eq!(unfinished.next_due(), Some(start + QUIET));

        fs::write(&path, "half and half").unwrap();
        assert_eq!(unfinished.finished(nowhere, start + QUIET), [], "it has changed meanwhile");
        unfinished.hurry(&path, start + QUIET);
        assert_eq!(unfinished.finished(nowhere, start + QUIET), [], "a look does not shorten the wait");

        let finished = unfinished.finished(nowhere, start + QUIET + QUIET);
        assert_eq!(finished, [(path.clone(), FileStamp::of(&path).unwrap())]);
        assert_eq!(unfinished.next_due(), None);
    }

    #[cfg(target_os = "linux")]
    #[test]
    fn a_file_that_somebody_writes_to_never_settles_and_one_that_nobody_writes_to_does_at_once() {
        let folder = tempfile::tempdir().unwrap();
        let (open, closed) = (folder.path().join("open.txt"), folder.path().join("closed.txt"));
        fs::write(&closed, "done").unwrap();
        fs::write(&open, "half").unwrap();
        let writer = fs::OpenOptions::new().append(true).open(&open).unwrap();
        let (mut unfinished, start) = (UnfinishedFiles::default(), Instant::now());
        for path in [&open, &closed] {
            unfinished.add(path.clone(), start, start);
        }
        let finished = |unfinished: &mut UnfinishedFiles, now| {
            let finished = unfinished.finished(folder.path(), now);
            finished.into_iter().map(|(path, _)| path).collect::<Vec<_>>()
        };
        assert_eq!(finished(&mut unfinished, start), [closed]);
        assert!(finished(&mut unfinished, start + LONG).is_empty());
        drop(writer);
        unfinished.hurry_all(start + LONG);
        assert_eq!(finished(&mut unfinished, start + LONG), [open]);
    }

    #[test]
    fn a_file_that_has_gone_is_forgotten() {
        let (mut unfinished, now) = (UnfinishedFiles::default(), Instant::now());
        unfinished.add("/nowhere/x.txt".into(), now, now);
        assert_eq!(unfinished.finished(Path::new(NOWHERE), now), []);
        assert_eq!(unfinished.next_due(), None);
    }
}
