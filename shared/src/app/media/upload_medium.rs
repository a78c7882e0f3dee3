//! A file comes in: its bytes first, then what is known of it, then, if it is for the feed, word of it there.

use std::collections::BTreeMap;
use std::time::Duration;

use super::picture_head::PictureHead;
use crate::app::{App, AppError};
use crate::domain::media::{Audience, Medium, PictureSize, clean_filename, content_type};
use crate::ids::{MediaId, StoredName, UserId};
use crate::ports::{ByteStream, Group, Job, StoredMedia, TableError};
use crate::protocol::{Dialect, Event};
use crate::store::Media;

/// The bounds of the random delay after which the feed hears of an upload, in milliseconds.
const ANNOUNCED_AFTER: (u64, u64) = (1_000, 10_000);

/// Bytes that are stored, but not known to anybody yet.
#[derive(Debug)]
pub struct StoredFile {
    stored: StoredMedia,
    stored_name: StoredName,
    filename: String,
    content_type: String,
    picture: Option<PictureSize>,
}

/// Stores the bytes of a file. [`accept`], [`keep`] or [`discard`] comes next.
pub async fn store(
    app: &App,
    filename: &str,
    declared: Option<&str>,
    body: ByteStream,
) -> Result<StoredFile, AppError> {
    let filename = clean_filename(filename);
    let content_type = content_type(declared, &filename);
    let stored_name = StoredName::from_random(app.ports.random.bytes(), &filename);
    let limit = app.settings.max_upload_bytes;
    let head = PictureHead::default();
    let body = head.watch(&content_type, body);
    let stored = app.ports.media.put(&stored_name, &content_type, body, limit).await?;
    let file = StoredFile { stored, stored_name, filename, content_type, picture: head.size() };
    if file.stored.size == 0 {
        discard(app, file).await;
        return Err(AppError::InvalidInput { field: "file", why: "The file is empty." });
    }
    Ok(file)
}

/// Takes a stored file away again: the request it came with is refused.
pub async fn discard(app: &App, file: StoredFile) {
    take_away(app, &file.stored_name).await;
}

async fn take_away(app: &App, name: &StoredName) {
    if let Err(error) = app.ports.media.delete(name).await {
        tracing::warn!(%error, "a refused upload could not be removed");
    }
}

/// Makes a stored file a medium of the feed. The same request again (by its `Idempotency-Key`) gives the same medium.
pub async fn accept(
    app: &App,
    owner: UserId,
    file: StoredFile,
    fields: BTreeMap<String, String>,
    request: Option<&str>,
) -> Result<Medium, AppError> {
    let medium = Medium { fields, ..medium(app, owner, file, Audience::Feed) };
    if add(app, &medium, request).await? {
        announce(app, &medium).await?;
        return Ok(medium);
    }
    repeated(app, owner, request).await?.ok_or(AppError::Busy)
}

/// A medium of somebody's own.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Kept {
    /// The medium.
    pub medium: Medium,
    /// Whether this very request made it; none if another one with the same `Idempotency-Key` did.
    pub is_new: bool,
}

/// Makes a stored file its owner's own medium, of which nobody hears until a message shows it.
pub async fn keep(
    app: &App,
    owner: UserId,
    file: StoredFile,
    request: Option<&str>,
) -> Result<Kept, AppError> {
    let medium = medium(app, owner, file, Audience::User(owner));
    if add(app, &medium, request).await? {
        return Ok(Kept { medium, is_new: true });
    }
    let medium = made_before(app, owner, request).await?.ok_or(AppError::Busy)?;
    Ok(Kept { medium, is_new: false })
}

/// Takes a medium away again: the message that it came with is refused.
pub(in crate::app) async fn forget(app: &App, medium: &Medium, request: Option<&str>) {
    match Media(&*app.ports.table).remove(medium, request).await {
        Ok(()) => take_away(app, &medium.stored_name).await,
        Err(error) => tracing::warn!(%error, "a file of a refused message could not be removed"),
    }
}

/// Adds a medium; tells whether no other one was made by the same request before. If it surely isn't added, its bytes go.
async fn add(app: &App, medium: &Medium, request: Option<&str>) -> Result<bool, AppError> {
    let added = Media(&*app.ports.table).add(medium, request).await;
    if matches!(added, Ok(false) | Err(TableError::Conflict | TableError::Invalid(_))) {
        take_away(app, &medium.stored_name).await;
    }
    Ok(added?)
}

fn medium(app: &App, owner: UserId, file: StoredFile, audience: Audience) -> Medium {
    let StoredFile { stored, stored_name, filename, content_type, picture } = file;
    Medium {
        id: MediaId::from_random(app.ports.random.bytes()),
        stored_name,
        filename,
        content_type,
        size: stored.size,
        picture,
        sha256: Some(stored.sha256),
        owner,
        audience,
        fields: BTreeMap::new(),
        created_at: app.ports.clock.now(),
    }
}

/// What this request made when it came before, if it did; word of it goes out if that failed then.
pub async fn repeated(app: &App, owner: UserId, request: Option<&str>) -> Result<Option<Medium>, AppError> {
    let medium = made_before(app, owner, request).await?;
    if let Some(medium) = medium.as_ref().filter(|medium| medium.audience == Audience::Feed) {
        announce_once(app, medium).await?;
    }
    Ok(medium)
}

/// The same, of which nobody is told anything.
pub async fn made_before(
    app: &App,
    owner: UserId,
    request: Option<&str>,
) -> Result<Option<Medium>, AppError> {
    let Some(request) = request else { return Ok(None) };
    Ok(Media(&*app.ports.table).made_by(owner, request).await?)
}

/// Tells the feed of a medium, unless it has been told.
pub(in crate::app) async fn announce_once(app: &App, medium: &Medium) -> Result<(), AppError> {
    if Media(&*app.ports.table).is_announced(medium.id).await? {
        return Ok(());
    }
    announce(app, medium).await
}

/// Tells the feed of a medium, after a random delay.
pub(in crate::app) async fn announce(app: &App, medium: &Medium) -> Result<(), AppError> {
    if let Some(frame) = (Event::Play { media_id: medium.id }).frame(Dialect::Feed) {
        let job = Job::Publish { group: Group::Feed, frame };
        app.ports.jobs.enqueue(vec![(job, delay(app))]).await?;
    }
    Ok(Media(&*app.ports.table).mark_announced(medium.id).await?)
}

fn delay(app: &App) -> Duration {
    let (least, most) = ANNOUNCED_AFTER;
    let chance = u64::from_le_bytes(app.ports.random.bytes()) % (most - least + 1);
    Duration::from_millis(least + chance)
}
