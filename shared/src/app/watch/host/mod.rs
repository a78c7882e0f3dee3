//! What becomes of a room whose host is not there.

pub(in crate::app) mod host_absence;
mod pause;
