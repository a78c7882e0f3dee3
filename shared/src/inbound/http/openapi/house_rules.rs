//! What holds for every call, so that no handler has to say it: how bodies are read, which errors any call may answer,
//! which headers come along, where credentials go.

use utoipa::Modify;
use utoipa::openapi::header::HeaderBuilder;
use utoipa::openapi::path::Operation;
use utoipa::openapi::request_body::RequestBody;
use utoipa::openapi::security::{ApiKey, ApiKeyValue, HttpAuthScheme, HttpBuilder, SecurityScheme};
use utoipa::openapi::{
    Components, Content, Header, ObjectBuilder, OpenApi, Ref, RefOr, Response, ResponseBuilder, Schema, Type,
};

use crate::inbound::credentials::COOKIE;

const JSON: &str = "application/json";
/// What is read wherever JSON is.
const FORMS: [&str; 2] = ["application/x-www-form-urlencoded", "multipart/form-data"];
/// Headers that several answers carry, with what they say.
const HEADERS: [(&str, &str, Type); 5] = [
    (REQUEST_ID, "Under which the log knows the request.", Type::String),
    (RETRY_AFTER, "In how many seconds to try again.", Type::Integer),
    ("RateLimit-Limit", "How often this may be done in one window of time.", Type::Integer),
    ("RateLimit-Remaining", "How often it may be done still, in this window.", Type::Integer),
    ("RateLimit-Reset", "In how many seconds the window ends.", Type::Integer),
];
const REQUEST_ID: &str = "X-Request-Id";
const RETRY_AFTER: &str = "Retry-After";

/// A status that calls answer for a reason that is no one call's own.
struct CommonError {
    status: &'static str,
    name: &'static str,
    sentence: &'static str,
}

const UNREADABLE: CommonError = CommonError {
    status: "400",
    name: "InvalidInput",
    sentence: "The request cannot be read (`MALFORMED`), or a field is missing or wrong (`INVALID_INPUT`): `fields` says which.",
};
const UNAUTHENTICATED: CommonError = CommonError {
    status: "401",
    name: "Unauthenticated",
    sentence: "No credentials, bad ones (`UNAUTHENTICATED`), or those of a session that has ended (`SESSION_ENDED`).",
};
const FOREIGN: CommonError = CommonError {
    status: "403",
    name: "OriginNotAllowed",
    sentence: "The call comes from a web page of another site (`ORIGIN_NOT_ALLOWED`).",
};
const TOO_LARGE: CommonError =
    CommonError { status: "413", name: "TooLarge", sentence: "The body is too large (`TOO_LARGE`)." };
const UNSUPPORTED: CommonError = CommonError {
    status: "415",
    name: "UnsupportedMediaType",
    sentence: "The body's content type is not read here (`UNSUPPORTED_MEDIA_TYPE`).",
};
const UNAVAILABLE: CommonError = CommonError {
    status: "503",
    name: "Unavailable",
    sentence: "Something did not answer in time (`UNAVAILABLE`); the same request may be sent again.",
};
const COMMON: [&CommonError; 6] =
    [&UNREADABLE, &UNAUTHENTICATED, &FOREIGN, &TOO_LARGE, &UNSUPPORTED, &UNAVAILABLE];
/// The calls that ask nobody for anything, and so always answer.
const SELF_SUFFICIENT: [&str; 4] = ["/health/", "/openapi.json", "/reset-password/", "/verify-email/"];

/// Adds them to a document.
pub(super) struct HouseRules;

impl Modify for HouseRules {
    fn modify(&self, document: &mut OpenApi) {
        let components = document.components.get_or_insert_default();
        add_security(components);
        for (name, description, kind) in HEADERS {
            components.headers.insert(name.to_owned(), header(description, kind).into());
        }
        for error in COMMON {
            components.responses.insert(error.name.to_owned(), response(error).into());
        }
        let components = &*components;
        for (path, item) in &mut document.paths.paths {
            let stored = !SELF_SUFFICIENT.contains(&path.as_str());
            let reading = [item.get.as_mut(), item.head.as_mut()].into_iter().flatten();
            reading.for_each(|operation| complete(operation, stored, false));
            let changing = [item.post.as_mut(), item.put.as_mut(), item.patch.as_mut(), item.delete.as_mut()];
            for operation in changing.into_iter().flatten() {
                complete(operation, stored, true);
                operation.request_body.iter_mut().for_each(|body| let_be_left_out(body, components));
            }
        }
    }
}

