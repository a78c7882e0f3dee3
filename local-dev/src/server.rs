//! The whole laptop server, put together: the application on embedded ports, and what stands around it.

use std::io;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use axum::Router;
use parlor::app::{self, App, Ports, Settings};
use parlor::domain::predefined_audio;
use parlor::embedded::{
    Durability, FolderMediaStore, JobHandler, LocalChannelLayer, OpenTableError, OutboxLimits,
    SocketRegistry, SqliteTable, TimerJobs,
};
use parlor::inbound::http;
use parlor::ports::{Cause, Clock, Job, Random, TableError};
use parlor::system::{OsRandom, SystemClock};
use tokio::task::{JoinHandle, JoinSet};
use tokio_util::sync::CancellationToken;

use crate::drop_folder::{DropFolder, DropFolderError, FolderDrops};
use crate::functions::InProcessFunctions;
use crate::gateway::{Edge, Gateway, GatewayConfig, Refusals};
use crate::listener::{BindError, Listener, ServerLimits};
use crate::options::{Network, Options, RefuseWith};
use crate::{scheduler, signed_media, static_pages};

/// The path under which CloudFront offers the feed, and what the feed's own port stands for.
const FEED: &str = "/ws/feed/";
/// How long sockets have to say goodbye.
const PATIENCE: Duration = Duration::from_secs(2);

