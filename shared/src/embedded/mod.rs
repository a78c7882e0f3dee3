//! The ports in one process.

mod flusher;
mod group_shards;
mod local_channel_layer;
mod outbox;
mod socket_registry;
mod wire;
mod wire_frame;

pub use local_channel_layer::LocalChannelLayer;
pub use outbox::{Ending, Outbox, OutboxLimits, Pushed};
pub use socket_registry::SocketRegistry;
pub use wire::Wire;
pub use wire_frame::WireFrame;
