//! A message to more sockets than one worker writes to: split into pieces, page by page.

use std::time::Duration;

use super::ApiGatewayChannelLayer;
use super::rest::Rest;
use crate::ports::{Broadcast, ChannelError, Content, Group};
use crate::protocol::Timestamp;
use crate::store::{GroupPages, GroupRow};

impl ApiGatewayChannelLayer {
    /// Leaves all sockets of a group to the queue, as one job.
    pub(super) async fn queue_group(
        &self,
        group: &Group,
        after: Option<GroupRow>,
        content: &Content,
        delay: Duration,
    ) -> Result<(), ChannelError> {
        let rest = Rest::Group { group: group.clone(), after };
        Ok(self.jobs.enqueue(vec![(rest.job(content.clone())?, delay)]).await?)
    }

    /// Leaves all sockets of a group, or those after a row, to jobs for some of them each, but for those of the person
    /// whose doing it is: whoever published it has written to them. Whoever has to stop, or fails on the way, leaves
    /// the rest as one job: nothing that has been left to the queue is left to it again.
    pub(super) async fn split(
        &self,
        group: &Group,
        after: Option<GroupRow>,
        (broadcast, content): (&Broadcast, &Content),
        until: Option<Timestamp>,
    ) -> Result<(), ChannelError> {
        let mut pages = self.groups.pages(group, after.as_ref());
        let mut done = None;
        while !pages.are_read() {
            match self.queue_page(group, &mut pages, broadcast, content).await {
                Ok(last) => done = last.or(done),
                Err(error) if done.is_none() => return Err(error),
                Err(error) => {
                    tracing::warn!(%error, "a fan-out was cut off; the rest is queued");
                    return self.queue_group(group, done, content, self.short_pause()).await;
                }
            }
            let is_over = until.is_some_and(|until| until <= self.clock.now());
            if is_over && done.is_some() && !pages.are_read() {
                return self.queue_group(group, done, content, Duration::ZERO).await;
            }
        }
        Ok(())
    }

    /// Leaves a page of sockets to the queue; answers the last of them that can be a bookmark.
    async fn queue_page(
        &self,
        group: &Group,
        pages: &mut GroupPages<'_>,
        broadcast: &Broadcast,
        content: &Content,
    ) -> Result<Option<GroupRow>, ChannelError> {
        let rows = pages.next().await?;
        let others = rows.iter().filter(|row| !broadcast.is_own(row.user())).cloned();
        self.queue_rows(group, others.collect(), content, None).await?;
        Ok(rows.into_iter().rfind(|row| row.connection().is_some()))
    }
}
