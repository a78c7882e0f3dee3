//! Makes, lists and withdraws invitations to a room.

use crate::app::rooms::{note, standing};
use crate::app::{App, AppError};
use crate::domain::rooms::{Act, InvitationToken, invitation_terms};
use crate::ids::{RoomCode, UserId};
use crate::store::{Invitation, Invitations, RoomDeed};

/// Makes an invitation; its token is told this once.
pub async fn invite(
    app: &App,
    actor: UserId,
    code: &RoomCode,
    expires_in: Option<u64>,
    uses: Option<u32>,
) -> Result<(Invitation, InvitationToken), AppError> {
    let terms =
        invitation_terms(expires_in, uses).map_err(|(field, why)| AppError::InvalidInput { field, why })?;
    let standing = standing(app, actor, code).await?;
    standing.insist_on(Act::Invite)?;
    let token = InvitationToken::new(app.ports.random.bytes());
    let invitation = Invitation {
        id: uuid::Builder::from_random_bytes(app.ports.random.bytes()).into_uuid().simple().to_string(),
        hash: token.hash(),
        room: standing.room.code.clone(),
        created_by: actor,
        uses: terms.uses,
        used: 0,
        expires_at: app.ports.clock.now().plus(terms.life).as_secs(),
    };
    if !Invitations(&*app.ports.table).add(&invitation).await? {
        return Err(AppError::Conflict("This room has 100 invitations: end some of them first."));
    }
    note(app, code, RoomDeed::InvitationMade, Some(actor), None, &invitation.id).await?;
    Ok((invitation, token))
}

/// A room's invitations.
pub async fn invitations(app: &App, actor: UserId, code: &RoomCode) -> Result<Vec<Invitation>, AppError> {
    let standing = standing(app, actor, code).await?;
    standing.insist_on(Act::Invite)?;
    Ok(Invitations(&*app.ports.table).of(code).await?)
}

/// Ends an invitation.
pub async fn end_invitation(app: &App, actor: UserId, code: &RoomCode, id: &str) -> Result<(), AppError> {
    let standing = standing(app, actor, code).await?;
    standing.insist_on(Act::Invite)?;
    if id.len() > 64 || !Invitations(&*app.ports.table).remove(code, id).await? {
        return Err(AppError::NotFound);
    }
    note(app, code, RoomDeed::InvitationEnded, Some(actor), None, id).await
}
