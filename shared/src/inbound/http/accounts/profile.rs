//! `/api/user-profile/`, `POST /api/auth/password/` and `GET /api/users/`: people.

use std::sync::Arc;

use axum::Json;
use axum::extract::{Query, State};
use axum::response::Response;
use serde::{Deserialize, Serialize};

use crate::app::{self, App, ProfileChange, SecretChange};
use crate::domain::secret::Secret;
use crate::domain::username::Username;
use crate::ids::UserId;
use crate::inbound::http::accounts::sign_in::{picture_url, proof, required, user_body};
use crate::inbound::http::answers::{Limited, NameTaken, NotProven};
use crate::inbound::http::client::Client;
use crate::inbound::http::error::HttpError;
use crate::inbound::http::input::WithPicture;
use crate::inbound::http::input::{Input, InputWithPicture};
use crate::inbound::http::pages::{PageQuery, page, url};
use crate::inbound::http::signed_in::SignedIn;
use crate::openapi_macros::{self, ToSchema};
use crate::protocol::UserBody;

/// Says who is signed in.
#[openapi_macros::path(
    get, path = "/api/user-profile/", operation_id = "show_profile", tag = "Profile",
    responses((status = 200, description = "The user", body = UserBody)),
)]
pub(in crate::inbound::http) async fn show(
    State(app): State<Arc<App>>,
    SignedIn(identity): SignedIn,
) -> Result<Json<UserBody>, HttpError> {
    let user = app::profile(&app, identity.user).await?;
    Ok(Json(user_body(app.settings(), &user)))
}

#[derive(Deserialize, ToSchema)]
#[schema(example = json!({"display_name": "Ann"}))]
pub(in crate::inbound::http) struct ProfileInput {
    /// The name that others see.
    display_name: Option<String>,
    /// The name to sign in by.
    username: Option<String>,
    /// A new address wants a present secret along.
    email: Option<String>,
    /// The present password, where the account has no phrase.
    current_password: Option<String>,
    /// The present phrase.
    current_phrase: Option<String>,
}

/// Changes the signed-in user.
///
/// What is left out stays as it is. A new picture comes as a part of a multipart body; an empty field `profile_pic`, which any
/// kind of body may have, takes the picture away.
#[openapi_macros::path(
    patch, path = "/api/user-profile/", operation_id = "change_profile", tag = "Profile",
    request_body(content((ProfileInput = "application/json"), (WithPicture<ProfileInput> = "multipart/form-data"))),
    responses(
        (status = 200, description = "The user as they are now", body = UserBody),
        NotProven,
        NameTaken,
        Limited,
    ),
)]
pub(in crate::inbound::http) async fn change(
    State(app): State<Arc<App>>,
    SignedIn(identity): SignedIn,
    Client(client): Client,
    InputWithPicture(input, picture): InputWithPicture<ProfileInput>,
) -> Result<Json<UserBody>, HttpError> {
    let proof =
        proof(client, input.current_password.as_deref(), input.current_phrase.as_deref()).unwrap_or_default();
    let ProfileInput { display_name, username, email, .. } = input;
    let change = ProfileChange { display_name, username, email, picture, proof };
    let user = app::change_profile(&app, identity.user, change).await?;
    Ok(Json(user_body(app.settings(), &user)))
}

#[derive(Serialize, ToSchema)]
pub(in crate::inbound::http) struct Done {
    /// `true`
    success: bool,
    /// A sentence for a person.
    message: &'static str,
}

impl Done {
    pub(in crate::inbound::http) fn new(message: &'static str) -> Self {
        Self { success: true, message }
    }
}

#[derive(Deserialize, ToSchema)]
#[schema(example = json!({"current_password": "plum amber kettle"}))]
pub(in crate::inbound::http) struct DeletionInput {
    /// The present password, where the account has no phrase.
    current_password: Option<String>,
    /// The present phrase.
    current_phrase: Option<String>,
}

/// Deletes the signed-in user.
///
/// An account that has a phrase or a password wants it along. Their sessions end, their files go, their names are free
/// again.
#[openapi_macros::path(
    delete, path = "/api/user-profile/", operation_id = "delete_profile", tag = "Profile",
    request_body = DeletionInput,
    responses(
        (status = 200, description = "They are gone", body = Done),
        NotProven,
        (status = 409, description = "They are the last admin (`CONFLICT`)"),
        Limited,
    ),
)]
pub(in crate::inbound::http) async fn delete(
    State(app): State<Arc<App>>,
    SignedIn(identity): SignedIn,
    Client(client): Client,
    Input(input): Input<DeletionInput>,
) -> Result<Json<Done>, HttpError> {
    let proof = proof(client, input.current_password.as_deref(), input.current_phrase.as_deref());
    app::prove_if_possible(&app, identity.user, &proof.unwrap_or_default()).await?;
    app::delete_profile(&app, &identity).await?;
    Ok(Json(Done::new("Your account is gone.")))
}

