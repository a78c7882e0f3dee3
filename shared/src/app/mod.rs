//! Use cases, one file each: load, decide, save on a condition, publish.

mod accounts;
mod chat;
mod error;
mod export;
mod feed;
mod limits;
mod media;
mod pace;
mod remembered_set;
mod rooms;
mod run_job;
mod settings;
mod sockets;
mod watch;
mod webhooks;

use std::sync::Arc;

use self::accounts::secrets::secret_work::SecretWork;
use self::accounts::tokens::key_ring::KeyRing;
use self::accounts::tokens::token_crypto;
pub use self::accounts::*;
use self::chat::TypingPace;
pub use self::chat::*;
pub use self::error::AppError;
pub use self::export::{ExportPage, OwnExportCursor, RoomExportCursor, export_own, export_room};
pub use self::feed::*;
pub use self::limits::{FromAddress, Quota, limit_address, with_quota};
pub use self::media::*;
use self::pace::Pace;
use self::remembered_set::RememberedSet;
pub use self::rooms::*;
pub use self::run_job::run_job;
pub use self::settings::Settings;
use self::sockets::counted_sender::CountedSender;
use self::sockets::refusal_tally::RefusalTally;
pub use self::sockets::*;
pub use self::watch::*;
use self::watch::{LOOK_EVERY, PROGRESS_EVERY, SYNC_EVERY};
use self::webhooks::KnownWebhooks;

use crate::ids::{ConnectionId, RoomCode, SessionId, UserId};
use crate::ports::{
    Absent, Clock, Connections, DeadLetters, DropBox, Groups, IdentityProviders, Jobs, LiveCounts, Mailer,
    MediaStore, Outbound, Random, RoomLog, RoomTurns, Sender, Table,
};

/// What stands behind the ports of an [`App`].
#[derive(Debug, Clone)]
pub struct Ports {
    /// What lasts.
    pub table: Arc<dyn Table>,
    /// What was said in rooms.
    pub log: Arc<dyn RoomLog>,
    /// Which sockets are open.
    pub connections: Arc<dyn Connections>,
    /// Which sockets get the same messages, and who is present.
    pub groups: Arc<dyn Groups>,
    /// What writes to sockets.
    pub sender: Arc<dyn Sender>,
    /// What puts what happens in a room into one order.
    pub turns: Arc<dyn RoomTurns>,
    /// Bytes.
    pub media: Arc<dyn MediaStore>,
    /// Texts dropped for broadcast.
    pub drops: Arc<dyn DropBox>,
    /// What is done later.
    pub jobs: Arc<dyn Jobs>,
    /// What was given up on.
    pub dead_letters: Arc<dyn DeadLetters>,
    /// What counts what is going on.
    pub live: Arc<dyn LiveCounts>,
    /// Who somebody is, on others' word.
    pub identities: Arc<dyn IdentityProviders>,
    /// What sends mail.
    pub mailer: Arc<dyn Mailer>,
    /// What calls machines of other people.
    pub outbound: Arc<dyn Outbound>,
    /// What time it is.
    pub clock: Arc<dyn Clock>,
    /// Where chance comes from.
    pub random: Arc<dyn Random>,
}

impl Ports {
    /// No ports but time and chance: every call of another one fails, and says which one is missing. Turns in rooms are
    /// free.
    pub fn absent(clock: Arc<dyn Clock>, random: Arc<dyn Random>) -> Self {
        let absent = Arc::new(Absent);
        Self {
            table: absent.clone(),
            log: absent.clone(),
            connections: absent.clone(),
            groups: absent.clone(),
            sender: absent.clone(),
            turns: absent.clone(),
            media: absent.clone(),
            drops: absent.clone(),
            jobs: absent.clone(),
            dead_letters: absent.clone(),
            live: absent.clone(),
            identities: absent.clone(),
            mailer: absent.clone(),
            outbound: absent,
            clock,
            random,
        }
    }

    /// These ports with an adapter that plays all three roles of sockets.
    #[must_use]
    pub fn with_sockets<S>(self, sockets: Arc<S>) -> Self
    where
        S: Connections + Groups + Sender + 'static,
    {
        Self { connections: sockets.clone(), groups: sockets.clone(), sender: sockets, ..self }
    }
}

/// Everything that a handler needs; the same on a laptop and on AWS, made from ports alone.
#[derive(Debug)]
pub struct App {
    pub(crate) ports: Ports,
    pub(crate) settings: Settings,
    key_ring: KeyRing,
    secret_work: SecretWork,
    refusals: RefusalTally,
    /// When each socket's player was compared with its room.
    sync_pace: Pace<ConnectionId>,
    /// When somebody's progress with an item was noted.
    progress_pace: Pace<(UserId, String)>,
    /// When it was looked up what somebody watches in a room.
    look_pace: Pace<(UserId, String)>,
    /// When it was told that somebody began to type in a room, and that they stopped.
    typing_pace: TypingPace,
    /// Which sessions are noted to have spoken in which conversations.
    noted: RememberedSet<(SessionId, RoomCode)>,
    /// Rooms that ask for more than that one is a member: their settings are read before anything is charged.
    demanding: RememberedSet<RoomCode>,
    /// Who is in crowds.
    crowd_lists: CrowdLists,
    /// Whether there is anybody to tell what happens in rooms.
    webhooks: KnownWebhooks,
}

impl App {
    /// An application on these ports.
    pub fn new(ports: Ports, settings: Settings) -> Self {
        token_crypto::install();
        let sender = Arc::new(CountedSender::new(ports.sender.clone(), ports.live.clone()));
        let ports = Ports { sender, ..ports };
        Self {
            ports,
            settings,
            key_ring: KeyRing::default(),
            secret_work: SecretWork::default(),
            refusals: RefusalTally::default(),
            sync_pace: Pace::new(SYNC_EVERY),
            progress_pace: Pace::new(PROGRESS_EVERY),
            look_pace: Pace::new(LOOK_EVERY),
            typing_pace: TypingPace::default(),
            noted: RememberedSet::default(),
            demanding: RememberedSet::default(),
            crowd_lists: CrowdLists::default(),
            webhooks: KnownWebhooks::default(),
        }
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
