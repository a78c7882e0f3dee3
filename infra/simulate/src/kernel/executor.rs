//! Runs pieces of work on one thread, each as far as it comes without waiting.

use std::collections::BTreeMap;
use std::pin::Pin;
use std::sync::{Arc, Mutex, PoisonError};
use std::task::{Context, Poll, Wake, Waker};

use tokio::runtime::{Builder, Runtime};

use super::world::{TaskId, World};

type Work = Pin<Box<dyn Future<Output = ()>>>;

/// Which pieces of work can go on.
#[derive(Debug, Default)]
struct Woken(Mutex<Vec<TaskId>>);

struct TaskWaker {
    task: TaskId,
    woken: Arc<Woken>,
}

impl Wake for TaskWaker {
    fn wake(self: Arc<Self>) {
        self.woken.0.lock().unwrap_or_else(PoisonError::into_inner).push(self.task);
    }
}

/// All work that is under way. Work that is dropped is work whose worker has died.
pub(crate) struct Executor {
    world: Arc<World>,
    work: BTreeMap<TaskId, (Work, Waker)>,
    woken: Arc<Woken>,
    /// Secrets are hashed on a thread beside this one, one after another.
    beside: Runtime,
}

impl Executor {
    pub(crate) fn new(world: Arc<World>) -> std::io::Result<Self> {
        let beside = Builder::new_current_thread().max_blocking_threads(1).build()?;
        Ok(Self { world, work: BTreeMap::new(), woken: Arc::default(), beside })
    }

    /// Begins a piece of work, and takes it as far as it comes.
    pub(crate) fn begin(&mut self, task: TaskId, work: impl Future<Output = ()> + 'static) {
        let waker = Waker::from(Arc::new(TaskWaker { task, woken: Arc::clone(&self.woken) }));
        self.work.insert(task, (Box::pin(work), waker));
        self.poll(task);
        self.go_on();
    }

    /// Takes all that was woken as far as it comes.
    pub(crate) fn go_on(&mut self) {
        loop {
            let mut woken = std::mem::take(&mut *self.woken.0.lock().unwrap_or_else(PoisonError::into_inner));
            if woken.is_empty() {
                return;
            }
            woken.dedup();
            for task in woken {
                self.poll(task);
            }
        }
    }

    pub(crate) fn abandon(&mut self, task: TaskId) {
        self.work.remove(&task);
    }

    pub(crate) fn is_idle(&self) -> bool {
        self.work.is_empty()
    }

    /// Does something at once, during which no time passes and nothing goes wrong.
    pub(crate) fn at_once<T>(&self, work: impl Future<Output = T>) -> T {
        self.world.set_instant(true);
        let done = self.beside.block_on(work);
        self.world.set_instant(false);
        done
    }

    fn poll(&mut self, task: TaskId) {
        let Some((work, waker)) = self.work.get_mut(&task) else { return };
        let entered = self.beside.enter();
        self.world.set_current(Some(task));
        let polled = work.as_mut().poll(&mut Context::from_waker(waker));
        self.world.set_current(None);
        drop(entered);
        match polled {
            Poll::Ready(()) => drop(self.work.remove(&task)),
            Poll::Pending if !self.world.waits_at_gate(task) => self.wait_beside(),
            Poll::Pending => {}
        }
    }

    /// What is done beside this thread is done in order: when this is, all before it is, too.
    fn wait_beside(&self) {
        let fence = self.beside.spawn_blocking(|| ());
        // It holds nothing that could fail.
        let _ = self.beside.block_on(fence);
    }
}
