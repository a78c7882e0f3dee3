//! Somebody says something in a room.

use std::time::Duration;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD_NO_PAD;
use sha2::{Digest, Sha256};

use super::announce;
use super::attachment::attachment;
use super::idempotency::remembered_as;
use super::private::note_spoken;
use super::trim::trim_now_and_then;
use crate::app::rooms::{Origin, RoomRefusal, active_room};
use crate::app::{App, AppError};
use crate::domain::chat::{LoggedEvent, Message, NewEvent};
use crate::domain::rooms::{Act, Rank, RoomRole, may};
use crate::ids::{ClientMsgId, EventId, RoomCode, SessionId, UserId};
use crate::ports::{Appended, Entry, Item, NewEntry};
use crate::protocol::{AttachmentRef, Timestamp};
use crate::store::{Charge, ChargeRefused, Member, Members, Room, Spoken};

/// The longest text of a message, in characters.
pub(super) const MAX_TEXT: usize = 4000;
/// How long the same text counts as a repetition.
pub(super) const REPEATED_WITHIN: Duration = Duration::from_secs(3);
/// How many bytes of a text's hash are kept: enough to tell two texts of one person apart.
const HASH_BYTES: usize = 9;

/// Who says something, and by what.
#[derive(Debug, Clone)]
pub struct Author {
    /// The person.
    pub user: UserId,
    /// Their sign-in.
    pub session: Option<SessionId>,
    /// The socket that it came by: it gets its echo in any case.
    pub origin: Option<Origin>,
}

/// What somebody says.
#[derive(Clone, Default)]
pub struct Words {
    /// The text.
    pub text: String,
    /// What kind of message it is; none for `text`.
    pub message_type: Option<String>,
    /// A file of its author's that goes with it.
    pub attachment: Option<AttachmentRef>,
    /// Which message it answers.
    pub reply_to: Option<EventId>,
    /// Whom it names.
    pub mentions: Vec<UserId>,
    /// The client's own name for it.
    pub client_msg_id: Option<ClientMsgId>,
    /// The `Idempotency-Key` of the request that it came by, for clients that give it no name.
    pub request: Option<String>,
    /// Where in what is being watched it is said, and in which item.
    pub watching: Option<(f64, String)>,
}

/// Shows nothing of what people write.
impl std::fmt::Debug for Words {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Words").field("client_msg_id", &self.client_msg_id).finish_non_exhaustive()
    }
}

/// What was said.
#[derive(Debug, Clone)]
pub struct Said {
    /// Where.
    pub room: Room,
    /// The message as it is stored now; none if it was deleted since it was said first.
    pub entry: Option<Entry>,
    /// Its author's row.
    pub author: Member,
    /// Whether it had been said before.
    pub is_repeated: bool,
}

/// Says something in a room: stores it, and tells everybody. Once it is stored this succeeds; what can't be told now is
/// told by a job.
pub async fn say(app: &App, author: &Author, code: &RoomCode, words: Words) -> Result<Said, AppError> {
    check(&words)?;
    let turn = app.ports.turns.take(code).await;
    let room = active_room(app, code).await?;
    refuse_blocked(&room, author.user)?;
    let message = message(app, author, &room, &words).await?;
    let refusal = (!room.is_chat_enabled).then_some(RoomRefusal::ChatDisabled);
    note_spoken(app, &room, author).await?;
    let charge = charge(app, author, &room, Spoken::Message { text: hashed(&words.text) });
    let new = entry(&room, author, &words, message.clone(), charge.now);
    let said = match append(app, &room, new, &charge, refusal).await? {
        Stored::New { id, messages, row, .. } => {
            let author_row = Members::read(*row)?;
            let event = LoggedEvent::Message(message);
            let (session, at) = (author.session.clone(), charge.now);
            let entry = Entry { id, messages, author: Some(author.user), session, at, event };
            Said { room, entry: Some(entry), author: author_row, is_repeated: false }
        }
        Stored::Repeated { id } => repeated(app, author, room, id).await?,
    };
    if let Some(entry) = &said.entry {
        announce::tell(app, &said.room, entry, &said.author, author.origin.clone()).await;
        drop(turn);
        read_own(app, &said, entry).await;
        if !said.is_repeated {
            trim_now_and_then(app, &said.room, entry.messages).await;
        }
    }
    Ok(said)
}

fn entry(room: &Room, author: &Author, words: &Words, message: Message, at: Timestamp) -> NewEntry {
    let request = || words.request.as_deref().and_then(remembered_as);
    NewEntry {
        author: Some(author.user),
        session: author.session.clone(),
        at,
        event: NewEvent::Message(message),
        client_msg_id: words.client_msg_id.clone().or_else(request),
        charge: None,
        keep_for: kept(room),
    }
}

/// Who writes has read what came before.
async fn read_own(app: &App, said: &Said, entry: &Entry) {
    if said.is_repeated {
        return;
    }
    let members = Members(&*app.ports.table);
    let marked = members.mark_read(&said.room.code, said.author.user, entry.id.0, entry.messages).await;
    if let Err(error) = marked {
        tracing::warn!(room = %said.room.code, %error, "an author's mark of what they have read stays behind");
    }
}

fn check(words: &Words) -> Result<(), RoomRefusal> {
    if words.text.trim().is_empty() && words.attachment.is_none() {
        return Err(RoomRefusal::Empty);
    }
    if words.text.chars().count() > MAX_TEXT { Err(RoomRefusal::TooLong) } else { Ok(()) }
}

