//! Use cases, one file each: load, decide, save on a condition, publish.

mod broadcast_drop;
mod settings;

use std::sync::Arc;

pub use broadcast_drop::{DropFailure, DropOutcome, broadcast_drop};
pub use settings::Settings;

use crate::ports::{ChannelLayer, Clock, DropBox, Jobs, MediaStore, Random, Table};

/// What stands behind the ports of an [`App`].
#[derive(Debug, Clone)]
pub struct Ports {
    /// What lasts.
    pub table: Arc<dyn Table>,
    /// What lives while sockets do.
    pub channels: Arc<dyn ChannelLayer>,
    /// Bytes.
    pub media: Arc<dyn MediaStore>,
    /// Texts dropped for broadcast.
    pub drops: Arc<dyn DropBox>,
    /// What is done later.
    pub jobs: Arc<dyn Jobs>,
    /// What time it is.
    pub clock: Arc<dyn Clock>,
    /// Where chance comes from.
    pub random: Arc<dyn Random>,
}

/// Everything that a handler needs; the same on a laptop and on AWS, made from ports alone.
#[derive(Debug)]
pub struct App {
    pub(crate) ports: Ports,
    pub(crate) settings: Settings,
}

impl App {
    /// An application on these ports.
    pub fn new(ports: Ports, settings: Settings) -> Self {
        Self { ports, settings }
    }

    /// The settings it was made with.
    pub fn settings(&self) -> &Settings {
        &self.settings
    }

    /// The ports it was made with.
    pub fn ports(&self) -> &Ports {
        &self.ports
    }
}
