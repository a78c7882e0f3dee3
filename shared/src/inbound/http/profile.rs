//! `/api/user-profile/`, `POST /api/auth/password/` and `GET /api/users/`: people.

use std::sync::Arc;

use axum::Json;
use axum::extract::{Query, State};
use serde::{Deserialize, Serialize};

use super::error::HttpError;
use super::input::{Input, InputWithPicture};
use super::sign_in::{picture_url, proof, required, user_body};
use super::signed_in::SignedIn;
use crate::app::{self, App, ProfileChange, SecretChange};
use crate::domain::secret::Secret;
use crate::ids::UserId;
use crate::protocol::UserBody;

/// `GET /api/user-profile/`
pub(super) async fn show(
    State(app): State<Arc<App>>,
    SignedIn(identity): SignedIn,
) -> Result<Json<UserBody>, HttpError> {
    let user = app::profile(&app, identity.user).await?;
    Ok(Json(user_body(app.settings(), &user)))
}

#[derive(Deserialize)]
pub(super) struct ProfileInput {
    display_name: Option<String>,
    username: Option<String>,
    email: Option<String>,
    current_password: Option<String>,
    current_phrase: Option<String>,
}

/// `PATCH /api/user-profile/`
pub(super) async fn change(
    State(app): State<Arc<App>>,
    SignedIn(identity): SignedIn,
    InputWithPicture(input, picture): InputWithPicture<ProfileInput>,
) -> Result<Json<UserBody>, HttpError> {
    let proof = proof(input.current_password.as_deref(), input.current_phrase.as_deref()).unwrap_or_default();
    let ProfileInput { display_name, username, email, .. } = input;
    let change = ProfileChange { display_name, username, email, picture, proof };
    let user = app::change_profile(&app, identity.user, change).await?;
    Ok(Json(user_body(app.settings(), &user)))
}

#[derive(Serialize)]
pub(super) struct Done {
    success: bool,
    message: &'static str,
}

impl Done {
    pub(super) fn new(message: &'static str) -> Self {
        Self { success: true, message }
    }
}

/// `DELETE /api/user-profile/`
pub(super) async fn delete(
    State(app): State<Arc<App>>,
    SignedIn(identity): SignedIn,
) -> Result<Json<Done>, HttpError> {
    app::delete_profile(&app, &identity).await?;
    Ok(Json(Done::new("Your account is gone.")))
}

#[derive(Deserialize)]
pub(super) struct SecretsInput {
    current_password: Option<String>,
    current_phrase: Option<String>,
    password: Option<String>,
    password2: Option<String>,
    phrase: Option<String>,
}

/// `POST /api/auth/password/`
pub(super) async fn change_secrets(
    State(app): State<Arc<App>>,
    SignedIn(identity): SignedIn,
    Input(input): Input<SecretsInput>,
) -> Result<Json<Done>, HttpError> {
    refuse_difference(input.password.as_deref(), input.password2.as_deref())?;
    let proof = proof(input.current_password.as_deref(), input.current_phrase.as_deref());
    let change = SecretChange {
        proof: proof.unwrap_or_default(),
        password: input.password.as_deref().and_then(Secret::new),
        phrase: input.phrase.as_deref().and_then(Secret::new),
    };
    app::change_secrets(&app, &identity, change).await?;
    Ok(Json(Done::new("Changed. Everybody else is signed out.")))
}

/// A password that is sent twice must be the same twice.
pub(super) fn refuse_difference(password: Option<&str>, repeated: Option<&str>) -> Result<(), HttpError> {
    let repeated = repeated.filter(|text| !text.is_empty());
    if repeated.is_some_and(|repeated| Some(repeated) != password) {
        return Err(HttpError::field("password2", "The two passwords differ."));
    }
    Ok(())
}

#[derive(Deserialize)]
pub(super) struct PeopleQuery {
    username: Option<String>,
}

#[derive(Serialize)]
pub(super) struct Person {
    id: UserId,
    username: String,
    display_name: String,
    photo: Option<String>,
}

/// `GET /api/users/?username=`
pub(super) async fn people(
    State(app): State<Arc<App>>,
    SignedIn(_): SignedIn,
    Query(query): Query<PeopleQuery>,
) -> Result<Json<Vec<Person>>, HttpError> {
    let beginning = required("username", query.username.as_deref())?;
    let found = app::find_people(&app, beginning).await?;
    let person = |row: crate::store::PersonRow| Person {
        id: row.id,
        username: row.username.to_string(),
        display_name: row.display_name,
        photo: picture_url(app.settings(), row.picture.as_ref()),
    };
    Ok(Json(found.into_iter().map(person).collect()))
}
