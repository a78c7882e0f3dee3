//! Finds media here that somebody may watch.

use crate::app::{App, AppError};
use crate::domain::predefined_audio;
use crate::ids::{MediaId, UserId};
use crate::store::{Media, OwnedMedia};

/// How many entries a page has.
const PAGE: usize = 20;
/// Among how many of one's own media is searched: those with the smallest ids.
const MOST: usize = 200;

/// Something that may be watched.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FoundTitle {
    /// The medium.
    pub id: MediaId,
    /// `audio` or `video`.
    pub kind: &'static str,
    /// The name of its file.
    pub title: String,
}

/// A page of what somebody may watch and whose title has all these words, from 1: the sounds that come with the program, then
/// what they have uploaded.
pub async fn search_media(
    app: &App,
    user: UserId,
    words: &str,
    page: u32,
) -> Result<Vec<FoundTitle>, AppError> {
    let words: Vec<String> = words.split_whitespace().take(10).map(str::to_lowercase).collect();
    let mut found: Vec<FoundTitle> = predefined_audio::ALL
        .iter()
        .filter_map(|audio| {
            Some(FoundTitle { id: audio.id()?, kind: "audio", title: audio.filename.to_owned() })
        })
        .collect();
    found.extend(own(app, user).await?);
    found.retain(|found| {
        let title = found.title.to_lowercase();
        words.iter().all(|word| title.contains(word))
    });
    let begins = usize::try_from(page.saturating_sub(1)).unwrap_or(usize::MAX).saturating_mul(PAGE);
    Ok(found.into_iter().skip(begins).take(PAGE).collect())
}

async fn own(app: &App, user: UserId) -> Result<Vec<FoundTitle>, AppError> {
    let table = &*app.ports.table;
    let ids = OwnedMedia(table).some(user, MOST).await?;
    let media = Media(table).of(&ids).await?;
    let kind = |content_type: &str| match content_type.split_once('/') {
        Some(("audio", _)) => Some("audio"),
        Some(("video", _)) => Some("video"),
        _ => None,
    };
    let found = media.into_iter().filter_map(|medium| {
        let kind = kind(&medium.content_type)?;
        Some((medium.created_at, FoundTitle { id: medium.id, kind, title: medium.filename }))
    });
    let mut found: Vec<_> = found.collect();
    found.sort_by_key(|(created_at, _)| std::cmp::Reverse(*created_at));
    Ok(found.into_iter().map(|(_, found)| found).collect())
}
