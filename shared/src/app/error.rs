//! Why a use case did not do what it was asked.

use super::{LinkOffer, RoomRefusal};
use crate::domain::provider::Provider;
use crate::ports::{
    Cause, ChannelError, DeadLettersError, DropBoxError, JobsError, MediaError, RoomLogError, TableError,
};
use crate::store::NameTaken;

/// Why a use case did not do what it was asked. Nothing was changed, unless a port failed half-way: then trying again is
/// safe.
#[derive(Debug, thiserror::Error)]
pub enum AppError {
    /// A field is missing or wrong.
    #[error("{field}: {why}")]
    InvalidInput {
        /// Which one.
        field: &'static str,
        /// A sentence for a person.
        why: &'static str,
    },
    /// Somebody else has what must be one person's alone.
    #[error("{field} is taken")]
    Taken {
        /// Which field.
        field: &'static str,
        /// A sentence for a person.
        why: &'static str,
    },
    /// This was done too often.
    #[error("more than {limit} times")]
    TooMany {
        /// How often it may be done.
        limit: u32,
        /// In how many seconds it may be done again.
        retry_after: u64,
    },
    /// A body is larger than allowed.
    #[error("more than {limit} bytes")]
    TooLarge {
        /// The limit in bytes.
        limit: u64,
    },
    /// The incoming body broke off or makes no sense.
    #[error("the body cannot be read")]
    MalformedBody,
    /// No credentials, or bad ones.
    #[error("not signed in")]
    Unauthenticated,
    /// No account has this name and these secrets.
    #[error("no account has this name and these secrets")]
    WrongCredentials,
    /// The password is right, but the account wants its phrase, too.
    #[error("the account's phrase is needed, too")]
    PhraseRequired,
    /// Only an account's owner may do this, and nothing shows that whoever asks is the one.
    #[error("nothing shows whose account it is")]
    OwnerNeeded,
    /// An account has the address, and its owner has to say its secret once.
    #[error("an account has the address, and is linked by its owner alone")]
    LinkNeeded(Box<LinkOffer>),
    /// This deployment does not use that provider, or not in this way.
    #[error("signing in with {0} is not set up")]
    NotOffered(Provider),
    /// What was sent proves nothing to that provider.
    #[error("{0} vouches for nobody")]
    NotVouched(Provider),
    /// The account is disabled. Said to nobody but its owner.
    #[error("the account is disabled")]
    AccountDisabled,
    /// Whoever asks may not do this; a sentence for a person.
    #[error("{0}")]
    Forbidden(&'static str),
    /// The session behind the credentials has ended.
    #[error("the session has ended")]
    SessionEnded,
    /// There is no such thing, or it isn't for this person.
    #[error("not found")]
    NotFound,
    /// It would contradict how things are; a sentence for a person.
    #[error("{0}")]
    Conflict(&'static str),
    /// A room doesn't allow it.
    #[error(transparent)]
    Room(#[from] RoomRefusal),
    /// Somebody else is at it; trying again later is right.
    #[error("somebody else is at it")]
    Busy,
    /// What stands behind a port did not answer.
    #[error("a port failed")]
    Unavailable(#[source] Cause),
}

impl From<TableError> for AppError {
    fn from(error: TableError) -> Self {
        Self::Unavailable(Box::new(error))
    }
}

impl From<NameTaken> for AppError {
    fn from(name: NameTaken) -> Self {
        match name {
            NameTaken::Username => Self::Taken { field: "username", why: "This username is taken." },
            NameTaken::Email => Self::Taken { field: "email", why: "This e-mail address has an account." },
        }
    }
}

impl From<ChannelError> for AppError {
    fn from(error: ChannelError) -> Self {
        Self::Unavailable(Box::new(error))
    }
}

impl From<RoomLogError> for AppError {
    fn from(error: RoomLogError) -> Self {
        Self::Unavailable(Box::new(error))
    }
}

impl From<DeadLettersError> for AppError {
    fn from(error: DeadLettersError) -> Self {
        Self::Unavailable(Box::new(error))
    }
}

impl From<JobsError> for AppError {
    fn from(error: JobsError) -> Self {
        Self::Unavailable(Box::new(error))
    }
}

impl From<DropBoxError> for AppError {
    fn from(error: DropBoxError) -> Self {
        Self::Unavailable(Box::new(error))
    }
}

impl From<MediaError> for AppError {
    fn from(error: MediaError) -> Self {
        match error {
            MediaError::TooLarge { limit } => Self::TooLarge { limit },
            MediaError::Body(_) => Self::MalformedBody,
            MediaError::NotFound => Self::NotFound,
            MediaError::Unavailable(_) => Self::Unavailable(Box::new(error)),
        }
    }
}
