//! Forms with one file, whose bytes go to the store while they come.

use std::io;

use bytes::Bytes;
use futures_util::StreamExt as _;
use futures_util::future::join;
use futures_util::stream;
use tokio::sync::mpsc;

use crate::app::upload_medium::{self, StoredFile};
use crate::app::{App, AppError};
use crate::inbound::http::error::HttpError;
use crate::inbound::http::media::bounded_multipart::{BoundedField, BoundedMultipart};
use crate::inbound::http::media::upload_fields::{MAX_FIELDS_BYTES, UploadFields};

/// What boundaries and headers of all parts may take together, in bytes.
const MAX_FRAMING: u64 = 256 * 1024;
/// Pieces of a body that are on their way from the connection to the store at once.
const PIECES_UNDER_WAY: usize = 4;

/// The part in which a form has its file.
#[derive(Debug, Clone, Copy)]
pub(in crate::inbound::http) struct FilePart {
    /// Its name.
    pub(in crate::inbound::http) name: &'static str,
    /// Whether it is a field like others if it names no file.
    pub(in crate::inbound::http) may_be_text: bool,
    /// Whether its bytes are read and not stored: they were stored before.
    pub(in crate::inbound::http) is_known: bool,
}

/// What a form holds.
#[derive(Default)]
pub(in crate::inbound::http) struct FileForm {
    /// Its file.
    pub(in crate::inbound::http) file: Option<StoredFile>,
    /// Its other fields.
    pub(in crate::inbound::http) fields: UploadFields,
}

/// The largest form with a file, in bytes.
pub(in crate::inbound::http) fn largest(app: &App) -> u64 {
    app.settings().max_upload_bytes.saturating_add(MAX_FIELDS_BYTES as u64 + MAX_FRAMING)
}

impl FileForm {
    /// Reads a form to its end. One that is refused leaves nothing behind.
    pub(in crate::inbound::http) async fn read(
        app: &App,
        multipart: &mut BoundedMultipart,
        part: FilePart,
    ) -> Result<Self, HttpError> {
        let mut form = Self::default();
        match form.take_in(app, multipart, part).await {
            Ok(()) => Ok(form),
            Err(error) => {
                if let Some(file) = form.file {
                    upload_medium::discard(app, file).await;
                }
                Err(error)
            }
        }
    }

    async fn take_in(
        &mut self,
        app: &App,
        multipart: &mut BoundedMultipart,
        part: FilePart,
    ) -> Result<(), HttpError> {
        while let Some(mut field) = multipart.next_field().await? {
            match field.name() {
                Some(name) if name == part.name && is_file(&field, part) => {
                    if self.file.is_some() {
                        return Err(HttpError::field(part.name, "Send one file at a time."));
                    }
                    match part.is_known {
                        true => while field.chunk().await?.is_some() {},
                        false => self.file = Some(store(app, field).await?),
                    }
                }
                Some(name) if name != part.name && field.file_name().is_some() => {
                    let why = format!("Send one file, in the part named \"{}\".", part.name);
                    return Err(HttpError::field(part.name, why));
                }
                Some(_) => self.keep(field).await?,
                None => return Err(HttpError::malformed("A part of the body has no name.")),
            }
        }
        Ok(())
    }

    async fn keep(&mut self, mut field: BoundedField<'_>) -> Result<(), HttpError> {
        let name = field.name().unwrap_or_default().to_owned();
        let left = self.fields.room_for(&name)?;
        let value = field.text(left).await?.ok_or_else(UploadFields::too_long)?;
        self.fields.keep(name, value)
    }
}

/// A file input that was left empty sends a file without a name.
fn is_file(field: &BoundedField<'_>, part: FilePart) -> bool {
    !part.may_be_text || field.file_name().is_some_and(|name| !name.is_empty())
}

/// Hands a part's bytes to the store while they come: the part lives only as long as we read it here.
async fn store(app: &App, mut field: BoundedField<'_>) -> Result<StoredFile, HttpError> {
    let (filename, declared) =
        (field.file_name().unwrap_or_default().into_owned(), field.content_type().map(str::to_owned));
    let (sender, receiver) = mpsc::channel::<io::Result<Bytes>>(PIECES_UNDER_WAY);
    let body =
        stream::unfold(receiver, async |mut receiver| Some((receiver.recv().await?, receiver))).boxed();
    let pump = async move {
        loop {
            match field.chunk().await {
                Ok(None) => return None,
                // A store that stops listening has its own reason, which it answers.
                Ok(Some(piece)) => sender.send(Ok(piece)).await.ok()?,
                Err(error) => {
                    let broken = io::Error::other("the body broke off");
                    return sender.send(Err(broken)).await.is_ok().then_some(error);
                }
            }
        }
    };
    let (stored, broken) = join(upload_medium::store(app, &filename, declared.as_deref(), body), pump).await;
    stored.map_err(|error| match (error, broken) {
        (AppError::MalformedBody, Some(broken)) => broken,
        (AppError::TooLarge { limit }, _) => too_large(app, limit),
        (error, _) => error.into(),
    })
}

/// The file is larger than this way takes; the other one may take more.
fn too_large(app: &App, limit: u64) -> HttpError {
    let sentence = format!("The file is larger than {limit} bytes.");
    if app.settings().max_direct_upload_bytes > limit {
        return HttpError::too_large(format!("{sentence} Upload it through POST /api/uploads/."));
    }
    HttpError::too_large(sentence)
}
