//! Errors as clients see them: the one place where a status is chosen. The cause is logged here once, and never sent.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::error::Error;

use axum::Json;
use axum::extract::Request;
use axum::extract::multipart::MultipartError;
use axum::extract::rejection::BytesRejection;
use axum::http::header::{CONTENT_TYPE, RETRY_AFTER};
use axum::http::{HeaderValue, StatusCode};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};

use crate::app::{AppError, LinkDemand, LinkOffer, RoomRefusal};
use crate::domain::provider::Provider;
use crate::protocol::{ErrorBody, ErrorCode};

/// An error, ready to be answered.
#[derive(Debug)]
pub struct HttpError {
    status: StatusCode,
    body: ErrorBody,
    /// In how many seconds to try again.
    retry_after: Option<u64>,
}

impl HttpError {
    /// An error of this status and code, with a sentence for a person.
    pub fn new(status: StatusCode, code: ErrorCode, sentence: impl Into<String>) -> Self {
        Self {
            status,
            body: ErrorBody {
                error: sentence.into(),
                code,
                fields: BTreeMap::new(),
                link_token: None,
                needs: None,
            },
            retry_after: None,
        }
    }

    /// A field is missing or wrong.
    pub fn field(field: impl Into<Cow<'static, str>>, why: impl Into<String>) -> Self {
        let mut error =
            Self::new(StatusCode::BAD_REQUEST, ErrorCode::InvalidInput, "Please check your input.");
        error.body.fields.insert(field.into(), why.into());
        error
    }

    /// Somebody else has the value of a field that must be one person's alone.
    pub fn taken(field: impl Into<Cow<'static, str>>, why: &'static str) -> Self {
        let mut error = Self::new(StatusCode::CONFLICT, ErrorCode::Conflict, why);
        error.body.fields.insert(field.into(), why.to_owned());
        error
    }

    /// A room doesn't allow it.
    fn refused(refusal: RoomRefusal) -> Self {
        let code = refusal.code();
        let status = StatusCode::from_u16(code.status()).unwrap_or(StatusCode::FORBIDDEN);
        let error = Self::new(status, code, refusal.sentence());
        Self { retry_after: refusal.retry_after(), ..error }
    }

    /// Nothing that was shown is good for this.
    fn unauthorized(error: &AppError) -> Self {
        let (code, sentence) = match error {
            AppError::WrongCredentials => {
                (ErrorCode::WrongCredentials, "No account has this name with what you sent.")
            }
            AppError::PhraseRequired => {
                (ErrorCode::PhraseRequired, "Your password is right; this account wants your phrase, too.")
            }
            AppError::OwnerNeeded => (
                ErrorCode::Unauthenticated,
                "Sign in to this account first, or send its password or phrase along.",
            ),
            AppError::SessionEnded => (ErrorCode::SessionEnded, "Your session has ended; sign in again."),
            _ => (ErrorCode::Unauthenticated, "Sign in first."),
        };
        Self::new(StatusCode::UNAUTHORIZED, code, sentence)
    }

    /// A limit was reached.
    fn too_many(retry_after: u64) -> Self {
        let sentence = format!("Rate limit exceeded: try again in {retry_after} seconds.");
        let error = Self::new(StatusCode::TOO_MANY_REQUESTS, ErrorCode::RateLimited, sentence);
        Self { retry_after: Some(retry_after), ..error }
    }

    /// An account is linked with a provider once its owner has said its secret.
    fn link_needed(offer: LinkOffer) -> Self {
        let what = match offer.demand {
            LinkDemand::Password => "say its password once",
            LinkDemand::Phrase => "say its phrase once",
            LinkDemand::Reset => "choose a password for it first, as if you had forgotten yours",
        };
        let sentence = format!("An account has the address that {} names: {what}.", offer.provider);
        let mut error = Self::new(StatusCode::CONFLICT, ErrorCode::LinkNeeded, sentence);
        error.body.needs = Some(needs(offer.demand));
        error.body.link_token = Some(offer.token);
        error
    }

    /// This deployment does not use that provider, or not in this way.
    fn not_offered(provider: Provider) -> Self {
        let sentence = format!("Signing in with {provider} is not set up here.");
        Self::new(StatusCode::NOT_FOUND, ErrorCode::NotOffered, sentence)
    }

    /// What was sent proves nothing to that provider.
    fn not_vouched(provider: Provider) -> Self {
        let sentence = format!("{provider} does not vouch for what you sent; sign in there again.");
        Self::new(StatusCode::UNAUTHORIZED, ErrorCode::WrongCredentials, sentence)
    }

    /// What it says to a person, fields and all.
    pub(in crate::inbound::http) fn sentences(&self) -> impl Iterator<Item = &str> {
        std::iter::once(&*self.body.error).chain(self.body.fields.values().map(String::as_str))
    }

    /// The body cannot be read.
    pub fn malformed(sentence: impl Into<String>) -> Self {
        Self::new(StatusCode::BAD_REQUEST, ErrorCode::Malformed, sentence)
    }

    /// A library gave up on the body with this status.
    fn unread(status: StatusCode, sentence: &'static str) -> Self {
        match status {
            StatusCode::PAYLOAD_TOO_LARGE => Self::too_large("The body is too large."),
            _ => Self::malformed(sentence),
        }
    }

