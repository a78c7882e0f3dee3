//! Headers that many answers carry.

use utoipa::openapi::header::HeaderBuilder;
use utoipa::openapi::{Components, Header, ObjectBuilder, Ref, RefOr, Response, Type};

/// Their names, what they say, and as what.
const HEADERS: [(&str, &str, Type); 5] = [
    (REQUEST_ID, "Under which the log knows the request.", Type::String),
    (RETRY_AFTER, "In how many seconds to try again.", Type::Integer),
    ("RateLimit-Limit", "How often this may be done in one window of time.", Type::Integer),
    ("RateLimit-Remaining", "How often it may be done still, in this window.", Type::Integer),
    ("RateLimit-Reset", "In how many seconds the window ends.", Type::Integer),
];
const REQUEST_ID: &str = "X-Request-Id";
const RETRY_AFTER: &str = "Retry-After";

pub(super) fn add(components: &mut Components) {
    for (name, description, kind) in HEADERS {
        components.headers.insert(name.to_owned(), header(description, kind).into());
    }
}

/// Names those that come with an answer of this status; answers of limited calls also say what is left of the limit.
pub(super) fn complete(status: &str, answer: &mut Response, is_limited: bool) {
    let comes = |name: &str| match name {
        REQUEST_ID => true,
        RETRY_AFTER => matches!(status, "429" | "503"),
        _ => is_limited,
    };
    for (name, ..) in HEADERS.into_iter().filter(|(name, ..)| comes(name)) {
        let reference = Ref::new(format!("#/components/headers/{name}"));
        answer.headers.insert(name.to_owned(), RefOr::Ref(reference));
    }
}

fn header(description: &str, kind: Type) -> Header {
    let schema = ObjectBuilder::new().schema_type(kind).build();
    HeaderBuilder::new().schema(Some(schema)).description(Some(description)).build()
}
