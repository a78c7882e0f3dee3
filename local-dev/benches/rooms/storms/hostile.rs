//! Two hundred clients that no server wants, on a thread of their own.

mod kinds;
mod raw_socket;

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::JoinHandle;
use std::time::Duration;

use futures_util::future::join_all;
use tokio::runtime;
use tokio::sync::oneshot;
use tokio::time::sleep;

use self::kinds::Kind;
use self::raw_socket::Address;
use crate::Failure;
use crate::server::Server;

/// How many of each kind there are.
const KINDS: [(Kind, usize); 9] = [
    (Kind::NeverReads, 35),
    (Kind::Overflows, 5),
    (Kind::SlowRequest, 20),
    (Kind::SlowFrame, 20),
    (Kind::HalfOpen, 40),
    (Kind::Joins, 20),
    (Kind::RefusedJoins, 20),
    (Kind::Oversized, 20),
    (Kind::Nonsense, 20),
];
/// How many there are in all.
pub(super) const CLIENTS: usize = 200;
/// Each begins so long after the one before, so that they don't act in step.
const STAGGER: Duration = Duration::from_millis(10);

/// They, until they are stopped.
pub(super) struct Hostile {
    stop: oneshot::Sender<()>,
    thread: JoinHandle<()>,
    done: Arc<Mutex<BTreeMap<&'static str, usize>>>,
}

/// What each of them needs.
struct Victim {
    address: Address,
    /// The token of a member of all rooms.
    member: String,
    /// The token of somebody who is in none.
    stranger: String,
    rooms: usize,
}

impl Hostile {
    /// Lets them loose on a server with so many rooms.
    pub(super) fn start(server: &Server, rooms: usize) -> Result<Self, Failure> {
        let runtime = runtime::Builder::new_current_thread().enable_all().build()?;
        let victim = runtime.block_on(Victim::of(server, rooms))?;
        let (stop, stopped) = oneshot::channel();
        let done = Arc::default();
        let counted = Arc::clone(&done);
        let thread = std::thread::spawn(move || {
            runtime.block_on(async {
                tokio::select! {
                    _ = stopped => {}
                    () = act(&victim, &counted) => {}
                }
            });
        });
        Ok(Self { stop, thread, done })
    }

    /// Ends them; fails if a kind of them has never done what it is there for.
    pub(super) fn stop(self) -> Result<(), Failure> {
        // It has ended by itself if nobody listens, which the join tells.
        let _ = self.stop.send(());
        self.thread.join().map_err(|_| "the hostile ones broke down")?;
        let done = self.done.lock().unwrap_or_else(PoisonError::into_inner);
        match KINDS.iter().find(|(kind, _)| !done.contains_key(kind.name())) {
            Some((kind, _)) => Err(format!("{} did nothing: {done:?}", kind.name()).into()),
            None => Ok(()),
        }
    }
}

impl Victim {
    async fn of(server: &Server, rooms: usize) -> Result<Self, Failure> {
        let api = server.api();
        let (member, stranger) = (api.guest(666).await?, api.guest(667).await?);
        for room in 0..rooms {
            api.join(room, &member).await?;
        }
        Ok(Self { address: Address::new(api.authority())?, member, stranger, rooms })
    }
}

/// All of them at once, again and again; what one of them gets done is counted by its kind.
async fn act(victim: &Victim, done: &Mutex<BTreeMap<&'static str, usize>>) {
    let kinds = KINDS.iter().flat_map(|(kind, count)| std::iter::repeat_n(*kind, *count));
    join_all(kinds.enumerate().map(async |(number, kind)| {
        sleep(STAGGER * u32::try_from(number).unwrap_or(0)).await;
        loop {
            // A connection that breaks is what they are after.
            if kind.act(victim, number).await.is_ok() {
                *done.lock().unwrap_or_else(PoisonError::into_inner).entry(kind.name()).or_default() += 1;
            }
            sleep(kind.pause()).await;
        }
    }))
    .await;
}
