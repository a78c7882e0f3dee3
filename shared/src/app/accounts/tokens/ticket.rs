//! Tickets: they stand for a token where that would show, in a socket's URL.

use crate::app::accounts::tokens::authenticate::{authenticate, live_session};
use crate::app::{App, AppError, limits};
use crate::domain::token::{OpaqueToken, TokenKind};
use crate::ports::Identity;
use crate::store::Tickets;

/// How long a ticket is good, in seconds.
pub const TICKET_LIFE: i64 = 30;

/// A ticket for whoever is behind this session.
pub async fn issue_ticket(app: &App, identity: &Identity) -> Result<OpaqueToken, AppError> {
    limits::limit_tickets(app, &identity.session).await?;
    let ticket = OpaqueToken::new(TokenKind::Ticket, identity.clone(), app.ports.random.bytes());
    let expires_at = app.ports.clock.now().as_secs() + TICKET_LIFE;
    Tickets(&*app.ports.table).add(&ticket.hash(), expires_at).await?;
    Ok(ticket)
}

/// Whose token this is, in a handshake, where it may be a ticket, too: that is good once.
pub async fn authenticate_handshake(app: &App, token: &str) -> Result<Identity, AppError> {
    let Some(ticket) = OpaqueToken::parse(TokenKind::Ticket, token) else {
        return authenticate(app, token).await;
    };
    if !Tickets(&*app.ports.table).take(&ticket.hash()).await? {
        return Err(AppError::Unauthenticated);
    }
    live_session(app, &ticket.identity).await?;
    Ok(ticket.identity)
}
