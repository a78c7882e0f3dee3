//! Bodies of calls that take no file: JSON, a form or multipart, by what they say they are; `{}` if there is none.

use axum::Form;
use axum::body::Bytes;
use axum::extract::{FromRequest, Request};
use axum::http::header::CONTENT_TYPE;
use axum::http::{HeaderMap, Method};
use serde::de::DeserializeOwned;
use serde_json::{Map, Value};

use super::MAX_BODY;
use super::bounded_multipart::BoundedMultipart;
use super::error::HttpError;

/// A body, read into a struct of optional fields.
pub(super) struct Input<T>(pub(super) T);

impl<S, T> FromRequest<S> for Input<T>
where
    S: Send + Sync,
    T: DeserializeOwned,
{
    type Rejection = HttpError;

    async fn from_request(request: Request, state: &S) -> Result<Self, HttpError> {
        let headers = request.headers().clone();
        let kind = content_type(&headers);
        let fields = if kind.starts_with("multipart/form-data") {
            multipart(request).await?
        } else {
            let body = Bytes::from_request(request, state).await?;
            plain(kind, &body).await?
        };
        let input = serde_json::from_value(Value::Object(fields));
        input.map(Self).map_err(|_| HttpError::malformed("A field of the body has the wrong type."))
    }
}

fn content_type(headers: &HeaderMap) -> &str {
    headers.get(CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default()
}

async fn multipart(request: Request) -> Result<Map<String, Value>, HttpError> {
    let multipart = BoundedMultipart::new(request, MAX_BODY as u64).await;
    let mut multipart = multipart
        .ok_or_else(|| HttpError::malformed("The multipart body names no boundary, or a very long one."))?;
    let mut fields = Map::new();
    while let Some(mut field) = multipart.next_field().await? {
        let name = field.name().map(str::to_owned);
        // A file input that was left empty sends a file without a name.
        if field.file_name().is_some_and(|file| !file.is_empty()) {
            return Err(HttpError::field(name.unwrap_or_default(), "This call takes no files."));
        }
        let value = field.text(MAX_BODY).await?;
        let value = value.ok_or_else(|| HttpError::too_large("The body is too large."))?;
        fields.extend(name.map(|name| (name, value.into())));
    }
    Ok(fields)
}

/// What starts with a brace is JSON, whatever its content type says.
async fn plain(kind: &str, body: &Bytes) -> Result<Map<String, Value>, HttpError> {
    let begins_with_brace = body.trim_ascii_start().first() == Some(&b'{');
    if body.trim_ascii().is_empty() {
        Ok(Map::new())
    } else if begins_with_brace || kind.starts_with("application/json") {
        serde_json::from_slice(body).map_err(|_| HttpError::malformed("The body is not a JSON object."))
    } else if kind.starts_with("application/x-www-form-urlencoded") {
        form(body.clone()).await
    } else {
        Err(HttpError::unsupported("Send JSON, a form or multipart/form-data."))
    }
}

async fn form(body: Bytes) -> Result<Map<String, Value>, HttpError> {
    let request = Request::builder()
        .method(Method::POST)
        .header(CONTENT_TYPE, "application/x-www-form-urlencoded")
        .body(body.into())
        .map_err(|_| HttpError::malformed("The form cannot be read."))?;
    let pairs = Form::<Vec<(String, String)>>::from_request(request, &()).await;
    let Form(pairs) = pairs.map_err(|_| HttpError::malformed("The form cannot be read."))?;
    Ok(pairs.into_iter().map(|(name, value)| (name, value.into())).collect())
}
