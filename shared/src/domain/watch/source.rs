//! Where something to watch is: what clients name in many ways, read into one.

use serde::{Deserialize, Serialize};

use crate::ids::MediaId;
use crate::protocol::{MediaSource, is_url};

/// The provider of what was uploaded here.
const MEDIA: &str = "media";
/// The provider of anything that has a URL.
const URL: &str = "url";
/// The provider whose links are read.
const YOUTUBE: &str = "youtube";
/// The longest name of a provider, in characters.
const MAX_PROVIDER: usize = 32;
/// The length of YouTube's ids.
const YOUTUBE_ID: usize = 11;

/// Where something to watch is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Source {
    /// Who has it: `media` for what was uploaded here, `url` for anything by its URL, `youtube` …
    pub provider: String,
    /// What the provider calls it; of `url` the URL.
    pub video_id: String,
}

impl Source {
    /// Reads what a client names; `own_url` is where clients reach this Parlor. The error names a field, and says why.
    pub fn read(named: &MediaSource, own_url: &str) -> Result<Self, (&'static str, &'static str)> {
        match named {
            MediaSource::Medium(id) => Ok(Self::medium(*id)),
            MediaSource::Url(url) => Self::of_url(url, own_url).map_err(|why| ("url", why)),
            MediaSource::Video { provider, video_id } => {
                let provider = provider.to_ascii_lowercase();
                match provider.as_str() {
                    MEDIA => video_id
                        .parse()
                        .map(Self::medium)
                        .map_err(|_| ("video_id", "This is no id of a medium.")),
                    URL => Self::of_url(video_id, own_url).map_err(|why| ("video_id", why)),
                    YOUTUBE => youtube_id(video_id)
                        .map(Self::youtube)
                        .ok_or(("video_id", "This is no id or link of a video there.")),
                    _ if is_provider(&provider) => Ok(Self { provider, video_id: video_id.clone() }),
                    _ => Err(("provider", "From 1 to 32 letters, digits, or any of _ and -.")),
                }
            }
        }
    }

    /// What was uploaded here.
    pub fn medium(id: MediaId) -> Self {
        Self { provider: MEDIA.to_owned(), video_id: id.to_string() }
    }

    fn youtube(id: &str) -> Self {
        Self { provider: YOUTUBE.to_owned(), video_id: id.to_owned() }
    }

    fn of_url(url: &str, own_url: &str) -> Result<Self, &'static str> {
        if let Some(id) = own_medium(url, own_url) {
            return Ok(Self::medium(id));
        }
        if let Some(id) = youtube_link(url) {
            return Ok(Self::youtube(id));
        }
        let is_own = url.strip_prefix(own_url).is_some_and(|rest| rest.starts_with('/'));
        if !is_url(url) || !(is_own || split(url).is_some()) {
            return Err("An https URL of a media file or a playlist.");
        }
        Ok(Self { provider: URL.to_owned(), video_id: url.to_owned() })
    }

    /// The medium, if it was uploaded here.
    pub fn media_id(&self) -> Option<MediaId> {
        if self.provider == MEDIA { self.video_id.parse().ok() } else { None }
    }

    /// Where a player finds it, if that is known; `own_url` is where clients reach this Parlor.
    pub fn url(&self, own_url: &str) -> Option<String> {
        match self.provider.as_str() {
            MEDIA => Some(format!("{own_url}/media_get/?media_id={}", self.video_id)),
            URL => Some(self.video_id.clone()),
            YOUTUBE => Some(format!("https://www.youtube-nocookie.com/embed/{}", self.video_id)),
            _ => None,
        }
    }

    /// What names it in every room.
    pub fn name(&self) -> String {
        format!("{}:{}", self.provider, self.video_id)
    }
}

fn is_provider(text: &str) -> bool {
    let known = |byte: u8| byte.is_ascii_alphanumeric() || b"_-".contains(&byte);
    (1..=MAX_PROVIDER).contains(&text.len()) && text.bytes().all(known)
}

/// The medium that a URL of our own leads to by its id.
fn own_medium(url: &str, own_url: &str) -> Option<MediaId> {
    let query = url.strip_prefix(own_url)?.trim_start_matches("/media_get").trim_start_matches('/');
    parameter(query.strip_prefix('?')?, "media_id")?.parse().ok()
}

/// Host, path and query of an `https` URL without credentials.
fn split(url: &str) -> Option<(String, &str, &str)> {
    let (scheme, rest) = url.split_at_checked("https://".len())?;
    let rest = rest.split('#').next()?;
    let (before, query) = rest.split_once('?').unwrap_or((rest, ""));
    let (authority, path) = before.split_once('/').unwrap_or((before, ""));
    let host = authority.split(':').next()?;
    let is_plain = scheme.eq_ignore_ascii_case("https://") && !authority.contains('@') && !host.is_empty();
    is_plain.then(|| (host.to_ascii_lowercase(), path, query))
}

