//! Edits, deletes and reacts to messages.

use super::announce;
use super::permission::refuse_blocked;
use super::say::{Author, MAX_TEXT, may_delete};
use super::store_entry::{Stored, append, charge, kept};
use crate::app::rooms::{RoomRefusal, Standing, note, standing};
use crate::app::{App, AppError};
use crate::domain::chat::{FoldRefused, LoggedEvent, Message, NewEvent};
use crate::ids::{EventId, RoomCode, UserId};
use crate::ports::{Appended, Entry, NewEntry};
use crate::protocol::Role;
use crate::store::{Member, Members, Room, RoomDeed, Spoken};

/// The longest reaction, in characters.
const MAX_REACTION: usize = 32;

/// What becomes of a message.
#[derive(Clone, PartialEq, Eq)]
pub enum Amendment {
    /// It says this from now on.
    Edit(String),
    /// It goes.
    Delete,
    /// Somebody reacts to it.
    React {
        /// How.
        reaction: String,
        /// Whether the reaction is to be there; none to turn it round.
        on: Option<bool>,
    },
}

/// Shows nothing of what people write.
impl std::fmt::Debug for Amendment {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Self::Edit(_) => "Edit(..)",
            Self::Delete => "Delete",
            Self::React { .. } => "React(..)",
        })
    }
}

/// Changes a message: one's own text, one's own message (host, co-hosts and admins: any), one's own reaction. Answers the
/// message as it is now; none if it is gone.
pub async fn amend(
    app: &App,
    author: &Author,
    code: &RoomCode,
    message_id: EventId,
    amendment: Amendment,
) -> Result<Option<(Room, Entry, Member)>, AppError> {
    check(&amendment)?;
    let _turn = app.ports.turns.take(code).await;
    let standing = standing(app, author.user, code).await?;
    if amendment != Amendment::Delete {
        refuse_blocked(&standing.room, author.user)?;
        refuse_disabled(&standing)?;
    }
    let is_admin = standing.user.role == Role::Admin;
    let entry = app.ports.log.get(code, &[message_id]).await?.pop().ok_or(RoomRefusal::NoSuchMessage)?;
    let message = live_message(&entry)?.clone();
    let is_moderating = insist_on(&standing, &entry, &amendment, is_admin)?;
    let Some(event) = event(app, author.user, code, &entry, &message, amendment).await? else {
        return Ok(Some((standing.room.clone(), entry, row_of(&standing.member)?)));
    };
    let stored =
        store(app, author, &standing.room, event.clone(), &standing.member, is_admin && is_moderating)
            .await?;
    let Some((id, messages, row, target)) = stored else { return Ok(None) };
    let happened = Entry {
        id,
        messages,
        author: Some(author.user),
        session: author.session.clone(),
        at: app.ports.clock.now(),
        event: event.clone().into_logged(),
    };
    announce::tell_amended(app, &standing.room, &happened, &row, target.as_ref(), author.origin.clone())
        .await;
    if is_moderating {
        let detail = message_id.to_string();
        note(app, code, RoomDeed::MessageDeleted, Some(author.user), entry.author, &detail).await?;
    }
    let target = target.filter(|target| !target.is_deleted);
    Ok(target.map(|target| {
        let entry = Entry { event: LoggedEvent::Message(target), ..entry };
        (standing.room, entry, row)
    }))
}

/// Where nobody may speak, nobody says something by an edit or a reaction either.
fn refuse_disabled(standing: &Standing) -> Result<(), RoomRefusal> {
    standing.insist_on_member()?;
    if standing.room.is_chat_enabled { Ok(()) } else { Err(RoomRefusal::ChatDisabled) }
}

/// Insists on a right to change a message so; tells whether it is another one's.
fn insist_on(
    standing: &Standing,
    entry: &Entry,
    amendment: &Amendment,
    is_admin: bool,
) -> Result<bool, RoomRefusal> {
    let user = standing.user.id;
    let is_own = entry.author == Some(user);
    let role = standing.member.as_ref().and_then(Member::role_if_in);
    match amendment {
        Amendment::Edit(_) if !is_own => {
            standing.insist_on_member()?;
            Err(RoomRefusal::NoSuchMessage)
        }
        Amendment::Delete if !is_own && !may_delete(&standing.room, user, role, is_admin) => {
            standing.insist_on_member()?;
            Err(RoomRefusal::HostOnly)
        }
        Amendment::Delete => Ok(!is_own),
        _ => Ok(false),
    }
}

