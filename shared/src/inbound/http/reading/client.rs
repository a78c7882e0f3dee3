//! Where a call comes from, for those that are counted.

use std::convert::Infallible;

use axum::extract::FromRequestParts;
use axum::http::request::Parts;

use crate::domain::client_address::ClientAddress;

/// The client's address, where it is known.
pub(in crate::inbound::http) struct Client(pub(in crate::inbound::http) Option<ClientAddress>);

impl<S: Send + Sync> FromRequestParts<S> for Client {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Infallible> {
        Ok(Self(parts.extensions.get().copied()))
    }
}
