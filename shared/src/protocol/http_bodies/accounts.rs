//! Bodies of answers about accounts that several calls share.

use serde::Serialize;

use crate::ids::UserId;
use crate::openapi_macros::ToSchema;
#[cfg(feature = "openapi")]
use crate::protocol::Role;

/// A user, as their owner sees them.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct UserBody {
    /// The user's number.
    pub id: UserId,
    /// The name to sign in by; guests have none.
    #[schema(required)]
    pub username: Option<String>,
    /// The e-mail address, if there is one.
    #[schema(required)]
    pub email: Option<String>,
    /// The address that takes its place once its mailed link is used.
    #[schema(required)]
    pub pending_email: Option<String>,
    /// The name that others see.
    pub display_name: String,
    /// URL of the picture, if there is one.
    #[schema(required)]
    pub photo: Option<String>,
    /// The same as `photo`, as some clients call it.
    #[schema(required)]
    pub profile_pic: Option<String>,
    /// `member` or `admin`.
    #[schema(value_type = Role)]
    pub role: &'static str,
    /// Whether this is a guest.
    pub is_guest: bool,
}

/// The answer to every sign-in. Several clients, several names: `access` is `access_token`, `refresh` is `refresh_token`.
#[derive(Clone, Serialize, ToSchema)]
pub struct TokensBody {
    /// The user's number.
    pub id: UserId,
    /// The name that others see.
    pub display_name: String,
    /// The name to sign in by; guests have none.
    #[schema(required)]
    pub username: Option<String>,
    /// `member` or `admin`.
    #[schema(value_type = Role)]
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
    /// A sentence for a person; where one signs in by e-mail address.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub message: Option<&'static str>,
    /// Where a browser that was sent to a provider wanted to go.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub next: Option<String>,
}
