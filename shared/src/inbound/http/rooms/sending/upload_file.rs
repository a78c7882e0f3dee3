//! `POST /api/upload-file/`: a file for a chat comes in, and is said at once if it is said to whom.

use std::sync::Arc;

use axum::Json;
use axum::extract::{Request, State};
use serde::{Deserialize, Serialize};

use super::message_input::{MessageInput, author, message_of};
use super::sent_form::{Recipient, SentForm, discard};
use crate::app::{self, App, Said, SentFile, Words, upload_medium};
use crate::domain::media::Medium;
use crate::ids::{MediaId, RoomCode, StoredName, UserId};
use crate::inbound::http::error::HttpError;
use crate::inbound::http::signed_in::SignedIn;
use crate::openapi_macros::{self, ToSchema};
use crate::ports::Identity;
use crate::protocol::ChatMessage;

#[derive(Deserialize)]
pub(in crate::inbound::http) struct UploadFileInput {
    #[serde(flatten)]
    recipient: Recipient,
    #[serde(flatten)]
    message: MessageInput,
}

/// What comes in, for the description of the call.
#[derive(ToSchema)]
#[expect(dead_code, reason = "its fields are described, not read")]
pub(in crate::inbound::http) struct UploadFileForm {
    /// The file.
    #[schema(value_type = String, format = Binary)]
    file: Vec<u8>,
    #[serde(flatten)]
    recipient: Recipient,
    /// What is said with it, where a room or a person is named.
    message: Option<String>,
    /// What kind of message that is; `text` if not said.
    message_type: Option<String>,
    /// The client's own name for it.
    client_msg_id: Option<String>,
}

/// A file that was taken in.
#[derive(Serialize, ToSchema)]
pub(in crate::inbound::http) struct UploadedFile {
    /// The medium's id, to be named as a message's `attachment`.
    #[schema(value_type = uuid::Uuid)]
    media_id: MediaId,
    /// Its URL, for whoever knows it.
    url: String,
    /// The last part of its URL.
    #[schema(value_type = String)]
    filename: StoredName,
    /// The name that it came with.
    name: String,
    /// Its type.
    content_type: String,
    /// Its size in bytes.
    size: u64,
    /// Of a picture: how many pixels wide it is.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    width: Option<u32>,
    /// Of a picture: how many pixels high it is.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    height: Option<u32>,
    /// The message that shows it, if it was said to whom.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    message: Option<ChatMessage>,
}

/// Takes in a file for a chat; says it at once if a room or a person is named.
///
/// Nobody but its uploader gets it by its id until a message of theirs shows it: then the members of that room do.
#[openapi_macros::path(
    post, path = "/api/upload-file/", operation_id = "upload_file", tag = "Rooms",
    request_body(content = UploadFileForm, content_type = "multipart/form-data"),
    params(("Idempotency-Key" = Option<String>, Header, description = "Makes it safe to repeat: 1 to 200 visible characters")),
    responses(
        (status = 200, description = "It is stored, and said if it was named to whom", body = UploadedFile),
        (status = 403, description = "`NOT_APPROVED`, `BANNED`, `MUTED`, `CHAT_DISABLED`, `GUESTS_MAY_NOT`"),
        (status = 404, description = "`NO_SUCH_ROOM`, `NO_SUCH_PERSON`"),
        (status = 409, description = "The same request is under way (`CONFLICT`)"),
        (status = 410, description = "`ROOM_CLOSED`"),
        (status = 429, description = "`RATE_LIMITED`, `SLOW_MODE`"),
    ),
)]
pub(in crate::inbound::http) async fn upload(
    State(app): State<Arc<App>>,
    SignedIn(identity): SignedIn,
    request: Request,
) -> Result<Json<UploadedFile>, HttpError> {
    let form = SentForm::<UploadFileInput>::read(&app, identity.user, ("file", false), request).await?;
    let SentForm { input, file, key } = form;
    let missing = || HttpError::field("file", "Send the file in a part named \"file\".");
    let file = file.ok_or_else(missing)?;
    match input.read(&app, identity.user, key.clone()).await {
        Ok(Some((room, words))) => sent(&app, &identity, &room, words, file).await,
        Ok(None) => kept(&app, &identity, file, key.as_deref()).await,
        Err(error) => {
            discard(&app, Some(file)).await;
            Err(error)
        }
    }
}

impl UploadFileInput {
    /// Where something is to be said, and what; none if it is not said where.
    async fn read(
        self,
        app: &App,
        user: UserId,
        key: Option<String>,
    ) -> Result<Option<(RoomCode, Words)>, HttpError> {
        let words = Words { request: key, ..self.message.words()? };
        if !self.recipient.is_named()? {
            return Ok(None);
        }
        Ok(Some((self.recipient.room(app, user).await?, words)))
    }
}

async fn sent(
    app: &App,
    identity: &Identity,
    room: &RoomCode,
    words: Words,
    file: SentFile,
) -> Result<Json<UploadedFile>, HttpError> {
    let (said, medium) = app::say_with_file(app, &author(identity), room, words, file).await?;
    Ok(Json(answer(app, medium, Some((&said, identity)))))
}

async fn kept(
    app: &App,
    identity: &Identity,
    file: SentFile,
    key: Option<&str>,
) -> Result<Json<UploadedFile>, HttpError> {
    let medium = match file {
        SentFile::New(file) => upload_medium::keep(app, identity.user, file, key).await?.medium,
        SentFile::Known(medium) => *medium,
    };
    Ok(Json(answer(app, medium, None)))
}

fn answer(app: &App, medium: Medium, said: Option<(&Said, &Identity)>) -> UploadedFile {
    let Medium { id, stored_name, filename, content_type, size, picture, .. } = medium;
    UploadedFile {
        media_id: id,
        url: format!("{}/media/{stored_name}", app.settings().public_url),
        filename: stored_name,
        name: filename,
        content_type,
        size,
        width: picture.map(|picture| picture.width),
        height: picture.map(|picture| picture.height),
        message: said.and_then(|(said, identity)| message_of(app, said, identity.user)),
    }
}
