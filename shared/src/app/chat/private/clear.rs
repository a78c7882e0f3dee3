//! Clears what a session has said in private conversations, for everybody in them, when the session signs out.

use std::time::Duration;

use super::reactions::{given_by, take_back};
use crate::app::chat::announce::{announce, tell_later};
use crate::app::chat::store_entry::kept;
use crate::app::{App, AppError, end_all_sessions, end_session};
use crate::domain::chat::{LoggedEvent, NewEvent};
use crate::ids::{ClientMsgId, EventId, RoomCode, SessionId, UserId};
use crate::ports::{Appended, Entry, Identity, Job, MAX_CLEARED, NewEntry, Slice};
use crate::store::{Rooms, SessionWords, Sessions, Users};

/// When it is looked again for what was under way while the session ended.
const AGAIN: Duration = Duration::from_secs(60);
/// After how many steps another job goes on with what somebody who is gone has said.
const ERASED_STEPS: usize = 20;
/// How many events are read at a time.
const STEP: usize = 500;

/// Ends a session, or all of its person's, and clears what they have said in private conversations. Sessions that end in
/// another way clear nothing.
pub async fn end_and_clear(app: &App, identity: &Identity, all: bool) -> Result<(), AppError> {
    let user = identity.user;
    let sessions =
        if all { Sessions(&*app.ports.table).of(user).await? } else { vec![identity.session.clone()] };
    let job =
        |identity: &Identity, is_last, delay| (Job::ClearSaid { identity: identity.clone(), is_last }, delay);
    let jobs = sessions.into_iter().flat_map(|session| {
        let identity = Identity { user, session };
        [job(&identity, false, Duration::ZERO), job(&identity, true, AGAIN)]
    });
    // Before anything has ended: whoever is told that it failed can do it again.
    app.ports.jobs.enqueue(jobs.collect()).await?;
    if all { end_all_sessions(app, user).await } else { end_session(app, identity).await }
}

/// The job: clears what a session has said, conversation by conversation. After the last look nothing of it is noted.
pub(in crate::app) async fn clear_said(app: &App, who: &Identity, is_last: bool) -> Result<(), AppError> {
    let words = SessionWords(&*app.ports.table);
    for spoken in words.of(who).await? {
        let speaker = Speaker { user: who.user, session: Some(&who.session) };
        clear_in(app, speaker, &spoken.code, spoken.after, usize::MAX).await?;
        if is_last {
            words.forget(who, &spoken.code).await?;
        }
    }
    Ok(())
}

/// Clears what somebody who is gone has said in a room after an event. The job: it reads so much at a time, and leaves the
/// rest to another one.
pub(in crate::app) async fn erase_words(
    app: &App,
    user: UserId,
    room: &RoomCode,
    after: EventId,
) -> Result<(), AppError> {
    if Users(&*app.ports.table).get(user).await?.is_some() {
        return Ok(());
    }
    let speaker = Speaker { user, session: None };
    match clear_in(app, speaker, room, after, ERASED_STEPS).await? {
        Some(after) => {
            let rest = Job::EraseWords { user, room: room.clone(), after };
            Ok(app.ports.jobs.enqueue(vec![(rest, Duration::ZERO)]).await?)
        }
        None => Ok(()),
    }
}

/// Whose words are cleared: those of one session, or all.
#[derive(Clone, Copy)]
struct Speaker<'a> {
    user: UserId,
    session: Option<&'a SessionId>,
}

impl Speaker<'_> {
    fn said(&self, entry: &Entry) -> bool {
        entry.author == Some(self.user) && self.session.is_none_or(|own| entry.session.as_ref() == Some(own))
    }
}

/// Clears what was said after an event, as far as so many steps lead; answers where the rest begins.
async fn clear_in(
    app: &App,
    who: Speaker<'_>,
    code: &RoomCode,
    mut after: EventId,
    steps: usize,
) -> Result<Option<EventId>, AppError> {
    let (mut ids, mut rest) = (Vec::new(), None);
    for _ in 0..steps {
        let read = app.ports.log.read(code, Slice::after(after, STEP)).await?;
        ids.extend(to_clear(app, who, code, &read.entries).await?);
        let mut more = read.more;
        if who.session.is_none() {
            let given = given_by(who.user, &read.entries);
            more |= take_back(app, who.user, code, &given).await?;
            ids.extend(given.into_iter().map(|reaction| reaction.id));
        }
        while ids.len() >= MAX_CLEARED {
            let rest = ids.split_off(MAX_CLEARED);
            clear(app, who, code, std::mem::replace(&mut ids, rest)).await?;
        }
        match read.entries.last().filter(|_| more) {
            Some(last) => after = last.id,
            None => {
                rest = None;
                break;
            }
        }
        rest = Some(after);
    }
    if !ids.is_empty() {
        clear(app, who, code, ids).await?;
    }
    Ok(rest)
}

/// Which of these the session said and are there still, or are gone without anybody having been told: a clear of many takes
/// the messages first, and may have broken off.
async fn to_clear(
    app: &App,
    who: Speaker<'_>,
    code: &RoomCode,
    entries: &[Entry],
) -> Result<Vec<EventId>, AppError> {
    let said = entries
        .iter()
        .filter(|entry| who.said(entry))
        .filter_map(|entry| Some((entry.id, entry.event.message()?)));
    let said: Vec<_> = said.collect();
    let gone = said.iter().filter(|(_, message)| message.is_deleted);
    let told: Vec<EventId> = gone.filter_map(|(_, message)| message.changed_by).collect();
    let told = if told.is_empty() { Vec::new() } else { app.ports.log.get(code, &told).await? };
    let is_told = |id: EventId| told.iter().any(|entry| takes_away(&entry.event, id));
    let ids = said.into_iter().filter(|(id, message)| !message.is_deleted || !is_told(*id));
    Ok(ids.map(|(id, _)| id).collect())
}

fn takes_away(event: &LoggedEvent, id: EventId) -> bool {
    match event {
        LoggedEvent::Deleted { message_id } => *message_id == id,
        LoggedEvent::Cleared { message_ids } => message_ids.contains(&id),
        _ => false,
    }
}

async fn clear(
    app: &App,
    who: Speaker<'_>,
    code: &RoomCode,
    message_ids: Vec<EventId>,
) -> Result<(), AppError> {
    let Some(room) = Rooms(&*app.ports.table).get(code).await? else { return Ok(()) };
    // A message is cleared once: its number tells this part from all others.
    let part = message_ids.first().and_then(|id| usize::try_from(id.0).ok()).unwrap_or_default();
    let new = NewEntry {
        author: Some(who.user),
        session: who.session.cloned(),
        at: app.ports.clock.now(),
        event: NewEvent::Cleared { message_ids },
        client_msg_id: who.session.map(|session| ClientMsgId::of_clear(session, part)),
        charge: None,
        keep_for: kept(&room),
    };
    let _turn = app.ports.turns.take(code).await;
    match app.ports.log.append(code, new).await? {
        Appended::New { id, .. } | Appended::Repeated { id } => {
            tell(app, code, id).await;
            Ok(())
        }
        // Each of the messages has gone meanwhile.
        Appended::NotFolded(_) => Ok(()),
        Appended::Refused { .. } | Appended::Withheld | Appended::Busy => Err(AppError::Busy),
    }
}

/// Tells what became of words, now or later.
pub(super) async fn tell(app: &App, code: &RoomCode, id: EventId) {
    if let Err(error) = announce(app, code, id).await {
        tracing::warn!(room = %code, %id, %error, "what was taken back is told later");
        tell_later(app, code, id).await;
    }
}
