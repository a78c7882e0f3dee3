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
pub(super) struct Tokens(TokensBody);

/// Too often (`RATE_LIMITED`)
#[derive(IntoResponses)]
#[response(status = 429)]
pub(super) struct Limited;

/// No account has this name with what was sent (`WRONG_CREDENTIALS`), or the password is right and the account's phrase is
/// missing (`PHRASE_REQUIRED`)
#[derive(IntoResponses)]
#[response(status = 401)]
pub(super) struct WrongCredentials;

/// The account is disabled (`ACCOUNT_DISABLED`)
#[derive(IntoResponses)]
#[response(status = 403)]
pub(super) struct Disabled;

/// This is no admin (`FORBIDDEN`)
#[derive(IntoResponses)]
#[response(status = 403)]
pub(super) struct NoAdmin;

/// Somebody has that username or address (`CONFLICT`)
#[derive(IntoResponses)]
#[response(status = 409)]
pub(super) struct NameTaken;

/// The account was changed at this moment (`CONFLICT`); the same request may be sent again
#[derive(IntoResponses)]
#[response(status = 409)]
pub(super) struct AccountChanged;

/// The present secret is missing or wrong, or this is a guest (`FORBIDDEN`)
#[derive(IntoResponses)]
#[response(status = 403)]
pub(super) struct NotProven;

// What the house rules add.

/// The request cannot be read (`MALFORMED`), or a field is missing or wrong (`INVALID_INPUT`): `fields` says which.
#[derive(ToResponse)]
pub(super) struct InvalidInput;

/// No credentials, bad ones (`UNAUTHENTICATED`), or those of a session that has ended (`SESSION_ENDED`).
#[derive(ToResponse)]
pub(super) struct Unauthenticated;

/// The call comes from a web page of another site (`ORIGIN_NOT_ALLOWED`).
#[derive(ToResponse)]
pub(super) struct OriginNotAllowed;

/// The body is too large (`TOO_LARGE`).
#[derive(ToResponse)]
pub(super) struct TooLarge;

/// The body's content type is not read here (`UNSUPPORTED_MEDIA_TYPE`).
#[derive(ToResponse)]
pub(super) struct UnsupportedMediaType;

/// Something did not answer in time (`UNAVAILABLE`); the same request may be sent again.
#[derive(ToResponse)]
pub(super) struct Unavailable;
