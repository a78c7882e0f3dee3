//! API Gateway's WebSocket side, in-process: handshakes, events to functions, limits and the `@connections` API.
//!
//! In reading order: [`Edge`] finds the query that a path stands for, `handshake` asks the functions, `socket` reads
//! one open socket with the [`FrameDecoder`](parlor::embedded::FrameDecoder), `reaper` ends those that are idle or old, `management` answers
//! `@connections`. Writing is the outbox's business ([`parlor::embedded::Outbox`]).

mod answers;
mod config;
pub(crate) mod event_times;
mod events;
mod functions;
mod ids;
mod log;
mod management;
mod opening;
mod reaper;
mod routes;
mod socket;
mod tcp_wire;

use self::opening::{edge, shown_headers, upgrade_request};

use std::borrow::Cow;
use std::collections::HashMap;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use parlor::embedded::{Ending, SocketRegistry};
use parlor::ids::ConnectionId;
use parlor::ports::Clock;
use tokio::task::AbortHandle;
use tokio_util::task::TaskTracker;

pub use self::config::{Disconnects, GatewayConfig, Refusals};
pub use self::edge::Edge;
pub(crate) use self::event_times::common_log;
pub use self::functions::{DEFAULT_ROUTE, FunctionError, Functions};
pub(crate) use self::ids::new_trace;
pub(crate) use self::shown_headers::forwarded_port;
use self::socket::Socket;

/// What API Gateway says when a socket has been idle, or open, for too long.
const GOING_AWAY: Ending = Ending { code: 1001, reason: Cow::Borrowed("Going away") };

/// The emulator. It owns the sockets; the functions behind it, and the channel layer beside it, own all the rest.
#[derive(Debug)]
pub struct Gateway {
    config: GatewayConfig,
    functions: Arc<dyn Functions>,
    registry: Arc<SocketRegistry>,
    clock: Arc<dyn Clock>,
    sockets: Mutex<HashMap<ConnectionId, Arc<Socket>>>,
    /// Handshakes, sockets and `$disconnect` events under way.
    tasks: TaskTracker,
    stopping: AtomicBool,
    reaper: Mutex<Option<AbortHandle>>,
}

impl Gateway {
    /// A gateway in front of these functions, on the runtime of the caller.
    pub fn new(
        config: GatewayConfig,
        functions: Arc<dyn Functions>,
        registry: Arc<SocketRegistry>,
        clock: Arc<dyn Clock>,
    ) -> Arc<Self> {
        let gateway = Arc::new(Self {
            config,
            functions,
            registry,
            clock,
            sockets: Mutex::default(),
            tasks: TaskTracker::new(),
            stopping: AtomicBool::new(false),
            reaper: Mutex::default(),
        });
        let reaper = tokio::spawn(reaper::run(Arc::downgrade(&gateway))).abort_handle();
        *gateway.reaper.lock().unwrap_or_else(PoisonError::into_inner) = Some(reaper);
        gateway
    }

    /// How many sockets are open.
    pub fn open_sockets(&self) -> usize {
        self.sockets().len()
    }

    /// Refuses new handshakes, closes all sockets with 1001 and waits, but no longer than that, until every
    /// `$disconnect` has been handled.
    pub async fn shut_down(&self, patience: Duration) {
        self.stopping.store(true, Ordering::SeqCst);
        self.tasks.close();
        let ended = async {
            loop {
                // A handshake that was under way may have opened another one meanwhile.
                self.close_all();
                if tokio::time::timeout(Duration::from_millis(50), self.tasks.wait()).await.is_ok() {
                    return;
                }
            }
        };
        if tokio::time::timeout(patience, ended).await.is_err() {
            tracing::warn!(sockets = self.open_sockets(), "stopped before all sockets were closed");
        }
    }

    fn close_all(&self) {
        for socket in self.snapshot() {
            socket.outbox.close(GOING_AWAY, None);
        }
    }

    fn is_stopping(&self) -> bool {
        self.stopping.load(Ordering::SeqCst)
    }

    fn socket(&self, id: &ConnectionId) -> Option<Arc<Socket>> {
        self.sockets().get(id).cloned()
    }

    fn snapshot(&self) -> Vec<Arc<Socket>> {
        self.sockets().values().cloned().collect()
    }

    fn sockets(&self) -> MutexGuard<'_, HashMap<ConnectionId, Arc<Socket>>> {
        self.sockets.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Drop for Gateway {
    fn drop(&mut self) {
        if let Some(reaper) = self.reaper.lock().unwrap_or_else(PoisonError::into_inner).take() {
            reaper.abort();
        }
    }
}