#[derive(Deserialize, ToSchema)]
#[schema(example = json!({"current_phrase": "plum amber kettle", "phrase": "kettle of plum and amber"}))]
pub(in crate::inbound::http) struct SecretsInput {
    /// The present password, where the account has no phrase.
    current_password: Option<String>,
    /// The present phrase.
    current_phrase: Option<String>,
    /// The new password.
    password: Option<String>,
    /// The new password once more, for forms that ask twice.
    password2: Option<String>,
    /// The new phrase.
    phrase: Option<String>,
}

/// Changes password and phrase.
///
/// All other sessions of the user end.
#[openapi_macros::path(
    post, path = "/api/auth/password/", tag = "Profile", request_body = SecretsInput,
    responses(
        (status = 200, description = "They are changed", body = Done),
        NotProven,
        Limited,
    ),
)]
pub(in crate::inbound::http) async fn change_secrets(
    State(app): State<Arc<App>>,
    SignedIn(identity): SignedIn,
    Client(client): Client,
    Input(input): Input<SecretsInput>,
) -> Result<Json<Done>, HttpError> {
    refuse_difference(input.password.as_deref(), input.password2.as_deref())?;
    let proof = proof(client, input.current_password.as_deref(), input.current_phrase.as_deref());
    let change = SecretChange {
        proof: proof.unwrap_or_default(),
        password: input.password.as_deref().and_then(Secret::new),
        phrase: input.phrase.as_deref().and_then(Secret::new),
    };
    app::change_secrets(&app, &identity, change).await?;
    Ok(Json(Done::new("Changed. Everybody else is signed out.")))
}

/// A password that is sent twice must be the same twice.
pub(in crate::inbound::http) fn refuse_difference(
    password: Option<&str>,
    repeated: Option<&str>,
) -> Result<(), HttpError> {
    let repeated = repeated.filter(|text| !text.is_empty());
    if repeated.is_some_and(|repeated| Some(repeated) != password) {
        return Err(HttpError::field("password2", "The two passwords differ."));
    }
    Ok(())
}

#[derive(Deserialize, openapi_macros::IntoParams)]
#[into_params(parameter_in = Query)]
pub(in crate::inbound::http) struct PeopleQuery {
    /// A username, or how it begins.
    #[param(required, min_length = 1)]
    username: Option<String>,
}

#[derive(Serialize, ToSchema)]
pub(in crate::inbound::http) struct Person {
    /// The user's number.
    id: UserId,
    /// The name to sign in by.
    username: String,
    /// The name that others see.
    display_name: String,
    /// URL of the picture, if there is one.
    #[schema(required)]
    photo: Option<String>,
}

/// Finds people whose username begins so: the one who is called just so comes first.
///
/// Those who have blocked who asks are not found. A page may be short, and have a next one.
#[openapi_macros::path(
    get, path = "/api/users/", operation_id = "find_people", tag = "Profile", params(PeopleQuery, PageQuery),
    responses((status = 200, description = "Who was found", body = [Person])),
)]
pub(in crate::inbound::http) async fn people(
    State(app): State<Arc<App>>,
    SignedIn(identity): SignedIn,
    Query(query): Query<PeopleQuery>,
    Query(wanted): Query<PageQuery>,
) -> Result<Response, HttpError> {
    let beginning = required("username", query.username.as_deref())?;
    let (after, limit) = (cursor(&wanted, beginning)?, wanted.limit()?);
    let (found, next) = app::find_people(&app, identity.user, beginning, after.as_ref(), limit).await?;
    let person = |row: crate::store::PersonRow| Person {
        id: row.id,
        username: row.username.to_string(),
        display_name: row.display_name,
        photo: picture_url(app.settings(), row.picture.as_ref()),
    };
    let found: Vec<Person> = found.into_iter().map(person).collect();
    let parameters = [("limit", limit.to_string()), ("username", beginning.to_owned())];
    Ok(page(found, &url(&app, "/api/users/"), &parameters, next))
}

/// After whom a page begins: somebody whose name begins as those that are looked for.
fn cursor(wanted: &PageQuery, beginning: &str) -> Result<Option<Username>, HttpError> {
    let Some(name) = wanted.cursor::<String>()? else { return Ok(None) };
    let name = Username::parse(&name).ok();
    let name = name.filter(|name| name.folded().starts_with(&beginning.to_ascii_lowercase()));
    name.map(Some).ok_or_else(|| HttpError::field("cursor", "This is no cursor of this call."))
}
