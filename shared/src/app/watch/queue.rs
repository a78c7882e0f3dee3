//! The queue: adds, moves and removes items.

use super::audience::{hidden_from, shown_to};
use super::control::{TRIES, spent};
use super::providers::look_up_later;
use super::shown::{new_item, shown};
use super::tell::tell_queue;
use crate::app::rooms::{Standing, standing};
use crate::app::{App, AppError};
use crate::domain::rooms::{Act, WhoMayQueue};
use crate::domain::watch::{QueueOrder, QueueRefused};
use crate::ids::{RoomCode, UserId};
use crate::ports::Write;
use crate::protocol::{MediaChoice, QueueItem};
use crate::store::{Queue, Queues};

/// A page of a room's queue, for its members, and after which item the next one begins.
pub async fn queue(
    app: &App,
    user: UserId,
    code: &RoomCode,
    after: Option<&str>,
    limit: usize,
) -> Result<(Vec<QueueItem>, Option<String>), AppError> {
    let standing = standing(app, user, code).await?;
    if standing.insist_on(Act::Playback).is_err() {
        standing.insist_on_member()?;
    }
    let queues = Queues(&*app.ports.table);
    let order = queues.get(&standing.room.code).await?.order;
    let begins = after.and_then(|after| order.ids().iter().position(|id| id == after)).map_or(0, |at| at + 1);
    let rest = &order.ids()[begins..];
    let ids = &rest[..rest.len().min(limit)];
    let items = queues.items(&standing.room.code, ids).await?;
    let next = if rest.len() > limit { ids.last().cloned() } else { None };
    Ok((shown(app, &standing.room, items).await?, next))
}

/// Adds something at the end: for host and co-hosts, and for members where the host lets them.
pub async fn add_to_queue(
    app: &App,
    user: UserId,
    code: &RoomCode,
    choice: &MediaChoice,
) -> Result<QueueItem, AppError> {
    let _turn = app.ports.turns.take(code).await;
    for _ in 0..TRIES {
        let desk = Desk::take(app, user, code).await?;
        if desk.standing.room.who_may_queue == WhoMayQueue::Host {
            desk.standing.insist_on(Act::Playback)?;
        }
        let item = new_item(app, user, choice).await?;
        let order = desk.queue.order.with(&item.id).map_err(refused)?;
        let room = &desk.standing.room.code;
        let mut writes = vec![Queues::addition(room, &item)?];
        writes.extend(shown_to(app, room, &item).await?);
        if desk.save(app, order, writes).await? {
            look_up_later(app, room, &item).await;
            let mut added = shown(app, &desk.standing.room, vec![item]).await?;
            return added.pop().ok_or(AppError::NotFound);
        }
    }
    Err(AppError::Busy)
}

/// Takes something out: for host and co-hosts, and for who added it.
pub async fn remove_from_queue(app: &App, user: UserId, code: &RoomCode, id: &str) -> Result<(), AppError> {
    let _turn = app.ports.turns.take(code).await;
    for _ in 0..TRIES {
        let desk = Desk::take(app, user, code).await?;
        let room = &desk.standing.room.code;
        let items = Queues(&*app.ports.table).items(room, &[id.to_owned()]).await?;
        if items.first().is_none_or(|item| item.added_by != user) {
            desk.standing.insist_on(Act::Playback)?;
        }
        let order = desk.queue.order.without(id).map_err(refused)?;
        let mut writes = vec![Queues::removal(room, id)];
        writes.extend(hidden_from(room, items.first()));
        if desk.save(app, order, writes).await? {
            return Ok(());
        }
    }
    Err(AppError::Busy)
}

/// Moves something before something else, or to the end: for host and co-hosts.
pub async fn move_in_queue(
    app: &App,
    user: UserId,
    code: &RoomCode,
    id: &str,
    before: Option<&str>,
) -> Result<(), AppError> {
    let _turn = app.ports.turns.take(code).await;
    for _ in 0..TRIES {
        let desk = Desk::take(app, user, code).await?;
        desk.standing.insist_on(Act::Playback)?;
        let order = desk.queue.order.moved(id, before).map_err(refused)?;
        if desk.save(app, order, Vec::new()).await? {
            return Ok(());
        }
    }
    Err(AppError::Busy)
}

/// One attempt to change a queue.
struct Desk {
    standing: Standing,
    queue: Queue,
}

impl Desk {
    async fn take(app: &App, user: UserId, code: &RoomCode) -> Result<Self, AppError> {
        let standing = standing(app, user, code).await?;
        standing.insist_on_member()?;
        let queue = Queues(&*app.ports.table).get(&standing.room.code).await?;
        Ok(Self { standing, queue })
    }

    /// Stores another order with other writes, and tells it; tells whether everything was as it was.
    async fn save(&self, app: &App, order: QueueOrder, with: Vec<Write>) -> Result<bool, AppError> {
        let room = &self.standing.room;
        let budget = spent(app, self.queue.budget(), app.ports.clock.now())?;
        let after = self.queue.changed(order, Some(budget));
        let replacement = Queues::replacement(&room.code, &self.queue, &after)?;
        if !Queues(&*app.ports.table).change([vec![replacement], with].concat()).await? {
            return Ok(false);
        }
        tell_queue(app, room, &after).await?;
        Ok(true)
    }
}

fn refused(refused: QueueRefused) -> AppError {
    match refused {
        QueueRefused::Full => AppError::Conflict("The queue is full: it has 500 items."),
        QueueRefused::NoSuchItem => AppError::NotFound,
    }
}
