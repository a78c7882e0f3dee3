//! The whole laptop server, put together: the application, and what stands around it.

use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::extract::Request;
use axum::middleware::map_request;
use parlor::app::Settings;
use parlor::domain::edge_secret::EdgeSecret;
use parlor::domain::limit::Limits;
use parlor::embedded::owner_only;
use parlor::inbound::edge::Peer;
use parlor::inbound::http;
use tokio::task::{JoinHandle, JoinSet};
use tokio_util::sync::CancellationToken;

use crate::drop_folder::DropFolder;
use crate::embedded_app::EmbeddedApp;
use crate::function_app::{FunctionApp, Urls};
use crate::functions::InProcessFunctions;
use crate::options::{DisconnectEvents, Hidden, MAILS, Network, Options, RateLimits, RefuseWith};
use crate::start_error::StartError;
use crate::{scheduler, signed_media, startup_sweep, static_pages};
use emulator::gateway::{Disconnects, Edge, Gateway, GatewayConfig, Refusals};
use emulator::listener::{BindError, Listener, PeerAddress, ServerLimits};

/// The path under which CloudFront offers the feed, and what the feed's own port stands for.
const FEED: &str = "/ws/feed/";
/// How long sockets have to say goodbye.
const PATIENCE: Duration = Duration::from_secs(2);

/// A server that is up.
#[derive(Debug)]
pub struct Server {
    application: Application,
    gateway: Arc<Gateway>,
    feed_url: Option<String>,
    stop: CancellationToken,
    listeners: JoinSet<()>,
}

/// What stands behind the gateway.
#[derive(Debug)]
enum Application {
    /// The handlers in this process.
    Embedded(Box<EmbeddedApp>, Background),
    /// Real Lambda functions.
    Functions(Box<FunctionApp>),
}

/// What works beside the listeners.
#[derive(Debug)]
struct Background {
    scheduler: JoinHandle<()>,
    startup_sweep: JoinHandle<()>,
    jobs: JoinHandle<()>,
    drops: JoinHandle<()>,
}

impl Server {
    /// Starts a server: when this returns it listens, and the drop folder is watched.
    pub async fn start(options: &Options) -> Result<Self, StartError> {
        let is_ours = !options.functions.is_wanted() || options.functions.edge;
        let http = bind(&options.network, options.network.port, "--port").await?;
        let feed = if is_ours { Some(bind_feed(&options.network).await?) } else { None };
        let feed_url = feed.as_ref().map(|feed| format!("ws://{}:{}", feed.host(), feed.port()));
        let stop = CancellationToken::new();
        let (application, gateway, routes) = if options.functions.is_wanted() {
            functions(options, &http).await?
        } else {
            embedded(options, &http, &stop).await?
        };
        let mut listeners = JoinSet::new();
        // Both ports share the places that there are descriptors for.
        let limits = ServerLimits::default();
        listeners.spawn(http.serve(routes, limits.clone(), stop.clone()));
        if let Some(feed) = feed {
            let feed_alone = gateway.alone(Edge::Always(FEED.to_owned()));
            listeners.spawn(feed.serve(feed_alone, limits, stop.clone()));
        }
        Ok(Self { application, gateway, feed_url, stop, listeners })
    }

    /// Where clients reach it, without a slash at the end.
    pub fn public_url(&self) -> &str {
        match &self.application {
            Application::Embedded(embedded, _) => &embedded.app.settings().public_url,
            Application::Functions(functions) => functions.public_url(),
        }
    }

    /// Where the feed alone is reached from this machine's network, without a slash at the end; nowhere if other people's
    /// functions are served, which have none.
    pub fn feed_url(&self) -> Option<&str> {
        self.feed_url.as_deref()
    }

    /// The real functions behind the gateway, if it is not the handlers in this process.
    pub(crate) fn functions(&self) -> Option<&FunctionApp> {
        match &self.application {
            Application::Embedded(..) => None,
            Application::Functions(functions) => Some(functions),
        }
    }

    /// Ends it in good order: no new work, sockets closed with 1001, what runs finished, the table closed.
    pub async fn stop(mut self) {
        self.stop.cancel();
        self.gateway.shut_down(PATIENCE).await;
        while self.listeners.join_next().await.is_some() {}
        match self.application {
            Application::Embedded(embedded, background) => background.stop(&embedded).await,
            Application::Functions(functions) => functions.stop(PATIENCE).await,
        }
    }
}

impl Background {
    fn start(embedded: &EmbeddedApp, stop: &CancellationToken) -> Result<Self, StartError> {
        let EmbeddedApp { app, table, drops, earlier_files, .. } = embedded.clone();
        let stopped = stop.clone().cancelled_owned();
        Ok(Self {
            scheduler: tokio::spawn(scheduler::run(app.clone(), table)),
            startup_sweep: tokio::spawn(startup_sweep::sweep(app.clone(), earlier_files)),
            jobs: tokio::spawn(embedded.clone().run_jobs()),
            drops: DropFolder::start(app, drops, stopped)?,
        })
    }

