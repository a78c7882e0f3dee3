//! `POST /media_post/`: a file comes in, streamed from the connection to its store.

use std::collections::BTreeMap;
use std::sync::Arc;

use axum::Json;
use axum::extract::{Request, State};
use axum::http::HeaderMap;
use serde::Serialize;

use crate::app::{App, upload_medium};
use crate::domain::media::Medium;
use crate::ids::MediaId;
use crate::inbound::http::error::HttpError;
use crate::inbound::http::media::bounded_multipart::BoundedMultipart;
use crate::inbound::http::media::file_form::{self, FileForm, FilePart};
use crate::inbound::http::media::upload_fields::idempotency_key;
use crate::inbound::http::signed_in::SignedIn;
use crate::openapi_macros::{self, ToSchema};

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
    let multipart = BoundedMultipart::new(request, file_form::largest(&app)).await;
    let mut multipart =
        multipart.ok_or_else(|| HttpError::unsupported("Send multipart/form-data with a file."))?;
    let request = idempotency_key(&headers)?;
    if let Some(medium) = upload_medium::repeated(&app, identity.user, request).await? {
        multipart.drain().await?;
        return Ok(Json(answer(&app, medium)));
    }
    let part = FilePart { name: "file", may_be_text: false, is_known: false };
    let FileForm { file, fields } = FileForm::read(&app, &mut multipart, part).await?;
    let file = file.ok_or_else(|| HttpError::field("file", "Send the file in a part named \"file\"."))?;
    let medium = upload_medium::accept(&app, identity.user, file, fields.into_map(), request).await?;
    Ok(Json(answer(&app, medium)))
}

/// Its own fields never override ours.
fn answer(app: &App, medium: Medium) -> SavedFile {
    let mut fields = medium.fields;
    fields.retain(|name, _| !["status", "media_id", "filename", "saved_to"].contains(&name.as_str()));
    let saved_to = format!("{}/media/{}", app.settings().public_url, medium.stored_name);
    SavedFile { status: "File saved", media_id: medium.id, filename: medium.filename, saved_to, fields }
}
