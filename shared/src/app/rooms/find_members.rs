//! Finds members of a room by their names.

use super::shown::author;
use super::standing;
use crate::app::{App, AppError};
use crate::domain::rooms::folded_name;
use crate::ids::{RoomCode, UserId};
use crate::protocol::Author;
use crate::store::{Member, Members, Rooms};

/// How many rows are read at once, and how many times at most: who would come after these isn't found.
const PAGE: usize = 100;
const MAX_PAGES: usize = 20;

/// Those members of a room, at most so many, whose names there contain a text, whatever the case.
pub async fn find_members(
    app: &App,
    user: UserId,
    code: &RoomCode,
    text: &str,
    most: usize,
) -> Result<Vec<Author>, AppError> {
    let standing = standing(app, user, code).await?;
    standing.insist_on_member()?;
    let text = folded_name(text.trim());
    let is_meant = |member: &Member| member.is_approved() && folded_name(&member.name).contains(&text);
    let (mut found, mut after) = (Vec::new(), None);
    for _ in 0..MAX_PAGES {
        let page = Members(&*app.ports.table).page(code, after, PAGE).await?;
        let meant = page.members.iter().filter(|member| is_meant(member));
        found.extend(meant.map(|member| author(app.settings(), &standing.room, member)));
        after = page.next;
        if after.is_none() || found.len() >= most {
            break;
        }
    }
    found.truncate(most);
    Ok(found)
}

/// How many members a room has.
pub async fn members_count(app: &App, code: &RoomCode) -> Result<u32, AppError> {
    Ok(Rooms(&*app.ports.table).members_count(code).await?)
}
