//! Says something in a room.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD_NO_PAD;
use sha2::{Digest, Sha256};

use super::announce;
use super::attachment::attachment;
use super::idempotency::remembered_as;
use super::permission::{Scene, scene};
use super::read_mark::mark_own;
use super::store_entry::{Stored, append_in, append_meanwhile, charge};
use super::trim::trim_now_and_then;
use crate::app::rooms::{Origin, RoomRefusal};
use crate::app::{App, AppError};
use crate::domain::chat::{LoggedEvent, Message, NewEvent};
use crate::domain::rooms::{Act, Rank, RoomRole, may};
use crate::ids::{ClientMsgId, EventId, RoomCode, SessionId, UserId};
use crate::ports::{Entry, Happening, Head, NewEntry};
use crate::protocol::{AttachmentRef, Timestamp};
use crate::store::{Member, Members, Room, Spoken};

/// The longest text of a message, in characters.
pub(super) const MAX_TEXT: usize = 4000;
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
    /// Whether its author is watching with the others: then it is noted at which moment it is said.
    pub is_watching: bool,
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
    #[cfg(feature = "mutants")]
    if planted!(PublishBeforeAppend) {
        tell_before(app, author, code, &words).await?;
    }
    let said = store(app, author, code, &words).await?;
    if let Some(entry) = &said.entry {
        announce::tell(app, &said.room, entry, &said.author, author.origin.clone()).await;
        drop(turn);
        if !said.is_repeated {
            app.ports.live.note(Happening::Message).await;
            let head = Head { id: entry.id, messages: entry.messages };
            mark_own(app, code, &said.author, head).await;
            trim_now_and_then(app, &said.room, entry.messages).await;
        }
    }
    Ok(said)
}

/// As it must not be done: what may not be stored after all is told.
#[cfg(feature = "mutants")]
async fn tell_before(app: &App, author: &Author, code: &RoomCode, words: &Words) -> Result<(), AppError> {
    let head = app.ports.log.head(code).await?;
    let room = crate::store::Rooms(&*app.ports.table).get(code).await?;
    let member = Members(&*app.ports.table).get(code, author.user).await?.filter(Member::is_approved);
    let Some((room, member)) = room.zip(member) else { return Ok(()) };
    let event = LoggedEvent::Message(message(app, author, code, words).await?);
    let (id, messages, at) = (head.id.next(), head.messages + 1, app.ports.clock.now());
    let entry = Entry { id, messages, author: Some(author.user), session: author.session.clone(), at, event };
    announce::tell(app, &room, &entry, &member, author.origin.clone()).await;
    Ok(())
}

/// Puts it into the room's log.
async fn store(app: &App, author: &Author, code: &RoomCode, words: &Words) -> Result<Said, AppError> {
    let scene = match reads_room_first(app, code, words) {
        true => Some(scene(app, author, code, words.is_watching).await?),
        false => None,
    };
    let message = message(app, author, code, words).await?;
    let charge = charge(app, author, code, Spoken::Message { text: hashed(&words.text) });
    let new = entry(author, words, message.clone(), charge.now);
    let (Scene { room, moment }, stored) = match scene {
        Some(scene) => {
            let stored = append_in(app, &scene, new, &charge).await?;
            (scene, stored)
        }
        None => append_meanwhile(app, author, (new, words.is_watching), &charge).await?,
    };
    let (id, messages, row) = match stored {
        Stored::New { id, messages, row, .. } => (id, messages, row),
        Stored::Repeated { id } => return repeated(app, author, room, id).await,
    };
    let (session, at, event) =
        (author.session.clone(), charge.now, LoggedEvent::Message(message.said_at(moment)));
    let entry = Entry { id, messages, author: Some(author.user), session, at, event };
    Ok(Said { room, entry: Some(entry), author: Members::read(*row)?, is_repeated: false })
}

/// Whether something depends on the room, or is looked up in it, before anything is charged.
fn reads_room_first(app: &App, code: &RoomCode, words: &Words) -> bool {
    let looks_up = words.attachment.is_some() || words.reply_to.is_some() || !words.mentions.is_empty();
    looks_up || app.demanding.has(code)
}

fn entry(author: &Author, words: &Words, message: Message, at: Timestamp) -> NewEntry {
    let request = || words.request.as_deref().and_then(remembered_as);
    NewEntry {
        author: Some(author.user),
        session: author.session.clone(),
        at,
        event: NewEvent::Message(message),
        client_msg_id: words.client_msg_id.clone().or_else(request),
        charge: None,
        keep_for: None,
    }
}

fn check(words: &Words) -> Result<(), RoomRefusal> {
    if words.text.trim().is_empty() && words.attachment.is_none() {
        return Err(RoomRefusal::Empty);
    }
    if words.text.chars().count() > MAX_TEXT { Err(RoomRefusal::TooLong) } else { Ok(()) }
}

async fn message(app: &App, author: &Author, code: &RoomCode, words: &Words) -> Result<Message, AppError> {
    let mentions = match words.mentions.as_slice() {
        [] => Vec::new(),
        named => {
            let mut members = Members(&*app.ports.table).of(code, named).await?;
            members.retain(Member::is_approved);
            let is_member = |user: &UserId| members.iter().any(|member| member.user == *user);
            let mut mentions: Vec<UserId> = named.iter().copied().filter(is_member).collect();
            mentions.dedup();
            mentions
        }
    };
    let reply_to = match words.reply_to {
        Some(id) => app.ports.log.get(code, &[id]).await?.first().and_then(answerable),
        None => None,
    };
    Ok(Message {
        text: words.text.clone(),
        message_type: words.message_type.clone().unwrap_or_else(|| "text".to_owned()),
        attachment: attachment(app, author.user, words.attachment.as_ref()).await?,
        reply_to,
        mentions,
        client_msg_id: words.client_msg_id.clone(),
        ..Message::default()
    })
}

fn answerable(entry: &Entry) -> Option<EventId> {
    entry.event.message().filter(|message| !message.is_deleted).map(|_| entry.id)
}

/// Two texts that differ in white space at their ends alone are the same.
fn hashed(text: &str) -> Option<String> {
    let text = Some(text.trim()).filter(|text| !text.is_empty())?;
    Some(STANDARD_NO_PAD.encode(&Sha256::digest(text)[..HASH_BYTES]))
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
