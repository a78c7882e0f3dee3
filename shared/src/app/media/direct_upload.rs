//! A file goes from its owner into the store directly: announced first, then put there, then looked at.

use std::collections::BTreeMap;
use std::time::Duration;

use super::picture_head::stored_size;
use crate::app::upload_medium::{announce, announce_once};
use crate::app::{App, AppError};
use crate::domain::media::{Audience, Medium, clean_filename, content_type};
use crate::ids::{MediaId, StoredName, UserId};
use crate::ports::{MediaError, MediaHead, SignedRequest, UploadTerms};
use crate::store::{Media, PendingUpload, Uploads};

/// How long a signed request may be made. It has to begin in that time, and may take longer.
const SIGNED_FOR: Duration = Duration::from_secs(3600);

/// A file as its owner announces it.
#[derive(Debug, Default)]
pub struct AnnouncedFile {
    /// Its name, as it was given.
    pub filename: String,
    /// Its type, as it was given.
    pub content_type: Option<String>,
    /// Its size in bytes.
    pub size: u64,
    /// Its SHA-256 in lower-case hex, if its owner knows it.
    pub sha256: Option<String>,
    /// What comes with it.
    pub fields: BTreeMap<String, String>,
}

/// Leave to put a file into the store.
#[derive(Debug)]
pub struct DirectUpload {
    /// What the medium will be called.
    pub media_id: MediaId,
    /// How to put it there.
    pub request: SignedRequest,
    /// How long that may be begun.
    pub expires_in: Duration,
}

/// What became of bytes that were put into the store directly.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum UploadOutcome {
    /// They are a medium now, and the feed will hear of it.
    Finished,
    /// They were a medium before.
    AlreadyFinished,
    /// They are not what was announced, and are gone.
    Refused,
    /// They came too late, or nobody knows of them; they are gone.
    Unexpected,
    /// There are no such bytes any more.
    Gone,
}

/// Gives leave to upload a file. The same request again (by its `Idempotency-Key`) gives leave for the same medium; if
/// that is there already, the store refuses to take it twice.
pub async fn begin_upload(
    app: &App,
    owner: UserId,
    file: AnnouncedFile,
    request: Option<&str>,
) -> Result<DirectUpload, AppError> {
    if let Some(medium) = announced_before(app, owner, request).await? {
        return sign(app, &medium).await;
    }
    let medium = announced(app, owner, file)?;
    let upload = PendingUpload { medium, request: request.map(str::to_owned) };
    if Uploads(&*app.ports.table).begin(&upload).await? {
        return sign(app, &upload.medium).await;
    }
    let medium = announced_before(app, owner, request).await?.ok_or(AppError::Busy)?;
    sign(app, &medium).await
}

async fn announced_before(
    app: &App,
    owner: UserId,
    request: Option<&str>,
) -> Result<Option<Medium>, AppError> {
    let Some(request) = request else { return Ok(None) };
    match Uploads(&*app.ports.table).begun_by(owner, request).await? {
        Some(upload) => Ok(Some(upload.medium)),
        None => Ok(Media(&*app.ports.table).made_by(owner, request).await?),
    }
}

fn announced(app: &App, owner: UserId, file: AnnouncedFile) -> Result<Medium, AppError> {
    let limit = app.settings.max_direct_upload_bytes;
    match file.size {
        0 => return Err(AppError::InvalidInput { field: "size", why: "The file is empty." }),
        size if size > limit => return Err(AppError::TooLarge { limit }),
        _ => {}
    }
    let filename = clean_filename(&file.filename);
    Ok(Medium {
        id: MediaId::from_random(app.ports.random.bytes()),
        stored_name: StoredName::direct_from_random(app.ports.random.bytes(), &filename),
        content_type: content_type(file.content_type.as_deref(), &filename),
        filename,
        size: file.size,
        picture: None,
        sha256: file.sha256,
        owner,
        audience: Audience::Feed,
        fields: file.fields,
        created_at: app.ports.clock.now(),
    })
}

