//! Names, types and audiences of media.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::PictureSize;
use crate::domain::visible_text::is_invisible;
use crate::ids::{MediaId, StoredName, UserId};
use crate::protocol::{Timestamp, timestamp};

/// The longest file name that is kept, in bytes: what file systems take.
const MAX_FILENAME: usize = 255;

/// What is kept of an uploaded medium.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Medium {
    /// Its id, known to its audience.
    pub id: MediaId,
    /// The name of its bytes, which is a secret.
    pub stored_name: StoredName,
    /// The name that its uploader gave it, cleaned.
    pub filename: String,
    /// Its type.
    pub content_type: String,
    /// Its size in bytes.
    pub size: u64,
    /// How large it is to look at, if it is a picture.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub picture: Option<PictureSize>,
    /// Its SHA-256 in lower-case hex, unless it was uploaded directly by somebody who did not say.
    pub sha256: Option<String>,
    /// Who uploaded it.
    pub owner: UserId,
    /// Who may get it.
    pub audience: Audience,
    /// What came with it.
    pub fields: BTreeMap<String, String>,
    /// When it came.
    #[serde(with = "timestamp::micros")]
    pub created_at: Timestamp,
}

/// Who may get a medium, besides the rooms in which a message shows it; fixed when it is made.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Audience {
    /// Everyone who is signed in.
    Feed,
    /// One person.
    User(UserId),
    /// Everyone: it is a face.
    Avatar,
}

impl Audience {
    /// Whether this person belongs to it. In which rooms it is shown, and to whom, isn't known here.
    pub fn admits(&self, user: UserId, owner: UserId) -> bool {
        match self {
            Self::Feed | Self::Avatar => true,
            Self::User(one) => *one == user || owner == user,
        }
    }
}

/// The last part of a path, without what can't be seen, cut to a length that file systems take; never empty.
pub fn clean_filename(name: &str) -> String {
    let last = name.rsplit(['/', '\\']).next().unwrap_or(name);
    let visible: String = last.chars().filter(|c| !is_invisible(*c)).collect();
    match visible.trim() {
        "" | "." | ".." => "file".to_owned(),
        name => shorten(name),
    }
}

/// Cuts a name in the middle, so that its extension stays.
fn shorten(name: &str) -> String {
    if name.len() <= MAX_FILENAME {
        return name.to_owned();
    }
    let (stem, extension) = name.rsplit_once('.').filter(|(_, end)| end.len() <= 20).unwrap_or((name, ""));
    let room = MAX_FILENAME - extension.len() - usize::from(!extension.is_empty());
    let stem = &stem[..stem.floor_char_boundary(room)];
    if extension.is_empty() { stem.to_owned() } else { format!("{stem}.{extension}") }
}

/// The type to keep: what the uploader says if it is well-formed and says anything, else what the name suggests.
pub fn content_type(declared: Option<&str>, filename: &str) -> String {
    let essence =
        declared.and_then(|text| text.split(';').next()).map(|text| text.trim().to_ascii_lowercase());
    match essence.filter(|text| is_media_type(text) && text != "application/octet-stream") {
        Some(essence) => essence,
        None => mime_guess::from_path(filename).first_or_octet_stream().essence_str().to_owned(),
    }
}

fn is_media_type(text: &str) -> bool {
    let part = |part: &str| {
        (1..=64).contains(&part.len())
            && part.bytes().all(|b| b.is_ascii_alphanumeric() || b"!#$&-^_.+".contains(&b))
    };
    text.split_once('/').is_some_and(|(kind, subtype)| part(kind) && part(subtype))
}

/// The type that a medium is served as: never one that a page could run or lay out by. Our own pages load scripts and styles
/// from where media are.
pub fn served_type(content_type: &str) -> &str {
    let essence = content_type.split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
    let subtype = essence.split_once('/').map_or("", |(_, subtype)| subtype);
    let is_active = subtype.ends_with("xml")
        || ["script", "html"].iter().any(|active| subtype.contains(active))
        || ["css", "wasm"].contains(&subtype);
    if is_active { "text/plain" } else { content_type }
}

