//! Reading what was said: by page, by number, by words.

pub(super) mod history;
pub(super) mod numbered_page;
pub(super) mod search;
