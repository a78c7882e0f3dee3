//! What was uploaded here, and the sounds that come with the program.

use async_trait::async_trait;
use bytes::{Bytes, BytesMut};
use futures_util::StreamExt as _;

use super::MediaProvider;
use super::ranges::{BEGINNING, Part, Ranges, duration};
use crate::app::{App, AppError};
use crate::domain::media::Medium;
use crate::domain::predefined_audio;
use crate::domain::watch::{Figures, Format, Source};
use crate::store::Media;

/// Our own media.
pub(super) struct OwnMedia;

#[async_trait]
impl MediaProvider for OwnMedia {
    fn has(&self, source: &Source) -> bool {
        source.media_id().is_some()
    }

    async fn figures(&self, app: &App, source: &Source) -> Result<Figures, AppError> {
        let Some(id) = source.media_id() else { return Ok(Figures::default()) };
        if let Some(audio) = predefined_audio::find(id) {
            return Ok(figures(audio.filename, &InProgram(audio.bytes)).await);
        }
        match Media(&*app.ports.table).get(id).await? {
            Some(medium) => Ok(figures(&medium.filename, &InStore { app, medium: &medium }).await),
            None => Ok(Figures::default()),
        }
    }
}

async fn figures(filename: &str, file: &dyn Ranges) -> Figures {
    let seconds = async {
        let beginning = file.read(0, BEGINNING).await?;
        let format = Format::of(&beginning.bytes)?;
        duration(file, format, beginning).await
    };
    Figures { title: Some(filename.to_owned()), duration: seconds.await, poster: None }
}

struct InProgram(&'static [u8]);

#[async_trait]
impl Ranges for InProgram {
    async fn read(&self, at: u64, length: usize) -> Option<Part> {
        let rest = self.0.get(usize::try_from(at).ok()?..)?;
        let bytes = Bytes::from_static(&rest[..rest.len().min(length)]);
        Some(Part { bytes, size: Some(self.0.len() as u64) })
    }
}

struct InStore<'a> {
    app: &'a App,
    medium: &'a Medium,
}

#[async_trait]
impl Ranges for InStore<'_> {
    async fn read(&self, at: u64, length: usize) -> Option<Part> {
        let size = self.medium.size;
        let last = size.checked_sub(1)?.min(at.checked_add(length as u64)?.checked_sub(1)?);
        if at > last {
            return None;
        }
        let mut stream = self.app.ports.media.get(&self.medium.stored_name, Some(at..=last)).await.ok()?;
        let mut bytes = BytesMut::new();
        while let Some(piece) = stream.next().await {
            bytes.extend_from_slice(&piece.ok()?);
        }
        Some(Part { bytes: bytes.freeze(), size: Some(size) })
    }
}
