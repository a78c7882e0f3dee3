//! Sends a dropped text to the feed, a room or a person, and takes it away.

use crate::app::App;
use crate::app::rooms::tell::{here, publish as publish_to_room};
use crate::domain::drop::{DropTarget, NotADrop, Rejection, compose};
use crate::ports::{Broadcast, ChannelError, DropBoxError, DropRef, Group, TableError};
use crate::protocol::{MAX_FRAME_BYTES, Place};
use crate::store::{DropClaim, Drops, Room, Rooms};

/// What became of a dropped text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DropOutcome {
    /// It was sent, and is gone.
    Sent,
    /// It had been sent before; now it is gone too.
    AlreadySent,
    /// It was empty: not sent, but gone.
    Empty,
    /// There is no such text any more.
    Gone,
    /// It is nothing that can be sent, and was put aside.
    Rejected(Rejection),
    /// Its path says that it isn't meant to be sent; it was left alone.
    NotADrop(NotADrop),
}

/// Why a dropped text was not dealt with. It is still there: try again later.
#[derive(Debug, thiserror::Error)]
pub enum DropFailure {
    /// Another worker is sending it, or died over it a moment ago.
    #[error("another worker is sending this text")]
    Running,
    /// Nobody can say whether it was sent.
    #[error("the dropped text could not be claimed or marked as sent")]
    Table(#[from] TableError),
    /// It could not be read or taken away.
    #[error("the dropped text could not be read or taken away")]
    DropBox(#[from] DropBoxError),
    /// It could not be sent.
    #[error("the dropped text could not be sent")]
    Channels(#[from] ChannelError),
}

/// Sends a text once and takes it away. A failure anywhere before it is marked as sent may repeat it, never lose it.
pub async fn broadcast_drop(app: &App, drop: &DropRef) -> Result<DropOutcome, DropFailure> {
    let target = match DropTarget::of_path(&drop.path) {
        Ok(target) => target,
        Err(reason) => {
            tracing::info!(path = %drop.path, %reason, "left alone what was not dropped to be sent");
            return Ok(DropOutcome::NotADrop(reason));
        }
    };
    let claims = Drops(&*app.ports.table);
    match claims.claim(drop, app.ports.clock.now()).await? {
        DropClaim::Running => Err(DropFailure::Running),
        DropClaim::Sent => {
            app.ports.drops.remove(drop).await?;
            Ok(DropOutcome::AlreadySent)
        }
        DropClaim::Granted(lease) => {
            let result = send(app, drop, &target).await;
            if result.is_err()
                && let Err(error) = claims.release(drop, lease).await
            {
                tracing::warn!(path = %drop.path, %error, "the next attempt waits for this one's lease to end");
            }
            result
        }
    }
}

async fn send(app: &App, drop: &DropRef, target: &DropTarget) -> Result<DropOutcome, DropFailure> {
    let drop_box = &*app.ports.drops;
    // One byte more than fits tells that it doesn't fit.
    let Some(bytes) = drop_box.read(drop, MAX_FRAME_BYTES + 1).await? else {
        return Ok(DropOutcome::Gone);
    };
    let room = room(app, target).await?;
    match compose(target, place(target, room.as_ref()), &bytes) {
        Ok(Some(frames)) => {
            publish(app, target, room.as_ref(), Broadcast::new(frames)).await?;
            finish(app, drop).await?;
            drop_box.remove(drop).await?;
            tracing::info!(path = %drop.path, bytes = bytes.len(), "sent a dropped text");
            Ok(DropOutcome::Sent)
        }
        Ok(None) => {
            finish(app, drop).await?;
            drop_box.remove(drop).await?;
            Ok(DropOutcome::Empty)
        }
        Err(reason) => {
            drop_box.reject(drop).await?;
            finish(app, drop).await?;
            tracing::warn!(path = %drop.path, %reason, "rejected a dropped text");
            Ok(DropOutcome::Rejected(reason))
        }
    }
}

/// Whatever comes again for this text finds that there is nothing left to do but to take it away.
async fn finish(app: &App, drop: &DropRef) -> Result<(), TableError> {
    Drops(&*app.ports.table).mark_sent(drop, app.ports.clock.now()).await
}

/// The room that is meant, if there is one.
async fn room(app: &App, target: &DropTarget) -> Result<Option<Room>, TableError> {
    match target {
        DropTarget::Room(code) => Rooms(&*app.ports.table).get(code).await,
        DropTarget::Feed | DropTarget::User(_) => Ok(None),
    }
}

fn place(target: &DropTarget, room: Option<&Room>) -> Option<Place> {
    match (target, room) {
        (_, Some(room)) => Some(here(room)),
        (DropTarget::Room(code), None) => Some(code.clone().into()),
        _ => None,
    }
}

/// In conversations, everybody's inbox hears it, too.
async fn publish(
    app: &App,
    target: &DropTarget,
    room: Option<&Room>,
    broadcast: Broadcast,
) -> Result<(), ChannelError> {
    match room {
        Some(room) => publish_to_room(app, room, broadcast).await,
        None => app.ports.sender.publish(&group(target), &broadcast).await,
    }
}

fn group(target: &DropTarget) -> Group {
    match target {
        DropTarget::Feed => Group::Feed,
        DropTarget::Room(code) => Group::Room(code.clone()),
        DropTarget::User(id) => Group::User(*id),
    }
}
