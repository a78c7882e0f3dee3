//! Something to watch, as bodies name it.

use serde::Deserialize;

use crate::inbound::http::error::HttpError;
use crate::inbound::http::rooms::fields::{Loose, read};
use crate::openapi_macros::ToSchema;
use crate::protocol::{MAX_TIME, MediaChoice, MediaSource, is_label, is_url};

/// Something to watch: `media_id`, or `provider` and `video_id`, or `url`.
#[derive(Deserialize, ToSchema)]
pub(in crate::inbound::http) struct ChoiceInput {
    /// A medium that was uploaded here.
    media_id: Option<Loose>,
    /// Who has it: `youtube`, `url` …
    provider: Option<Loose>,
    /// What the provider calls it.
    video_id: Option<Loose>,
    /// Its URL, or a link to it at a provider.
    url: Option<Loose>,
    /// Its title.
    title: Option<Loose>,
    /// Its length in seconds.
    duration: Option<Loose>,
}

impl ChoiceInput {
    /// What is chosen.
    pub(in crate::inbound::http) fn choice(&self) -> Result<MediaChoice, HttpError> {
        Ok(MediaChoice { source: self.source()?, title: self.title()?, duration: self.duration()? })
    }

    fn source(&self) -> Result<MediaSource, HttpError> {
        if let Some(id) = read("media_id", self.media_id.as_ref())? {
            return Ok(MediaSource::Medium(id));
        }
        if let Some(provider) = text("provider", self.provider.as_ref(), is_label)? {
            let video_id = text("video_id", self.video_id.as_ref(), is_url)?;
            let video_id = video_id.ok_or_else(|| HttpError::field("video_id", "This is missing."))?;
            return Ok(MediaSource::Video { provider, video_id });
        }
        let url = text("url", self.url.as_ref(), is_url)?;
        let missing = || HttpError::field("url", "Say what: media_id, provider and video_id, or url.");
        url.map(MediaSource::Url).ok_or_else(missing)
    }

    fn title(&self) -> Result<Option<String>, HttpError> {
        text("title", self.title.as_ref(), is_label)
    }

    fn duration(&self) -> Result<Option<f64>, HttpError> {
        let duration: Option<f64> = read("duration", self.duration.as_ref())?;
        match duration.filter(|seconds| !(0.0..=MAX_TIME).contains(seconds)) {
            Some(_) => Err(HttpError::field("duration", "Seconds, from 0 to a year.")),
            None => Ok(duration),
        }
    }
}

fn text(
    field: &'static str,
    value: Option<&Loose>,
    is_good: fn(&str) -> bool,
) -> Result<Option<String>, HttpError> {
    let text = value.map(|value| value.name(field)).transpose()?.flatten();
    match text {
        Some(text) if !is_good(&text) => Err(HttpError::field(field, "This can't be read.")),
        text => Ok(text),
    }
}