    /// The content type is none that the call reads.
    pub fn unsupported(sentence: impl Into<String>) -> Self {
        Self::new(StatusCode::UNSUPPORTED_MEDIA_TYPE, ErrorCode::UnsupportedMediaType, sentence)
    }

    /// The body, or a part of it, is larger than allowed.
    pub fn too_large(sentence: impl Into<String>) -> Self {
        Self::new(StatusCode::PAYLOAD_TOO_LARGE, ErrorCode::TooLarge, sentence)
    }
}

impl IntoResponse for HttpError {
    fn into_response(self) -> Response {
        let mut response = (self.status, Json(self.body)).into_response();
        if self.status == StatusCode::SERVICE_UNAVAILABLE {
            response.headers_mut().insert(RETRY_AFTER, HeaderValue::from_static("1"));
        }
        if let Some(seconds) = self.retry_after {
            response.headers_mut().insert(RETRY_AFTER, seconds.into());
        }
        response
    }
}

impl From<AppError> for HttpError {
    fn from(error: AppError) -> Self {
        match error {
            AppError::InvalidInput { field, why } => Self::field(field, why),
            AppError::TooMany { retry_after, .. } => Self::too_many(retry_after),
            AppError::Room(refusal) => Self::refused(refusal),
            AppError::Taken { field, why } => Self::taken(field, why),
            AppError::TooLarge { limit } => {
                Self::too_large(format!("The file is larger than {limit} bytes."))
            }
            AppError::MalformedBody => Self::malformed("The body broke off."),
            AppError::Unauthenticated
            | AppError::WrongCredentials
            | AppError::PhraseRequired
            | AppError::OwnerNeeded
            | AppError::SessionEnded => Self::unauthorized(&error),
            AppError::LinkNeeded(offer) => Self::link_needed(*offer),
            AppError::NotOffered(provider) => Self::not_offered(provider),
            AppError::NotVouched(provider) => Self::not_vouched(provider),
            AppError::AccountDisabled => {
                Self::new(StatusCode::FORBIDDEN, ErrorCode::AccountDisabled, "This account is disabled.")
            }
            AppError::Forbidden(sentence) => Self::new(StatusCode::FORBIDDEN, ErrorCode::Forbidden, sentence),
            AppError::Conflict(sentence) => Self::new(StatusCode::CONFLICT, ErrorCode::Conflict, sentence),
            AppError::NotFound => {
                Self::new(StatusCode::NOT_FOUND, ErrorCode::NotFound, "There is no such thing.")
            }
            AppError::Busy => {
                let sentence = "The same request is under way; try again in a moment.";
                Self::new(StatusCode::CONFLICT, ErrorCode::Conflict, sentence)
            }
            AppError::Unavailable(cause) => {
                tracing::error!(error = &*cause, "a request failed");
                let sentence = "Something did not answer in time; please try again.";
                Self::new(StatusCode::SERVICE_UNAVAILABLE, ErrorCode::Unavailable, sentence)
            }
        }
    }
}

impl From<MultipartError> for HttpError {
    /// A body comes from outside: whatever is wrong with it, or with the connection it comes by, is no failure of ours.
    fn from(error: MultipartError) -> Self {
        tracing::debug!(error = &error as &dyn Error, "a multipart body cannot be read");
        Self::unread(error.status(), "The multipart body is malformed or broke off.")
    }
}

impl From<BytesRejection> for HttpError {
    fn from(error: BytesRejection) -> Self {
        tracing::debug!(error = &error as &dyn Error, "a body cannot be read");
        Self::unread(error.status(), "The body broke off.")
    }
}

/// What a demand is called on the wire.
pub(in crate::inbound::http) fn needs(demand: LinkDemand) -> &'static str {
    match demand {
        LinkDemand::Password => "password",
        LinkDemand::Phrase => "phrase",
        LinkDemand::Reset => "reset",
    }
}

/// The answer where there is nothing.
pub(in crate::inbound::http) async fn not_found() -> HttpError {
    HttpError::new(StatusCode::NOT_FOUND, ErrorCode::NotFound, "There is nothing at this address.")
}

/// The answer where there is something, but not by this method. The router adds `Allow`.
pub(in crate::inbound::http) async fn method_not_allowed() -> HttpError {
    let sentence = "This address does not take that method.";
    HttpError::new(StatusCode::METHOD_NOT_ALLOWED, ErrorCode::MethodNotAllowed, sentence)
}

/// Rejections that a library words in plain text become JSON like every other error.
pub(in crate::inbound::http) async fn always_json(request: Request, next: Next) -> Response {
    let response = next.run(request).await;
    let status = response.status();
    let plain =
        response.headers().get(CONTENT_TYPE).is_some_and(|kind| kind.as_bytes().starts_with(b"text/plain"));
    if !plain || !(status.is_client_error() || status.is_server_error()) {
        return response;
    }
    match status {
        StatusCode::PAYLOAD_TOO_LARGE => HttpError::too_large("The body is too large."),
        StatusCode::UNSUPPORTED_MEDIA_TYPE => HttpError::unsupported("This content type is not read here."),
        _ if status.is_client_error() => HttpError::malformed("The request cannot be read."),
        _ => HttpError::new(
            StatusCode::INTERNAL_SERVER_ERROR,
            ErrorCode::Internal,
            "Something went wrong on our side.",
        ),
    }
    .into_response()
}
