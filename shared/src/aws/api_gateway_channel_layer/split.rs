//! A message to more sockets than one worker writes to: split into pieces, page by page.

use std::time::Duration;

use super::ApiGatewayChannelLayer;
use super::fan_out::{LONGEST_DELAY, SHORTEST_DELAY};
use crate::ports::{ChannelError, FanOut, Group, Job};
use crate::protocol::{Frame, Timestamp};
use crate::store::{GroupPages, GroupRow};

impl ApiGatewayChannelLayer {
    /// Leaves all sockets of a group to the queue, as one job.
    pub(super) async fn queue_group(
        &self,
        group: &Group,
        after: Option<GroupRow>,
        frame: &Frame,
        delay: Duration,
    ) -> Result<(), ChannelError> {
        let after = after.map(|row| row.0);
        let piece = FanOut::Group { group: group.clone(), frame: frame.clone(), after };
        Ok(self.jobs.enqueue(vec![(Job::FanOut { piece }, delay)]).await?)
    }

    /// Leaves all sockets of a group, or those after a row, to jobs for some of them each. Whoever has to stop, or fails
    /// on the way, leaves the rest as one job: nothing that has been left to the queue is left to it again.
    pub(super) async fn split(
        &self,
        group: &Group,
        after: Option<GroupRow>,
        frame: &Frame,
        until: Option<Timestamp>,
    ) -> Result<(), ChannelError> {
        let mut pages = self.groups.pages(group, after.as_ref());
        let mut done = None;
        while !pages.are_read() {
            match self.queue_page(group, &mut pages, frame).await {
                Ok(last) => done = last.or(done),
                Err(error) if done.is_none() => return Err(error),
                Err(error) => {
                    tracing::warn!(%error, "a fan-out was cut off; the rest is queued");
                    let delay = self.backoff.between(SHORTEST_DELAY, LONGEST_DELAY);
                    return self.queue_group(group, done, frame, delay).await;
                }
            }
            let is_over = until.is_some_and(|until| until <= self.clock.now());
            if is_over && done.is_some() && !pages.are_read() {
                return self.queue_group(group, done, frame, Duration::ZERO).await;
            }
        }
        Ok(())
    }

    /// Leaves a page of sockets to the queue; answers the last of them that can be a bookmark.
    async fn queue_page(
        &self,
        group: &Group,
        pages: &mut GroupPages<'_>,
        frame: &Frame,
    ) -> Result<Option<GroupRow>, ChannelError> {
        let rows = pages.next().await?;
        self.queue_rows(group, &rows, frame, None).await?;
        Ok(rows.into_iter().rfind(|row| row.connection().is_some()))
    }
}
