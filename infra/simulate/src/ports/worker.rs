//! A worker: the application in a process of its own, which may die.

use std::num::NonZeroU32;
use std::sync::Arc;

use axum::Router;
use parlor::app::{App, Ports, Settings};
use parlor::aws::ApiGatewayChannelLayer;
use parlor::inbound::http;
use parlor::ports::{Clock, Random, Table};
use parlor::store::TableRoomLog;

use super::media::{MemoryMedia, Post};
use super::table_port::TablePort;
use super::{Gateway, Queue};
use crate::clients::Scene;
use crate::kernel::clock::{WorkerClock, WorkerRandom};
use crate::kernel::{Chance, World};
use crate::table::MemoryTable;

/// How far a worker's clock is ahead or behind at most, in microseconds.
pub(crate) const CLOCKS_APART: i64 = 1_000_000;
const POSTS_PER_SECOND: NonZeroU32 = NonZeroU32::new(100_000).unwrap();

/// What all workers of a world share.
#[derive(Debug, Clone)]
pub(crate) struct Services {
    pub(crate) world: Arc<World>,
    pub(crate) table: Arc<MemoryTable>,
    pub(crate) queue: Arc<Queue>,
    pub(crate) scene: Arc<Scene>,
    media: Arc<MemoryMedia>,
}

impl Services {
    pub(crate) fn new(
        world: &Arc<World>,
        table: Arc<MemoryTable>,
        queue: Arc<Queue>,
        scene: Arc<Scene>,
    ) -> Self {
        let media = Arc::new(MemoryMedia::new(Arc::clone(world)));
        Self { world: Arc::clone(world), table, queue, scene, media }
    }
}

/// One process, from its start to its death.
#[derive(Clone)]
pub(crate) struct Worker {
    pub(crate) app: Arc<App>,
    pub(crate) router: Router,
}

impl Worker {
    /// Starts a worker, which remembers nothing of those before it.
    pub(crate) fn start(services: &Services, chance: u64) -> Self {
        let mut chance = Chance::of(services.world.seed(), chance);
        let ahead = chance.between(-CLOCKS_APART, CLOCKS_APART);
        let world = &services.world;
        let clock: Arc<dyn Clock> = Arc::new(WorkerClock::new(Arc::clone(world), ahead));
        let random: Arc<dyn Random> = Arc::new(WorkerRandom::new(chance));
        let app = Arc::new(App::new(ports(services, clock, random), settings()));
        let routes = http::api_routes().merge(http::upload_routes()).merge(http::download_routes());
        Self { router: http::layered(Arc::clone(&app), routes), app }
    }
}

fn ports(services: &Services, clock: Arc<dyn Clock>, random: Arc<dyn Random>) -> Ports {
    let world = &services.world;
    let table: Arc<dyn Table> = Arc::new(TablePort::new(Arc::clone(world), Arc::clone(&services.table)));
    let gateway = Arc::new(Gateway::new(Arc::clone(world), Arc::clone(&services.scene)));
    let sockets = ApiGatewayChannelLayer::on(
        Arc::clone(&table),
        services.queue.clone(),
        gateway,
        Arc::clone(&clock),
        Arc::clone(&random),
        POSTS_PER_SECOND,
    );
    let ports = Ports {
        log: Arc::new(TableRoomLog::new(Arc::clone(&table), Arc::clone(&clock), Arc::clone(&random))),
        table,
        jobs: services.queue.clone(),
        media: services.media.clone(),
        mailer: Arc::new(Post(Arc::clone(world))),
        ..Ports::absent(clock, random)
    };
    ports.with_sockets(Arc::new(sockets))
}

fn settings() -> Settings {
    Settings::new("https://parlor.example.org")
}
