//! One message to many sockets.

use std::time::Duration;

use futures_util::{StreamExt, stream};

use super::rest::{Failing, Rest};
use super::{ApiGatewayChannelLayer, BEING_BORN};
use crate::aws::management_api::Posted;
use crate::ids::ConnectionId;
use crate::ports::{Broadcast, Cause, ChannelError, Content, Group};
use crate::protocol::{Close, Frame, Timestamp};
use crate::store::{GroupRow, Removal};

/// How many sockets are written to by whoever has the message; more are left to the queue.
const MOST_AT_ONCE: usize = 300;
/// How many sockets one job writes to: their rows are well below the 64 KB for which the queue charges once.
const PIECE: usize = 250;
/// How many posts are under way at the same time.
const POSTS_AT_ONCE: usize = 64;

/// How long a publish writes to sockets before the queue gets the rest: well below the timeout of any function.
const PUBLISH_WITHIN: Duration = Duration::from_secs(10);

/// If more sockets than this fail and none gets through, then it is not their fault but the quota's.
const SUSPECTS: usize = 10;
/// How long a failed post waits.
const SHORTEST_DELAY: Duration = Duration::from_secs(1);
const LONGEST_DELAY: Duration = Duration::from_secs(5);

/// How some sockets are written to.
#[derive(Debug, Clone, Copy)]
pub(super) struct Terms {
    /// How they have failed before, if they did.
    pub(super) failing: Option<Failing>,
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
    pub(super) async fn publish_to(&self, group: &Group, broadcast: &Broadcast) -> Result<(), ChannelError> {
        let content = broadcast.content();
        let until = Some(self.clock.now().plus(PUBLISH_WITHIN));
        let terms = Terms { failing: None, until };
        let rows = match self.groups.rows(group, MOST_AT_ONCE).await? {
            Some(rows) => rows,
            None => {
                self.queue_group(group, None, &content, Duration::ZERO).await?;
                match &broadcast.own {
                    Some(own) => self.groups.rows_of(group, own.user).await?,
                    None => Vec::new(),
                }
            }
        };
        let asking = broadcast.own.as_ref().and_then(|own| own.connection.as_ref());
        let is_member = |id| rows.iter().any(|row| row.connection().as_ref() == Some(id));
        let asking = asking.filter(|(id, _)| !is_member(id) && !planted!(EchoByRowAlone));
        self.deliver(group, rows, (broadcast, &content), terms).await?;
        if let Some((id, dialect)) = asking
            && let Some(frame) = broadcast.own_frames().and_then(|frames| frames.get(*dialect))
        {
            self.write_to(id, *dialect, frame, None, || content).await?;
        }
        Ok(())
    }

    /// Leaves sockets to the queue, as they are.
    pub(super) async fn queue_rows(
        &self,
        group: &Group,
        rows: Vec<GroupRow>,
        content: &Content,
        failing: Option<Failing>,
    ) -> Result<(), ChannelError> {
        self.queue(group, rows, content, failing, || Duration::ZERO).await
    }

    /// Writes to sockets, to those of the person whose doing it is last. Those whose turn did not come in time go on
    /// where they were, without a pause.
    pub(super) async fn deliver(
        &self,
        group: &Group,
        rows: Vec<GroupRow>,
        (broadcast, content): (&Broadcast, &Content),
        terms: Terms,
    ) -> Result<(), ChannelError> {
        let (own, others) = rows.into_iter().partition(|row| broadcast.is_own(row.user()));
        let mut outcome = Outcome::default();
        for rows in [others, own] {
            self.post_to_all(group, rows, broadcast, terms.until, &mut outcome).await;
        }
        self.queue_rows(group, outcome.late, content, terms.failing).await?;
        let is_shared = outcome.sent == 0 && outcome.busy.len() > SUSPECTS;
        let now = self.clock.now().as_secs();
        let failing = (!is_shared).then(|| Failing::again(terms.failing, now));
        if failing.is_some_and(|failing| failing.is_too_much(now)) {
            self.give_up(group, outcome.busy, content, failing).await?;
        } else {
            self.requeue(group, outcome.busy, content, failing).await?;
        }
        outcome.failed.map_or(Ok(()), |cause| Err(ChannelError(cause)))
    }

    /// How long what failed waits before it is tried again.
    pub(super) fn short_pause(&self) -> Duration {
        self.backoff.between(SHORTEST_DELAY, LONGEST_DELAY)
    }

