//! What requests demand of the version that they find.

use s3s::dto::ETagCondition;
use s3s::{S3Result, s3_error};

use super::Content;

/// `If-Match`, by the entity tag of the version that was found.
pub(super) fn matches(condition: Option<&ETagCondition>, content: &Content) -> S3Result<()> {
    let expected = condition.and_then(ETagCondition::as_etag);
    match expected.is_none_or(|etag| content.etag.trim_matches('"') == etag.value()) {
        true => Ok(()),
        false => Err(s3_error!(PreconditionFailed)),
    }
}

/// `If-None-Match` of whoever may have the bytes already.
pub(super) fn differs(condition: Option<&ETagCondition>, content: &Content) -> S3Result<()> {
    let known = condition.is_some_and(|known| {
        known.is_any() || known.as_etag().is_some_and(|etag| content.etag.trim_matches('"') == etag.value())
    });
    if known { Err(s3_error!(NotModified)) } else { Ok(()) }
}

/// `*`, which any version meets.
pub(super) fn is_any(condition: Option<&ETagCondition>) -> bool {
    condition.is_some_and(ETagCondition::is_any)
}
