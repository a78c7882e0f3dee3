//! The application on ports that keep everything in one folder and this process.

use std::io;
use std::path::Path;
use std::sync::Arc;

use async_trait::async_trait;
use parlor::app::{self, App, Ports, Settings};
use parlor::domain::predefined_audio;
use parlor::embedded::{
    Durability, FolderMediaStore, JobHandler, LocalChannelLayer, OutboxLimits, SocketRegistry, SqliteTable,
    TimerJobs,
};
use parlor::ports::{Cause, Clock, Job, Random};
use parlor::system::{OsRandom, SystemClock};

use crate::drop_folder::FolderDrops;
use crate::options::Storage;
use crate::server::StartError;

/// An application, and the adapters behind it that somebody has to run, to serve or to close.
#[derive(Debug, Clone)]
pub(crate) struct EmbeddedApp {
    pub(crate) app: Arc<App>,
    pub(crate) table: Arc<SqliteTable>,
    pub(crate) registry: Arc<SocketRegistry>,
    pub(crate) media: Arc<FolderMediaStore>,
    pub(crate) drops: Arc<FolderDrops>,
    pub(crate) jobs: Arc<TimerJobs>,
}

impl EmbeddedApp {
    /// Opens the folder, which is made if it isn't there.
    pub(crate) async fn open(storage: &Storage, settings: Settings) -> Result<Self, StartError> {
        let store = &storage.store;
        lay_out(store)?;
        let (clock, random): (Arc<dyn Clock>, Arc<dyn Random>) = (Arc::new(SystemClock), Arc::new(OsRandom));
        let durability = if storage.durable { Durability::Power } else { Durability::Process };
        let table = Arc::new(SqliteTable::open(&store.join("parlor.sqlite"), durability, clock.clone())?);
        let registry = SocketRegistry::start(OutboxLimits::default());
        // Signed requests are good for minutes: a key that lives as long as the process will do.
        let (folder, url, key) = (store.join("media"), &settings.public_url, random.bytes());
        let media = FolderMediaStore::open(&folder, url, &key, durability, clock.clone(), random.clone())?;
        let media = Arc::new(media);
        let drops = Arc::new(FolderDrops::open(store.join("websocket_messages"))?);
        let jobs = Arc::new(TimerJobs::load(table.clone(), clock.clone(), random.clone()).await?);
        let channels = Arc::new(LocalChannelLayer::new(registry.clone(), clock.clone()));
        let ports = Ports {
            table: table.clone(),
            channels,
            media: media.clone(),
            drops: drops.clone(),
            jobs: jobs.clone(),
            clock,
            random,
        };
        Ok(Self { app: Arc::new(App::new(ports, settings)), table, registry, media, drops, jobs })
    }

    /// Runs jobs as they fall due, until the timer is stopped.
    pub(crate) async fn run_jobs(self) {
        self.jobs.run(Arc::new(Handler(self.app))).await;
    }
}

/// The store's folder, with the predefined audio as files, too, for clients that want something to upload.
fn lay_out(store: &Path) -> io::Result<()> {
    let folder = store.join("audio_tests");
    std::fs::create_dir_all(&folder)?;
    for audio in predefined_audio::ALL {
        let path = folder.join(audio.filename);
        if !path.exists() {
            std::fs::write(path, audio.bytes)?;
        }
    }
    Ok(())
}

struct Handler(Arc<App>);

#[async_trait]
impl JobHandler for Handler {
    async fn handle(&self, job: Job) -> Result<(), Cause> {
        Ok(app::run_job(&self.0, job).await?)
    }
}
