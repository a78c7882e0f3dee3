//! The macros by which handlers and bodies describe themselves: utoipa's with the feature `openapi`, and without it their
//! namesakes that do nothing. How a handler is described says `inbound::http::openapi`.

#[cfg(not(feature = "openapi"))]
pub(crate) use no_openapi::{IntoParams, IntoResponses, ToResponse, ToSchema, path};
#[cfg(feature = "openapi")]
pub(crate) use utoipa::{IntoParams, IntoResponses, ToResponse, ToSchema, path};
