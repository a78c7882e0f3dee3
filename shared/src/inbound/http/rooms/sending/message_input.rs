//! A message as it comes in a body, and as it is answered.

use axum::Json;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use serde::Deserialize;

use crate::app::{self, App, AppError, Author, Reader, Said, Words};
use crate::ids::{ClientMsgId, UserId};
use crate::inbound::http::error::HttpError;
use crate::inbound::http::rooms::fields::{Loose, attachment, read};
use crate::openapi_macros::ToSchema;
use crate::ports::Identity;
use crate::protocol::ChatMessage;

/// How many people one message may name.
const MAX_MENTIONS: usize = 50;

#[derive(Deserialize, ToSchema)]
#[schema(example = json!({"message": "hello everyone"}))]
pub(in crate::inbound::http) struct MessageInput {
    /// The text.
    #[serde(alias = "content")]
    message: Option<String>,
    /// What kind of message it is; `text` if not said.
    message_type: Option<String>,
    /// A file that goes with it: the id or the URL of one that one has uploaded.
    attachment: Option<Loose>,
    /// Which message it answers.
    reply_to: Option<Loose>,
    /// Whom it names.
    mentions: Option<Vec<Loose>>,
    /// The client's own name for it: the same again within a day is not said twice.
    client_msg_id: Option<String>,
}

impl MessageInput {
    /// What is to be said.
    pub(in crate::inbound::http) fn words(self) -> Result<Words, HttpError> {
        let kind = self.message_type.filter(|kind| !kind.is_empty());
        if kind.as_ref().is_some_and(|kind| !crate::protocol::is_message_type(kind)) {
            return Err(HttpError::field("message_type", "A word of at most 32 characters."));
        }
        let mentions = self.mentions.unwrap_or_default();
        if mentions.len() > MAX_MENTIONS {
            return Err(HttpError::field("mentions", "At most 50 people."));
        }
        let mention = |id: &Loose| read::<UserId>("mentions", Some(id));
        let mentions: Result<Vec<Option<UserId>>, HttpError> = mentions.iter().map(mention).collect();
        Ok(Words {
            text: self.message.unwrap_or_default(),
            message_type: kind,
            attachment: attachment(self.attachment.as_ref())?,
            reply_to: read("reply_to", self.reply_to.as_ref())?,
            mentions: mentions?.into_iter().flatten().collect(),
            client_msg_id: client_msg_id(self.client_msg_id)?,
            request: None,
            is_watching: false,
        })
    }
}

fn client_msg_id(text: Option<String>) -> Result<Option<ClientMsgId>, HttpError> {
    let text = text.filter(|text| !text.is_empty());
    let id =
        |text: String| text.parse().map_err(|_| HttpError::field("client_msg_id", "1 to 64 characters."));
    text.map(id).transpose()
}

/// Somebody who says something by a call.
pub(in crate::inbound::http) fn author(identity: &Identity) -> Author {
    Author { user: identity.user, session: Some(identity.session.clone()), origin: None }
}

/// What was said, as its author sees it; none if it was deleted since it was said first.
pub(in crate::inbound::http) fn message_of(app: &App, said: &Said, user: UserId) -> Option<ChatMessage> {
    let authors = app::Authors::one(&said.author);
    let reader = Reader { user: Some(user), ..Reader::default() };
    let body = |entry| app::message_body(app.settings(), &said.room, entry, &authors, reader);
    said.entry.as_ref().map(body)
}

/// 201 for what is new, 200 for what had been said before.
pub(in crate::inbound::http) fn said(app: &App, said: &Said, user: UserId) -> Result<Response, HttpError> {
    let body = message_of(app, said, user).ok_or(AppError::from(app::RoomRefusal::NoSuchMessage))?;
    let status = if said.is_repeated { StatusCode::OK } else { StatusCode::CREATED };
    Ok((status, Json(body)).into_response())
}
