//! Writing to sockets, and ending them.

use std::borrow::Cow;
use std::sync::Arc;

use async_trait::async_trait;

use super::LocalChannelLayer;
use super::members::Members;
use super::wire_frames::WireFrames;
use crate::embedded::{Ending, Outbox, Pushed, SocketRegistry, WireFrame};
use crate::ids::{ConnectionId, UserId};
use crate::ports::{Broadcast, ChannelError, Delivery, FanOut, Group, Sender};
use crate::protocol::{Close, Dialect, Event, Frame, Frames, Timestamp};

/// So many outboxes are handed to the flusher at once: it begins with them while the others are being filled.
const HANDED_OVER: usize = 128;

/// One publish, while the group is locked.
struct Push<'a> {
    registry: &'a SocketRegistry,
    now: Timestamp,
    /// Those that were idle.
    idle: Vec<Arc<Outbox>>,
    dead: Vec<ConnectionId>,
}

impl Push<'_> {
    fn reach(&mut self, outbox: &Arc<Outbox>, frame: &WireFrame) {
        let (pushed, claimed) = outbox.enqueue(frame.clone(), self.now);
        if claimed {
            self.idle.push(Arc::clone(outbox));
            if self.idle.len() >= HANDED_OVER {
                self.registry.flush(self.idle.drain(..));
            }
        }
        if pushed == Pushed::Closed {
            self.dead.push(outbox.id().clone());
        }
    }

    /// Pushes to all but one person's sockets, and answers those.
    fn reach_others<'m>(
        &mut self,
        members: &'m Members,
        frames: &Frames,
        own: Option<UserId>,
    ) -> Vec<(Dialect, &'m Arc<Outbox>)> {
        let mut frames = WireFrames::of(frames);
        let mut passed_over = Vec::new();
        self.idle.reserve(members.len().min(HANDED_OVER));
        for (dialect, sockets) in members.by_dialect() {
            let frame = frames.get(dialect);
            if frame.is_none() && own.is_none() {
                continue;
            }
            for member in sockets {
                if own.is_some() && member.user == own {
                    passed_over.push((dialect, &member.outbox));
                } else if let Some(frame) = frame {
                    self.reach(&member.outbox, frame);
                }
            }
        }
        passed_over
    }
}

impl LocalChannelLayer {
    /// Pushes to every member, and hands those that were idle to the flusher. Answers the dead ones.
    fn push_to_all(&self, group: &Group, broadcast: &Broadcast) -> Vec<ConnectionId> {
        let now = self.clock.now();
        let mut push = Push { registry: &self.registry, now, idle: Vec::new(), dead: Vec::new() };
        let own = broadcast.own.as_ref();
        let nothing = Frames::none();
        let mut own_frames = WireFrames::of(broadcast.own_frames().unwrap_or(&nothing));
        let asking = own.and_then(|own| own.connection.as_ref());
        let mut is_reached = false;
        self.groups.read(group, |members| {
            let mine = push.reach_others(members, &broadcast.frames, own.map(|own| own.user));
            for (dialect, outbox) in mine {
                is_reached |= asking.is_some_and(|(id, _)| id == outbox.id());
                if let Some(frame) = own_frames.get(dialect) {
                    push.reach(outbox, frame);
                }
            }
        });
        if let Some((id, dialect)) = asking.filter(|_| !is_reached)
            && let Some(outbox) = self.registry.get(id)
            && let Some(frame) = own_frames.get(*dialect)
        {
            push.reach(&outbox, frame);
        }
        self.registry.flush(push.idle);
        push.dead
    }

    async fn push_to_one(&self, id: &ConnectionId, frame: WireFrame) -> Result<Delivery, ChannelError> {
        let outbox = self.registry.get(id);
        match outbox.map_or(Pushed::Closed, |outbox| outbox.push(frame, self.clock.now())) {
            Pushed::Queued => Ok(Delivery::Sent),
            Pushed::NotYetOpen | Pushed::Full | Pushed::Closing => Ok(Delivery::Gone),
            Pushed::Closed => {
                self.forget_all([id.clone()]).await?;
                Ok(Delivery::Gone)
            }
        }
    }

    async fn forget_all(&self, ids: impl IntoIterator<Item = ConnectionId>) -> Result<(), ChannelError> {
        let mut departures = Vec::new();
        for id in ids {
            self.forget_now(&id, &mut departures);
        }
        self.look_later(departures).await
    }
}

#[async_trait]
impl Sender for LocalChannelLayer {
    async fn send(&self, id: &ConnectionId, frame: &Frame) -> Result<Delivery, ChannelError> {
        self.push_to_one(id, WireFrame::from(frame)).await
    }

    async fn publish(&self, group: &Group, broadcast: &Broadcast) -> Result<(), ChannelError> {
        let dead = self.push_to_all(group, broadcast);
        self.forget_all(dead).await
    }

    async fn resume(&self, _: FanOut, _: &Broadcast, _: Option<Timestamp>) -> Result<(), ChannelError> {
        Err(ChannelError("in one process no part of a fan-out is ever queued".into()))
    }

    async fn close(&self, id: &ConnectionId, reason: Close) -> Result<(), ChannelError> {
        if let Some(outbox) = self.registry.get(id) {
            let error = Event::closing(reason).frame(Dialect::Feed).map(|frame| WireFrame::from(&frame));
            let ending = Ending { code: reason.code(), reason: Cow::Borrowed(reason.name()) };
            outbox.close(ending, error.as_ref());
        }
        Ok(())
    }
}
