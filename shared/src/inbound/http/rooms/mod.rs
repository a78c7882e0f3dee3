//! Calls about rooms.

pub(in crate::inbound::http) mod audit;
mod bodies;
pub(in crate::inbound::http) mod conversations;
pub(in crate::inbound::http) mod create;
pub(in crate::inbound::http) mod details;
pub(in crate::inbound::http) mod entry;
pub(in crate::inbound::http) mod export;
pub(in crate::inbound::http) mod fields;
pub(in crate::inbound::http) mod invitations;
pub(in crate::inbound::http) mod lists;
pub(in crate::inbound::http) mod messages;
pub(in crate::inbound::http) mod moderation;
pub(in crate::inbound::http) mod people;
pub(in crate::inbound::http) mod reading;
pub(in crate::inbound::http) mod sending;

use axum::extract::DefaultBodyLimit;
use axum::routing::{delete, get, patch, post};

use super::{Routes, either};

/// Adds the calls about rooms.
pub(super) fn routes(routes: Routes) -> Routes {
    let routes = either(routes, "/api/rooms", get(lists::mine).post(create::create));
    let routes = either(routes, "/api/rooms/create", post(create::create_by_its_other_name));
    let routes = either(routes, "/api/rooms/public", get(lists::public));
    let routes = either(routes, "/api/rooms/join", post(entry::join));
    let routes = either(routes, "/api/rooms/approve", post(entry::approve));
    let routes = either(routes, "/api/rooms/delete", post(details::close_by_post));
    let routes = either(routes, "/api/rooms/participants", get(people::list_by_query));
    let one = get(details::show).patch(details::change).delete(details::close);
    let routes = either(routes, "/api/rooms/{code}", one);
    let routes = either(routes, "/api/rooms/{code}/detail", get(details::show_by_its_other_name));
    let routes = either(routes, "/api/rooms/{code}/leave", post(entry::leave));
    let routes = either(routes, "/api/rooms/{code}/participants", get(people::list));
    let routes = either(routes, "/api/rooms/{code}/audit", get(audit::list));
    let invitations = get(invitations::list).post(invitations::invite);
    let routes = either(routes, "/api/rooms/{code}/invitations", invitations);
    let routes = either(routes, "/api/rooms/{code}/invitations/{id}", delete(invitations::end));
    messages_routes(conversation_routes(measures(routes)))
}

fn conversation_routes(routes: Routes) -> Routes {
    let routes = either(routes, "/api/conversations", get(conversations::mine).post(conversations::start));
    let routes = either(routes, "/api/conversations/{id}/messages", get(conversations::messages));
    let routes = either(routes, "/api/rooms/{code}/export", get(export::room));
    either(routes, "/api/user-profile/export", get(export::own))
}

/// Adds the calls that may bring a file along.
pub(super) fn upload_routes(routes: Routes) -> Routes {
    let any_length = DefaultBodyLimit::disable();
    let routes = either(routes, "/api/send-message", post(sending::send_message::send).layer(any_length));
    either(routes, "/api/upload-file", post(sending::upload_file::upload).layer(any_length))
}

fn messages_routes(routes: Routes) -> Routes {
    let routes =
        either(routes, "/api/rooms/{code}/messages", get(reading::history::list).post(messages::say));
    let one = patch(messages::edit).delete(messages::delete);
    let routes = either(routes, "/api/rooms/{code}/messages/{id}", one);
    let routes = either(routes, "/api/rooms/{code}/messages/{id}/reactions", post(messages::react));
    let routes = either(routes, "/api/rooms/{code}/read", post(messages::mark_read));
    either(routes, "/api/rooms/{code}/events", get(reading::events::list))
}

fn measures(routes: Routes) -> Routes {
    let routes = either(routes, "/api/rooms/{code}/members/{id}", delete(moderation::remove));
    let routes = either(routes, "/api/rooms/{code}/kick", post(moderation::kick));
    let routes = either(routes, "/api/rooms/{code}/ban", post(moderation::ban));
    let routes = either(routes, "/api/rooms/{code}/unban", post(moderation::unban));
    let routes = either(routes, "/api/rooms/{code}/mute", post(moderation::mute));
    let routes = either(routes, "/api/rooms/{code}/unmute", post(moderation::unmute));
    let routes = either(routes, "/api/rooms/{code}/host", post(moderation::host));
    let routes = either(routes, "/api/rooms/{code}/cohost", post(moderation::cohost));
    either(routes, "/api/rooms/{code}/uncohost", post(moderation::uncohost))
}
