//! Calls as some clients know them that were written for other servers: each is another one of ours, spelled differently.

pub(in crate::inbound::http) mod accounts;
mod group_bodies;
pub(in crate::inbound::http) mod group_messages;
pub(in crate::inbound::http) mod groups;

use axum::routing::{get, post};

use super::{Routes, either};

/// Adds those of the function `api`.
pub(super) fn routes(routes: Routes) -> Routes {
    let routes = either(routes, "/api/accounts/login", post(accounts::sign_in_by_username));
    let routes = either(routes, "/api/accounts/logout", post(accounts::sign_out_and_clear));
    let routes = either(routes, "/api/user/login", post(accounts::sign_in_by_email));
    let routes = either(routes, "/api/user/logout", post(accounts::sign_out));
    let routes = either(routes, "/api/auth/forgot-password", post(accounts::forgot));
    let routes = either(routes, "/api/chat/groups", get(groups::mine));
    let routes = either(routes, "/api/chat/groups/{id}/messages", get(group_messages::list));
    let routes = either(routes, "/api/chat/groups/{id}/search/members", get(groups::members));
    either(routes, "/api/chat/groups/{id}/mark-as-read", post(groups::mark_read))
}