    async fn post_to_all(
        &self,
        group: &Group,
        rows: Vec<GroupRow>,
        broadcast: &Broadcast,
        until: Option<Timestamp>,
        outcome: &mut Outcome,
    ) {
        let posts = rows.into_iter().filter_map(|row| self.post_for(group, row, broadcast, until));
        let posts: Vec<_> = posts.collect();
        let mut posts = stream::iter(posts).buffer_unordered(POSTS_AT_ONCE);
        while let Some((row, posted)) = posts.next().await {
            outcome.note(row, posted);
        }
    }

    /// The post of what a member gets; none if that is nothing.
    fn post_for<'a>(
        &'a self,
        group: &'a Group,
        row: GroupRow,
        broadcast: &'a Broadcast,
        until: Option<Timestamp>,
    ) -> Option<impl Future<Output = (GroupRow, Option<Posted>)> + 'a> {
        let (Some(id), Some(dialect)) = (row.connection(), row.dialect()) else {
            tracing::warn!(row = row.0, "a group has a row that names no connection");
            return None;
        };
        let frame = broadcast.frame_for(row.user(), dialect)?;
        Some(self.post_to(group, row, id, frame, until))
    }

    /// Nothing is answered of a socket whose turn does not come in time.
    async fn post_to(
        &self,
        group: &Group,
        row: GroupRow,
        id: ConnectionId,
        frame: &Frame,
        until: Option<Timestamp>,
    ) -> (GroupRow, Option<Posted>) {
        if !self.pace.turn_before(until).await {
            return (row, None);
        }
        let posted = self.api.post(&id, frame).await;
        if !matches!(posted, Posted::Gone) {
            return (row, Some(posted));
        }
        let is_unborn = self.bury(group, &row, &id).await.unwrap_or_else(|error| {
            // It may be one that is not open yet: nobody has seen how old its row is.
            tracing::warn!(%error, "the rows of a dead socket could not be removed");
            true
        });
        (row, Some(if is_unborn { Posted::Busy } else { Posted::Gone }))
    }

    /// Removes the very row that led to a dead socket, and all that is known of it. Tells whether the row is so young that
    /// the socket may not be dead: it is kept then.
    async fn bury(&self, group: &Group, row: &GroupRow, id: &ConnectionId) -> Result<bool, ChannelError> {
        let began = self.expect_absence(group.room(), row.user()).await?;
        let age = if planted!(NewbornIsDead) { Duration::ZERO } else { BEING_BORN };
        let removal = self.groups.remove_old(group, row, age).await?;
        self.expect_absence_again(group.room(), row.user(), began).await?;
        match removal {
            Removal::Young => return Ok(true),
            Removal::Removed => drop(self.forget_socket(id, Some(group)).await?),
            Removal::Missing => {}
        }
        Ok(false)
    }

    /// Tries these sockets again in some seconds, and them alone.
    async fn requeue(
        &self,
        group: &Group,
        rows: Vec<GroupRow>,
        content: &Content,
        failing: Option<Failing>,
    ) -> Result<(), ChannelError> {
        self.queue(group, rows, content, failing, || self.short_pause()).await
    }

    async fn queue(
        &self,
        group: &Group,
        rows: Vec<GroupRow>,
        content: &Content,
        failing: Option<Failing>,
        pause: impl Fn() -> Duration + Send,
    ) -> Result<(), ChannelError> {
        let mut jobs = Vec::new();
        for rows in rows.chunks(PIECE) {
            let rest = Rest::Members { group: group.clone(), rows: rows.to_vec(), failing };
            jobs.push((rest.job(content.clone())?, pause()));
        }
        if jobs.is_empty() { Ok(()) } else { Ok(self.jobs.enqueue(jobs).await?) }
    }

    /// Closes a socket that has failed for too long alone; several that did so together are first told apart.
    async fn give_up(
        &self,
        group: &Group,
        rows: Vec<GroupRow>,
        content: &Content,
        failing: Option<Failing>,
    ) -> Result<(), ChannelError> {
        if let [row] = rows.as_slice() {
            let Some(id) = row.connection() else { return Ok(()) };
            tracing::info!(connection = %id, "closing a socket that does not take messages");
            return self.end(&id, Close::TooSlow).await;
        }
        for row in rows {
            self.requeue(group, vec![row], content, failing).await?;
        }
        Ok(())
    }
}
