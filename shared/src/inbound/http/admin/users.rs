//! `/api/admin/users/`: people, as admins see and change them.

use std::sync::Arc;

use axum::Json;
use axum::extract::{Path, Query, State};
use axum::response::Response;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::super::error::HttpError;
use super::super::input::Input;
use super::super::sign_in::user_body;
use super::{Admin, pages};
use crate::app::admin::{self, UserChange, UserSearch};
use crate::app::{App, AppError, Settings};
use crate::domain::role::Role;
use crate::ids::UserId;
use crate::protocol::{Timestamp, UserBody};
use crate::store::User;

/// Which people.
#[derive(Deserialize)]
pub(super) struct UsersQuery {
    /// How many, at most 100.
    limit: Option<String>,
    /// Where the page begins, as the `Link` of the one before says.
    cursor: Option<String>,
    /// The beginning of their usernames.
    username: Option<String>,
    /// The whole of somebody's e-mail address.
    email: Option<String>,
}

/// A user, as admins see them.
#[derive(Serialize)]
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
#[derive(Deserialize)]
pub(super) struct ChangeInput {
    /// Whether they may not sign in any more: true or false.
    is_disabled: Option<Value>,
    /// `member` or `admin`.
    role: Option<String>,
}

/// That it was done.
#[derive(Serialize)]
pub(super) struct Done {
    success: bool,
    message: &'static str,
}

/// `GET /api/admin/users/`
pub(super) async fn list(
    State(app): State<Arc<App>>,
    Admin(_): Admin,
    Query(query): Query<UsersQuery>,
) -> Result<Response, HttpError> {
    let (limit, cursor) = (pages::limit(query.limit.as_deref())?, pages::cursor(query.cursor.as_deref())?);
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
    let page = admin::find_users(&app, &search, cursor, limit).await?;
    let url = format!("{}/api/admin/users/", app.settings().public_url);
    let entries: Vec<_> = page.users.iter().map(|user| AdminUserBody::of(app.settings(), user)).collect();
    Ok(pages::page(entries, &url, &parameters, page.next))
}

/// `GET /api/admin/users/{id}/`
pub(super) async fn show(
    State(app): State<Arc<App>>,
    Admin(_): Admin,
    Path(id): Path<String>,
) -> Result<Json<AdminUserBody>, HttpError> {
    let user = admin::user(&app, number(&id)?).await?;
    Ok(Json(AdminUserBody::of(app.settings(), &user)))
}

/// `PATCH /api/admin/users/{id}/`
pub(super) async fn change(
    State(app): State<Arc<App>>,
    Admin(by): Admin,
    Path(id): Path<String>,
    Input(input): Input<ChangeInput>,
) -> Result<Json<AdminUserBody>, HttpError> {
    let change = UserChange {
        is_disabled: input.is_disabled.as_ref().map(truth).transpose()?,
        role: input.role.as_deref().map(role).transpose()?,
    };
    let user = admin::change_user(&app, &by, number(&id)?, change).await?;
    Ok(Json(AdminUserBody::of(app.settings(), &user)))
}

/// `POST /api/admin/users/{id}/end-sessions/`
pub(super) async fn end_sessions(
    State(app): State<Arc<App>>,
    Admin(by): Admin,
    Path(id): Path<String>,
) -> Result<Json<Done>, HttpError> {
    admin::end_sessions_of(&app, &by, number(&id)?).await?;
    Ok(Json(Done { success: true, message: "They are signed out everywhere." }))
}

/// What is no number is nobody's.
fn number(id: &str) -> Result<UserId, HttpError> {
    id.parse().map_err(|_| AppError::NotFound.into())
}

/// Forms spell truth values as texts.
fn truth(value: &Value) -> Result<bool, HttpError> {
    match value {
        Value::Bool(truth) => Ok(*truth),
        Value::String(text) if text == "true" => Ok(true),
        Value::String(text) if text == "false" => Ok(false),
        _ => Err(HttpError::field("is_disabled", "Send true or false.")),
    }
}

fn role(text: &str) -> Result<Role, HttpError> {
    let known = [Role::Member, Role::Admin].into_iter().find(|role| role.name() == text);
    known.ok_or_else(|| HttpError::field("role", "Send member or admin."))
}
