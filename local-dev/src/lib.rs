//! Parlor on a laptop: everything that stands around `parlor`'s handlers in one process.

pub mod drop_folder;
