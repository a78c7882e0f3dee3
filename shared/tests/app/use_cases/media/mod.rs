//! Media.

pub(crate) mod direct_uploads;
mod exporting;