/// Whether a browser may show this type by itself: raster images, audio and video. Everything else is downloaded.
pub fn is_inline(content_type: &str) -> bool {
    const RASTER: [&str; 6] =
        ["image/avif", "image/bmp", "image/gif", "image/jpeg", "image/png", "image/webp"];
    let scripted = content_type.ends_with("+xml");
    RASTER.contains(&content_type)
        || (!scripted && (content_type.starts_with("audio/") || content_type.starts_with("video/")))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn path_tricks_in_a_filename_leave_only_its_last_part() {
        assert_eq!(clean_filename("../../etc/passwd"), "passwd");
        assert_eq!(clean_filename("C:\\fake\\song.mp3"), "song.mp3");
        assert_eq!(clean_filename("so\0ng\r\n.mp3"), "song.mp3");
        assert_eq!(clean_filename("gpj.\u{202E}exe"), "gpj.exe");
        assert_eq!(clean_filename("Übung ①.mp3"), "Übung ①.mp3");
        for nothing in ["", "..", ".", "/", "a/", "\0", "  "] {
            assert_eq!(clean_filename(nothing), "file", "{nothing:?}");
        }
    }

    #[test]
    fn a_very_long_filename_is_cut_but_keeps_its_extension() {
        let long = clean_filename(&format!("{}.mp3", "é".repeat(500)));
        assert!(long.len() <= 255 && long.ends_with("é.mp3"), "{long}");
        assert_eq!(clean_filename(&"x".repeat(500)).len(), 255);
        assert_eq!(clean_filename(&format!("a.{}", "y".repeat(500))).len(), 255);
    }

    #[test]
    fn the_type_is_what_was_said_or_what_the_name_suggests() {
        assert_eq!(content_type(Some("Audio/MPEG; x=y"), "a.bin"), "audio/mpeg");
        assert_eq!(content_type(Some("application/octet-stream"), "a.mp3"), "audio/mpeg");
        assert_eq!(content_type(None, "a.png"), "image/png");
        assert_eq!(content_type(Some("no type"), "a"), "application/octet-stream");
        assert_eq!(content_type(Some("text/html\r\nX: y"), "a"), "application/octet-stream");
    }

    #[test]
    fn only_raster_images_audio_and_video_are_shown_inline() {
        assert!(["image/png", "audio/mpeg", "video/mp4"].into_iter().all(is_inline));
        assert!(
            !["image/svg+xml", "text/html", "application/pdf", "text/plain", "audio/x+xml"]
                .into_iter()
                .any(is_inline)
        );
    }

    #[test]
    fn what_a_page_could_run_is_served_as_plain_text() {
        for active in [
            "text/javascript",
            "application/javascript",
            "Application/X-JavaScript; charset=utf-8",
            "text/ecmascript",
            "text/jscript",
            "text/livescript",
            "text/vbscript",
            "text/html",
            "application/xhtml+xml",
            "image/svg+xml",
            "text/xml",
            "application/wasm",
            "text/css",
        ] {
            assert_eq!(served_type(active), "text/plain", "{active}");
        }
        for inert in [
            "audio/mpeg",
            "image/png",
            "text/vtt",
            "application/json",
            "application/vnd.openxmlformats-officedocument.a",
        ] {
            assert_eq!(served_type(inert), inert);
        }
    }

    #[test]
    fn a_person_gets_what_is_for_them() {
        let (ann, bob) = (UserId(1), UserId(2));
        assert!(Audience::Feed.admits(bob, ann) && Audience::Avatar.admits(bob, ann));
        assert!(Audience::User(bob).admits(bob, ann) && Audience::User(bob).admits(ann, ann));
        assert!(!Audience::User(ann).admits(bob, ann));
    }
}
