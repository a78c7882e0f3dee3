//! Answers that several calls describe: named among a handler's `responses`, or added to it by the house rules.
//!
//! Their first comment is what the document says of them. The body of every error is an `ErrorBody`.
#![cfg_attr(not(feature = "openapi"), expect(dead_code, reason = "they are what a description is made of"))]

use crate::openapi_macros::{IntoResponses, ToResponse};
use crate::protocol::TokensBody;

/// The tokens, and the session as a cookie
#[derive(IntoResponses)]
#[response(status = 200, headers(("Set-Cookie" = String, description = "The cookie `session`")))]
#[cfg_attr(feature = "openapi", expect(dead_code, reason = "the body is described, not read"))]
pub(in crate::inbound::http) struct Tokens(TokensBody);

/// Too often (`RATE_LIMITED`)
#[derive(IntoResponses)]
#[response(status = 429)]
pub(in crate::inbound::http) struct Limited;

/// No account has this name with what was sent (`WRONG_CREDENTIALS`), or the password is right and the account's phrase is
/// missing (`PHRASE_REQUIRED`)
#[derive(IntoResponses)]
#[response(status = 401)]
pub(in crate::inbound::http) struct WrongCredentials;

/// The account is disabled (`ACCOUNT_DISABLED`)
#[derive(IntoResponses)]
#[response(status = 403)]
pub(in crate::inbound::http) struct Disabled;

/// This is no admin (`FORBIDDEN`)
#[derive(IntoResponses)]
#[response(status = 403)]
pub(in crate::inbound::http) struct NoAdmin;

/// Somebody has that username or address (`CONFLICT`)
#[derive(IntoResponses)]
#[response(status = 409)]
pub(in crate::inbound::http) struct NameTaken;

/// An account has the address that the provider names, and waits for its owner's secret (`LINK_NEEDED`): send it to
/// `/api/auth/link/`. Or the account was changed at this moment (`CONFLICT`); the same request may be sent again
#[derive(IntoResponses)]
#[response(status = 409)]
pub(in crate::inbound::http) struct LinkNeeded;

/// The present secret is missing or wrong, or this is a guest (`FORBIDDEN`)
#[derive(IntoResponses)]
#[response(status = 403)]
pub(in crate::inbound::http) struct NotProven;

// What the house rules add.

/// The request cannot be read (`MALFORMED`), or a field is missing or wrong (`INVALID_INPUT`): `fields` says which.
#[derive(ToResponse)]
pub(in crate::inbound::http) struct InvalidInput;

/// No credentials, bad ones (`UNAUTHENTICATED`), or those of a session that has ended (`SESSION_ENDED`).
#[derive(ToResponse)]
pub(in crate::inbound::http) struct Unauthenticated;

/// The call comes from a web page of another site (`ORIGIN_NOT_ALLOWED`).
#[derive(ToResponse)]
pub(in crate::inbound::http) struct OriginNotAllowed;

/// The body is too large (`TOO_LARGE`).
#[derive(ToResponse)]
pub(in crate::inbound::http) struct TooLarge;

/// The body's content type is not read here (`UNSUPPORTED_MEDIA_TYPE`).
#[derive(ToResponse)]
pub(in crate::inbound::http) struct UnsupportedMediaType;

/// Something did not answer in time (`UNAVAILABLE`); the same request may be sent again.
#[derive(ToResponse)]
pub(in crate::inbound::http) struct Unavailable;