fn parameter<'a>(query: &'a str, name: &str) -> Option<&'a str> {
    query.split('&').find_map(|pair| pair.strip_prefix(name)?.strip_prefix('='))
}

/// The id of a video that is named by it, or by a link.
fn youtube_id(text: &str) -> Option<&str> {
    if is_youtube_id(text) { Some(text) } else { youtube_link(text) }
}

fn youtube_link(url: &str) -> Option<&str> {
    let (host, path, query) = split(url)?;
    let mut parts = path.split('/');
    let first = parts.next().unwrap_or_default();
    let id = match host.as_str() {
        "youtu.be" => Some(first),
        "youtube.com"
        | "www.youtube.com"
        | "m.youtube.com"
        | "music.youtube.com"
        | "youtube-nocookie.com"
        | "www.youtube-nocookie.com" => match first {
            "watch" => parameter(query, "v"),
            "embed" | "shorts" | "live" | "v" => parts.next(),
            _ => None,
        },
        _ => None,
    };
    id.filter(|id| is_youtube_id(id))
}

fn is_youtube_id(text: &str) -> bool {
    text.len() == YOUTUBE_ID && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"_-".contains(&byte))
}

#[cfg(test)]
mod tests {
    use super::*;

    const HERE: &str = "http://localhost:8000";
    const ID: &str = "904cb473-5d17-4885-9363-46f466a7d140";

    fn url(url: &str) -> Result<String, (&'static str, &'static str)> {
        Source::read(&MediaSource::Url(url.to_owned()), HERE).map(|source| source.name())
    }

    fn video(provider: &str, video_id: &str) -> Result<String, (&'static str, &'static str)> {
        let video = MediaSource::Video { provider: provider.to_owned(), video_id: video_id.to_owned() };
        Source::read(&video, HERE).map(|source| source.name())
    }

    #[test]
    fn every_link_to_a_video_of_youtube_is_read_into_its_id() {
        for link in [
            "https://www.youtube.com/watch?v=dQw4w9WgXcQ",
            "https://youtube.com/watch?list=x&v=dQw4w9WgXcQ&t=3",
            "https://m.youtube.com/watch?v=dQw4w9WgXcQ#t=3",
            "https://youtu.be/dQw4w9WgXcQ?si=x",
            "https://www.youtube.com/shorts/dQw4w9WgXcQ",
            "https://www.youtube-nocookie.com/embed/dQw4w9WgXcQ",
            "HTTPS://WWW.YouTube.com/live/dQw4w9WgXcQ",
        ] {
            assert_eq!(url(link), Ok("youtube:dQw4w9WgXcQ".into()), "{link}");
            assert_eq!(video("YouTube", link), Ok("youtube:dQw4w9WgXcQ".into()), "{link}");
        }
        assert_eq!(video("youtube", "dQw4w9WgXcQ"), Ok("youtube:dQw4w9WgXcQ".into()));
        for other in ["https://youtube.com.evil.org/watch?v=dQw4w9WgXcQ", "https://www.youtube.com/feed"] {
            assert_eq!(url(other), Ok(format!("url:{other}")));
            assert!(video("youtube", other).is_err());
        }
    }

    #[test]
    fn a_medium_is_known_by_its_id_and_by_our_own_url() {
        let medium = Ok(format!("media:{ID}"));
        assert_eq!(Source::read(&MediaSource::Medium(ID.parse().unwrap()), HERE).map(|s| s.name()), medium);
        assert_eq!(url(&format!("{HERE}/media_get/?media_id={ID}")), medium);
        assert_eq!(video("media", ID), medium);
        assert!(video("media", "x").is_err());
        let source = Source::medium(ID.parse().unwrap());
        assert_eq!(source.url(HERE), Some(format!("{HERE}/media_get/?media_id={ID}")));
    }

    #[test]
    fn only_https_and_our_own_urls_are_played() {
        for good in
            ["https://example.org/film.mp4", "https://[::1]:8000/a.m3u8", "http://localhost:8000/media/x"]
        {
            assert_eq!(url(good), Ok(format!("url:{good}")));
        }
        for bad in [
            "http://example.org/film.mp4",
            "http://localhost:80001/x",
            "javascript:alert(1)",
            "https://",
            "https:///film",
            "https://ann:secret@example.org/",
            "film.mp4",
            "",
        ] {
            assert_eq!(url(bad).unwrap_err().0, "url", "{bad}");
            assert_eq!(video("url", bad).unwrap_err().0, "video_id", "{bad}");
        }
    }

    #[test]
    fn other_providers_keep_their_ids() {
        assert_eq!(video("Vimeo", "76979871"), Ok("vimeo:76979871".into()));
        assert_eq!(video("vi meo", "1").unwrap_err().0, "provider");
        let source = Source { provider: "vimeo".into(), video_id: "1".into() };
        assert_eq!(source.url(HERE), None);
    }
}
