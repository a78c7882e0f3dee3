//! `POST /media_post/`: a file comes in, streamed from the connection to its store.

use std::io;
use std::sync::Arc;

use axum::Json;
use axum::extract::{Request, State};
use axum::http::HeaderMap;
use bytes::Bytes;
use futures_util::StreamExt as _;
use futures_util::future::join;
use futures_util::stream;
use serde_json::{Map, Value};
use tokio::sync::mpsc;

use super::bounded_multipart::{BoundedField, BoundedMultipart};
use super::error::HttpError;
use super::signed_in::SignedIn;
use super::upload_fields::{MAX_FIELDS_BYTES, UploadFields, idempotency_key};
use crate::app::upload_medium::{self, StoredFile};
use crate::app::{App, AppError};
use crate::domain::media::Medium;

/// What boundaries and headers of all parts may take together, in bytes.
const MAX_FRAMING: u64 = 256 * 1024;
/// Pieces of a body that are on their way from the connection to the store at once.
const PIECES_UNDER_WAY: usize = 4;

/// Stores a file and answers where it is. A request that is refused leaves nothing behind.
pub(super) async fn media_post(
    State(app): State<Arc<App>>,
    SignedIn(identity): SignedIn,
    headers: HeaderMap,
    request: Request,
) -> Result<Json<Value>, HttpError> {
    let limit = app.settings().max_upload_bytes.saturating_add(MAX_FIELDS_BYTES as u64 + MAX_FRAMING);
    let multipart = BoundedMultipart::new(request, limit).await;
    let mut multipart =
        multipart.ok_or_else(|| HttpError::unsupported("Send multipart/form-data with a file."))?;
    let request = idempotency_key(&headers)?;
    if let Some(medium) = upload_medium::repeated(&app, identity.user, request).await? {
        multipart.drain().await?;
        return Ok(Json(answer(&app, medium)));
    }
    let mut form = UploadForm::default();
    if let Err(error) = form.read(&app, &mut multipart).await {
        form.discard(&app).await;
        return Err(error);
    }
    let UploadForm { file, fields } = form;
    let file = file.ok_or_else(|| HttpError::field("file", "Send the file in a part named \"file\"."))?;
    let medium = upload_medium::accept(&app, identity.user, file, fields.into_map(), request).await?;
    Ok(Json(answer(&app, medium)))
}

/// What came in so far.
#[derive(Default)]
struct UploadForm {
    file: Option<StoredFile>,
    fields: UploadFields,
}

impl UploadForm {
    async fn read(&mut self, app: &App, multipart: &mut BoundedMultipart) -> Result<(), HttpError> {
        while let Some(field) = multipart.next_field().await? {
            match field.name() {
                Some("file") if self.file.is_some() => {
                    return Err(HttpError::field("file", "Send one file at a time."));
                }
                Some("file") => self.file = Some(store(app, field).await?),
                Some(_) if field.file_name().is_some() => {
                    return Err(HttpError::field("file", "Send one file, in the part named \"file\"."));
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

    async fn discard(self, app: &App) {
        if let Some(file) = self.file {
            upload_medium::discard(app, file).await;
        }
    }
}

/// Hands a part's bytes to the store while they come: the part lives only as long as we read it here.
async fn store(app: &App, mut field: BoundedField<'_>) -> Result<StoredFile, HttpError> {
    let (filename, declared) =
        (field.file_name().unwrap_or_default().to_owned(), field.content_type().map(str::to_owned));
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

/// What the uploader's client reads; its own fields never override ours.
fn answer(app: &App, medium: Medium) -> Value {
    let mut answer: Map<String, Value> =
        medium.fields.into_iter().map(|(name, value)| (name, value.into())).collect();
    answer.insert("status".to_owned(), "File saved".into());
    answer.insert("media_id".to_owned(), medium.id.to_string().into());
    answer.insert("filename".to_owned(), medium.filename.into());
    let url = format!("{}/media/{}", app.settings().public_url, medium.stored_name);
    answer.insert("saved_to".to_owned(), url.into());
    answer.into()
}
