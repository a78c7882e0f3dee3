//! What this layer leaves in the queue.

use serde::{Deserialize, Serialize};

use crate::ids::ConnectionId;
use crate::ports::{ChannelError, Content, FanOut, Group, Job};
use crate::protocol::Dialect;
use crate::store::GroupRow;

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
        /// Since when these sockets have kept failing, in whole seconds since 1970; none at first.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        failing_since: Option<i64>,
    },
    /// One socket, whatever it is a member of.
    Socket { connection: ConnectionId, dialect: Dialect, failing_since: i64 },
}

impl Rest {
    /// The job that sends it that.
    pub(super) fn job(&self, content: Content) -> Result<Job, ChannelError> {
        let rest = serde_json::to_value(self).map_err(|error| ChannelError(Box::new(error)))?;
        Ok(Job::FanOut { piece: FanOut { content, rest } })
    }

    /// What such a job says.
    pub(super) fn of(part: FanOut) -> Result<(Self, Content), ChannelError> {
        let rest = serde_json::from_value(part.rest).map_err(|error| ChannelError(Box::new(error)))?;
        Ok((rest, part.content))
    }
}
