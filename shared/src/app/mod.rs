//! Use cases, one file each: load, decide, save on a condition, publish.

mod access_token;
mod authenticate;
mod broadcast_drop;
mod connect;
mod direct_upload;
mod error;
mod find_medium;
mod heartbeat;
mod key_ring;
mod receive;
mod run_job;
mod settings;
mod sign_in_guest;
mod token_crypto;
pub mod upload_medium;

use std::sync::Arc;

pub use self::authenticate::authenticate;
pub use self::broadcast_drop::{DropFailure, DropOutcome, broadcast_drop};
pub use self::connect::{connect, disconnect, welcome};
pub use self::direct_upload::{AnnouncedFile, DirectUpload, UploadOutcome, begin_upload, finish_upload};
pub use self::error::AppError;
pub use self::find_medium::{FoundMedium, find_by_id, find_by_name};
pub use self::heartbeat::{every_minute, tick};
use self::key_ring::KeyRing;
pub use self::receive::receive;
pub use self::run_job::run_job;
pub use self::settings::Settings;
pub use self::sign_in_guest::{ACCESS_TOKEN_LIFE, SignIn, sign_in_guest};

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
    key_ring: KeyRing,
}

impl App {
    /// An application on these ports.
    pub fn new(ports: Ports, settings: Settings) -> Self {
        token_crypto::install();
        Self { ports, settings, key_ring: KeyRing::default() }
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
