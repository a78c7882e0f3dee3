//! One type of resources, property by property.

/// The properties of a type, by their paths: names with dots between them, `*` for names that people choose, `[]` for the
/// items of a list. A path stands for everything below it.
#[derive(Debug)]
pub(super) struct Table {
    /// The type.
    pub(super) kind: &'static str,
    /// Read, and done so.
    pub(super) honoured: &'static [&'static str],
    /// Of no consequence for how an application behaves on a laptop: rights, logs, costs, names for people.
    pub(super) harmless: &'static [&'static str],
    /// Of consequence, and not so here.
    pub(super) not_emulated: &'static [NotEmulated],
}

/// A property that is not so here.
#[derive(Debug)]
pub(super) struct NotEmulated {
    pub(super) path: &'static str,
    /// What it may say nevertheless, because that is so here.
    pub(super) unless: &'static [&'static str],
    /// What is the case instead.
    pub(super) instead: &'static str,
}

/// What becomes of a property.
#[derive(Debug, Clone, Copy)]
pub(super) enum Support {
    /// It is honoured, or makes no difference.
    Fine,
    /// It is not so here.
    Not(&'static NotEmulated),
    /// It depends on what is below it.
    Further,
    /// Nobody knows it.
    Unknown,
}

pub(super) const fn not(path: &'static str, instead: &'static str) -> NotEmulated {
    NotEmulated { path, unless: &[], instead }
}

pub(super) const fn not_unless(
    path: &'static str,
    unless: &'static [&'static str],
    instead: &'static str,
) -> NotEmulated {
    NotEmulated { path, unless, instead }
}

impl Table {
    pub(super) fn support(&self, path: &[&str]) -> Support {
        if self.harmless.iter().chain(self.honoured).any(|pattern| covers(pattern, path)) {
            return Support::Fine;
        }
        if let Some(not) = self.not_emulated.iter().find(|not| covers(not.path, path)) {
            return Support::Not(not);
        }
        if self.paths().any(|pattern| is_within(pattern, path)) { Support::Further } else { Support::Unknown }
    }

    /// All paths that it knows.
    pub(super) fn paths(&self) -> impl Iterator<Item = &'static str> {
        let plain = self.honoured.iter().chain(self.harmless).copied();
        plain.chain(self.not_emulated.iter().map(|not| not.path))
    }
}

/// Whether a pattern stands for a path: itself, or something above it.
pub(super) fn covers(pattern: &str, path: &[&str]) -> bool {
    let names = pattern.split('.');
    names.clone().count() <= path.len() && names.zip(path).all(|(name, part)| name == "*" || name == *part)
}

/// Whether a pattern stands for something below a path.
fn is_within(pattern: &str, path: &[&str]) -> bool {
    let names = pattern.split('.');
    names.clone().count() > path.len() && names.zip(path).all(|(name, part)| name == "*" || name == *part)
}
