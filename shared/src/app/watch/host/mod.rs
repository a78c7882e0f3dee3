//! What happens in a room whose host is absent.

pub(in crate::app) mod host_absence;
mod pause;
