//! `POST /api/register/`

use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use serde::{Deserialize, Serialize};

use super::client::Client;
use super::error::HttpError;
use super::input::InputWithPicture;
use super::profile::refuse_difference;
use super::sign_in::user_body;
use crate::app::{self, App, FromAddress, PictureChange, Registration};
use crate::domain::secret::Secret;
use crate::protocol::UserBody;

#[derive(Deserialize)]
pub(super) struct RegisterInput {
    username: Option<String>,
    email: Option<String>,
    password: Option<String>,
    password2: Option<String>,
    phrase: Option<String>,
    display_name: Option<String>,
}

#[derive(Serialize)]
pub(super) struct Registered {
    message: &'static str,
    user: UserBody,
}

/// Makes an account. Whoever made it signs in next.
pub(super) async fn register(
    State(app): State<Arc<App>>,
    Client(client): Client,
    InputWithPicture(input, picture): InputWithPicture<RegisterInput>,
) -> Result<(StatusCode, Json<Registered>), HttpError> {
    app::limit_address(&app, FromAddress::Registration, client).await?;
    refuse_difference(input.password.as_deref(), input.password2.as_deref())?;
    // Forms send what was left empty, too.
    let given = |text: Option<String>| text.filter(|text| !text.trim().is_empty());
    let registration = Registration {
        username: input.username.unwrap_or_default(),
        email: given(input.email),
        password: input.password.as_deref().and_then(Secret::new),
        phrase: input.phrase.as_deref().and_then(Secret::new),
        display_name: given(input.display_name),
        picture: match picture {
            PictureChange::Replace(picture) => Some(picture),
            PictureChange::Keep | PictureChange::Remove => None,
        },
    };
    let user = app::register(&app, registration).await?;
    let user = user_body(app.settings(), &user);
    Ok((StatusCode::CREATED, Json(Registered { message: "Your account is ready.", user })))
}
