//! The application on ports that keep everything in one folder and this process.

use std::fs;
use std::io::{self, Write as _};
use std::path::Path;
use std::sync::Arc;

use async_trait::async_trait;
use parlor::app::{self, App, Ports, Settings};
use parlor::domain::predefined_audio;
use parlor::embedded::{
    Durability, FolderMailer, FolderMediaStore, JobHandler, LocalChannelLayer, LocalLiveCounts, LocalTurns,
    OutboxLimits, SocketRegistry, SqliteRoomLog, SqliteTable, TimerJobs, owner_only,
};
use parlor::ids::StoredName;
use parlor::oidc::{OpenIdProviders, ProviderSettings};
use parlor::outbound::HttpOutbound;
use parlor::ports::{Cause, Clock, Job, Random};
use parlor::system::{OsRandom, SystemClock};

use crate::drop_folder::FolderDrops;
use crate::options::{MAILS, Storage};
use crate::start_error::StartError;

/// The store's table, a file in its folder.
pub(crate) const TABLE: &str = "parlor.sqlite";
/// The sender of mails, which are written into a folder and not sent.
const MAIL_FROM: &str = "parlor@localhost";

/// An application, and the adapters behind it that somebody has to run, to serve or to close.
#[derive(Debug, Clone)]
pub(crate) struct EmbeddedApp {
    pub(crate) app: Arc<App>,
    pub(crate) table: Arc<SqliteTable>,
    pub(crate) registry: Arc<SocketRegistry>,
    pub(crate) media: Arc<FolderMediaStore>,
    pub(crate) drops: Arc<FolderDrops>,
    pub(crate) jobs: Arc<TimerJobs>,
    /// What lay in the media store before this process put anything there.
    pub(crate) earlier_files: Arc<[StoredName]>,
}

impl EmbeddedApp {
    /// Opens the folder, which is made if it isn't there.
    pub(crate) async fn open(
        storage: &Storage,
        settings: Settings,
        providers: ProviderSettings,
    ) -> Result<Self, StartError> {
        let store = &storage.store;
        let unusable = |path: &Path| {
            let path = path.to_owned();
            move |source| StartError::Store { path, source }
        };
        let (samples, folder, drops) =
            (store.join("audio_tests"), store.join("media"), store.join("websocket_messages"));
        let mails = store.join(MAILS);
        owner_only::make_folder(store).map_err(unusable(store))?;
        owner_only::close_tree(&mails);
        lay_out(&samples).map_err(unusable(&samples))?;
        let (clock, random): (Arc<dyn Clock>, Arc<dyn Random>) = (Arc::new(SystemClock), Arc::new(OsRandom));
        let durability = durability(storage);
        let table = Arc::new(SqliteTable::open(&store.join(TABLE), durability, clock.clone())?);
        let registry = SocketRegistry::start(OutboxLimits::default());
        // Signed requests are good for minutes: a key that lives as long as the process will do.
        let (url, key) = (&settings.public_url, random.bytes());
        let media = FolderMediaStore::open(&folder, url, &key, durability, clock.clone(), random.clone());
        let media = Arc::new(media.map_err(unusable(&folder))?);
        let earlier_files = media.names().map_err(unusable(&folder))?.into();
        let drops = Arc::new(FolderDrops::open(&drops).map_err(unusable(&drops))?);
        let mailer = FolderMailer::open(&mails, MAIL_FROM, durability, clock.clone(), random.clone());
        let mailer = Arc::new(mailer.map_err(unusable(&mails))?);
        let jobs = Arc::new(TimerJobs::load(table.clone(), clock.clone(), random.clone()).await?);
        let ports = Ports {
            table: table.clone(),
            log: Arc::new(SqliteRoomLog::new(table.clone(), clock.clone(), random.clone())),
            turns: Arc::new(LocalTurns::default()),
            media: media.clone(),
            drops: drops.clone(),
            jobs: jobs.clone(),
            dead_letters: jobs.clone(),
            identities: Arc::new(OpenIdProviders::new(providers, clock.clone())),
            mailer,
            outbound: Arc::new(HttpOutbound::new(settings.reach)),
            ..Ports::absent(clock, random)
        };
        let app = Arc::new(App::new(with_sockets(ports, &registry), settings));
        Ok(Self { app, table, registry, media, drops, jobs, earlier_files })
    }

    /// Runs jobs as they fall due, until the timer is stopped.
    pub(crate) async fn run_jobs(self) {
        self.jobs.run(Arc::new(Handler(self.app))).await;
    }
}

fn durability(storage: &Storage) -> Durability {
    if storage.durable { Durability::Power } else { Durability::Process }
}

/// These ports with the sockets of this process, which are counted.
fn with_sockets(ports: Ports, registry: &Arc<SocketRegistry>) -> Ports {
    let (jobs, clock, random) = (ports.jobs.clone(), ports.clock.clone(), ports.random.clone());
    let sockets = Arc::new(LocalChannelLayer::new(registry.clone(), jobs, clock.clone(), random));
    let live = Arc::new(LocalLiveCounts::new(sockets.clone(), clock));
    Ports { live, ..ports.with_sockets(sockets) }
}

/// Puts the predefined audio into a folder, which is made if it isn't there, for clients that want something to upload.
/// Each file is there in full or not at all, whenever this process ends.
fn lay_out(folder: &Path) -> io::Result<()> {
    owner_only::make_folder(folder)?;
    for audio in predefined_audio::ALL {
        let path = folder.join(audio.filename);
        let is_whole = fs::metadata(&path).is_ok_and(|file| file.len() == audio.bytes.len() as u64);
        if !is_whole {
            let unfinished = folder.join(format!(".{}.unfinished", audio.filename));
            let mut options = owner_only::file_options();
            options.write(true).create(true).truncate(true).open(&unfinished)?.write_all(audio.bytes)?;
            fs::rename(unfinished, path)?;
        }
    }
    owner_only::close_tree(folder);
    Ok(())
}

struct Handler(Arc<App>);

#[async_trait]
impl JobHandler for Handler {
    async fn handle(&self, job: Job) -> Result<(), Cause> {
        Ok(app::run_job(&self.0, job, None).await?)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sample_that_was_cut_short_is_written_again_and_a_whole_one_is_left_alone() {
        let store = tempfile::tempdir().unwrap();
        let folder = store.path().join("new/audio_tests");
        lay_out(&folder).unwrap();
        let [cut, whole, ..] = predefined_audio::ALL.each_ref();
        let (cut_path, whole_path) = (folder.join(cut.filename), folder.join(whole.filename));
        fs::write(&cut_path, &cut.bytes[..100]).unwrap();
        let others = vec![b'x'; whole.bytes.len()];
        fs::write(&whole_path, &others).unwrap();
        lay_out(&folder).unwrap();
        assert_eq!(fs::read(cut_path).unwrap(), cut.bytes);
        assert_eq!(fs::read(whole_path).unwrap(), others);
        assert_eq!(fs::read_dir(folder).unwrap().count(), predefined_audio::ALL.len());
    }
}
