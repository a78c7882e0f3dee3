//! Sends what was claimed: in order of arrival for each target, and again until it is sent.

use std::collections::{HashMap, VecDeque};
use std::error::Error as StdError;
use std::sync::Arc;
use std::sync::mpsc::Sender;
use std::time::Duration;

use parlor::ports::DropRef;
use tokio::sync::mpsc::UnboundedReceiver;
use tokio::sync::watch;
use tokio::task::{Id, JoinError, JoinSet};

use super::claimed_name;
use super::drop_sink::DropSink;
use super::watch_event::WatchEvent;

/// The pause after the first failure; each further one doubles it.
const FIRST_PAUSE: Duration = Duration::from_millis(250);
/// The longest pause.
const LONGEST_PAUSE: Duration = Duration::from_secs(30);
/// How long the end of the server waits for what is being sent.
const GRACE: Duration = Duration::from_secs(5);

/// The texts that wait to be sent. Of each folder, that is of each target, one at a time is on its way.
pub(super) struct Deliveries {
    sink: Arc<dyn DropSink>,
    events: Sender<WatchEvent>,
    waiting: HashMap<String, VecDeque<DropRef>>,
    underway: JoinSet<Option<DropRef>>,
    texts: HashMap<Id, DropRef>,
    stop: watch::Sender<bool>,
}

impl Deliveries {
    pub(super) fn new(sink: Arc<dyn DropSink>, events: Sender<WatchEvent>) -> Self {
        Self {
            sink,
            events,
            waiting: HashMap::new(),
            underway: JoinSet::new(),
            texts: HashMap::new(),
            stop: watch::Sender::new(false),
        }
    }

    /// Sends what comes until `shutdown` is over, and then finishes what has been begun.
    pub(super) async fn run(
        mut self,
        mut claimed: UnboundedReceiver<DropRef>,
        shutdown: impl Future<Output = ()>,
    ) {
        tokio::pin!(shutdown);
        loop {
            tokio::select! {
                () = &mut shutdown => break,
                Some(drop) = claimed.recv() => self.add(drop),
                Some(ended) = self.underway.join_next_with_id() => self.go_on(ended),
            }
        }
        self.stop.send_replace(true);
        let finished = async {
            while let Some(ended) = self.underway.join_next_with_id().await {
                if let Ok((_, Some(drop))) = ended {
                    self.report(&drop);
                }
            }
        };
        if tokio::time::timeout(GRACE, finished).await.is_err() {
            tracing::warn!(
                "gave up on dropped texts that were being sent; they are sent after the next start"
            );
        }
    }

    fn add(&mut self, drop: DropRef) {
        match self.waiting.get_mut(folder(&drop)) {
            Some(queue) => queue.push_back(drop),
            None => {
                self.waiting.insert(folder(&drop).to_owned(), VecDeque::new());
                self.begin(drop, Duration::ZERO);
            }
        }
    }

    fn begin(&mut self, drop: DropRef, pause: Duration) {
        let (sink, stop) = (Arc::clone(&self.sink), self.stop.subscribe());
        let task = self.underway.spawn(deliver(sink, drop.clone(), pause, stop));
        self.texts.insert(task.id(), drop);
    }

    fn go_on(&mut self, ended: Result<(Id, Option<DropRef>), JoinError>) {
        let id = ended.as_ref().map_or_else(JoinError::id, |(id, _)| *id);
        let Some(drop) = self.texts.remove(&id) else {
            return;
        };
        if ended.is_err() {
            tracing::error!(path = %drop.path, "sending a dropped text broke down; trying it again later");
            return self.begin(drop, LONGEST_PAUSE);
        }
        self.report(&drop);
        match self.waiting.get_mut(folder(&drop)).and_then(VecDeque::pop_front) {
            Some(next) => self.begin(next, Duration::ZERO),
            None => {
                self.waiting.remove(folder(&drop));
            }
        }
    }

    fn report(&self, drop: &DropRef) {
        // Fails only if the watcher has ended: the next start does what it would have done.
        let _ = self.events.send(WatchEvent::Delivered(claimed_name::of_drop(drop)));
    }
}

fn folder(drop: &DropRef) -> &str {
    drop.path.rsplit_once('/').map_or("", |(folder, _)| folder)
}

/// Brings one text to the sink until it is taken; none if the server stopped before that.
async fn deliver(
    sink: Arc<dyn DropSink>,
    drop: DropRef,
    mut pause: Duration,
    mut stop: watch::Receiver<bool>,
) -> Option<DropRef> {
    loop {
        tokio::select! {
            () = tokio::time::sleep(pause) => {}
            _ = stop.wait_for(|stop| *stop) => return None,
        }
        let Err(error) = sink.send(&drop).await else {
            return Some(drop);
        };
        pause = (pause * 2).clamp(FIRST_PAUSE, LONGEST_PAUSE);
        let error = &*error as &(dyn StdError + 'static);
        tracing::warn!(path = %drop.path, error, retry_in = ?pause, "a dropped text was not sent");
    }
}
