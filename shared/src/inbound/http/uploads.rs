//! `POST /api/uploads/`: leave to put a file into the store directly, for files that no function could take.

use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use axum::http::HeaderMap;
use axum::http::header::{CACHE_CONTROL, HeaderName};
use serde_json::{Map, Value, json};

use super::error::HttpError;
use super::input::Input;
use super::signed_in::SignedIn;
use super::upload_fields::{UploadFields, idempotency_key};
use crate::app::{self, AnnouncedFile, App, DirectUpload};

/// Answers how to put the file there: `{media_id, url, method, headers, expires_in}`.
pub(super) async fn begin(
    State(app): State<Arc<App>>,
    SignedIn(identity): SignedIn,
    headers: HeaderMap,
    Input(body): Input<Map<String, Value>>,
) -> Result<([(HeaderName, &'static str); 1], Json<Value>), HttpError> {
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

fn answer(upload: DirectUpload) -> Value {
    let DirectUpload { media_id, request, expires_in } = upload;
    let headers: Map<String, Value> =
        request.headers.into_iter().map(|(name, value)| (name, value.into())).collect();
    json!({
        "media_id": media_id,
        "url": request.url,
        "method": request.method,
        "headers": headers,
        "expires_in": expires_in.as_secs(),
    })
}
