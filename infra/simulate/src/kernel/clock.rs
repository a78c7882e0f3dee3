//! Clocks and chance of workers.

use std::sync::Arc;
use std::sync::Mutex;
use std::sync::PoisonError;

use async_trait::async_trait;
use parlor::ports::{Clock, Random};
use parlor::protocol::Timestamp;

use super::chance::Chance;
use super::gate::Gate;
use super::world::World;

/// The clock of a worker, which is ahead of the others' or behind.
#[derive(Debug)]
pub(crate) struct WorkerClock {
    world: Arc<World>,
    /// In microseconds.
    ahead: i64,
}

impl WorkerClock {
    pub(crate) fn new(world: Arc<World>, ahead: i64) -> Self {
        Self { world, ahead }
    }
}

#[async_trait]
impl Clock for WorkerClock {
    fn now(&self) -> Timestamp {
        Timestamp::from_micros(self.world.now() + self.ahead)
    }

    async fn sleep_until(&self, moment: Timestamp) {
        let moment = moment.as_micros() - self.ahead;
        if moment > self.world.now() {
            Gate::at(&self.world, moment, "wakes".to_owned()).await;
        }
    }
}

/// The random source of a worker.
#[derive(Debug)]
pub(crate) struct WorkerRandom(Mutex<Chance>);

impl WorkerRandom {
    pub(crate) fn new(chance: Chance) -> Self {
        Self(Mutex::new(chance))
    }
}

impl Random for WorkerRandom {
    fn fill(&self, bytes: &mut [u8]) {
        let mut chance = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        for chunk in bytes.chunks_mut(8) {
            chunk.copy_from_slice(&chance.next().to_le_bytes()[..chunk.len()]);
        }
    }
}
