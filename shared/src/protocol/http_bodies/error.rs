//! The body of every HTTP error.

use std::borrow::Cow;
use std::collections::BTreeMap;

use serde::Serialize;

use crate::openapi_macros::ToSchema;
use crate::protocol::ErrorCode;

/// The body of every HTTP error.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct ErrorBody {
    /// A sentence for a person.
    pub error: String,
    /// A name for a program.
    pub code: ErrorCode,
    /// For invalid input: which field, and why.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    #[schema(value_type = Option<BTreeMap<String, String>>, nullable = false)]
    pub fields: BTreeMap<Cow<'static, str>, String>,
    /// With `LINK_NEEDED`: what is sent to `/api/auth/link/`, within ten minutes.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub link_token: Option<String>,
    /// With `LINK_NEEDED`: `password` or `phrase`, or `reset` where the account has neither yet.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub needs: Option<&'static str>,
}
