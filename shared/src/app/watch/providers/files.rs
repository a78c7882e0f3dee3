//! Files and playlists that lie elsewhere, by their URLs. They are asked for a few bytes, and only where the public
//! internet is.

use std::time::Duration;

use async_trait::async_trait;
use bytes::Bytes;
use percent_encoding::percent_decode_str;

use super::MediaProvider;
use super::ranges::{BEGINNING, Part, Ranges, duration};
use crate::app::{App, AppError};
use crate::domain::outbound::Target;
use crate::domain::visible_text::has_invisible;
use crate::domain::watch::{Figures, Format, Playlist, Source};
use crate::ports::{OutboundAnswer, OutboundCall, OutboundMethod};

/// How long one part may take.
const PATIENCE: Duration = Duration::from_secs(5);
/// How large a playlist may be.
const MAX_PLAYLIST: usize = 512 * 1024;
/// The longest title, in characters.
const MAX_TITLE: usize = 200;
/// Names of playlists that say nothing.
const NO_TITLES: [&str; 6] = ["index", "master", "playlist", "main", "manifest", "stream"];

/// Files by their URLs.
pub(super) struct Files;

#[async_trait]
impl MediaProvider for Files {
    fn has(&self, source: &Source) -> bool {
        source.provider == "url"
    }

    async fn figures(&self, app: &App, source: &Source) -> Result<Figures, AppError> {
        let url = &source.video_id;
        Ok(Figures { title: title(url), duration: length(app, url).await, poster: None })
    }
}

async fn length(app: &App, url: &str) -> Option<f64> {
    let file = Remote { app, url };
    let beginning = file.read(0, BEGINNING).await?;
    match Format::of(&beginning.bytes)? {
        Format::Hls => playlist(app, url, true).await,
        format => duration(&file, format, beginning).await,
    }
}

/// The length of what a playlist lists; of a film in several sizes, that of the first.
async fn playlist(app: &App, url: &str, follows: bool) -> Option<f64> {
    let answer =
        get(app, url, None, MAX_PLAYLIST).await.filter(|answer| answer.status == 200 && !answer.is_cut)?;
    match Playlist::read(std::str::from_utf8(&answer.body).ok()?)? {
        Playlist::Pieces(seconds) => seconds,
        Playlist::Variants(reference) if follows => {
            let list = Target::parse(&answer.url, app.settings.reach).ok()?.joined(&reference);
            Box::pin(playlist(app, &list, false)).await
        }
        Playlist::Variants(_) => None,
    }
}

struct Remote<'a> {
    app: &'a App,
    url: &'a str,
}

#[async_trait]
impl Ranges for Remote<'_> {
    async fn read(&self, at: u64, length: usize) -> Option<Part> {
        let last = at.checked_add(length as u64)?.checked_sub(1)?;
        let answer = get(self.app, self.url, Some(format!("bytes={at}-{last}")), length).await?;
        let size = match answer.status {
            206 => answer.header("content-range")?.rsplit('/').next()?.parse().ok(),
            // Whoever does not know ranges begins at the beginning.
            200 if at == 0 => answer.header("content-length").and_then(|size| size.parse().ok()),
            _ => return None,
        };
        Some(Part { bytes: answer.body, size })
    }
}

async fn get(app: &App, url: &str, range: Option<String>, max_answer: usize) -> Option<OutboundAnswer> {
    let headers = range.map(|range| ("range", range)).into_iter().collect();
    let (method, body) = (OutboundMethod::Get, Bytes::new());
    let call = OutboundCall { method, url: url.to_owned(), headers, body, within: PATIENCE, max_answer };
    let answer = app.ports.outbound.call(&call).await;
    // Its URL may be a secret of those who watch.
    answer.inspect_err(|error| tracing::info!(%error, "a file to watch cannot be looked at")).ok()
}

/// The name of the file, if it says something.
fn title(url: &str) -> Option<String> {
    let path = url.split(['?', '#']).next()?.split_once("://")?.1;
    let name = path.split_once('/')?.1.rsplit('/').next()?;
    let name = percent_decode_str(name).decode_utf8().ok()?;
    let name = name.rsplit_once('.').map_or(&*name, |(name, _)| name).replace(['_', '+'], " ");
    let name: String = name.trim().chars().take(MAX_TITLE).collect();
    let says_nothing =
        name.is_empty() || has_invisible(&name) || NO_TITLES.contains(&name.to_lowercase().as_str());
    if says_nothing { None } else { Some(name) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_is_called_by_its_name() {
        let table = [
            ("https://example.org/films/The%20Third_Man.mp4?x=/y.z", Some("The Third Man")),
            ("https://example.org/film.mp4", Some("film")),
            ("https://example.org/a/b", Some("b")),
            ("https://example.org/hls/master.m3u8", None),
            ("https://example.org/", None),
            ("https://example.org", None),
            ("https://example.org/%ff.mp4", None),
        ];
        for (url, expected) in table {
            assert_eq!(title(url).as_deref(), expected, "{url}");
        }
    }
}