async fn sign(app: &App, medium: &Medium) -> Result<DirectUpload, AppError> {
    let terms = UploadTerms {
        size: medium.size,
        content_type: medium.content_type.clone(),
        sha256: medium.sha256.clone(),
        expires_in: SIGNED_FOR,
    };
    let request = app.ports.media.sign_upload(&medium.stored_name, &terms).await?;
    Ok(DirectUpload { media_id: medium.id, request, expires_in: SIGNED_FOR })
}

/// Looks at bytes that were put into the store: what was announced becomes a medium of the feed, what nobody waits for is
/// taken away. Looking twice does no harm, and what is a medium is never taken away.
pub async fn finish_upload(app: &App, name: &StoredName) -> Result<UploadOutcome, AppError> {
    let Some(upload) = Uploads(&*app.ports.table).pending(name).await? else {
        return not_awaited(app, name).await;
    };
    let head = match app.ports.media.head(name).await {
        Err(MediaError::NotFound) => return Ok(UploadOutcome::Gone),
        head => head?,
    };
    if is_as_announced(&head, &upload.medium) {
        finish(app, upload, head).await
    } else {
        refuse(app, &upload).await
    }
}

/// What the store does not keep, it has compared before it took the bytes.
fn is_as_announced(head: &MediaHead, medium: &Medium) -> bool {
    head.size == medium.size
        && head.content_type.as_ref().is_none_or(|kind| *kind == medium.content_type)
        && (head.sha256.is_none() || medium.sha256.is_none() || head.sha256 == medium.sha256)
}

async fn finish(app: &App, upload: PendingUpload, head: MediaHead) -> Result<UploadOutcome, AppError> {
    let PendingUpload { medium, .. } = upload;
    let sha256 = medium.sha256.clone().or(head.sha256);
    let picture = stored_size(app, &medium).await?;
    let medium = Medium { sha256, picture, created_at: app.ports.clock.now(), ..medium };
    if Uploads(&*app.ports.table).finish(&medium).await? {
        announce(app, &medium).await?;
        tracing::info!(media_id = %medium.id, bytes = medium.size, "a direct upload is finished");
        return Ok(UploadOutcome::Finished);
    }
    // Somebody else was quicker, with whatever came of it.
    not_awaited(app, &medium.stored_name).await
}

async fn refuse(app: &App, upload: &PendingUpload) -> Result<UploadOutcome, AppError> {
    let PendingUpload { medium, .. } = upload;
    if !Uploads(&*app.ports.table).give_up(upload, app.ports.clock.now()).await? {
        return not_awaited(app, &medium.stored_name).await;
    }
    app.ports.media.delete(&medium.stored_name).await?;
    tracing::warn!(media_id = %medium.id, "what was uploaded directly is not what was announced");
    Ok(UploadOutcome::Refused)
}

/// Nobody waits for these bytes: either they are a medium already, or they never will be one.
async fn not_awaited(app: &App, name: &StoredName) -> Result<UploadOutcome, AppError> {
    if let Some(outcome) = known(app, name).await? {
        return Ok(outcome);
    }
    // Another worker's clock may be behind ours. After this it cannot make a medium of them; it may have done so before.
    Uploads(&*app.ports.table).close(name, app.ports.clock.now()).await?;
    if let Some(outcome) = known(app, name).await? {
        return Ok(outcome);
    }
    app.ports.media.delete(name).await?;
    tracing::warn!("bytes that no medium points to were taken away");
    Ok(UploadOutcome::Unexpected)
}

/// The medium that these bytes are; word of it goes out if that failed before.
async fn known(app: &App, name: &StoredName) -> Result<Option<UploadOutcome>, AppError> {
    let Some(medium) = Media(&*app.ports.table).named(name).await? else {
        return Ok(None);
    };
    announce_once(app, &medium).await?;
    Ok(Some(UploadOutcome::AlreadyFinished))
}
