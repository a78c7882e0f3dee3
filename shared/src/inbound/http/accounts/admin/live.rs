//! `GET /api/admin/live/`: what is going on at the moment.

use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use serde::Serialize;

use super::Admin;
use crate::app::{self, App, Live};
use crate::inbound::http::answers::NoAdmin;
use crate::inbound::http::error::HttpError;
use crate::openapi_macros::{self, ToSchema};

/// What is going on at the moment.
#[derive(Serialize, ToSchema)]
pub(super) struct LiveBody {
    /// How many sockets are open.
    sockets: u64,
    /// How many different people are behind those that are signed in.
    people: u64,
    /// In how many rooms a socket is open.
    rooms: u64,
    /// How many messages were said in each of the last sixty minutes; the last one is not over.
    #[schema(min_items = 60, max_items = 60)]
    messages_per_minute: Vec<u64>,
    /// How often something could not be sent within the last hour. Most of it was sent later.
    delivery_errors: u64,
    /// How many jobs and events were given up on, and wait for somebody to look at them.
    dead_letters: u64,
}

impl From<Live> for LiveBody {
    fn from(Live { figures, dead_letters }: Live) -> Self {
        Self {
            sockets: figures.sockets,
            people: figures.people,
            rooms: figures.rooms,
            messages_per_minute: figures.hour.iter().map(|tally| tally.messages).collect(),
            delivery_errors: figures.hour.iter().map(|tally| tally.delivery_errors).sum(),
            dead_letters,
        }
    }
}

/// Tells what is going on at the moment.
///
/// On AWS, messages are shown some seconds later, and those that a worker counted last, only once it counts again; sockets
/// whose end was lost with a worker count for up to two hours.
#[openapi_macros::path(
    get, path = "/api/admin/live/", operation_id = "live_figures", tag = "Admins",
    responses((status = 200, description = "The figures of now", body = LiveBody), NoAdmin),
)]
pub(super) async fn show(State(app): State<Arc<App>>, Admin(_): Admin) -> Result<Json<LiveBody>, HttpError> {
    Ok(Json(app::live_figures(&app).await?.into()))
}