    async fn stop(self, embedded: &EmbeddedApp) {
        self.scheduler.abort();
        self.startup_sweep.abort();
        embedded.jobs.stop();
        for task in [self.drops, self.jobs] {
            // A task that broke down has said so; there is nothing left to wait for.
            let _ = task.await;
        }
        if let Err(error) = embedded.table.close().await {
            tracing::error!(%error, "the table could not be closed");
        }
    }
}

/// The handlers in this process, the gateway in front of them, and everything but sockets.
async fn embedded(
    options: &Options,
    http: &Listener,
    stop: &CancellationToken,
) -> Result<(Application, Arc<Gateway>, Router), StartError> {
    let embedded =
        EmbeddedApp::open(&options.storage, settings(options, http)?, options.providers.settings()).await?;
    let gateway = gateway(options, &embedded);
    let routes = gateway.in_front_of(routes(&embedded), Edge::ByPath);
    let background = Background::start(&embedded, stop)?;
    Ok((Application::Embedded(Box::new(embedded), background), gateway, routes))
}

/// Real functions, the gateway in front of them, their HTTP API, and what else calls them.
async fn functions(
    options: &Options,
    http: &Listener,
) -> Result<(Application, Arc<Gateway>, Router), StartError> {
    owner_only::close_tree(&options.storage.store);
    let mails = options.storage.store.join(MAILS);
    let urls = Urls { public: public_url(&options.network, http), local: local_url(http) };
    let functions = FunctionApp::start(&options.functions, urls, &mails).await?;
    let gateway = functions.gateway(config(options));
    let routes = functions.routes(&gateway);
    let routes = if options.functions.edge {
        // As CloudFront has them: pages go before whatever the API would answer there.
        gateway.beside(static_pages::in_front_of(routes), Edge::ByPath)
    } else {
        gateway.beside(routes, Edge::Absent)
    };
    Ok((Application::Functions(Box::new(functions)), gateway, routes))
}

async fn bind(network: &Network, port: u16, option: &'static str) -> Result<Listener, StartError> {
    let host = network.host.as_deref().unwrap_or("localhost");
    Listener::bind(host, port).await.map_err(|source| match source {
        BindError::NotAnAddress { .. } | BindError::NotOurs { .. } => {
            StartError::Bind { option: "--host", source }
        }
        _ => StartError::Bind { option, source },
    })
}

async fn bind_feed(network: &Network) -> Result<Listener, StartError> {
    bind(network, network.feed_port, "--feed-port").await
}

/// Everything but sockets: the application's calls, the store's own signed requests, and the pages.
fn routes(embedded: &EmbeddedApp) -> Router {
    let calls = http::api_routes().merge(http::upload_routes()).merge(http::download_routes());
    let doors = calls
        .merge(signed_media::router(embedded.media.clone(), embedded.app.clone()))
        .merge(static_pages::router());
    http::layered(embedded.app.clone(), doors).layer(map_request(tell_peer))
}

/// The listener's word for who is there, in the application's.
async fn tell_peer(mut request: Request) -> Request {
    if let Some(PeerAddress(peer)) = request.extensions().get().copied() {
        request.extensions_mut().insert(Peer(peer.ip()));
    }
    request
}

fn gateway(options: &Options, embedded: &EmbeddedApp) -> Arc<Gateway> {
    let EmbeddedApp { app, registry, .. } = embedded.clone();
    let clock = app.ports().clock.clone();
    // Two functions of AWS may answer in either order; in one process what was said first is done first.
    let config = GatewayConfig { messages_at_a_time: 1, ..config(options) };
    Gateway::new(config, Arc::new(InProcessFunctions(app)), registry, clock)
}

fn config(options: &Options) -> GatewayConfig {
    let refusals = match options.behaviour.refuse_with {
        RefuseWith::Close => Refusals::Close,
        RefuseWith::Status => Refusals::Status,
    };
    let disconnects = match options.behaviour.disconnects {
        DisconnectEvents::Deliver => Disconnects::Deliver,
        DisconnectEvents::Lose => Disconnects::Drop,
    };
    GatewayConfig { refusals, disconnects, ..GatewayConfig::default() }
}

fn public_url(network: &Network, http: &Listener) -> String {
    network.public_url.clone().unwrap_or_else(|| local_url(http))
}

fn local_url(http: &Listener) -> String {
    format!("http://{}:{}", http.host(), http.port())
}

fn settings(options: &Options, http: &Listener) -> Result<Settings, StartError> {
    let mut settings = Settings::new(public_url(&options.network, http));
    settings.allowed_origins = options.network.allowed_origins.clone();
    settings.allow_local_origins = true;
    let secret = options.network.edge_secret.clone();
    settings.edge_secret =
        secret.map(|Hidden(text)| EdgeSecret::new(text).ok_or(StartError::EdgeSecret)).transpose()?;
    if options.behaviour.rate_limits == RateLimits::Lift {
        settings.limits = Limits::lifted();
    }
    settings.heartbeat = Duration::from_secs(options.behaviour.heartbeat_seconds);
    settings.reach = options.behaviour.reach.into();
    settings.host_grace = Duration::from_secs(options.behaviour.host_grace_seconds);
    settings.max_upload_bytes = options.storage.max_upload_mb.saturating_mul(1 << 20);
    settings.max_direct_upload_bytes = settings.max_upload_bytes;
    Ok(settings)
}
