//! What goes into the [`Jobs`](super::Jobs) port, and what it answers.

use std::time::Duration;

use serde::{Deserialize, Serialize};

use super::{AbsenceCheck, Cause, FanOut, Group, Identity};
use crate::domain::link_token::LinkKind;
use crate::domain::notice::Notice;
use crate::domain::webhooks::{News, WebhookCall};
use crate::ids::{ConnectionId, EventId, RoomCode, UserId};
use crate::protocol::{Frame, Timestamp, timestamp};

/// The longest delay of a job: SQS's.
pub const MAX_JOB_DELAY: Duration = Duration::from_secs(900);

/// Something to be done later. Doing it twice does no harm beyond what each one says.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "job")]
pub enum Job {
    /// Greet a new socket.
    Welcome {
        /// Which one.
        connection: ConnectionId,
    },
    /// Send a message to a group. Twice: it is sent twice.
    Publish {
        /// To whom.
        group: Group,
        /// What.
        frame: Frame,
    },
    /// Go on with a fan-out. Twice: some sockets get it twice.
    FanOut {
        /// Which part.
        piece: FanOut,
    },
    /// Look whether somebody has left a room. Twice: it is told twice if they have.
    CheckAbsence {
        /// Which room.
        room: RoomCode,
        /// Who.
        user: UserId,
        /// Which look it is.
        check: AbsenceCheck,
    },
    /// Tell a room of an event of its log, as it is by then. Twice: it is told twice.
    Announce {
        /// Which room.
        room: RoomCode,
        /// Which event.
        id: EventId,
    },
    /// Tell a room that somebody has come, if they are there still. Twice: it is told twice.
    TellCome {
        /// Which room.
        room: RoomCode,
        /// Who.
        user: UserId,
    },
    /// Take whatever sockets somebody has in a room out of it, if they are no member. Twice: they have none.
    PutOut {
        /// Which room.
        room: RoomCode,
        /// Who.
        user: UserId,
    },
    /// Count who is in a room, for whoever is told. Twice: it is counted twice.
    CountPresent {
        /// Which room.
        room: RoomCode,
    },
    /// Look whether a room's host is there, and do what follows from it. Twice: it was done.
    LookForHost {
        /// Which room.
        room: RoomCode,
    },
    /// Let somebody else be host, if the absence that bears this number has lasted. Twice: somebody is.
    EndHostGrace {
        /// Which room.
        room: RoomCode,
        /// The number of the absence.
        absence: u64,
        /// Who is absent.
        host: UserId,
        /// Until when the host is waited for.
        #[serde(with = "timestamp::micros")]
        until: Timestamp,
    },
    /// Ask whoever has it what something to watch is called, and how long it is. Twice: they are asked twice.
    LookUpItem {
        /// In which room.
        room: RoomCode,
        /// Which item.
        item: String,
        /// Whether it is not looked again.
        is_last: bool,
    },
    /// Let play what has waited for everybody to be ready. Twice: it plays.
    OpenGate {
        /// Which room.
        room: RoomCode,
        /// The version of the state that waits.
        version: u64,
    },
    /// Tell a signed-in socket that it lives, and again later. Twice: it is told twice as often.
    KeepAlive {
        /// Which one.
        connection: ConnectionId,
    },
    /// End a session, and the sockets behind it. Twice: it has ended.
    EndSession {
        /// Which one.
        identity: Identity,
    },
    /// Give a person in all their rooms the name, the picture and, if they are a guest, the time that they have by then.
    /// Twice: nothing changes.
    UpdateInRooms {
        /// Whose.
        user: UserId,
    },
    /// Leave nothing of a person who is gone in any room. Twice: nothing is left.
    EraseFromRooms {
        /// Whom.
        user: UserId,
    },
    /// Clear what somebody who is gone has said in a room, from an event on. Twice: it is cleared once.
    EraseWords {
        /// Whose words.
        user: UserId,
        /// In which room.
        room: RoomCode,
        /// After which event.
        after: EventId,
    },
    /// Take away what a room's log does not keep. Twice: it is gone.
    TrimLog {
        /// Which room.
        room: RoomCode,
    },
    /// Clear what a session has said in private conversations. Twice: it is cleared once.
    ClearSaid {
        /// Which session.
        identity: Identity,
        /// Whether no more looks follow.
        is_last: bool,
    },
    /// Have every receiver that wants to hear of it told what happened in a room. Twice: they are told twice, under one name.
    TellWebhooks {
        /// What.
        news: News,
    },
    /// Tell a receiver what happened, or come again later. Twice: it is told twice, under one name.
    CallWebhook {
        /// Which, and what.
        call: WebhookCall,
    },
    /// Mail a link to the address that an account has by then. Twice: two mails, each with a link of its own. Where nobody
    /// has that number: nothing.
    Mail {
        /// What the link is good for.
        link: LinkKind,
        /// Whose account.
        user: UserId,
    },
    /// Mail an account's owner what was done to it. Twice: two mails.
    Notify {
        /// What was done.
        notice: Notice,
        /// Whose account.
        user: UserId,
    },
    /// Send one of the feed's heartbeats. Twice: it is sent once.
    Tick {
        /// The moment of the beat.
        #[serde(with = "timestamp::micros")]
        at: Timestamp,
    },
}

/// The queue did not take the jobs. Some of them may be done nevertheless.
#[derive(Debug, thiserror::Error)]
#[error("the queue is unavailable")]
pub struct JobsError(#[source] pub Cause);

/// What was given up on can't be counted now.
#[derive(Debug, thiserror::Error)]
#[error("the dead letters are unavailable")]
pub struct DeadLettersError(#[source] pub Cause);
