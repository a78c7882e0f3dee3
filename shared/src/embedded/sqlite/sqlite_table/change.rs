//! Changes that share a commit.

use rusqlite::Connection;

use super::append::{AppendError, LastEntries, append};
use super::{Reply, apply, unavailable};
use crate::ports::{Appended, Item, TableError, Write};
use crate::store::rooms::log::Draft;

/// What the writing thread is asked to change.
#[derive(Debug)]
pub(super) enum ChangeRequest {
    /// All of these writes or none.
    Apply { writes: Vec<Write>, reply: Reply<Vec<Option<Item>>> },
    /// An entry at the end of a room's log.
    Append { draft: Box<Draft>, reply: Reply<Appended> },
}

/// What came of a change, to be told once it is committed.
pub(super) enum Answer {
    Applied(Reply<Vec<Option<Item>>>, Result<Vec<Option<Item>>, TableError>),
    Appended(Reply<Appended>, Result<Appended, TableError>),
}

impl ChangeRequest {
    /// Makes the change. The error, which is rare, is a failure of SQLite, which may have taken the whole transaction with it.
    #[expect(clippy::result_large_err, reason = "both sides are taken apart at once")]
    pub(super) fn make(
        self,
        db: &Connection,
        last_entries: &mut LastEntries,
        now: i64,
    ) -> Result<Answer, (Answer, TableError)> {
        match self {
            Self::Apply { writes, reply } => match apply::apply(db, writes, now) {
                Err(error @ TableError::Unavailable(_)) => Err((Answer::Applied(reply, undone()), error)),
                answer => Ok(Answer::Applied(reply, answer)),
            },
            Self::Append { draft, reply } => match append(db, last_entries, &draft, now) {
                Ok(appended) => Ok(Answer::Appended(reply, Ok(appended))),
                Err(AppendError::Before(error)) if !db.is_autocommit() => {
                    Ok(Answer::Appended(reply, Err(error)))
                }
                Err(AppendError::Before(error) | AppendError::During(error)) => {
                    Err((Answer::Appended(reply, undone()), error))
                }
            },
        }
    }

    /// What is answered if it cannot be made.
    pub(super) fn undone(self) -> Answer {
        match self {
            Self::Apply { reply, .. } => Answer::Applied(reply, undone()),
            Self::Append { reply, .. } => Answer::Appended(reply, undone()),
        }
    }
}

impl Answer {
    /// Whoever asked may have gone; that is their business.
    pub(super) fn tell(self) {
        match self {
            Self::Applied(reply, answer) => drop(reply.send(answer)),
            Self::Appended(reply, answer) => drop(reply.send(answer)),
        }
    }

    /// The answer if nothing has come of it after all.
    pub(super) fn undone(self) -> Self {
        match self {
            Self::Applied(reply, _) => Self::Applied(reply, undone()),
            Self::Appended(reply, _) => Self::Appended(reply, undone()),
        }
    }
}

fn undone<T>() -> Result<T, TableError> {
    Err(unavailable("the transaction could not be written"))
}
