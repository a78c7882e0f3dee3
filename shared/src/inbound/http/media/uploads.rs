//! `POST /api/uploads/`: leave to put a file into the store directly, for files that no function could take.

use std::collections::BTreeMap;
use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use axum::http::HeaderMap;
use axum::http::header::{CACHE_CONTROL, HeaderName};
use serde::Serialize;
use serde_json::{Map, Value};

use crate::app::{self, AnnouncedFile, App, DirectUpload};
use crate::ids::MediaId;
use crate::inbound::http::error::HttpError;
use crate::inbound::http::input::Input;
use crate::inbound::http::media::upload_fields::{UploadFields, idempotency_key};
use crate::inbound::http::signed_in::SignedIn;
use crate::openapi_macros::{self, ToSchema};

/// What comes in, for the description of the call: any other fields may come along.
#[derive(ToSchema)]
#[expect(dead_code, reason = "its fields are described, not read")]
pub(in crate::inbound::http) struct UploadInput {
    /// What the file is called.
    #[schema(min_length = 1)]
    filename: String,
    /// Its type; told from the name if it is left out.
    content_type: Option<String>,
    /// Its length in bytes.
    #[schema(minimum = 1)]
    size: u64,
    /// Its SHA-256, which is checked: 64 hexadecimal digits.
    #[schema(pattern = "^ *([0-9A-Fa-f]{64})? *$")]
    sha256: Option<String>,
    /// Any other fields, which are kept with the medium: at most 64, and 64 KB together.
    #[serde(flatten)]
    fields: BTreeMap<String, String>,
}

#[derive(Serialize, ToSchema)]
pub(in crate::inbound::http) struct UploadLeave {
    /// The medium that this will be.
    #[schema(value_type = uuid::Uuid)]
    media_id: MediaId,
    /// Where to put the file.
    url: String,
    /// By which method.
    method: &'static str,
    /// With which headers.
    headers: BTreeMap<String, String>,
    /// Within how many seconds.
    expires_in: u64,
}

/// Gives leave to put a file into the store directly.
///
/// Make the request that is answered with the file as its body, then ask `HEAD /media_get/` until it no longer says 404. For
/// files of up to 5 GB.
#[openapi_macros::path(
    post, path = "/api/uploads/", operation_id = "begin_direct_upload", tag = "Media", request_body = UploadInput,
    params(("Idempotency-Key" = Option<String>, Header, description = "Makes it safe to repeat: 1 to 200 visible characters")),
    responses(
        (status = 200, description = "How to put the file there", body = UploadLeave),
        (status = 409, description = "The same request is under way, or its key was another one's (`CONFLICT`)"),
    ),
)]
pub(in crate::inbound::http) async fn begin(
    State(app): State<Arc<App>>,
    SignedIn(identity): SignedIn,
    headers: HeaderMap,
    Input(body): Input<Map<String, Value>>,
) -> Result<([(HeaderName, &'static str); 1], Json<UploadLeave>), HttpError> {
    let request = idempotency_key(&headers)?;
    let file = announced(body)?;
    let upload = app::begin_upload(&app, identity.user, file, request).await?;
    // Whoever has the answer can make the upload.
    Ok(([(CACHE_CONTROL, "no-store")], Json(answer(upload))))
}

fn announced(body: Map<String, Value>) -> Result<AnnouncedFile, HttpError> {
    let mut file = AnnouncedFile::default();
    let mut fields = UploadFields::default();
    for (name, value) in body {
        match (name.as_str(), value) {
            ("size", value) => file.size = size(&value)?,
            // As good as not sent.
            (_, Value::Null) => {}
            ("filename", value) => file.filename = text(name, value)?,
            ("content_type", value) => file.content_type = Some(text(name, value)?),
            ("sha256", value) => file.sha256 = checksum(&text(name, value)?)?,
            (_, value) => fields.keep(name.clone(), text(name, value)?)?,
        }
    }
    if file.filename.is_empty() {
        return Err(HttpError::field("filename", "Say what the file is called."));
    }
    file.fields = fields.into_map();
    Ok(file)
}

/// A text as it is, a number or a truth value as JSON writes it.
fn text(name: String, value: Value) -> Result<String, HttpError> {
    match value {
        Value::String(text) => Ok(text),
        Value::Number(_) | Value::Bool(_) => Ok(value.to_string()),
        _ => Err(HttpError::field(name, "Send a text.")),
    }
}

/// A number, which forms spell as text.
fn size(value: &Value) -> Result<u64, HttpError> {
    let number = value.as_u64().or_else(|| value.as_str()?.trim().parse().ok());
    number.ok_or_else(|| HttpError::field("size", "The length of the file in bytes, a whole number."))
}

fn checksum(text: &str) -> Result<Option<String>, HttpError> {
    let text = text.trim().to_ascii_lowercase();
    match text.len() {
        0 => Ok(None),
        64 if text.bytes().all(|byte| byte.is_ascii_hexdigit()) => Ok(Some(text)),
        _ => Err(HttpError::field("sha256", "The SHA-256 of the file: 64 hexadecimal digits.")),
    }
}

fn answer(upload: DirectUpload) -> UploadLeave {
    let DirectUpload { media_id, request, expires_in } = upload;
    UploadLeave {
        media_id,
        url: request.url,
        method: request.method,
        headers: request.headers.into_iter().collect(),
        expires_in: expires_in.as_secs(),
    }
}
