//! What this layer leaves in the queue.

use serde::{Deserialize, Serialize};

use crate::ids::{ConnectionId, UserId};
use crate::ports::{ChannelError, Content, FanOut, Group, Job};
use crate::protocol::Dialect;
use crate::store::GroupRow;

/// After how long a socket that keeps failing is closed, in seconds.
const PATIENCE: i64 = 30;
/// How often it has to have failed by then. It is tried about every three seconds.
const TIMES: u32 = 5;

/// Who is still to get a message.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum Rest {
    /// All of a group, or what is left of it.
    Group {
        group: Group,
        /// The last row that is done with; none at first.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        after: Option<GroupRow>,
    },
    /// Those of some members who are still there.
    Members {
        group: Group,
        rows: Vec<GroupRow>,
        /// How these sockets have kept failing; none at first.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        failing: Option<Failing>,
    },
    /// One socket, whatever it is a member of.
    Socket { connection: ConnectionId, dialect: Dialect, failing: Failing },
    /// One socket, which is then to be ended.
    End { connection: ConnectionId },
}

/// How a socket has kept failing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Failing {
    /// Since when, in whole seconds since 1970.
    pub(super) since: i64,
    /// How often.
    pub(super) times: u32,
}

impl Failing {
    /// What is known once it has failed another time, at that second.
    pub(super) fn again(before: Option<Self>, now: i64) -> Self {
        match before {
            Some(Self { since, times }) => Self { since, times: times.saturating_add(1) },
            None => Self { since: now, times: 1 },
        }
    }

    /// Whether its socket is to be closed. That it began long ago is not enough: the queue may have kept it waiting.
    pub(super) fn is_too_much(self, now: i64) -> bool {
        self.times >= TIMES && now.saturating_sub(self.since) >= PATIENCE
    }
}

impl Rest {
    /// The job that sends it that.
    pub(super) fn job(&self, content: Content) -> Result<Job, ChannelError> {
        let rest = serde_json::to_value(self).map_err(|error| ChannelError(Box::new(error)))?;
        Ok(Job::FanOut { piece: FanOut { content, rest, inbox_of: self.inbox_of() } })
    }

    fn inbox_of(&self) -> Option<UserId> {
        match self {
            Self::Group { group: Group::Inbox(user), .. }
            | Self::Members { group: Group::Inbox(user), .. } => Some(*user),
            _ => None,
        }
    }

    /// What such a job says.
    pub(super) fn of(part: FanOut) -> Result<(Self, Content), ChannelError> {
        let rest = serde_json::from_value(part.rest).map_err(|error| ChannelError(Box::new(error)))?;
        Ok((rest, part.content))
    }
}
