//! Events as text: for each dialect, as far as they fit a frame, and as they are described.

#[cfg(feature = "openapi")]
pub(in crate::protocol::events) mod described;
pub(in crate::protocol::events) mod fitting;
pub(in crate::protocol::events) mod spelling;
