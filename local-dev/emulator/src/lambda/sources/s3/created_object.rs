//! What the store's answer says of the object that was made.

use axum::http::{HeaderMap, StatusCode, header};

use super::object_event::NewObject;

/// The root of an answer that is an error, whatever its status says.
const ERROR: &str = "<Error";

/// Whether a status means that an object was made: for forms, a redirection does.
pub(super) fn is_success(status: StatusCode) -> bool {
    status.is_success() || status == StatusCode::SEE_OTHER
}

/// Whether a body says that an object was made. A 200 may be followed by an error: a store that takes long answers
/// before it knows.
pub(super) fn tells_of_success(body: &str) -> bool {
    !body.is_empty() && !body.contains(ERROR) && body.contains("Result")
}

/// Adds to an object what the answer's headers say of it.
pub(super) fn read_headers(object: &mut NewObject, headers: &HeaderMap) {
    let text = |name: &str| headers.get(name).and_then(|value| value.to_str().ok()).map(str::to_owned);
    object.e_tag = text(header::ETAG.as_str()).map(|tag| unquoted(&tag));
    object.version = text("x-amz-version-id").filter(|version| version != "null" && !version.is_empty());
}

/// The ETag in a body.
pub(super) fn e_tag(body: &str) -> Option<String> {
    let (_, rest) = body.split_once("<ETag>")?;
    rest.split_once("</ETag>").map(|(tag, _)| unquoted(tag))
}

fn unquoted(tag: &str) -> String {
    let plain = tag.replace("&quot;", "").replace("&#34;", "");
    plain.trim().trim_matches('"').to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_body_tells_of_success_or_of_an_error() {
        let made =
            "<?xml version=\"1.0\"?> <CopyObjectResult><ETag>&quot;e-2&quot;</ETag></CopyObjectResult>";
        assert!(tells_of_success(made));
        assert_eq!(e_tag(made).as_deref(), Some("e-2"));
        assert!(!tells_of_success("<?xml version=\"1.0\"?>\n<Error><Code>InternalError</Code></Error>"));
        assert!(!tells_of_success(""));
        assert_eq!(e_tag("<x/>"), None);
    }

    #[test]
    fn only_success_and_a_forms_redirection_make_objects() {
        for (status, makes) in
            [(200, true), (204, true), (303, true), (304, false), (412, false), (500, false)]
        {
            assert_eq!(is_success(StatusCode::from_u16(status).unwrap()), makes, "{status}");
        }
    }
}