/// Who is blocked is refused like somebody who writes to nobody.
pub(super) fn refuse_blocked(room: &Room, user: UserId) -> Result<(), RoomRefusal> {
    if room.is_closed_to(user) { Err(RoomRefusal::NoSuchPerson) } else { Ok(()) }
}

async fn message(app: &App, author: &Author, room: &Room, words: &Words) -> Result<Message, AppError> {
    let mentions = match words.mentions.as_slice() {
        [] => Vec::new(),
        named => {
            let mut members = Members(&*app.ports.table).of(&room.code, named).await?;
            members.retain(Member::is_approved);
            let is_member = |user: &UserId| members.iter().any(|member| member.user == *user);
            let mut mentions: Vec<UserId> = named.iter().copied().filter(is_member).collect();
            mentions.dedup();
            mentions
        }
    };
    let reply_to = match words.reply_to {
        Some(id) => app.ports.log.get(&room.code, &[id]).await?.first().and_then(answerable),
        None => None,
    };
    let (media_time, item) = words.watching.clone().unzip();
    Ok(Message {
        text: words.text.clone(),
        message_type: words.message_type.clone().unwrap_or_else(|| "text".to_owned()),
        attachment: attachment(app, author.user, words.attachment.as_ref()).await?,
        reply_to,
        mentions,
        media_time,
        item,
        client_msg_id: words.client_msg_id.clone(),
        ..Message::default()
    })
}

fn answerable(entry: &Entry) -> Option<EventId> {
    entry.event.message().filter(|message| !message.is_deleted).map(|_| entry.id)
}

/// How long a room's messages are kept.
pub(super) fn kept(room: &Room) -> Option<Duration> {
    let days = room.retention?.days?;
    Some(Duration::from_secs(u64::from(days) * 24 * 3600))
}

/// What one more message, or one more change, is counted as.
pub(super) fn charge(app: &App, author: &Author, room: &Room, counted: Spoken) -> Charge {
    let limits = &app.settings.limits;
    let budget = match counted {
        Spoken::Message { .. } => limits.messages,
        Spoken::Edit => limits.edits,
    };
    Charge {
        room: room.code.clone(),
        user: author.user,
        counted,
        now: app.ports.clock.now(),
        budget,
        repeated_within: if limits.are_lifted() { Duration::ZERO } else { REPEATED_WITHIN },
        slow_mode_seconds: room.slow_mode_seconds,
    }
}

/// Two texts that differ in white space at their ends alone are the same.
fn hashed(text: &str) -> Option<String> {
    let text = Some(text.trim()).filter(|text| !text.is_empty())?;
    Some(STANDARD_NO_PAD.encode(&Sha256::digest(text)[..HASH_BYTES]))
}

/// What became of an entry that was charged.
pub(super) enum Stored {
    /// It is in the log.
    New {
        /// Under this number.
        id: EventId,
        /// How many messages there are up to it.
        messages: u64,
        /// Its author's row.
        row: Box<Item>,
        /// The message that it was about.
        target: Option<Box<Message>>,
    },
    /// It was there before, under this number.
    Repeated {
        /// That number.
        id: EventId,
    },
}

/// Appends what may be said. A repetition meets no limit; `refusal` is why nothing new may be said here, if so.
pub(super) async fn append(
    app: &App,
    room: &Room,
    new: NewEntry,
    charge: &Charge,
    refusal: Option<RoomRefusal>,
) -> Result<Stored, AppError> {
    let with = |charge| NewEntry { charge: Some(charge), ..new.clone() };
    // Nobody passes this one: what comes of it is a repetition, or the reason.
    let first = if refusal.is_some() { charge.never() } else { charge.first() };
    let mut appended = app.ports.log.append(&room.code, with(first)).await?;
    if let Appended::Refused { current } = &appended
        && refusal.is_none()
        && charge.why(current.as_ref()) == ChargeRefused::InBurst
    {
        appended = app.ports.log.append(&room.code, with(charge.burst())).await?;
    }
    match appended {
        Appended::New { id, messages, charged: Some(row), target } => {
            Ok(Stored::New { id, messages, row: Box::new(row), target })
        }
        Appended::New { .. } => Err(AppError::Unavailable("a charged row is missing".into())),
        Appended::Repeated { id } => Ok(Stored::Repeated { id }),
        Appended::Refused { current } => {
            let why = charge.why(current.as_ref());
            let is_in = !matches!(why, ChargeRefused::NotIn(_));
            Err(refusal.filter(|_| is_in).unwrap_or_else(|| why.into()).into())
        }
        Appended::NotFolded(refused) => Err(super::amend::not_folded(refused)),
        Appended::Busy => Err(RoomRefusal::RateLimited { retry_after: 1 }.into()),
    }
}

async fn repeated(app: &App, author: &Author, room: Room, id: EventId) -> Result<Said, AppError> {
    let row = Members(&*app.ports.table).get(&room.code, author.user).await?;
    let author = row.filter(Member::is_approved).ok_or(RoomRefusal::NotApproved)?;
    let mut entries = app.ports.log.get(&room.code, &[id]).await?;
    entries.retain(|entry| entry.event.message().is_some_and(|message| !message.is_deleted));
    Ok(Said { room, entry: entries.pop(), author, is_repeated: true })
}

/// Whether somebody may act on others' messages.
pub(super) fn may_delete(room: &Room, user: UserId, role: Option<RoomRole>, is_site_admin: bool) -> bool {
    let rank = room.rank(user, role);
    let rank = if is_site_admin && !room.kind.is_conversation() { Rank::SiteAdmin } else { rank };
    may(rank, Act::DeleteMessage, None).is_ok()
}
