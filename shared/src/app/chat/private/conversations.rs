//! Lists somebody's private conversations.

use crate::app::chat::summary::{Summary, summary};
use crate::app::rooms::shown::author;
use crate::app::rooms::{OwnRoom, RoomRefusal, own_rooms};
use crate::app::{App, AppError};
use crate::domain::rooms::{RoomKind, Status};
use crate::ids::{RoomCode, UserId};
use crate::protocol::Author;
use crate::store::{Member, Members, Room, Rooms, Users};

/// How many characters of others' names make up the name of a conversation that has none.
const MAX_NAMES: usize = 80;

/// A private conversation, as one of its people sees it.
#[derive(Debug, Clone)]
pub struct Conversation {
    /// Its room, and one's row there.
    pub own: OwnRoom,
    /// Its name; where nobody gave it one, those of the others.
    pub name: String,
    /// Its people.
    pub people: Vec<ConversationPerson>,
    /// What was said last, and what is unread.
    pub summary: Summary,
}

/// Somebody in a conversation.
#[derive(Debug, Clone)]
pub struct ConversationPerson {
    /// Who, as they are shown there.
    pub who: Author,
    /// Their username; the name that others see of those who have none.
    pub username: String,
}

/// A page of one's conversations, the last one in which something was said first, and where the next page begins.
pub async fn conversations(
    app: &App,
    user: UserId,
    after: Option<&RoomCode>,
    limit: usize,
) -> Result<(Vec<Conversation>, Option<RoomCode>), AppError> {
    let wants = |room: &Room| room.kind.is_conversation();
    let (rooms, next) = own_rooms(app, user, after, limit, wants).await?;
    let mut list = Vec::with_capacity(rooms.len());
    for own in rooms {
        list.push(shown(app, own).await?);
    }
    list.sort_by_key(|conversation| std::cmp::Reverse(conversation.summary.said_at()));
    Ok((list, next))
}

/// One conversation, for one of its people.
pub async fn conversation(app: &App, user: UserId, code: &RoomCode) -> Result<Conversation, AppError> {
    let table = &*app.ports.table;
    let room = Rooms(table).get(code).await?.ok_or(RoomRefusal::NoSuchRoom)?;
    let member = Members(table).get(code, user).await?.filter(Member::is_approved);
    let member = member.ok_or(RoomRefusal::NoSuchRoom)?;
    shown(app, OwnRoom { room, member, host: None }).await
}

async fn shown(app: &App, own: OwnRoom) -> Result<Conversation, AppError> {
    let people = people(app, &own.room).await?;
    let summary = summary(app, &own).await?;
    let name = name(&own, &people);
    Ok(Conversation { own, name, people, summary })
}

async fn people(app: &App, room: &Room) -> Result<Vec<ConversationPerson>, AppError> {
    let table = &*app.ports.table;
    let rows = Members(table).of(&room.code, &room.people).await?;
    let users = Users(table).of(&room.people).await?;
    let person = |id: &UserId| {
        let who = author(app.settings(), room, rows.iter().find(|row| row.user == *id)?);
        let username = users.iter().find(|user| user.id == *id).and_then(|user| user.username.as_ref());
        let username = username.map_or_else(|| who.name.clone(), ToString::to_string);
        Some(ConversationPerson { who, username })
    };
    let people: Vec<ConversationPerson> = room.people.iter().filter_map(person).collect();
    let gone = if room.kind == RoomKind::Pair && people.len() < 2 { gone(app, room).await? } else { None };
    Ok(people.into_iter().chain(gone).collect())
}

/// Who has deleted their account: a pair stays one of two people.
async fn gone(app: &App, room: &Room) -> Result<Option<ConversationPerson>, AppError> {
    let left = Members(&*app.ports.table).all(&room.code, Status::Left, 1).await?;
    let person = |row: &Member| {
        let who = author(app.settings(), room, row);
        ConversationPerson { username: who.name.clone(), who }
    };
    Ok(left.first().map(person))
}

fn name(own: &OwnRoom, people: &[ConversationPerson]) -> String {
    if !own.room.name.is_empty() {
        return own.room.name.clone();
    }
    let is_shown =
        |person: &&ConversationPerson| own.room.kind == RoomKind::Notes || person.who.id != own.member.user;
    let names: Vec<&str> = people.iter().filter(is_shown).map(|person| &*person.who.name).collect();
    names.join(", ").chars().take(MAX_NAMES).collect()
}
