//! What says something and may bring a file along: JSON and forms of any kind.

use axum::extract::{DefaultBodyLimit, FromRequest as _, Request};
use axum::http::header::CONTENT_TYPE;
use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::Value;

use crate::app::{self, App, SentFile, upload_medium};
use crate::ids::{RoomCode, UserId};
use crate::inbound::http::MAX_BODY;
use crate::inbound::http::error::HttpError;
use crate::inbound::http::input::Input;
use crate::inbound::http::media::bounded_multipart::BoundedMultipart;
use crate::inbound::http::media::file_form::{self, FileForm, FilePart};
use crate::inbound::http::media::upload_fields::idempotency_key;
use crate::inbound::http::rooms::fields::{ReceiverName, RoomName};
use crate::openapi_macros::ToSchema;

/// What a client sent.
pub(super) struct SentForm<T> {
    /// Its fields.
    pub(super) input: T,
    /// Its file.
    pub(super) file: Option<SentFile>,
    /// By what the same request is known again.
    pub(super) key: Option<String>,
}

impl<T: DeserializeOwned> SentForm<T> {
    /// Reads a body. One that is refused leaves nothing behind.
    pub(super) async fn read(
        app: &App,
        user: UserId,
        (name, may_be_text): (&'static str, bool),
        mut request: Request,
    ) -> Result<Self, HttpError> {
        let key = idempotency_key(request.headers())?.map(str::to_owned);
        if !is_multipart(&request) {
            DefaultBodyLimit::max(MAX_BODY).apply(&mut request);
            let Input(input) = Input::from_request(request, &()).await?;
            return Ok(Self { input, file: None, key });
        }
        let known = upload_medium::made_before(app, user, key.as_deref()).await?;
        let multipart = BoundedMultipart::new(request, file_form::largest(app)).await;
        let mut multipart = multipart.ok_or_else(|| {
            HttpError::malformed("The multipart body names no boundary, or a very long one.")
        })?;
        let part = FilePart { name, may_be_text, is_known: known.is_some() };
        let FileForm { file, fields } = FileForm::read(app, &mut multipart, part).await?;
        let file = known.map(|medium| SentFile::Known(Box::new(medium))).or(file.map(SentFile::New));
        let fields = fields.into_map().into_iter().map(|(name, value)| (name, Value::String(value)));
        match serde_json::from_value(Value::Object(fields.collect())) {
            Ok(input) => Ok(Self { input, file, key }),
            Err(_) => {
                discard(app, file).await;
                Err(HttpError::malformed("A field of the body has the wrong type."))
            }
        }
    }
}

fn is_multipart(request: &Request) -> bool {
    let kind = request.headers().get(CONTENT_TYPE).map(|kind| kind.as_bytes()).unwrap_or_default();
    kind.to_ascii_lowercase().starts_with(b"multipart/form-data")
}

/// Takes the file of a request away that is refused.
pub(super) async fn discard(app: &App, file: Option<SentFile>) {
    if let Some(SentFile::New(file)) = file {
        upload_medium::discard(app, file).await;
    }
}

/// To whom something is said.
#[derive(Deserialize, ToSchema)]
pub(in crate::inbound::http) struct Recipient {
    #[serde(flatten)]
    room: RoomName,
    #[serde(flatten)]
    receiver: ReceiverName,
}

impl Recipient {
    /// Where it is said: in a room, or in the conversation with a person. If neither is named, that is refused.
    pub(super) async fn room(&self, app: &App, user: UserId) -> Result<RoomCode, HttpError> {
        let (room, receiver) = (self.room.code()?, self.receiver.person()?);
        Ok(app::recipient(app, user, room, receiver.as_ref()).await?)
    }

    /// Whether anybody is named.
    pub(super) fn is_named(&self) -> Result<bool, HttpError> {
        Ok(self.room.code()?.is_some() || self.receiver.person()?.is_some())
    }
}
