//! `POST /api/register/`

use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use serde::{Deserialize, Serialize};

use crate::app::{self, App, FromAddress, PictureChange, Registration};
use crate::domain::secret::Secret;
use crate::inbound::http::accounts::profile::refuse_difference;
use crate::inbound::http::accounts::sign_in::user_body;
use crate::inbound::http::answers::{Limited, NameTaken};
use crate::inbound::http::client::Client;
use crate::inbound::http::error::HttpError;
use crate::inbound::http::input::InputWithPicture;
use crate::inbound::http::input::WithPicture;
use crate::openapi_macros::{self, ToSchema};
use crate::protocol::UserBody;

#[derive(Deserialize, ToSchema)]
#[schema(example = json!({"username": "ann", "phrase": "plum amber kettle"}))]
pub(in crate::inbound::http) struct RegisterInput {
    /// The name to sign in by, one person's alone whatever the case.
    #[schema(required, nullable = false, min_length = 1)]
    username: Option<String>,
    /// An address that no other account has.
    email: Option<String>,
    /// A password or a phrase is needed; both may be sent.
    password: Option<String>,
    /// The password once more, for forms that ask twice.
    password2: Option<String>,
    /// What to sign in by instead of a password.
    phrase: Option<String>,
    /// The name that others see; the username if it is left out.
    display_name: Option<String>,
}

#[derive(Serialize, ToSchema)]
pub(in crate::inbound::http) struct Registered {
    /// A sentence for a person.
    message: &'static str,
    /// Who came to be.
    user: UserBody,
}

/// Makes an account.
///
/// Whoever made it signs in next. A picture may come along as a part of a multipart body.
#[openapi_macros::path(
    post, path = "/api/register/", operation_id = "register", tag = "Accounts",
    request_body(content((RegisterInput = "application/json"), (WithPicture<RegisterInput> = "multipart/form-data"))),
    security(()),
    responses(
        (status = 201, description = "The account", body = Registered),
        NameTaken,
        Limited,
    ),
)]
pub(in crate::inbound::http) async fn register(
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
