//! Bodies of calls that take no file but a picture at most: JSON, a form or multipart, by what they say they are; `{}` if there is none.

use axum::body::Bytes;
use axum::extract::{FromRequest, Request};
use axum::http::header::CONTENT_TYPE;
use axum::http::{HeaderMap, Method};
use serde::de::DeserializeOwned;
use serde_json::{Map, Value};

use crate::app::PictureChange;
use crate::domain::picture::{MAX_PICTURE, NoPicture, Picture};
use crate::inbound::http::MAX_BODY;
use crate::inbound::http::error::HttpError;
use crate::inbound::http::media::bounded_multipart::{BoundedField, BoundedMultipart};
use crate::openapi_macros::ToSchema;

/// The part or field of a picture.
const PICTURE: &str = "profile_pic";
/// The largest body of calls that take a picture, in bytes.
pub(in crate::inbound::http) const MAX_BODY_WITH_PICTURE: usize = MAX_BODY + MAX_PICTURE;

/// A body, read into a struct of optional fields.
pub(in crate::inbound::http) struct Input<T>(pub(in crate::inbound::http) T);

/// The same with what it says of a picture: a file in the part `profile_pic` of a multipart body, or nothing in that field,
/// which takes the picture away.
pub(in crate::inbound::http) struct InputWithPicture<T>(
    pub(in crate::inbound::http) T,
    pub(in crate::inbound::http) PictureChange,
);

/// The fields of such a body, and a picture beside them: as multipart is described.
#[derive(ToSchema)]
#[expect(dead_code, reason = "it is described alone")]
pub(in crate::inbound::http) struct WithPicture<T> {
    #[serde(flatten)]
    fields: T,
    /// PNG, JPEG, GIF or WebP, at most 2 MB.
    #[schema(value_type = String, format = Binary, required = false)]
    profile_pic: Vec<u8>,
}

impl<S, T> FromRequest<S> for InputWithPicture<T>
where
    S: Send + Sync,
    T: DeserializeOwned,
{
    type Rejection = HttpError;

    async fn from_request(request: Request, state: &S) -> Result<Self, HttpError> {
        let mut form = Form::read(request, state, MAX_BODY_WITH_PICTURE).await?;
        let change = form.picture_change()?;
        Ok(Self(form.into_input()?, change))
    }
}

impl<S, T> FromRequest<S> for Input<T>
where
    S: Send + Sync,
    T: DeserializeOwned,
{
    type Rejection = HttpError;

    async fn from_request(request: Request, state: &S) -> Result<Self, HttpError> {
        Form::read(request, state, MAX_BODY).await?.into_input().map(Self)
    }
}

/// What a body holds.
#[derive(Default)]
struct Form {
    fields: Map<String, Value>,
    picture: Option<Picture>,
}

impl Form {
    /// Reads a body of at most so many bytes. Where there is room for a picture, one is taken.
    async fn read<S: Send + Sync>(request: Request, state: &S, limit: usize) -> Result<Self, HttpError> {
        let headers = request.headers().clone();
        let kind = content_type(&headers);
        if kind.starts_with("multipart/form-data") {
            return multipart(request, limit).await;
        }
        let body = Bytes::from_request(request, state).await?;
        if body.len() > MAX_BODY {
            return Err(HttpError::too_large("The body is too large."));
        }
        Ok(Self { fields: plain(kind, &body).await?, picture: None })
    }

    fn into_input<T: DeserializeOwned>(self) -> Result<T, HttpError> {
        let input = serde_json::from_value(Value::Object(self.fields));
        input.map_err(|_| HttpError::malformed("A field of the body has the wrong type."))
    }

    fn picture_change(&mut self) -> Result<PictureChange, HttpError> {
        let said = self.fields.remove(PICTURE).unwrap_or_default();
        match (self.picture.take(), said.as_str()) {
            (Some(picture), None) => Ok(PictureChange::Replace(picture)),
            (None, None) if said.is_null() => Ok(PictureChange::Keep),
            (None, Some("")) => Ok(PictureChange::Remove),
            _ => Err(HttpError::field(PICTURE, "Send one file, or nothing to take the picture away.")),
        }
    }

    /// Takes in a part.
    async fn keep(&mut self, mut field: BoundedField<'_>, limit: usize) -> Result<(), HttpError> {
        let name = field.name().map(str::to_owned);
        // A file input that was left empty sends a file without a name.
        match field.file_name().map(|file| !file.is_empty()) {
            Some(true) if limit > MAX_BODY && name.as_deref() == Some(PICTURE) => {
                self.keep_picture(field).await
            }
            Some(true) => Err(HttpError::field(name.unwrap_or_default(), "This call takes no such file.")),
            // It says nothing of a picture, unlike a field that is empty.
            Some(false) if name.as_deref() == Some(PICTURE) => match field.bytes(0).await? {
                Some(_) => Ok(()),
                None => Err(HttpError::field(PICTURE, "Send the file with a name.")),
            },
            _ => {
                let value = field.text(MAX_BODY).await?;
                let value = value.ok_or_else(|| HttpError::too_large("The body is too large."))?;
                self.fields.extend(name.map(|name| (name, value.into())));
                Ok(())
            }
        }
    }

    async fn keep_picture(&mut self, mut field: BoundedField<'_>) -> Result<(), HttpError> {
        let too_large = || HttpError::too_large("The picture is larger than 2 MB.");
        let bytes = field.bytes(MAX_PICTURE).await?.ok_or_else(too_large)?;
        let picture = Picture::read(bytes.into()).map_err(|why| match why {
            NoPicture::TooLarge => too_large(),
            NoPicture::Unknown => HttpError::unsupported("Send a picture: PNG, JPEG, GIF or WebP."),
        })?;
        match self.picture.replace(picture) {
            Some(_) => Err(HttpError::field(PICTURE, "Send one file at a time.")),
            None => Ok(()),
        }
    }
}

fn content_type(headers: &HeaderMap) -> &str {
    headers.get(CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default()
}

async fn multipart(request: Request, limit: usize) -> Result<Form, HttpError> {
    let multipart = BoundedMultipart::new(request, limit as u64).await;
    let mut multipart = multipart
        .ok_or_else(|| HttpError::malformed("The multipart body names no boundary, or a very long one."))?;
    let mut form = Form::default();
    while let Some(field) = multipart.next_field().await? {
        form.keep(field, limit).await?;
    }
    Ok(form)
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
    let pairs = axum::Form::<Vec<(String, String)>>::from_request(request, &()).await;
    let axum::Form(pairs) = pairs.map_err(|_| HttpError::malformed("The form cannot be read."))?;
    Ok(pairs.into_iter().map(|(name, value)| (name, value.into())).collect())
}
