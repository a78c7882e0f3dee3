//! Sockets in this process: who is connected, and what waits to be written to whom.

pub(in crate::embedded) mod flusher;
pub(in crate::embedded) mod frames;
pub(in crate::embedded) mod local_channel_layer;
pub(in crate::embedded) mod local_live_counts;
pub(in crate::embedded) mod outbox;
pub(in crate::embedded) mod socket_registry;
pub(in crate::embedded) mod wire;
