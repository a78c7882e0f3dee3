//! `POST /media_post/`: a file comes in, streamed from the connection to its store.

use std::collections::BTreeMap;
use std::io;
use std::sync::Arc;

use axum::Json;
use axum::extract::{Request, State};
use axum::http::HeaderMap;
use bytes::Bytes;
use futures_util::StreamExt as _;
use futures_util::future::join;
use futures_util::stream;
use serde::Serialize;
use tokio::sync::mpsc;

use crate::app::upload_medium::{self, StoredFile};
use crate::app::{App, AppError};
use crate::domain::media::Medium;
use crate::ids::MediaId;
use crate::inbound::http::error::HttpError;
use crate::inbound::http::media::bounded_multipart::{BoundedField, BoundedMultipart};
use crate::inbound::http::media::upload_fields::{MAX_FIELDS_BYTES, UploadFields, idempotency_key};
use crate::inbound::http::signed_in::SignedIn;
use crate::openapi_macros::{self, ToSchema};

/// What boundaries and headers of all parts may take together, in bytes.
const MAX_FRAMING: u64 = 256 * 1024;
/// Pieces of a body that are on their way from the connection to the store at once.
const PIECES_UNDER_WAY: usize = 4;

/// What comes in, for the description of the call: the form is read part by part.
#[derive(ToSchema)]
#[expect(dead_code, reason = "its fields are described, not read")]
pub(in crate::inbound::http) struct MediaForm {
    /// The file.
    #[schema(value_type = String, format = Binary)]
    file: Vec<u8>,
    /// Any other fields, which are kept with the medium: at most 64, and 64 KB together.
    #[serde(flatten)]
    fields: BTreeMap<String, String>,
}

/// What the uploader's client reads.
#[derive(Serialize, ToSchema)]
pub(in crate::inbound::http) struct SavedFile {
    /// `File saved`
    status: &'static str,
    /// The medium's id.
    #[schema(value_type = uuid::Uuid)]
    media_id: MediaId,
    /// The name of the file.
    filename: String,
    /// Its URL, for whoever knows it.
    saved_to: String,
    /// The fields that came along, but for those with a name of ours.
    #[serde(flatten)]
    fields: BTreeMap<String, String>,
}

/// Takes in a file and tells the feed about it.
///
/// A random one to ten seconds later every socket of the feed is told to play it. A request that is refused leaves nothing
/// behind.
#[openapi_macros::path(
    post, path = "/media_post/", operation_id = "upload_medium", tag = "Media",
    request_body(content = MediaForm, content_type = "multipart/form-data"),
    params(("Idempotency-Key" = Option<String>, Header, description = "Makes it safe to repeat: 1 to 200 visible characters")),
    responses(
        (status = 200, description = "It is stored", body = SavedFile),
        (status = 409, description = "The same request is under way (`CONFLICT`)"),
    ),
)]
pub(in crate::inbound::http) async fn media_post(
    State(app): State<Arc<App>>,
    SignedIn(identity): SignedIn,
    headers: HeaderMap,
    request: Request,
) -> Result<Json<SavedFile>, HttpError> {
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

/// Its own fields never override ours.
fn answer(app: &App, medium: Medium) -> SavedFile {
    let mut fields = medium.fields;
    fields.retain(|name, _| !["status", "media_id", "filename", "saved_to"].contains(&name.as_str()));
    let saved_to = format!("{}/media/{}", app.settings().public_url, medium.stored_name);
    SavedFile { status: "File saved", media_id: medium.id, filename: medium.filename, saved_to, fields }
}
