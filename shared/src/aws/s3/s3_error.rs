//! What S3's errors mean.

use std::error::Error as StdError;

use aws_sdk_s3::error::SdkError;

use crate::ports::{Cause, MediaError};

/// The status of the answer; none if there was no answer. Bodies of errors are often missing or foreign; it is not.
pub(in crate::aws) fn status<E>(error: &SdkError<E>) -> Option<u16> {
    error.raw_response().map(|response| response.status().as_u16())
}

/// What an error of a call that names an object means.
pub(in crate::aws) fn media_error<E: StdError + Send + Sync + 'static>(error: SdkError<E>) -> MediaError {
    match status(&error) {
        Some(404) => MediaError::NotFound,
        _ => MediaError::Unavailable(Box::new(error)),
    }
}

/// An error as the cause of another one.
pub(in crate::aws) fn unavailable(cause: impl Into<Cause>) -> MediaError {
    MediaError::Unavailable(cause.into())
}
