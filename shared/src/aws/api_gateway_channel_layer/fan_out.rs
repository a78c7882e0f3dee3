//! One message to many sockets.

use std::time::Duration;

use futures_util::{StreamExt, stream};

use super::{ApiGatewayChannelLayer, BEING_BORN};
use crate::aws::management_api::Posted;
use crate::ids::ConnectionId;
use crate::ports::{Cause, ChannelError, FanOut, Group, Job, TableError};
use crate::protocol::{Close, Frame, Timestamp};
use crate::store::{GroupRow, Removal};

/// How many sockets are written to by whoever has the message; more are left to the queue.
const MOST_AT_ONCE: usize = 300;
/// How many sockets one job writes to.
const PIECE: usize = 100;
/// How many posts are under way at the same time.
const POSTS_AT_ONCE: usize = 64;

/// How long a publish writes to sockets before the queue gets the rest: well below the timeout of any function.
const PUBLISH_WITHIN: Duration = Duration::from_secs(10);

/// After how long a socket that keeps failing is closed, in seconds.
const PATIENCE: i64 = 30;
/// If more sockets than this fail and none gets through, then it is not their fault but the quota's.
const SUSPECTS: usize = 10;
/// How long a failed post waits.
pub(super) const SHORTEST_DELAY: Duration = Duration::from_secs(1);
pub(super) const LONGEST_DELAY: Duration = Duration::from_secs(5);

/// How some sockets are written to.
#[derive(Debug, Clone, Copy)]
pub(super) struct Terms {
    /// When they began to fail, in seconds since 1970, if they did.
    pub(super) failing_since: Option<i64>,
    /// What has not been posted by then is left to the queue.
    pub(super) until: Option<Timestamp>,
}

/// What became of posts.
#[derive(Debug, Default)]
struct Outcome {
    sent: usize,
    late: Vec<GroupRow>,
    busy: Vec<GroupRow>,
    failed: Option<Cause>,
}

impl Outcome {
    fn note(&mut self, row: GroupRow, posted: Option<Posted>) {
        match posted {
            Some(Posted::Sent) => self.sent += 1,
            Some(Posted::Gone) => {}
            Some(Posted::Busy) => self.busy.push(row),
            Some(Posted::Failed(cause)) => self.failed = Some(cause),
            None => self.late.push(row),
        }
    }
}

impl ApiGatewayChannelLayer {
    pub(super) async fn publish_to(&self, group: &Group, frame: &Frame) -> Result<(), ChannelError> {
        match self.groups.rows(group, MOST_AT_ONCE).await? {
            Some(rows) => {
                let until = self.clock.now().plus(PUBLISH_WITHIN);
                self.deliver(group, rows, frame, Terms { failing_since: None, until: Some(until) }).await
            }
            None => self.queue_group(group, None, frame, Duration::ZERO).await,
        }
    }

    /// Leaves sockets to the queue, as they are.
    pub(super) async fn queue_rows(
        &self,
        group: &Group,
        rows: &[GroupRow],
        frame: &Frame,
        failing_since: Option<i64>,
    ) -> Result<(), ChannelError> {
        let pieces =
            rows.chunks(PIECE).map(|rows| (piece(group, rows, frame, failing_since), Duration::ZERO));
        let pieces: Vec<_> = pieces.collect();
        if pieces.is_empty() { Ok(()) } else { Ok(self.jobs.enqueue(pieces).await?) }
    }