fn add_security(components: &mut Components) {
    let bearer = HttpBuilder::new()
        .scheme(HttpAuthScheme::Bearer)
        .description(Some(
            "`access_token` or `token` of a sign-in; `Token` and `JWT` are understood in place of `Bearer`.",
        ))
        .build();
    let cookie = ApiKeyValue::with_description(COOKIE, "Set by every sign-in, for browsers.");
    let token = ApiKeyValue::with_description("token", "For media, which pages load by their URL alone.");
    components.add_security_scheme("bearer", SecurityScheme::Http(bearer));
    components.add_security_scheme("cookie", SecurityScheme::ApiKey(ApiKey::Cookie(cookie)));
    components.add_security_scheme("token", SecurityScheme::ApiKey(ApiKey::Query(token)));
}

fn response(error: &CommonError) -> Response {
    let body = Content::new(Some(Ref::from_schema_name("ErrorBody")));
    let mut response = ResponseBuilder::new().description(error.sentence).content(JSON, body).build();
    describe_headers(error.status, &mut response, false);
    response
}

fn complete(operation: &mut Operation, stored: bool, changes: bool) {
    let body = operation.request_body.as_mut().map(read_forms_like_json).is_some();
    let asks_who = operation.security.as_ref().is_some_and(|ways| !ways.contains(&Default::default()));
    let parameters = operation.parameters.as_ref().is_some_and(|parameters| !parameters.is_empty());
    let possible = [
        (body || parameters, &UNREADABLE),
        (asks_who, &UNAUTHENTICATED),
        (changes, &FOREIGN),
        (body, &TOO_LARGE),
        (body, &UNSUPPORTED),
        (stored, &UNAVAILABLE),
    ];
    let answers = &mut operation.responses.responses;
    let counted = answers.contains_key("429");
    for (_, error) in possible.into_iter().filter(|(possible, _)| *possible) {
        // Those of a counted call carry more headers.
        let described = || match counted {
            true => RefOr::T(response(error)),
            false => RefOr::Ref(Ref::from_response_name(error.name)),
        };
        answers.entry(error.status.to_owned()).or_insert_with(described);
    }
    for (status, answer) in answers {
        if let RefOr::T(response) = answer {
            describe_headers(status, response, counted);
        }
    }
}

fn read_forms_like_json(body: &mut RefOr<RequestBody>) {
    if let RefOr::T(body) = body
        && let Some(json) = body.content.get(JSON).cloned()
    {
        for kind in FORMS {
            // A form may say more: it takes files.
            body.content.entry(kind.to_owned()).or_insert_with(|| json.clone());
        }
    }
}

/// No body is `{}`: one without any field that must be there may be left out.
fn let_be_left_out(body: &mut RefOr<RequestBody>, components: &Components) {
    let RefOr::T(body) = body else { return };
    let name = |content: &RefOr<Content>| {
        let RefOr::T(Content { schema: Some(RefOr::Ref(schema)), .. }) = content else { return None };
        schema.ref_location.strip_prefix("#/components/schemas/").map(str::to_owned)
    };
    let schema = body.content.get(JSON).and_then(name).and_then(|name| components.schemas.get(&name));
    if let Some(RefOr::T(Schema::Object(object))) = schema
        && object.required.is_empty()
    {
        body.required = None;
    }
}

fn describe_headers(status: &str, response: &mut Response, counted: bool) {
    let comes = |name: &str| match name {
        REQUEST_ID => true,
        RETRY_AFTER => matches!(status, "429" | "503"),
        _ => counted,
    };
    for (name, ..) in HEADERS.into_iter().filter(|(name, ..)| comes(name)) {
        let reference = Ref::new(format!("#/components/headers/{name}"));
        response.headers.insert(name.to_owned(), RefOr::Ref(reference));
    }
}

fn header(description: &str, kind: Type) -> Header {
    let schema = ObjectBuilder::new().schema_type(kind).build();
    HeaderBuilder::new().schema(Some(schema)).description(Some(description)).build()
}
