//! Calls about what is watched together.

mod choice;
pub(in crate::inbound::http) mod progress;
pub(in crate::inbound::http) mod queue;
pub(in crate::inbound::http) mod search;
pub(in crate::inbound::http) mod source;

use axum::routing::{get, patch, post};

use super::{Routes, either};

/// Adds the calls about what is watched.
pub(super) fn routes(routes: Routes) -> Routes {
    let routes = either(routes, "/api/rooms/source", post(source::choose));
    let routes = either(routes, "/api/rooms/search", get(search::search));
    let routes = either(routes, "/api/rooms/progress/save", post(progress::save));
    let routes = either(routes, "/api/rooms/progress/get", get(progress::show));
    let routes = either(routes, "/api/rooms/{code}/resume", get(progress::resume));
    let routes = either(routes, "/api/user-profile/progress", get(progress::list));
    let routes = either(routes, "/api/rooms/{code}/queue", get(queue::list).post(queue::add));
    either(routes, "/api/rooms/{code}/queue/{item}", patch(queue::reorder).delete(queue::remove))
}
