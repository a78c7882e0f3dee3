//! Use cases, one file each: load, decide, save on a condition, publish.

mod accounts;
mod error;
mod feed;
mod limits;
mod media;
mod run_job;
mod settings;
mod sockets;

use std::sync::Arc;

use self::accounts::secrets::secret_work::SecretWork;
use self::accounts::tokens::key_ring::KeyRing;
use self::accounts::tokens::token_crypto;
pub use self::accounts::*;
pub use self::error::AppError;
pub use self::feed::*;
pub use self::limits::{FromAddress, Quota, limit_address, with_quota};
pub use self::media::*;
pub use self::run_job::run_job;
pub use self::settings::Settings;
pub use self::sockets::*;

use crate::ports::{
    ChannelLayer, Clock, DropBox, IdentityProviders, Jobs, Mailer, MediaStore, Random, RoomLog, Table,
};

/// What stands behind the ports of an [`App`].
#[derive(Debug, Clone)]
pub struct Ports {
    /// What lasts.
    pub table: Arc<dyn Table>,
    /// What was said in rooms.
    pub log: Arc<dyn RoomLog>,
    /// What lives while sockets do.
    pub channels: Arc<dyn ChannelLayer>,
    /// Bytes.
    pub media: Arc<dyn MediaStore>,
    /// Texts dropped for broadcast.
    pub drops: Arc<dyn DropBox>,
    /// What is done later.
    pub jobs: Arc<dyn Jobs>,
    /// Who somebody is, on others' word.
    pub identities: Arc<dyn IdentityProviders>,
    /// What sends mail.
    pub mailer: Arc<dyn Mailer>,
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
    secret_work: SecretWork,
}

impl App {
    /// An application on these ports.
    pub fn new(ports: Ports, settings: Settings) -> Self {
        token_crypto::install();
        Self { ports, settings, key_ring: KeyRing::default(), secret_work: SecretWork::default() }
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
