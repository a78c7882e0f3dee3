//! Bodies of HTTP answers that several calls share.

use std::borrow::Cow;
use std::collections::BTreeMap;

use serde::Serialize;

#[cfg(feature = "openapi")]
use crate::domain::role::Role;
use crate::ids::UserId;

/// What an error is called on the wire, for a program to branch on.
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum ErrorCode {
    /// A field is missing or wrong; `fields` says which.
    InvalidInput,
    /// The body is not what its content type says, or is cut off.
    MalformedBody,
    /// The content type is none that this call reads.
    UnsupportedMediaType,
    /// The body, or a part of it, is larger than allowed.
    TooLarge,
    /// No credentials, or none that are good.
    Unauthenticated,
    /// No account has this name and these secrets: which of them was wrong is not told.
    WrongCredentials,
    /// This deployment has not set up that way to sign in.
    NotOffered,
    /// The account is disabled.
    AccountDisabled,
    /// The session behind the token has ended.
    SessionEnded,
    /// Whoever asks may not do this.
    Forbidden,
    /// The request comes from a site that is not allowed.
    OriginNotAllowed,
    /// There is nothing under this path or id.
    NotFound,
    /// The path exists, but not with this method.
    MethodNotAllowed,
    /// No part of the medium lies in the range asked for.
    RangeNotSatisfiable,
    /// Somebody else has that name or address; or a request with the same `Idempotency-Key` is under way, or was another one.
    Conflict,
    /// This was done too often; `Retry-After` says when it may be done again.
    TooManyRequests,
    /// Our fault; the cause is in the log under the request's id.
    Internal,
    /// A store did not answer in time; the same request may be sent again.
    Unavailable,
}

/// The body of every HTTP error.
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[derive(Debug, Clone, Serialize)]
pub struct ErrorBody {
    /// A sentence for a person.
    pub error: String,
    /// A name for a program.
    pub code: ErrorCode,
    /// For invalid input: which field, and why.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    #[cfg_attr(feature = "openapi", schema(value_type = Option<BTreeMap<String, String>>, nullable = false))]
    pub fields: BTreeMap<Cow<'static, str>, String>,
}

/// A user, as their owner sees them.
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct UserBody {
    /// The user's number.
    pub id: UserId,
    /// The name to sign in by; guests have none.
    #[cfg_attr(feature = "openapi", schema(required))]
    pub username: Option<String>,
    /// The e-mail address, if there is one.
    #[cfg_attr(feature = "openapi", schema(required))]
    pub email: Option<String>,
    /// The name that others see.
    pub display_name: String,
    /// URL of the picture, if there is one.
    #[cfg_attr(feature = "openapi", schema(required))]
    pub photo: Option<String>,
    /// The same as `photo`, as some clients call it.
    #[cfg_attr(feature = "openapi", schema(required))]
    pub profile_pic: Option<String>,
    /// `member` or `admin`.
    #[cfg_attr(feature = "openapi", schema(value_type = Role))]
    pub role: &'static str,
    /// Whether this is a guest.
    pub is_guest: bool,
}

/// The answer to every sign-in. Several clients, several names: `access` is `access_token`, `refresh` is `refresh_token`.
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[derive(Clone, Serialize)]
pub struct TokensBody {
    /// The user's number.
    pub id: UserId,
    /// The name that others see.
    pub display_name: String,
    /// The name to sign in by; guests have none.
    #[cfg_attr(feature = "openapi", schema(required))]
    pub username: Option<String>,
    /// `member` or `admin`.
    #[cfg_attr(feature = "openapi", schema(value_type = Role))]
    pub role: &'static str,
    /// Whether this is a guest.
    pub is_guest: bool,
    /// A JWT, good for `expires_in` seconds.
    pub access_token: String,
    /// Opaque; to be exchanged for new tokens.
    pub refresh_token: String,
    /// `Bearer`.
    pub token_type: &'static str,
    /// How long the access token is good, in seconds.
    pub expires_in: u64,
    /// The same as `access_token`.
    pub access: String,
    /// The same as `refresh_token`.
    pub refresh: String,
    /// Opaque; lives as long as its session.
    pub token: String,
    /// The user.
    pub user: UserBody,
}