/// Why the server could not start.
#[derive(Debug, thiserror::Error)]
pub enum StartError {
    /// A port can't be had.
    #[error("{option}: {source}")]
    Bind {
        /// The option that chooses it.
        option: &'static str,
        /// Why not.
        source: BindError,
    },
    /// The store's table can't be opened.
    #[error("{0}")]
    Open(#[from] OpenTableError),
    /// The store's table can't be read.
    #[error("the store cannot be read")]
    Table(#[from] TableError),
    /// The drop folder can't be watched.
    #[error("{0}")]
    Drops(#[from] DropFolderError),
    /// The store's folders can't be made.
    #[error("the store cannot be written: {0}")]
    Store(#[from] io::Error),
}

/// A server that is up.
#[derive(Debug)]
pub struct Server {
    app: Arc<App>,
    table: Arc<SqliteTable>,
    jobs: Arc<TimerJobs>,
    gateway: Arc<Gateway>,
    ports: (u16, u16),
    stop: CancellationToken,
    listeners: JoinSet<()>,
    background: Background,
}

/// What works beside the listeners.
#[derive(Debug)]
struct Background {
    scheduler: JoinHandle<()>,
    jobs: JoinHandle<()>,
    drops: JoinHandle<()>,
}

impl Server {
    /// Starts a server: when this returns it listens, and the drop folder is watched.
    pub async fn start(options: &Options) -> Result<Self, StartError> {
        let (http, feed) = bind(&options.network).await?;
        let ports = (http.port(), feed.port());
        let store = &options.storage.store;
        std::fs::create_dir_all(store)?;
        lay_out_audio(store)?;
        let clock: Arc<dyn Clock> = Arc::new(SystemClock);
        let durability = if options.storage.durable {
            Durability::Power
        } else {
            Durability::Process
        };
        let table = Arc::new(SqliteTable::open(
            &store.join("parlor.sqlite"),
            durability,
            clock.clone(),
        )?);
        let registry = SocketRegistry::start(OutboxLimits::default());
        let drops = Arc::new(FolderDrops::open(store.join("websocket_messages"))?);
        let settings = settings(options, ports.0);
        let random: Arc<dyn Random> = Arc::new(OsRandom);
        let jobs = Arc::new(TimerJobs::load(table.clone(), clock.clone(), random.clone()).await?);
        // Signed requests are good for minutes: a key that lives as long as the process will do.
        let key = random.bytes();
        let folder = store.join("media");
        let media = FolderMediaStore::open(
            &folder,
            &settings.public_url,
            &key,
            durability,
            clock.clone(),
            random.clone(),
        )?;
        let media = Arc::new(media);
        let app = Arc::new(App::new(
            Ports {
                table: table.clone(),
                channels: Arc::new(LocalChannelLayer::new(registry.clone(), clock.clone())),
                media: media.clone(),
                drops: drops.clone(),
                jobs: jobs.clone(),
                clock: clock.clone(),
                random,
            },
            settings,
        ));
        let functions = Arc::new(InProcessFunctions(app.clone()));
        let gateway = Gateway::new(gateway_config(options), functions, registry, clock);
        let stop = CancellationToken::new();
        let routes = routes(&app, media);
        let listeners = listen(http, feed, routes, &gateway, &stop);
        let background = Background {
            scheduler: tokio::spawn(scheduler::run(app.clone(), table.clone())),
            jobs: tokio::spawn(jobs.clone().run(Arc::new(Jobs(app.clone())))),
            drops: DropFolder::start(app.clone(), drops, stop.clone().cancelled_owned())?,
        };
        Ok(Self {
            app,
            table,
            jobs,
            gateway,
            ports,
            stop,
            listeners,
            background,
        })
    }

    /// Where clients reach it, without a slash at the end.
    pub fn public_url(&self) -> &str {
        &self.app.settings().public_url
    }

    /// The port of the page, the HTTP API and all sockets; and the feed's own.
    pub fn ports(&self) -> (u16, u16) {
        self.ports
    }

    /// Ends it in good order: no new work, sockets closed with 1001, what runs finished, the table closed.
    pub async fn stop(mut self) {
        self.stop.cancel();
        self.gateway.shut_down(PATIENCE).await;
        while self.listeners.join_next().await.is_some() {}
        self.background.scheduler.abort();
        self.jobs.stop();
        for task in [self.background.drops, self.background.jobs] {
            // A task that broke down has said so; there is nothing left to wait for.
            let _ = task.await;
        }
        if let Err(error) = self.table.close().await {
            tracing::error!(%error, "the table could not be closed");
        }
    }
}

async fn bind(network: &Network) -> Result<(Listener, Listener), StartError> {
    let host = network
        .host
        .map_or("localhost".to_owned(), |host| host.to_string());
    let bind = async |port, option| {
        Listener::bind(&host, port)
            .await
            .map_err(|source| StartError::Bind { option, source })
    };
    Ok((
        bind(network.port, "--port").await?,
        bind(network.feed_port, "--feed-port").await?,
    ))
}

/// Everything but sockets: the application's calls, the store's own signed requests, and the pages.
fn routes(app: &Arc<App>, media: Arc<FolderMediaStore>) -> Router {
    let calls = http::api_routes().merge(http::upload_routes()).merge(http::download_routes());
    http::layered(app.clone(), calls.merge(signed_media::router(media)).merge(static_pages::router()))
}

fn listen(
    http: Listener,
    feed: Listener,
    routes: Router,
    gateway: &Arc<Gateway>,
    stop: &CancellationToken,
) -> JoinSet<()> {
    let limits = ServerLimits::default();
    let mut listeners = JoinSet::new();
    listeners.spawn(http.serve(gateway.in_front_of(routes, Edge::by_path()), limits, stop.clone()));
    listeners.spawn(feed.serve(gateway.alone(Edge::always(FEED)), limits, stop.clone()));
    listeners
}

fn settings(options: &Options, port: u16) -> Settings {
    let url = options.network.public_url.clone();
    let mut settings = Settings::new(url.unwrap_or_else(|| format!("http://localhost:{port}")));
    settings.allowed_origins = options.network.allowed_origins.clone();
    settings.allow_local_origins = true;
    settings.heartbeat = Duration::from_secs(options.behaviour.heartbeat_seconds);
    settings.max_upload_bytes = options.storage.max_upload_mb.saturating_mul(1 << 20);
    settings
}

fn gateway_config(options: &Options) -> GatewayConfig {
    let refusals = match options.behaviour.refuse_with {
        RefuseWith::Close => Refusals::Close,
        RefuseWith::Status => Refusals::Status,
    };
    GatewayConfig {
        refusals,
        ..GatewayConfig::default()
    }
}

/// The predefined audio as files, too, for clients that want something to upload.
fn lay_out_audio(store: &Path) -> io::Result<()> {
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

/// Does the timer's jobs.
struct Jobs(Arc<App>);

#[async_trait]
impl JobHandler for Jobs {
    async fn handle(&self, job: Job) -> Result<(), Cause> {
        Ok(app::run_job(&self.0, job).await?)
    }
}
