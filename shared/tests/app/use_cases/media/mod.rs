//! Media.

pub(crate) mod direct_uploads;
