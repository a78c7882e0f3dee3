//! Makes a room.

use super::{RoomRefusal, note};
use crate::app::{App, AppError, profile};
use crate::domain::rooms::{
    CodeRefused, EntryMode, RoomKind, chosen_code, default_room_name, generated_code, room_name,
};
use crate::domain::secret::{Secret, SecretHash};
use crate::ids::{RoomCode, UserId};
use crate::store::{Created, Membership, Room, RoomDeed, User};

/// How many generated codes are tried: a billion of them is never full.
const CODES: u32 = 20;
/// The longest password of a room, in characters.
pub(super) const MAX_PASSWORD: usize = 128;

/// What somebody wants of a new room.
#[derive(Clone, Default)]
pub struct NewRoom {
    /// Its name; none for one made of its host's.
    pub name: Option<String>,
    /// Its code; none for a generated one.
    pub code: Option<String>,
    /// Whether it is kept off the public list.
    pub is_private: bool,
    /// How one gets in; none for what suits.
    pub entry_mode: Option<EntryMode>,
    /// The password of entry mode `PASSWORD`; none for a generated one.
    pub password: Option<String>,
}

/// Shows no password.
impl std::fmt::Debug for NewRoom {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("NewRoom(..)")
    }
}

/// A room that was made.
#[derive(Debug, Clone)]
pub struct MadeRoom {
    /// The room.
    pub room: Room,
    /// Its password, if that was generated: it is told this once.
    pub generated_password: Option<String>,
}

/// Makes a room, whose host is whoever asks.
pub async fn create_room(app: &App, user: UserId, new: NewRoom) -> Result<MadeRoom, AppError> {
    let host = profile(app, user).await?;
    if host.is_guest {
        return Err(RoomRefusal::GuestsMayNot.into());
    }
    let default_entry = if new.is_private { EntryMode::Approval } else { EntryMode::Open };
    let entry_mode = new.entry_mode.unwrap_or(default_entry);
    let (password, generated_password) = entry_password(app, entry_mode, new.password.as_deref()).await?;
    let room = Room { password, entry_mode, ..blank_room(app, &host, &new)? };
    let room = store(app, room, new.code.as_deref(), &host).await?;
    note(app, &room.code, RoomDeed::Created, Some(user), None, "").await?;
    Ok(MadeRoom { room, generated_password })
}

/// A room with its defaults, whose code is still to be found.
pub(in crate::app) fn blank_room(app: &App, host: &User, new: &NewRoom) -> Result<Room, AppError> {
    let invalid = |why| AppError::InvalidInput { field: "name", why };
    let name = room_name(new.name.as_deref().unwrap_or_default()).map_err(invalid)?;
    let name = if name.is_empty() { default_room_name(&host.display_name) } else { name };
    // Replaced by the chosen or generated code before anything is written.
    let code: RoomCode = "new".parse().map_err(|_| AppError::NotFound)?;
    let now = app.ports.clock.now();
    Ok(Room {
        owner: Some(host.id),
        host: Some(host.id),
        is_private: new.is_private,
        ..Room::new(code, RoomKind::Hosted, name, EntryMode::Open, now)
    })
}

async fn store(app: &App, room: Room, chosen: Option<&str>, host: &User) -> Result<Room, AppError> {
    let chosen = chosen.map(str::trim).filter(|code| !code.is_empty());
    let chosen = chosen.map(chosen_code).transpose();
    let chosen = chosen.map_err(|CodeRefused(why)| AppError::InvalidInput { field: "code", why })?;
    for _ in 0..CODES {
        let Some(code) = chosen.clone().or_else(|| generated_code(app.ports.random.bytes())) else {
            continue;
        };
        let room = Room { code, ..room.clone() };
        let now = app.ports.clock.now();
        match Membership(&*app.ports.table).create(&room, &[host], now).await? {
            Created::Yes => return Ok(room),
            Created::NoSuchPerson => return Err(AppError::SessionEnded),
            Created::CodeTaken if chosen.is_some() => return Err(RoomRefusal::CodeTaken.into()),
            Created::CodeTaken | Created::PairTaken => {}
        }
    }
    Err(AppError::Busy)
}

/// What is stored of a room's password, and the password itself where it was generated. Other ways in have none.
pub(super) async fn entry_password(
    app: &App,
    entry_mode: EntryMode,
    chosen: Option<&str>,
) -> Result<(Option<SecretHash>, Option<String>), AppError> {
    if entry_mode != EntryMode::Password {
        return Ok((None, None));
    }
    let chosen = chosen.filter(|text| !text.is_empty());
    if chosen.is_some_and(|text| text.chars().count() > MAX_PASSWORD) {
        return Err(AppError::InvalidInput { field: "password", why: "At most 128 characters." });
    }
    let generated = if chosen.is_none() { Some(generated_password(app)) } else { None };
    let secret = chosen.or(generated.as_deref()).and_then(Secret::new).ok_or(AppError::Busy)?;
    let hash = app.secret_work.hash(&secret, app.ports.random.bytes()).await?;
    Ok((Some(hash), generated))
}

/// Ten characters that are easily read out: 49 bits, and guesses are limited.
fn generated_password(app: &App) -> String {
    const ALPHABET: &[u8] = b"abcdefghjkmnpqrstuvwxyz23456789";
    let bytes: [u8; 10] = app.ports.random.bytes();
    bytes.iter().map(|byte| char::from(ALPHABET[usize::from(*byte) % ALPHABET.len()])).collect()
}
