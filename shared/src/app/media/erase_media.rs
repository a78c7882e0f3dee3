//! A person's media go with them.

use crate::app::{App, AppError};
use crate::ids::UserId;
use crate::store::{Media, OwnedMedia};

/// How many media are looked up at once.
const AT_ONCE: usize = 100;

/// Takes away all that somebody has uploaded: the bytes first, so that what breaks off half-way is found again.
pub(in crate::app) async fn erase_media(app: &App, owner: UserId) -> Result<(), AppError> {
    let (media, owned) = (Media(&*app.ports.table), OwnedMedia(&*app.ports.table));
    loop {
        let ids = owned.some(owner, AT_ONCE).await?;
        if ids.is_empty() {
            return Ok(());
        }
        for id in ids {
            match media.get(id).await? {
                Some(medium) => {
                    app.ports.media.delete(&medium.stored_name).await?;
                    media.hide_everywhere(id).await?;
                    media.remove(&medium, None).await?;
                }
                None => owned.forget(owner, id).await?,
            }
        }
    }
}
