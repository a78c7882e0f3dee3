//! What a watch room's sockets understand: chat, playback, the queue, moderation.

use serde_json::value::RawValue;

use super::fields::{Field, Fields, as_text};
use super::request::{Refusal, check_room};
use super::{ChatCommand, Request, values};
use crate::ids::{MediaId, UserId};
use crate::protocol::{Timestamp, is_label};

/// What a client wants in a watch room.
#[derive(Debug, Clone, PartialEq)]
pub enum WatchCommand {
    /// Something of the chat.
    Chat(ChatCommand),
    /// To play from a position on.
    Play {
        /// The position in seconds.
        time: f64,
    },
    /// To stop at a position.
    Pause {
        /// The position in seconds.
        time: f64,
    },
    /// To go to a position.
    Seek {
        /// The position in seconds.
        time: f64,
    },
    /// To play faster or slower.
    SetRate {
        /// How fast, from 0.25 to 2.
        rate: f64,
    },
    /// To watch something else.
    SetMedia(MediaChoice),
    /// To watch something later.
    QueueAdd(MediaChoice),
    /// To watch something not at all.
    QueueRemove {
        /// Which item of the queue.
        item: String,
    },
    /// To watch something sooner or later.
    QueueMove {
        /// Which item of the queue.
        item: String,
        /// Before which other one; none for the end.
        before: Option<String>,
    },
    /// To watch the next item of the queue.
    QueueNext,
    /// To say that one is ready.
    Ready {
        /// For which version of the playback.
        version: u64,
    },
    /// To compare positions.
    SyncCheck(SyncCheck),
    /// To note what happens in one's player.
    PlayerEvent(PlayerEvent),
    /// To silence somebody.
    Mute {
        /// Whom.
        user: UserId,
        /// For how long; if not said, until they are unmuted.
        seconds: Option<u32>,
    },
    /// To close somebody's sockets here.
    Kick {
        /// Whose.
        user: UserId,
    },
    /// To keep somebody out.
    Ban {
        /// Whom.
        user: UserId,
    },
}

/// What is to be watched.
#[derive(Debug, Clone, PartialEq)]
pub struct MediaChoice {
    /// Where it is.
    pub source: MediaSource,
    /// Its title.
    pub title: Option<String>,
    /// Its length in seconds.
    pub duration: Option<f64>,
}

/// Where something to watch is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum MediaSource {
    /// It was uploaded here.
    Medium(MediaId),
    /// A provider has it.
    Video {
        /// Which one.
        provider: String,
        /// What the provider calls it.
        video_id: String,
    },
    /// It has this URL.
    Url(String),
}

/// Where a client's player is.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct SyncCheck {
    /// Its position in seconds.
    pub client_time: f64,
    /// When it was there, in server time as the client estimates it.
    pub client_sent_at: Option<Timestamp>,
}

/// What happened in a client's player. Players send all sorts of numbers: those that can't be are taken for missing.
#[derive(Debug, Clone, PartialEq)]
pub struct PlayerEvent {
    /// What: `play`, `pause`, `timeupdate`, `ended` …
    pub event: String,
    /// Its position in seconds.
    pub current_time: Option<f64>,
    /// The length of what is played, in seconds.
    pub duration: Option<f64>,
    /// How much of it has been played, in percent.
    pub progress: Option<f64>,
    /// Which item is played.
    pub item: Option<String>,
}

impl WatchCommand {
    /// Reads a message.
    pub fn parse(text: &str) -> Request<Self> {
        Request::parse(text, Self::interpret)
    }

    fn interpret(name: &str, fields: &Fields<'_>) -> Result<Self, Refusal> {
        let time = || fields.required(Field::Time, values::seconds);
        let item = || fields.required(Field::Item, values::item);
        let user = || fields.required(Field::UserId, values::user_id);
        let command = match name {
            "play" => Self::Play { time: time()? },
            "pause" => Self::Pause { time: time()? },
            "seek" => Self::Seek { time: time()? },
            "set_rate" => Self::SetRate { rate: fields.required(Field::Rate, values::rate)? },
            "set_media" => Self::SetMedia(MediaChoice::read(fields)?),
            "queue_add" => Self::QueueAdd(MediaChoice::read(fields)?),
            "queue_remove" => Self::QueueRemove { item: item()? },
            "queue_move" => {
                Self::QueueMove { item: item()?, before: fields.optional(Field::Before, values::item)? }
            }
            "queue_next" => Self::QueueNext,
            "ready" => Self::Ready { version: fields.required(Field::Version, values::version)? },
            "sync_check" => Self::SyncCheck(SyncCheck::read(fields)?),
            "player_event" => Self::PlayerEvent(PlayerEvent::read(fields)?),
            "mute_user" => {
                Self::Mute { user: user()?, seconds: fields.optional(Field::Seconds, values::mute_seconds)? }
            }
            "kick_user" => Self::Kick { user: user()? },
            "ban_user" => Self::Ban { user: user()? },
            _ => return ChatCommand::interpret(name, fields).map(Self::Chat),
        };
        check_room(fields)?;
        Ok(command)
    }
}

impl MediaChoice {
    fn read(fields: &Fields<'_>) -> Result<Self, Refusal> {
        Ok(Self {
            source: MediaSource::read(fields)?,
            title: fields.optional(Field::Title, values::label)?,
            duration: fields.optional(Field::Duration, values::seconds)?,
        })
    }
}

impl MediaSource {
    fn read(fields: &Fields<'_>) -> Result<Self, Refusal> {
        if let Some(id) = fields.optional(Field::MediaId, values::media_id)? {
            return Ok(Self::Medium(id));
        }
        if let Some(provider) = fields.optional(Field::Provider, values::label)? {
            // Where the provider is `url`, the video's id is one.
            return Ok(Self::Video { provider, video_id: fields.required(Field::VideoId, values::url)? });
        }
        match fields.optional(Field::Url, values::url)? {
            Some(url) => Ok(Self::Url(url)),
            None => {
                Err(Refusal::field(Field::Url.name(), "Say what: media_id, provider and video_id, or url."))
            }
        }
    }
}

impl SyncCheck {
    fn read(fields: &Fields<'_>) -> Result<Self, Refusal> {
        Ok(Self {
            client_time: fields.required(Field::ClientTime, values::seconds)?,
            client_sent_at: fields.optional(Field::ClientSentAt, values::moment)?,
        })
    }
}

impl PlayerEvent {
    fn read(fields: &Fields<'_>) -> Result<Self, Refusal> {
        let data = fields.required(Field::Data, |value: &RawValue| Ok(value.to_owned()))?;
        let data = Fields::parse(data.get()).ok_or(Refusal::field("data", "This is an object."))?;
        let event = data.get(Field::Event).and_then(as_text).filter(|event| is_label(event));
        let event = event.ok_or(Refusal::field("data", "This has an `event`, a text."))?;
        let number = |field| data.get(field).and_then(|value| values::seconds(value).ok());
        Ok(Self {
            event: event.into_owned(),
            current_time: number(Field::CurrentTime),
            duration: number(Field::Duration),
            progress: number(Field::Progress),
            item: fields.optional(Field::Item, values::item)?,
        })
    }
}
