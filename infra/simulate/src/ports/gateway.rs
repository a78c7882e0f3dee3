//! The gateway: posts to sockets, and ends them.

use std::sync::Arc;

use async_trait::async_trait;
use parlor::aws::{Post, Posted};
use parlor::ids::ConnectionId;
use parlor::protocol::Frame;

use crate::clients::{Scene, SocketState};
use crate::kernel::{Gate, World, mix};

/// For how long a storm of 429s lasts, in microseconds, and once in how many such times there is one.
const STORM: i64 = 4_000_000;
const STORMS: u64 = 9;

/// The sockets' side of the gateway.
#[derive(Debug)]
pub(crate) struct Gateway {
    world: Arc<World>,
    scene: Arc<Scene>,
}

impl Gateway {
    pub(crate) fn new(world: Arc<World>, scene: Arc<Scene>) -> Self {
        Self { world, scene }
    }

    fn is_stormy(&self) -> bool {
        let window = u64::try_from(self.world.now() / STORM).unwrap_or(0);
        self.world.faults().busy > 0 && mix(self.world.seed() ^ window).is_multiple_of(STORMS)
    }

    /// Whether a socket takes nothing now, and whether it gets it all the same.
    fn is_busy(&self) -> Option<bool> {
        let is_stormy = self.is_stormy();
        self.world.draw(|chance, faults| {
            let is_busy = faults.busy > 0 && (is_stormy && chance.below(3) > 0 || chance.one_in(faults.busy));
            is_busy.then(|| chance.one_in(8))
        })
    }
}

#[async_trait]
impl Post for Gateway {
    async fn post(&self, id: &ConnectionId, frame: &Frame) -> Posted {
        Gate::call(&self.world, format!("post to {id}: {}", shortened(frame.as_str()))).await;
        if self.scene.state_of(id.as_str()) != Some(SocketState::Open) {
            return Posted::Gone;
        }
        match self.is_busy() {
            None => {
                self.scene.deliver(id.as_str(), frame.as_str());
                Posted::Sent
            }
            Some(is_delivered) => {
                self.world.note(format_args!("busy: {id}, delivered: {is_delivered}"));
                self.scene.disturb(id.as_str(), frame.as_str());
                if is_delivered {
                    self.scene.deliver(id.as_str(), frame.as_str());
                }
                Posted::Busy
            }
        }
    }

    async fn delete(&self, id: &ConnectionId) -> Posted {
        Gate::call(&self.world, format!("end {id}")).await;
        match self.scene.state_of(id.as_str()) {
            Some(SocketState::Open) if self.is_busy().is_some() => {
                self.world.fault("a socket could not be ended");
                Posted::Busy
            }
            Some(SocketState::Open) => {
                self.scene.ended(id.as_str());
                Posted::Sent
            }
            _ => Posted::Gone,
        }
    }
}

fn shortened(text: &str) -> &str {
    text.char_indices().nth(160).map_or(text, |(end, _)| &text[..end])
}
