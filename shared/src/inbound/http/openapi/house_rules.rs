//! What holds for every call, so that no handler has to say it: who may make it, which errors any call may answer, how
//! bodies are read, which headers come along.

use utoipa::openapi::path::{Operation, PathItem};
use utoipa::openapi::{Components, OpenApi, Ref, RefOr, Response};
use utoipa::{Modify, ToResponse};

use super::{bodies, headers, security};
use crate::inbound::http::answers::{
    InvalidInput, OriginNotAllowed, TooLarge, Unauthenticated, Unavailable, UnsupportedMediaType,
};

/// The calls that read nothing from any store, and so never answer 503.
const SELF_SUFFICIENT: [&str; 6] =
    ["/accounts/link/", "/asyncapi.json", "/health/", "/openapi.json", "/reset-password/", "/verify-email/"];
/// Where browsers are sent: errors are answered as pages, too.
const FOR_BROWSERS: &str = "/accounts/";
/// What the own 403 of a call that changes something doesn't say.
const OR_FOREIGN: &str = "or the call comes from a web page of another site (`ORIGIN_NOT_ALLOWED`)";

/// Adds them to a document.
pub(super) struct HouseRules;

impl Modify for HouseRules {
    fn modify(&self, document: &mut OpenApi) {
        let components = document.components.get_or_insert_default();
        security::add_schemes(components);
        headers::add(components);
        for (status, (name, response)) in common_errors() {
            components.responses.insert(name.to_owned(), finished(status, response, false, false));
        }
        for (path, item) in &mut document.paths.paths {
            for (changes, operation) in operations(item) {
                Call { path, changes, components }.complete(operation);
            }
        }
    }
}

/// The errors that calls answer for a reason that is no one call's own.
fn common_errors() -> [(&'static str, (&'static str, RefOr<Response>)); 6] {
    [
        ("400", InvalidInput::response()),
        ("401", Unauthenticated::response()),
        ("403", OriginNotAllowed::response()),
        ("413", TooLarge::response()),
        ("415", UnsupportedMediaType::response()),
        ("503", Unavailable::response()),
    ]
}

/// The operations of a path, each with whether it changes anything.
fn operations(item: &mut PathItem) -> impl Iterator<Item = (bool, &mut Operation)> {
    let reading = [item.get.as_mut(), item.head.as_mut()];
    let changing = [item.post.as_mut(), item.put.as_mut(), item.patch.as_mut(), item.delete.as_mut()];
    let reading = reading.into_iter().flatten().map(|operation| (false, operation));
    reading.chain(changing.into_iter().flatten().map(|operation| (true, operation)))
}

/// A call, and the document's components as far as they are known.
struct Call<'a> {
    path: &'a str,
    changes: bool,
    components: &'a Components,
}

impl Call<'_> {
    fn complete(&self, operation: &mut Operation) {
        let asks_who = security::complete(operation);
        let has_parameters = bodies::complete_parameters(operation);
        let has_body = bodies::complete_body(operation, self.components);
        self.complete_forbidden(operation);
        let possible = |status: &str| match status {
            "400" => has_body || has_parameters,
            "401" => asks_who,
            "403" => self.changes,
            "413" | "415" => has_body,
            _ => !SELF_SUFFICIENT.contains(&self.path),
        };
        let answers = &mut operation.responses.responses;
        let is_limited = answers.contains_key("429");
        let for_browsers = self.path.starts_with(FOR_BROWSERS);
        for (status, (name, response)) in common_errors().into_iter().filter(|(status, _)| possible(status)) {
            // Those of a limited call carry more headers, those of a browser's another body.
            let is_own = is_limited || for_browsers;
            let described = if is_own { response } else { Ref::from_response_name(name).into() };
            answers.entry(status.to_owned()).or_insert(described);
        }
        for (status, answer) in answers {
            *answer = finished(status, answer.clone(), is_limited, for_browsers);
        }
    }

    fn complete_forbidden(&self, operation: &mut Operation) {
        if let Some(RefOr::T(forbidden)) = operation.responses.responses.get_mut("403")
            && self.changes
        {
            let stop = if forbidden.description.contains(", or") { ';' } else { ',' };
            forbidden.description = format!("{}{stop} {OR_FOREIGN}", forbidden.description);
        }
    }
}

/// An answer with what its handler didn't say: the body of an error, and headers.
fn finished(status: &str, answer: RefOr<Response>, is_limited: bool, for_browsers: bool) -> RefOr<Response> {
    let RefOr::T(mut answer) = answer else { return answer };
    bodies::complete_error(status, &mut answer, for_browsers);
    headers::complete(status, &mut answer, is_limited);
    answer.into()
}
