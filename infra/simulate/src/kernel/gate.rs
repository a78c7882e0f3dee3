//! Where a call of a port waits until its moment has come: between any two of them something else may happen.

use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};

use super::world::World;

/// From when on a call counts as slow, in microseconds.
const SLOW: i64 = 300_000;

/// A wait in virtual time.
#[derive(Debug)]
pub(crate) struct Gate {
    world: Arc<World>,
    moment: i64,
    label: Option<String>,
    id: Option<u64>,
}

impl Gate {
    /// Opens at that moment, in microseconds since 1970.
    pub(crate) fn at(world: &Arc<World>, moment: i64, label: String) -> Self {
        Self { world: Arc::clone(world), moment, label: Some(label), id: None }
    }

    /// Opens after as long as a call takes.
    pub(crate) fn call(world: &Arc<World>, label: String) -> Self {
        let now = world.now();
        let latency = world.draw(|chance, faults| match chance.below(100) {
            _ if chance.one_in(faults.slow) => chance.between(300_000, 9_000_000),
            0..4 => chance.between(20_000, 300_000),
            _ => chance.between(500, 9_000),
        });
        if latency > SLOW {
            world.slow();
        }
        Self::at(world, now + latency, label)
    }
}

impl Future for Gate {
    type Output = ();

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<()> {
        if self.world.is_instant() {
            return Poll::Ready(());
        }
        match self.id {
            Some(id) if self.world.is_open(id, context.waker()) => Poll::Ready(()),
            Some(_) => Poll::Pending,
            None => {
                let label = self.label.take().unwrap_or_default();
                self.id = Some(self.world.close_gate(self.moment, label, context.waker().clone()));
                Poll::Pending
            }
        }
    }
}

impl Drop for Gate {
    fn drop(&mut self) {
        if let Some(id) = self.id {
            self.world.forget_gate(id);
        }
    }
}
