//! `POST /api/send-message/`: something is said, and a file may come along.

use std::sync::Arc;

use axum::extract::{Request, State};
use axum::response::Response;
use serde::Deserialize;

use super::message_input::{MessageInput, author, said};
use super::sent_form::{Recipient, SentForm, discard};
use crate::app::{self, App, Words};
use crate::ids::{RoomCode, UserId};
use crate::inbound::http::error::HttpError;
use crate::inbound::http::signed_in::SignedIn;
use crate::openapi_macros::{self, ToSchema};
use crate::protocol::ChatMessage;

#[derive(Deserialize, ToSchema)]
#[schema(example = json!({"room": "movie-night", "message": "hello everyone"}))]
pub(in crate::inbound::http) struct SendInput {
    #[serde(flatten)]
    recipient: Recipient,
    #[serde(flatten)]
    message: MessageInput,
}

/// The same fields, and a file beside them: as multipart is described.
#[derive(ToSchema)]
#[expect(dead_code, reason = "it is described alone")]
pub(in crate::inbound::http) struct SendForm {
    #[serde(flatten)]
    recipient: Recipient,
    /// The text; may be left out if there is a file.
    message: Option<String>,
    /// What kind of message it is; `text` if not said.
    message_type: Option<String>,
    /// The client's own name for it: the same again within a day is not said twice.
    client_msg_id: Option<String>,
    /// The file.
    #[schema(value_type = String, format = Binary, required = false)]
    attachment: Vec<u8>,
}

impl SendInput {
    /// Where something is to be said, and what.
    async fn read(
        self,
        app: &App,
        user: UserId,
        key: Option<String>,
    ) -> Result<(RoomCode, Words), HttpError> {
        let words = Words { request: key, ..self.message.words()? };
        Ok((self.recipient.room(app, user).await?, words))
    }
}

/// Says something in a room, or to a person; a file may come along.
///
/// To a person it is said in the conversation with them, which begins by it if there is none yet. Else the same as
/// `POST /api/rooms/{code}/messages/`. The file of a multipart body becomes the message's attachment: only members of the
/// room get it.
#[openapi_macros::path(
    post, path = "/api/send-message/", operation_id = "send_message", tag = "Rooms",
    request_body(content((SendInput = "application/json"), (SendForm = "multipart/form-data"))),
    params(("Idempotency-Key" = Option<String>, Header, description = "Makes it safe to repeat: 1 to 200 visible characters")),
    responses(
        (status = 201, description = "The message", body = ChatMessage),
        (status = 200, description = "It had been said before, by its `client_msg_id` or `Idempotency-Key`", body = ChatMessage),
        (status = 400, description = "`NO_RECIPIENT`, `EMPTY`, `TOO_LONG`, `INVALID_INPUT`"),
        (status = 403, description = "`NOT_APPROVED`, `BANNED`, `MUTED`, `CHAT_DISABLED`, `GUESTS_MAY_NOT`"),
        (status = 404, description = "`NO_SUCH_ROOM`, `NO_SUCH_PERSON`"),
        (status = 409, description = "The same request is under way (`CONFLICT`)"),
        (status = 410, description = "`ROOM_CLOSED`"),
        (status = 429, description = "`RATE_LIMITED`, `REPEATED`, `SLOW_MODE`"),
    ),
)]
pub(in crate::inbound::http) async fn send(
    State(app): State<Arc<App>>,
    SignedIn(identity): SignedIn,
    request: Request,
) -> Result<Response, HttpError> {
    let form = SentForm::<SendInput>::read(&app, identity.user, ("attachment", true), request).await?;
    let SentForm { input, file, key } = form;
    let (room, words) = match input.read(&app, identity.user, key).await {
        Ok(sent) => sent,
        Err(error) => {
            discard(&app, file).await;
            return Err(error);
        }
    };
    let by = author(&identity);
    let done = match file {
        Some(file) => app::say_with_file(&app, &by, &room, words, file).await?.0,
        None => app::say(&app, &by, &room, words).await?,
    };
    said(&app, &done, identity.user)
}
