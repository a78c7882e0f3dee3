//! Private conversations: begun, listed, read.

use std::sync::Arc;

use axum::Json;
use axum::extract::{Path, Query, State};
use axum::http::StatusCode;
use axum::response::Response;
use serde::Deserialize;

use super::fields::{Loose, ReceiverName, read};
use super::reading::history::{self, MessagesQuery};
use super::sending::author;
use crate::app::{self, App, Conversation, ConversationPerson, Words};
use crate::ids::{RoomCode, UserId};
use crate::inbound::http::error::HttpError;
use crate::inbound::http::input::Input;
use crate::inbound::http::pages::{PageQuery, page, url};
use crate::inbound::http::signed_in::SignedIn;
use crate::openapi_macros::{self, ToSchema};
use crate::protocol::{ChatMessage, ConversationBody, ConversationPersonBody, conversation_number};

/// The most people that a body may name.
const MAX_NAMED: usize = 100;

#[derive(Deserialize, ToSchema)]
#[schema(example = json!({"participants": [2, 3], "name": "Weekend"}))]
pub(in crate::inbound::http) struct ConversationInput {
    /// The numbers of the others: at most 49.
    participants: Option<Vec<Loose>>,
    /// The number of the other one, for a conversation of two.
    participant_id: Option<Loose>,
    #[serde(flatten)]
    receiver: ReceiverName,
    /// Its name; for three people or more.
    name: Option<String>,
    /// What is said first.
    #[serde(alias = "content")]
    message: Option<String>,
}

impl ConversationInput {
    fn people(&self) -> Result<Vec<UserId>, HttpError> {
        let named = self.participants.as_deref().unwrap_or_default();
        if named.len() > MAX_NAMED {
            return Err(HttpError::field("participants", "At most 50 people, oneself included."));
        }
        let number = |id: &Loose| read::<UserId>("participants", Some(id));
        let people: Result<Vec<Option<UserId>>, HttpError> = named.iter().map(number).collect();
        let other = read("participant_id", self.participant_id.as_ref())?;
        Ok(people?.into_iter().flatten().chain(other).collect())
    }
}

/// Begins a private conversation.
///
/// Two people always get the same one, and who names nobody but oneself gets one's own notes; three or more always get a
/// new one. Nobody joins later, nobody is host. Guests may not begin any.
#[openapi_macros::path(
    post, path = "/api/conversations/", operation_id = "start_conversation", tag = "Conversations",
    request_body = ConversationInput,
    responses(
        (status = 201, description = "It is new", body = ConversationBody),
        (status = 200, description = "These two have it already", body = ConversationBody),
        (status = 403, description = "Guests may not (`GUESTS_MAY_NOT`)"),
        (status = 404, description = "One of them is nobody, or wants nothing from you (`NO_SUCH_PERSON`)"),
        (status = 429, description = "For its `message`: `RATE_LIMITED`, `REPEATED`"),
    ),
)]
pub(in crate::inbound::http) async fn start(
    State(app): State<Arc<App>>,
    SignedIn(identity): SignedIn,
    Input(input): Input<ConversationInput>,
) -> Result<(StatusCode, Json<ConversationBody>), HttpError> {
    let mut people = input.people()?;
    if let Some(receiver) = input.receiver.person()? {
        people.push(app::person(&app, &receiver).await?);
    }
    let started = app::start_conversation(&app, identity.user, &people, input.name.as_deref()).await?;
    let code = &started.room.code;
    if let Some(text) = input.message.filter(|text| !text.trim().is_empty()) {
        app::say(&app, &author(&identity), code, Words { text, ..Words::default() }).await?;
    }
    let status = if started.is_new { StatusCode::CREATED } else { StatusCode::OK };
    Ok((status, Json(body(app::conversation(&app, identity.user, code).await?))))
}

/// One's private conversations.
///
/// Within a page, the one in which something was said last comes first.
#[openapi_macros::path(
    get, path = "/api/conversations/", operation_id = "conversations", tag = "Conversations", params(PageQuery),
    responses((
        status = 200, description = "A page; it may be short, even empty, and have a next one", body = [ConversationBody],
    )),
)]
pub(in crate::inbound::http) async fn mine(
    State(app): State<Arc<App>>,
    SignedIn(identity): SignedIn,
    Query(query): Query<PageQuery>,
) -> Result<Response, HttpError> {
    let (after, limit) = (query.cursor::<RoomCode>()?, query.limit()?);
    let (list, next) = app::conversations(&app, identity.user, after.as_ref(), limit).await?;
    let bodies: Vec<ConversationBody> = list.into_iter().map(body).collect();
    Ok(page(bodies, &url(&app, "/api/conversations/"), &[("limit", limit.to_string())], next))
}

/// Lists the messages of a conversation, as another call does.
///
/// The same as `GET /api/rooms/{code}/messages/`, for clients that know this one.
#[openapi_macros::path(
    get, path = "/api/conversations/{id}/messages/", operation_id = "conversation_messages", tag = "Conversations",
    params(("id" = u64, Path, description = "The conversation's code"), MessagesQuery),
    responses(
        (status = 200, description = "A page; it may be short, even empty, and have a next one", body = [ChatMessage]),
        (status = 403, description = "`NOT_APPROVED`"),
        (status = 404, description = "`NO_SUCH_ROOM`"),
    ),
)]
pub(in crate::inbound::http) async fn messages(
    app: State<Arc<App>>,
    signed_in: SignedIn,
    code: Path<String>,
    query: Query<MessagesQuery>,
) -> Result<Response, HttpError> {
    history::list(app, signed_in, code, query).await
}

fn body(conversation: Conversation) -> ConversationBody {
    let Conversation { own, name, people, summary } = conversation;
    ConversationBody {
        // Codes of conversations are nine digits.
        id: conversation_number(&own.room.code).unwrap_or_default(),
        code: own.room.code.to_string(),
        name,
        participants: people.into_iter().map(person).collect(),
        last_message: summary.last_message,
        unread: summary.unread,
        unread_count: summary.unread,
        last_id: summary.head,
        last_read_id: summary.last_read,
    }
}

fn person(person: ConversationPerson) -> ConversationPersonBody {
    ConversationPersonBody {
        id: person.who.id,
        username: person.username,
        display_name: person.who.name,
        profile_picture: person.who.photo,
    }
}
