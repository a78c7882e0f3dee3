//! Use cases, one file each: load, decide, save on a condition, publish.

mod access_token;
pub mod admin;
mod authenticate;
mod broadcast_drop;
mod browser_sign_in;
mod change_secrets;
mod connect;
pub mod console;
mod direct_upload;
mod end_session;
mod error;
mod find_medium;
mod heartbeat;
mod key_ring;
mod limits;
mod mail_link;
mod new_secrets;
mod picture;
mod profile;
mod receive;
mod refresh;
mod register;
mod reset_password;
mod run_job;
mod secret_work;
mod settings;
mod sign_in;
mod sign_in_account;
mod sign_in_guest;
mod sign_in_vouched;
mod ticket;
mod token_crypto;
pub mod upload_medium;
mod verify_email;

use std::sync::Arc;

pub use self::authenticate::authenticate;
pub use self::broadcast_drop::{DropFailure, DropOutcome, broadcast_drop};
pub use self::browser_sign_in::{
    BegunSignIn, FLOW_LIFE, Return, begin_browser_sign_in, finish_browser_sign_in,
};
pub use self::change_secrets::{SecretChange, change_secrets};
pub use self::connect::{connect, disconnect, welcome};
pub use self::direct_upload::{AnnouncedFile, DirectUpload, UploadOutcome, begin_upload, finish_upload};
pub use self::end_session::{end_all_sessions, end_session};
pub use self::error::AppError;
pub use self::find_medium::{FoundMedium, find_by_id, find_by_name};
pub use self::heartbeat::{every_minute, tick};
use self::key_ring::KeyRing;
pub use self::limits::{FromAddress, Quota, limit_address, with_quota};
pub use self::picture::{PictureChange, sweep_picture};
pub use self::profile::{ProfileChange, change_profile, delete_profile, find_people, profile};
pub use self::receive::receive;
pub use self::refresh::refresh;
pub use self::register::{Registration, register};
pub use self::reset_password::{forgot_password, reset_password};
pub use self::run_job::run_job;
use self::secret_work::SecretWork;
pub use self::settings::Settings;
pub use self::sign_in::{ACCESS_TOKEN_LIFE, SignIn};
pub use self::sign_in_account::{AccountName, Proof, sign_in_account};
pub use self::sign_in_guest::sign_in_guest;
pub use self::sign_in_vouched::{sign_in_by_access_token, sign_in_by_id_token};
pub use self::ticket::{TICKET_LIFE, authenticate_handshake, issue_ticket};
pub use self::verify_email::{request_verification, verify_email};

use crate::ports::{
    ChannelLayer, Clock, DropBox, IdentityProviders, Jobs, Mailer, MediaStore, Random, Table,
};

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
