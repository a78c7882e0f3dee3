//! An application, and how it is asked.

use std::sync::Arc;

use axum::body::Body;
use axum::http::{Request, Response};
use axum::{Router, body};
use parlor::app::{self, App, Ports, Settings};
use parlor::domain::username::Username;
use parlor::embedded::{
    LocalChannelLayer, LocalLiveCounts, OutboxLimits, SocketRegistry, SqliteRoomLog, SqliteTable,
};
use parlor::inbound::http;
use parlor::protocol::Timestamp;
use parlor::store::{AccountChange, Accounts, User};
use parlor::system::OsRandom;
use parlor::testing::SettableClock;
use serde_json::Value;
use tower::ServiceExt as _;

use crate::taking_media::TakingMedia;
use crate::unused::NoJobs;
use crate::vouching::Vouching;

/// An application, and what its media store holds.
pub(crate) struct Bench {
    pub(crate) app: Arc<App>,
    pub(crate) media: Arc<TakingMedia>,
    pub(crate) providers: Arc<Vouching>,
}

impl Bench {
    pub(crate) fn new(change: impl FnOnce(&mut Settings)) -> Self {
        let clock = Arc::new(SettableClock::at(Timestamp::from_secs(1_000_000_000)));
        let registry = SocketRegistry::start(OutboxLimits::default());
        let (jobs, random) = (Arc::new(NoJobs), Arc::new(OsRandom));
        let media = Arc::new(TakingMedia::default());
        let providers = Arc::new(Vouching::default());
        let table = Arc::new(SqliteTable::in_memory(clock.clone()).unwrap());
        let log = Arc::new(SqliteRoomLog::new(table.clone(), clock.clone(), Arc::new(OsRandom)));
        let ports = Ports {
            table,
            log,
            media: media.clone(),
            jobs: jobs.clone(),
            dead_letters: jobs.clone(),
            identities: providers.clone(),
            ..Ports::absent(clock.clone(), random.clone())
        };
        let sockets = Arc::new(LocalChannelLayer::new(registry, jobs, clock.clone(), random));
        let live = Arc::new(LocalLiveCounts::new(sockets.clone(), clock));
        let ports = Ports { live, ..ports.with_sockets(sockets) };
        let mut settings = Settings::new("http://localhost");
        change(&mut settings);
        Self { app: Arc::new(App::new(ports, settings)), media, providers }
    }

    /// All calls, as `local-dev` answers them.
    pub(crate) fn router(&self) -> Router {
        let routes = http::api_routes().merge(http::upload_routes()).merge(http::download_routes());
        http::layered(self.app.clone(), routes)
    }

    /// Has somebody's address confirmed.
    pub(crate) async fn confirm_address(&self, username: &str) {
        let accounts = Accounts(&*self.app.ports().table);
        let id = accounts.named(&Username::parse(username).unwrap()).await.unwrap().unwrap();
        let (user, _) = accounts.get(id).await.unwrap().unwrap();
        let confirmed = User { is_email_verified: true, ..user.clone() };
        let change = accounts.change(&user, &confirmed).await.unwrap();
        assert!(matches!(change, AccountChange::Done(_)), "{change:?}");
    }

    /// The token of somebody new.
    pub(crate) async fn token(&self) -> String {
        app::sign_in_guest(&self.app, "Ann").await.unwrap().access_token
    }
}

/// Sends a request through a router.
pub(crate) async fn send(router: Router, request: Request<Body>) -> Response<Body> {
    router.oneshot(request).await.unwrap()
}

/// The JSON of an answer.
pub(crate) async fn json(response: Response<Body>) -> Value {
    serde_json::from_slice(&body::to_bytes(response.into_body(), usize::MAX).await.unwrap()).unwrap()
}
