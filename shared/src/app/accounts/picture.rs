//! People's pictures: bytes first, then whoever points to them; gone bytes last.

use futures_util::{FutureExt as _, stream};

use crate::app::{App, AppError};
use crate::domain::picture::Picture;
use crate::ids::StoredName;
use crate::ports::TableError;
use crate::store::Pictures;

/// What somebody wants of their picture.
#[derive(Debug, Default)]
pub enum PictureChange {
    /// It stays as it is.
    #[default]
    Keep,
    /// It goes.
    Remove,
    /// Another one takes its place.
    Replace(Picture),
}

/// Stores a picture under a name that nobody can guess, and that nobody points to yet.
pub(in crate::app) async fn store(app: &App, picture: Picture) -> Result<StoredName, AppError> {
    let Picture { kind, bytes } = picture;
    let name = StoredName::avatar_from_random(app.ports.random.bytes(), kind.filename());
    let limit = bytes.len() as u64;
    let body = Box::pin(stream::once(async move { Ok(bytes) }.boxed()));
    app.ports.media.put(&name, kind.content_type(), body, limit).await?;
    Ok(name)
}

/// Takes away the bytes of a picture that nobody points to any more.
pub(in crate::app) async fn discard(app: &App, name: Option<&StoredName>) {
    if let Some(name) = name
        && let Err(error) = app.ports.media.delete(name).await
    {
        tracing::warn!(%error, "a picture that nobody has any more could not be removed");
    }
}

/// Whether a write surely did not happen; of all other failures nobody knows.
pub(in crate::app) fn is_refused(error: &TableError) -> bool {
    matches!(error, TableError::Conflict | TableError::Invalid(_) | TableError::ConditionFailed(_))
}

/// Takes a picture away that an earlier process stored and died over. None of this process may be on its way.
pub async fn sweep_picture(app: &App, name: &StoredName) -> Result<(), AppError> {
    if !Pictures(&*app.ports.table).is_known(name).await? {
        app.ports.media.delete(name).await?;
    }
    Ok(())
}