    /// Writes to sockets. Those whose turn did not come in time go on where they were, without a pause.
    pub(super) async fn deliver(
        &self,
        group: &Group,
        rows: Vec<GroupRow>,
        frame: &Frame,
        terms: Terms,
    ) -> Result<(), ChannelError> {
        let Terms { failing_since, until } = terms;
        let outcome = self.post_to_all(group, rows, frame, until).await;
        self.queue_rows(group, &outcome.late, frame, failing_since).await?;
        let is_shared = outcome.sent == 0 && outcome.busy.len() > SUSPECTS;
        let now = self.clock.now().as_secs();
        let since = if is_shared { None } else { Some(failing_since.unwrap_or(now)) };
        let is_over = since.is_some_and(|since| now.saturating_sub(since) >= PATIENCE);
        if is_over {
            self.give_up(group, outcome.busy, frame, since).await?;
        } else {
            self.requeue(group, outcome.busy, frame, since).await?;
        }
        outcome.failed.map_or(Ok(()), |cause| Err(ChannelError(cause)))
    }

    async fn post_to_all(
        &self,
        group: &Group,
        rows: Vec<GroupRow>,
        frame: &Frame,
        until: Option<Timestamp>,
    ) -> Outcome {
        let posts: Vec<_> = rows.into_iter().map(|row| self.post_to(group, row, frame, until)).collect();
        let mut posts = stream::iter(posts).buffer_unordered(POSTS_AT_ONCE);
        let mut outcome = Outcome::default();
        while let Some((row, posted)) = posts.next().await {
            outcome.note(row, posted);
        }
        outcome
    }

    /// Nothing is answered of a socket whose turn does not come in time.
    async fn post_to(
        &self,
        group: &Group,
        row: GroupRow,
        frame: &Frame,
        until: Option<Timestamp>,
    ) -> (GroupRow, Option<Posted>) {
        let Some(id) = row.connection() else {
            tracing::warn!(row = row.0, "a group has a row that names no connection");
            return (row, Some(Posted::Gone));
        };
        if !self.pace.turn_before(until).await {
            return (row, None);
        }
        let posted = self.api.post(&id, frame).await;
        if matches!(posted, Posted::Gone)
            && let Err(error) = self.bury(group, &row, &id).await
        {
            // The next message meets it again.
            tracing::warn!(%error, "the rows of a dead socket could not be removed");
        }
        (row, Some(posted))
    }

    /// Removes the very row that led to a dead socket, and if it is old enough to have lived, all that is known of it.
    async fn bury(&self, group: &Group, row: &GroupRow, id: &ConnectionId) -> Result<(), TableError> {
        if self.groups.remove_old(group, row, BEING_BORN).await? == Removal::Removed {
            self.forget_socket(id).await?;
        }
        Ok(())
    }

    /// Tries these sockets again in some seconds, and them alone.
    pub(super) async fn requeue(
        &self,
        group: &Group,
        rows: Vec<GroupRow>,
        frame: &Frame,
        failing_since: Option<i64>,
    ) -> Result<(), ChannelError> {
        let delayed = |rows| {
            let delay = self.backoff.between(SHORTEST_DELAY, LONGEST_DELAY);
            (piece(group, rows, frame, failing_since), delay)
        };
        let pieces: Vec<_> = rows.chunks(PIECE).map(delayed).collect();
        if pieces.is_empty() { Ok(()) } else { Ok(self.jobs.enqueue(pieces).await?) }
    }

    /// Closes a socket that has failed for too long alone; several that did so together are first told apart.
    async fn give_up(
        &self,
        group: &Group,
        rows: Vec<GroupRow>,
        frame: &Frame,
        since: Option<i64>,
    ) -> Result<(), ChannelError> {
        if let [row] = rows.as_slice() {
            let Some(id) = row.connection() else { return Ok(()) };
            tracing::info!(connection = %id, "closing a socket that does not take messages");
            return self.end(&id, Close::TooSlow).await;
        }
        for row in rows {
            self.requeue(group, vec![row], frame, since).await?;
        }
        Ok(())
    }
}

fn piece(group: &Group, rows: &[GroupRow], frame: &Frame, failing_since: Option<i64>) -> Job {
    let rows = rows.iter().map(|row| row.0.clone()).collect();
    Job::FanOut { piece: FanOut::Sockets { group: group.clone(), rows, frame: frame.clone(), failing_since } }
}
