//! A queue whose messages a function works off: Lambda's event source mapping.

mod batch_answer;
mod queue_event;

use std::collections::HashSet;
use std::sync::Arc;

use bytes::Bytes;
use parlor::ports::Clock;
use parlor::protocol::Timestamp;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

use self::batch_answer::BatchAnswer;
use self::queue_event::queue_event;
use super::backoff::pause_after;
use super::sqs::{MAX_BYTES, Queues, Received, Want};
use crate::lambda::wiring::QueueSource;
use crate::lambda::{InvokeError, Invoker};

/// The most bytes of messages in one event: Lambda takes events of six mebibytes, and one more message must fit.
const MAX_BATCH_BYTES: usize = 6 * 1024 * 1024 - MAX_BYTES;

/// Receives batches from a queue and hands them to a function, several at a time. What succeeded is deleted; what
/// failed comes again once its visibility timeout is over, until the queue's redrive policy ends that.
#[derive(Debug)]
pub(super) struct QueuePoller {
    pub(super) source: QueueSource,
    pub(super) queues: Arc<Queues>,
    pub(super) invoker: Arc<dyn Invoker>,
    pub(super) clock: Arc<dyn Clock>,
    pub(super) places: Arc<Semaphore>,
    pub(super) tasks: TaskTracker,
    pub(super) stop: CancellationToken,
}

/// Messages that were received together.
#[derive(Debug)]
struct ReceivedBatch {
    messages: Vec<Received>,
    /// When the first of them becomes visible again.
    visible_at: Timestamp,
}

impl QueuePoller {
    /// Polls until told to stop. A batch is received only when it may be worked off at once.
    pub(super) async fn run(self: Arc<Self>) {
        while let Some(place) = self.place().await {
            let Some(batch) = self.next_batch().await else { return };
            self.tasks.spawn(Arc::clone(&self).work_off(batch, place));
        }
    }

    async fn place(&self) -> Option<OwnedSemaphorePermit> {
        tokio::select! {
            biased;
            () = self.stop.cancelled() => None,
            place = Arc::clone(&self.places).acquire_owned() => place.ok(),
        }
    }

    /// The next messages; none once the queues are stopped.
    async fn next_batch(&self) -> Option<ReceivedBatch> {
        let size = usize::try_from(self.source.batch_size).unwrap_or(usize::MAX).max(1);
        let mut messages = self.receive(size, MAX_BATCH_BYTES, None).await?;
        let now = self.clock.now();
        let visibility = self.queues.attributes(&self.source.queue).ok()?.0.visibility_timeout;
        let window_ends = now.plus(self.source.window);
        while messages.len() < size && now < window_ends && bytes(&messages) < MAX_BATCH_BYTES {
            let room = MAX_BATCH_BYTES - bytes(&messages);
            let more = self.receive(size - messages.len(), room, Some(window_ends)).await;
            let Some(more) = more else { break };
            messages.extend(more);
        }
        Some(ReceivedBatch { messages, visible_at: now.plus(visibility) })
    }

    /// Messages, if there are any in time.
    async fn receive(
        &self,
        messages: usize,
        bytes: usize,
        until: Option<Timestamp>,
    ) -> Option<Vec<Received>> {
        let want = Want { messages, bytes, visibility: None };
        match self.queues.receive(&self.source.queue, want, until).await {
            Ok(received) => Some(received).filter(|received| !received.is_empty()),
            Err(error) => {
                tracing::error!(queue = self.source.queue, %error, "a queue cannot be polled");
                None
            }
        }
    }

    async fn work_off(self: Arc<Self>, batch: ReceivedBatch, _place: OwnedSemaphorePermit) {
        let event = queue_event(&self.source.queue, &batch.messages);
        let (queue, function) = (&self.source.queue, &self.source.function);
        match self.invoke(event, batch.visible_at).await {
            Ok(answer) => self.settle(&batch.messages, &answer),
            Err(error) => {
                let messages = batch.messages.len();
                tracing::warn!(queue, function, messages, %error, "a batch failed; it comes again");
            }
        }
    }

    /// Calls the function; once more after a pause, if it cannot be reached, as long as the messages are hidden.
    async fn invoke(&self, event: Bytes, visible_at: Timestamp) -> Result<Bytes, InvokeError> {
        let mut attempts = 0;
        loop {
            let result = self.invoker.invoke(&self.source.function, event.clone()).await;
            attempts += 1;
            let again_at = self.clock.now().plus(pause_after(attempts));
            match result {
                Err(InvokeError::Unreachable(_)) if again_at < visible_at => {}
                result => return result,
            }
            tokio::select! {
                () = self.clock.sleep_until(again_at) => {}
                () = self.stop.cancelled() => return Err(InvokeError::Unreachable("stopped meanwhile".into())),
            }
        }
    }

    /// Deletes what succeeded.
    fn settle(&self, messages: &[Received], answer: &[u8]) {
        let failed =
            if self.source.reports_failures { self.failed(messages, answer) } else { HashSet::new() };
        for received in messages.iter().filter(|received| !failed.contains(&received.message.id)) {
            if let Err(error) = self.queues.delete(&self.source.queue, &received.receipt_handle) {
                tracing::error!(queue = self.source.queue, %error, "a message could not be deleted");
            }
        }
    }

    /// The names of the messages that failed.
    fn failed(&self, messages: &[Received], answer: &[u8]) -> HashSet<String> {
        let ids: HashSet<&str> = messages.iter().map(|received| received.message.id.as_str()).collect();
        let (queue, function) = (&self.source.queue, &self.source.function);
        match BatchAnswer::parse(answer, &ids) {
            BatchAnswer::Failed(failed) => {
                if !failed.is_empty() {
                    let (failed, all) = (failed.len(), ids.len());
                    tracing::warn!(queue, function, failed, all, "messages failed; they come again");
                }
                failed
            }
            BatchAnswer::Malformed(reason) => {
                tracing::warn!(
                    queue,
                    function,
                    reason,
                    "an answer cannot be understood; its batch comes again"
                );
                ids.into_iter().map(str::to_owned).collect()
            }
        }
    }
}

fn bytes(messages: &[Received]) -> usize {
    messages.iter().map(|received| received.message.sent.body.len()).sum()
}
