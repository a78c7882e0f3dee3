//! `/api/admin/users/`: people, as admins see and change them.

use std::sync::Arc;

use axum::Json;
use axum::extract::{Path, Query, State};
use axum::response::Response;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::Admin;
use crate::app::admin::{self, UserChange, UserSearch};
use crate::app::{App, AppError, Settings};
use crate::ids::UserId;
use crate::inbound::http::answers::NoAdmin;
use crate::inbound::http::error::HttpError;
use crate::inbound::http::input::Input;
use crate::inbound::http::pages::{PageQuery, page};
use crate::inbound::http::profile::Done;
use crate::inbound::http::sign_in::user_body;
use crate::openapi_macros::{self, ToSchema};
use crate::protocol::Role;
use crate::protocol::{Timestamp, UserBody};
use crate::store::User;

/// Which people.
#[derive(Deserialize, openapi_macros::IntoParams)]
#[into_params(parameter_in = Query)]
pub(super) struct UsersQuery {
    /// The beginning of their usernames.
    username: Option<String>,
    /// The whole of somebody's e-mail address.
    email: Option<String>,
}

/// A user, as admins see them.
#[derive(Serialize, ToSchema)]
pub(super) struct AdminUserBody {
    /// What their owner sees.
    #[serde(flatten)]
    user: UserBody,
    /// Whether the address was shown to be theirs.
    is_email_verified: bool,
    /// Whether they may not sign in any more.
    is_disabled: bool,
    /// When they came.
    created_at: Timestamp,
}

impl AdminUserBody {
    fn of(settings: &Settings, user: &User) -> Self {
        Self {
            user: user_body(settings, user),
            is_email_verified: user.is_email_verified,
            is_disabled: user.is_disabled,
            created_at: Timestamp::from_micros(user.created_at),
        }
    }
}

/// What is to become of somebody; what is left out stays.
#[derive(Deserialize, ToSchema)]
#[schema(example = json!({"is_disabled": false}))]
pub(super) struct ChangeInput {
    /// Whether they may not sign in any more: true or false.
    #[schema(value_type = Option<bool>)]
    is_disabled: Option<Value>,
    /// `member` or `admin`.
    #[schema(value_type = Option<Role>)]
    role: Option<String>,
}

/// Lists people, as admins see them.
///
/// All by ascending number, those whose username begins so, or whoever has an address. A page may be short, even empty, and
/// still have a next one.
#[openapi_macros::path(
    get, path = "/api/admin/users/", operation_id = "list_users", tag = "Admins", params(PageQuery, UsersQuery),
    responses(
        (status = 200, description = "A page of them", body = [AdminUserBody], headers(("Link" = Option<String>, description = "Where the next page is, if there is one"))),
        NoAdmin,
    ),
)]
pub(super) async fn list(
    State(app): State<Arc<App>>,
    Admin(_): Admin,
    Query(wanted): Query<PageQuery>,
    Query(query): Query<UsersQuery>,
) -> Result<Response, HttpError> {
    let (limit, cursor) = (wanted.limit()?, wanted.cursor()?);
    let given =
        |text: Option<String>| text.map(|text| text.trim().to_owned()).filter(|text| !text.is_empty());
    let mut parameters = vec![("limit", limit.to_string())];
    let search = match (given(query.username), given(query.email)) {
        (None, None) => UserSearch::All,
        (Some(beginning), None) => {
            parameters.push(("username", beginning.clone()));
            UserSearch::Username(beginning)
        }
        (None, Some(address)) => UserSearch::Email(address),
        (Some(_), Some(_)) => return Err(HttpError::field("email", "Search by one or the other.")),
    };
    let found = admin::find_users(&app, &search, cursor, limit).await?;
    let url = format!("{}/api/admin/users/", app.settings().public_url);
    let entries: Vec<_> = found.users.iter().map(|user| AdminUserBody::of(app.settings(), user)).collect();
    Ok(page(entries, &url, &parameters, found.next))
}

/// Shows somebody, as admins see them.
#[openapi_macros::path(
    get, path = "/api/admin/users/{id}/", operation_id = "show_user", tag = "Admins", params(("id" = UserId, Path, description = "Who")),
    responses(
        (status = 200, description = "The user", body = AdminUserBody),
        NoAdmin,
        (status = 404, description = "Nobody has this number (`NOT_FOUND`)"),
    ),
)]
pub(super) async fn show(
    State(app): State<Arc<App>>,
    Admin(_): Admin,
    Path(id): Path<String>,
) -> Result<Json<AdminUserBody>, HttpError> {
    let user = admin::user(&app, number(&id)?).await?;
    Ok(Json(AdminUserBody::of(app.settings(), &user)))
}

/// Changes what somebody may do.
///
/// What is left out stays. Whoever is disabled is signed out everywhere.
#[openapi_macros::path(
    patch, path = "/api/admin/users/{id}/", operation_id = "change_user", tag = "Admins", params(("id" = UserId, Path, description = "Who")),
    request_body = ChangeInput,
    responses(
        (status = 200, description = "The user as they are now", body = AdminUserBody),
        NoAdmin,
        (status = 404, description = "Nobody has this number (`NOT_FOUND`)"),
        (status = 409, description = "This is the last admin, the admin who asks, or somebody who was changed at this moment (`CONFLICT`)"),
    ),
)]
pub(super) async fn change(
    State(app): State<Arc<App>>,
    Admin(by): Admin,
    Path(id): Path<String>,
    Input(input): Input<ChangeInput>,
) -> Result<Json<AdminUserBody>, HttpError> {
    let change = UserChange {
        is_disabled: truth("is_disabled", input.is_disabled.as_ref())?,
        role: input.role.as_deref().map(role).transpose()?,
    };
    let user = admin::change_user(&app, &by, number(&id)?, change).await?;
    Ok(Json(AdminUserBody::of(app.settings(), &user)))
}

/// Ends all sessions of somebody.
///
/// They may sign in again at once.
#[openapi_macros::path(
    post, path = "/api/admin/users/{id}/end-sessions/", operation_id = "end_sessions", tag = "Admins", params(("id" = UserId, Path, description = "Who")),
    responses(
        (status = 200, description = "They are signed out", body = Done),
        NoAdmin,
        (status = 404, description = "Nobody has this number (`NOT_FOUND`)"),
    ),
)]
pub(super) async fn end_sessions(
    State(app): State<Arc<App>>,
    Admin(by): Admin,
    Path(id): Path<String>,
) -> Result<Json<Done>, HttpError> {
    admin::end_sessions_of(&app, &by, number(&id)?).await?;
    Ok(Json(Done::new("They are signed out everywhere.")))
}

/// What is no number is nobody's.
fn number(id: &str) -> Result<UserId, HttpError> {
    id.parse().map_err(|_| AppError::NotFound.into())
}

/// The truth value of a field, if it was sent. Forms spell it as a text.
pub(super) fn truth(field: &'static str, value: Option<&Value>) -> Result<Option<bool>, HttpError> {
    match value {
        None => Ok(None),
        Some(Value::Bool(truth)) => Ok(Some(*truth)),
        Some(Value::String(text)) if text == "true" => Ok(Some(true)),
        Some(Value::String(text)) if text == "false" => Ok(Some(false)),
        Some(_) => Err(HttpError::field(field, "Send true or false.")),
    }
}

fn role(text: &str) -> Result<Role, HttpError> {
    let known = [Role::Member, Role::Admin].into_iter().find(|role| role.name() == text);
    known.ok_or_else(|| HttpError::field("role", "Send member or admin."))
}
