//! The whole laptop server, put together: the application, and what stands around it.

use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use parlor::app::Settings;
use parlor::inbound::http;
use tokio::task::{JoinHandle, JoinSet};
use tokio_util::sync::CancellationToken;

use crate::drop_folder::DropFolder;
use crate::embedded_app::EmbeddedApp;
use crate::functions::InProcessFunctions;
use crate::gateway::{Edge, Gateway, GatewayConfig, Refusals};
use crate::listener::{BindError, Listener, ServerLimits};
use crate::options::{Network, Options, RefuseWith};
use crate::start_error::StartError;
use crate::{left_behind, scheduler, signed_media, static_pages};

/// The path under which CloudFront offers the feed, and what the feed's own port stands for.
const FEED: &str = "/ws/feed/";
/// How long sockets have to say goodbye.
const PATIENCE: Duration = Duration::from_secs(2);

/// A server that is up.
#[derive(Debug)]
pub struct Server {
    embedded: EmbeddedApp,
    gateway: Arc<Gateway>,
    feed_url: String,
    stop: CancellationToken,
    listeners: JoinSet<()>,
    background: Background,
}

/// What works beside the listeners.
#[derive(Debug)]
struct Background {
    scheduler: JoinHandle<()>,
    left_behind: JoinHandle<()>,
    jobs: JoinHandle<()>,
    drops: JoinHandle<()>,
}

impl Server {
    /// Starts a server: when this returns it listens, and the drop folder is watched.
    pub async fn start(options: &Options) -> Result<Self, StartError> {
        let (http, feed) = bind(&options.network).await?;
        let feed_url = format!("ws://{}:{}", feed.host(), feed.port());
        let embedded = EmbeddedApp::open(&options.storage, settings(options, &http)).await?;
        let gateway = gateway(options, &embedded);
        let stop = CancellationToken::new();
        let mut listeners = JoinSet::new();
        let routes = gateway.in_front_of(routes(&embedded), Edge::by_path());
        listeners.spawn(http.serve(routes, ServerLimits::default(), stop.clone()));
        let feed_alone = gateway.alone(Edge::always(FEED));
        listeners.spawn(feed.serve(feed_alone, ServerLimits::default(), stop.clone()));
        let background = Background::start(&embedded, &stop)?;
        Ok(Self { embedded, gateway, feed_url, stop, listeners, background })
    }

    /// Where clients reach it, without a slash at the end.
    pub fn public_url(&self) -> &str {
        &self.embedded.app.settings().public_url
    }

    /// Where the feed alone is reached from this machine's network, without a slash at the end.
    pub fn feed_url(&self) -> &str {
        &self.feed_url
    }

    /// Ends it in good order: no new work, sockets closed with 1001, what runs finished, the table closed.
    pub async fn stop(mut self) {
        self.stop.cancel();
        self.gateway.shut_down(PATIENCE).await;
        while self.listeners.join_next().await.is_some() {}
        self.background.scheduler.abort();
        self.background.left_behind.abort();
        self.embedded.jobs.stop();
        for task in [self.background.drops, self.background.jobs] {
            // A task that broke down has said so; there is nothing left to wait for.
            let _ = task.await;
        }
        if let Err(error) = self.embedded.table.close().await {
            tracing::error!(%error, "the table could not be closed");
        }
    }
}

impl Background {
    fn start(embedded: &EmbeddedApp, stop: &CancellationToken) -> Result<Self, StartError> {
        let EmbeddedApp { app, table, drops, left_behind, .. } = embedded.clone();
        let stopped = stop.clone().cancelled_owned();
        Ok(Self {
            scheduler: tokio::spawn(scheduler::run(app.clone(), table)),
            left_behind: tokio::spawn(left_behind::look_at(app.clone(), left_behind)),
            jobs: tokio::spawn(embedded.clone().run_jobs()),
            drops: DropFolder::start(app, drops, stopped)?,
        })
    }
}

async fn bind(network: &Network) -> Result<(Listener, Listener), StartError> {
    let host = network.host.as_deref().unwrap_or("localhost");
    let bind = async |port, option| {
        Listener::bind(host, port).await.map_err(|source| match source {
            BindError::NotAnAddress { .. } | BindError::NotOurs { .. } => {
                StartError::Bind { option: "--host", source }
            }
            _ => StartError::Bind { option, source },
        })
    };
    Ok((bind(network.port, "--port").await?, bind(network.feed_port, "--feed-port").await?))
}

/// Everything but sockets: the application's calls, the store's own signed requests, and the pages.
fn routes(embedded: &EmbeddedApp) -> Router {
    let calls = http::api_routes().merge(http::upload_routes()).merge(http::download_routes());
    let doors = calls
        .merge(signed_media::router(embedded.media.clone(), embedded.app.clone()))
        .merge(static_pages::router());
    http::layered(embedded.app.clone(), doors)
}

fn gateway(options: &Options, embedded: &EmbeddedApp) -> Arc<Gateway> {
    let refusals = match options.behaviour.refuse_with {
        RefuseWith::Close => Refusals::Close,
        RefuseWith::Status => Refusals::Status,
    };
    let config = GatewayConfig { refusals, ..GatewayConfig::default() };
    let EmbeddedApp { app, registry, .. } = embedded.clone();
    let clock = app.ports().clock.clone();
    Gateway::new(config, Arc::new(InProcessFunctions(app)), registry, clock)
}

fn settings(options: &Options, http: &Listener) -> Settings {
    let url = options.network.public_url.clone();
    let url = url.unwrap_or_else(|| format!("http://{}:{}", http.host(), http.port()));
    let mut settings = Settings::new(url);
    settings.allowed_origins = options.network.allowed_origins.clone();
    settings.allow_local_origins = true;
    settings.heartbeat = Duration::from_secs(options.behaviour.heartbeat_seconds);
    settings.max_upload_bytes = options.storage.max_upload_mb.saturating_mul(1 << 20);
    settings.max_direct_upload_bytes = settings.max_upload_bytes;
    settings
}