fn check(amendment: &Amendment) -> Result<(), AppError> {
    match amendment {
        Amendment::Edit(text) if text.trim().is_empty() => Err(RoomRefusal::Empty.into()),
        Amendment::Edit(text) if text.chars().count() > MAX_TEXT => Err(RoomRefusal::TooLong.into()),
        Amendment::React { reaction, .. } if !is_reaction(reaction) => {
            Err(AppError::InvalidInput { field: "reaction", why: "1 to 32 characters." })
        }
        _ => Ok(()),
    }
}

fn is_reaction(text: &str) -> bool {
    (1..=MAX_REACTION).contains(&text.chars().count()) && !text.chars().any(char::is_control)
}

fn live_message(entry: &Entry) -> Result<&Message, RoomRefusal> {
    entry.event.message().filter(|message| !message.is_deleted).ok_or(RoomRefusal::NoSuchMessage)
}

fn row_of(member: &Option<Member>) -> Result<Member, AppError> {
    Ok(member.clone().filter(Member::is_approved).ok_or(RoomRefusal::NotApproved)?)
}

/// What is to be put into the log; none if all is as it is asked to be.
async fn event(
    app: &App,
    user: UserId,
    code: &RoomCode,
    entry: &Entry,
    message: &Message,
    amendment: Amendment,
) -> Result<Option<NewEvent>, AppError> {
    let message_id = entry.id;
    Ok(match amendment {
        Amendment::Edit(text) if text == message.text => None,
        Amendment::Edit(text) => Some(NewEvent::Edited { message_id, text }),
        Amendment::Delete => Some(NewEvent::Deleted { message_id }),
        Amendment::React { reaction, on } => {
            let mine = app.ports.log.reactions_of(code, user, &[message_id]).await?;
            let has = mine.get(&message_id).is_some_and(|mine| mine.contains(&reaction));
            let added = on.unwrap_or(!has);
            (added != has).then_some(NewEvent::Reacted { message_id, reaction, added })
        }
    })
}

/// Puts the event into the log, charged to its author; site admins who aren't members are charged nothing. None: it has
/// been done already.
async fn store(
    app: &App,
    author: &Author,
    room: &Room,
    event: NewEvent,
    member: &Option<Member>,
    is_unjoined_admin: bool,
) -> Result<Option<(EventId, u64, Member, Option<Message>)>, AppError> {
    let counted = match event {
        NewEvent::Deleted { .. } => Spoken::Deletion,
        _ => Spoken::Edit,
    };
    let charge = charge(app, author, &room.code, counted);
    let new = NewEntry {
        author: Some(author.user),
        session: author.session.clone(),
        at: charge.now,
        event,
        client_msg_id: None,
        charge: None,
        keep_for: kept(room),
    };
    if is_unjoined_admin && !member.as_ref().is_some_and(Member::is_approved) {
        return store_uncharged(app, room, new).await;
    }
    match append(app, new, &charge, None).await? {
        Stored::New { id, messages, row, target } => {
            Ok(Some((id, messages, Members::read(*row)?, target.map(|target| *target))))
        }
        Stored::Repeated { .. } => Ok(None),
    }
}

async fn store_uncharged(
    app: &App,
    room: &Room,
    new: NewEntry,
) -> Result<Option<(EventId, u64, Member, Option<Message>)>, AppError> {
    let user = new.author.ok_or(RoomRefusal::NoSuchPerson)?;
    let admin = crate::app::profile(app, user).await?;
    match app.ports.log.append(&room.code, new).await? {
        Appended::New { id, messages, target, .. } => Ok(Some((
            id,
            messages,
            Member::visiting(&admin, app.ports.clock.now()),
            target.map(|target| *target),
        ))),
        Appended::NotFolded(refused) => Err(not_folded(refused)),
        Appended::Repeated { .. } => Ok(None),
        Appended::Refused { .. } | Appended::Withheld | Appended::Busy => {
            Err(RoomRefusal::RateLimited { retry_after: 1 }.into())
        }
    }
}

/// Why an event about a message could not be.
pub(super) fn not_folded(refused: FoldRefused) -> AppError {
    match refused {
        FoldRefused::NoSuchMessage => RoomRefusal::NoSuchMessage.into(),
        FoldRefused::TooManyReactions => AppError::InvalidInput {
            field: "reaction",
            why: "This message has 20 different reactions already.",
        },
        FoldRefused::Unchanged => AppError::Conflict("This has just been changed: look again."),
    }
}
