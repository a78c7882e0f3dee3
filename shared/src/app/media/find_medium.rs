//! A medium is asked for, by id or by the secret name of its bytes.

use std::ops::RangeInclusive;
use std::time::Duration;

use bytes::Bytes;
use futures_util::StreamExt as _;
use futures_util::stream;
use sha2::{Digest, Sha256};

use crate::app::{App, AppError};
use crate::domain::media::{Medium, content_type, served_type};
use crate::domain::predefined_audio::{self, PredefinedAudio};
use crate::ids::{MediaId, StoredName, UserId};
use crate::ports::{ByteStream, DownloadTerms};
use crate::store::{Media, Members, Pictures, Room, Rooms};

/// How long a redirect to the store is good.
const REDIRECT_LIFE: Duration = Duration::from_secs(300);
/// How many pages of rooms in which a medium is shown are looked through.
const MAX_PAGES: usize = 10;

/// A medium that was found, and may be got.
#[derive(Debug)]
pub struct FoundMedium {
    /// The name to save it under.
    pub filename: String,
    /// Its type.
    pub content_type: String,
    /// Its size in bytes.
    pub size: u64,
    /// What no other bytes are called: their SHA-256, or the medium's id, since its bytes never change.
    pub tag: String,
    bytes: Source,
}

#[derive(Debug)]
enum Source {
    Program(&'static [u8]),
    Store(StoredName),
}

/// The medium of that id, if this person may get it.
pub async fn find_by_id(app: &App, user: UserId, id: MediaId) -> Result<FoundMedium, AppError> {
    if let Some(audio) = predefined_audio::find(id) {
        return Ok(audio.into());
    }
    let medium = Media(&*app.ports.table).get(id).await?.ok_or(AppError::NotFound)?;
    let admitted = medium.audience.admits(user, medium.owner) || is_shown_to(app, user, id).await?;
    if admitted { Ok(medium.into()) } else { Err(AppError::NotFound) }
}

/// Whether a message shows a medium in a room whose member this person is now.
async fn is_shown_to(app: &App, user: UserId, id: MediaId) -> Result<bool, AppError> {
    let table = &*app.ports.table;
    let mut after = None;
    for _ in 0..MAX_PAGES {
        let shown = Media(table).shown_in(id, after).await?;
        let in_them = Members(table).approved_in(user, &shown.rooms).await?;
        if Rooms(table).of(&in_them).await?.iter().any(Room::is_active) {
            return Ok(true);
        }
        after = shown.next;
        if after.is_none() {
            break;
        }
    }
    Ok(false)
}

/// The medium whose bytes have that name: whoever knows the name may get it.
pub async fn find_by_name(app: &App, name: &StoredName) -> Result<FoundMedium, AppError> {
    if name.is_avatar() {
        return find_picture(app, name).await;
    }
    let medium = Media(&*app.ports.table).named(name).await?;
    medium.map(FoundMedium::from).ok_or(AppError::NotFound)
}

/// Somebody's picture, as long as it is theirs.
async fn find_picture(app: &App, name: &StoredName) -> Result<FoundMedium, AppError> {
    if !Pictures(&*app.ports.table).is_known(name).await? {
        return Err(AppError::NotFound);
    }
    let size = app.ports.media.head(name).await?.size;
    let content_type = content_type(None, name.as_str());
    Ok(FoundMedium {
        filename: name.to_string(),
        content_type,
        size,
        tag: name.to_string(),
        bytes: Source::Store(name.clone()),
    })
}

impl FoundMedium {
    /// The bytes, all of them or a part within the size.
    pub async fn open(&self, app: &App, range: Option<RangeInclusive<u64>>) -> Result<ByteStream, AppError> {
        match &self.bytes {
            Source::Program(bytes) => Ok(stream::iter([Ok(slice(bytes, range))]).boxed()),
            Source::Store(name) => Ok(app.ports.media.get(name, range).await?),
        }
    }

    /// Where to send a client for so many bytes, if that is more than one answer may hold.
    pub async fn redirect(
        &self,
        app: &App,
        bytes: u64,
        disposition: String,
    ) -> Result<Option<String>, AppError> {
        let limit = app.settings.max_inline_bytes.unwrap_or(u64::MAX);
        match &self.bytes {
            Source::Store(name) if bytes > limit => {
                let content_type = self.content_type.clone();
                let terms = DownloadTerms { content_type, disposition, expires_in: REDIRECT_LIFE };
                Ok(Some(app.ports.media.sign_download(name, &terms).await?.url))
            }
            _ => Ok(None),
        }
    }
}

fn slice(bytes: &'static [u8], range: Option<RangeInclusive<u64>>) -> Bytes {
    let position = |at: &u64| usize::try_from(*at).unwrap_or(usize::MAX);
    let part =
        range.map(|range| bytes.get(position(range.start())..=position(range.end())).unwrap_or_default());
    Bytes::from_static(part.unwrap_or(bytes))
}

impl From<Medium> for FoundMedium {
    fn from(medium: Medium) -> Self {
        let Medium { id, filename, content_type, size, sha256, stored_name, .. } = medium;
        let tag = sha256.unwrap_or_else(|| id.to_string());
        let content_type = served_type(&content_type).to_owned();
        Self { filename, content_type, size, tag, bytes: Source::Store(stored_name) }
    }
}

impl From<&PredefinedAudio> for FoundMedium {
    fn from(audio: &PredefinedAudio) -> Self {
        Self {
            filename: audio.filename.to_owned(),
            content_type: predefined_audio::CONTENT_TYPE.to_owned(),
            size: audio.bytes.len() as u64,
            tag: format!("{:x}", Sha256::digest(audio.bytes)),
            bytes: Source::Program(audio.bytes),
        }
    }
}
