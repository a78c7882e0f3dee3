//! The calls that are described, group by group.

use utoipa::OpenApi;

use super::house_rules::HouseRules;
use crate::domain::provider::Provider;
use crate::inbound::http::{
    admin, asyncapi, browser_sign_in, health, link_pages, media_get, media_post, openapi, profile, register,
    reset_password, rooms, sign_in, sign_out, spellings, uploads, verify_email, vouched_sign_in, watch,
    ws_ticket,
};
use crate::protocol::{ErrorBody, TokensBody};

/// All of it. A handler that isn't listed here is found by a test.
#[derive(OpenApi)]
#[openapi(
    info(
        title = "Parlor",
        description = "Accounts and media over HTTP. Paths work with and without the slash at their end. Times are \
                       RFC 3339, ids of people are whole numbers, ids of media UUIDs. Whoever calls from a web page \
                       of another site is refused (`ORIGIN_NOT_ALLOWED`)."
    ),
    servers((url = "/", description = "Where this document comes from")),
    tags(
        (name = "Accounts", description = "Becoming somebody, and signing in and out."),
        (name = "Profile", description = "The signed-in user, and how to find others."),
        (name = "Rooms", description = "Making, finding and entering rooms, what host and co-hosts do there, and what is said."),
        (name = "Conversations", description = "Private conversations of a few people."),
        (name = "Groups", description = "Rooms whose codes are numbers, as one client's app knows them."),
        (name = "Watching", description = "What is watched together in a room, and what comes next."),
        (name = "Media", description = "Files in and out."),
        (name = "Admins", description = "For admins alone: people, rooms, and what was done."),
        (name = "Service", description = "The server itself."),
    ),
    paths(
        register::register,
        sign_in::by_username,
        sign_in::by_email,
        sign_in::guest,
        vouched_sign_in::google,
        vouched_sign_in::facebook,
        browser_sign_in::login,
        browser_sign_in::callback,
        sign_in::refresh,
        sign_out::sign_out,
        sign_out::sign_out_and_clear,
        spellings::accounts::register,
        spellings::accounts::sign_in_by_username,
        spellings::accounts::sign_in_by_email,
        spellings::accounts::sign_out,
        spellings::accounts::sign_out_and_clear,
        spellings::accounts::forgot,
        ws_ticket::issue,
        reset_password::forgot,
        reset_password::reset,
        link_pages::reset_password,
        verify_email::request,
        verify_email::account,
        verify_email::verify,
        link_pages::verify_email,
        profile::show,
        profile::change,
        profile::delete,
        profile::change_secrets,
        profile::people,
        rooms::lists::mine,
        rooms::create::create,
        rooms::create::create_by_its_other_name,
        rooms::lists::public,
        rooms::entry::join,
        rooms::entry::approve,
        rooms::details::close_by_post,
        rooms::people::list_by_query,
        rooms::details::show,
        rooms::details::show_by_its_other_name,
        rooms::details::change,
        rooms::details::close,
        rooms::entry::leave,
        rooms::people::list,
        rooms::audit::list,
        rooms::invitations::list,
        rooms::invitations::invite,
        rooms::invitations::end,
        rooms::moderation::remove,
        rooms::moderation::kick,
        rooms::moderation::ban,
        rooms::moderation::unban,
        rooms::moderation::mute,
        rooms::moderation::unmute,
        rooms::moderation::host,
        rooms::moderation::cohost,
        rooms::moderation::uncohost,
        rooms::messages::list,
        rooms::messages::say,
        rooms::sending::send_message::send,
        rooms::sending::upload_file::upload,
        rooms::messages::edit,
        rooms::messages::delete,
        rooms::messages::react,
        rooms::messages::mark_read,
        rooms::events::list,
        rooms::conversations::start,
        rooms::conversations::mine,
        rooms::conversations::messages,
        spellings::groups::mine,
        spellings::group_messages::list,
        spellings::groups::members,
        spellings::groups::mark_read,
        watch::source::choose,
        watch::queue::list,
        watch::queue::add,
        watch::queue::reorder,
        watch::queue::remove,
        media_post::media_post,
        uploads::begin,
        media_get::by_id,
        media_get::by_name,
        admin::users::list,
        admin::users::show,
        admin::users::change,
        admin::users::end_sessions,
        admin::audit::list,
        admin::rooms::list,
        health::health,
        openapi::show,
        asyncapi::show,
    ),
    components(schemas(ErrorBody, Provider, TokensBody)),
    modifiers(&HouseRules),
)]
pub(super) struct Document;

/// The document as it should be served.
pub fn generated() -> String {
    let document = serde_json::to_string_pretty(&Document::openapi());
    // Texts, numbers and names alone: there is nothing in it that JSON can't say.
    document.map(|text| text + "\n").unwrap_or_default()
}
