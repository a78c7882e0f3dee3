//! Media.

pub(crate) mod media_get;
pub(crate) mod media_post;
pub(crate) mod uploads;
