//! How bodies and parameters are read, and what the body of an error is.

use utoipa::openapi::path::{Operation, Parameter};
use utoipa::openapi::request_body::RequestBody;
use utoipa::openapi::schema::SchemaType;
use utoipa::openapi::{Components, Content, ObjectBuilder, Ref, RefOr, Response, Schema, Type};

const JSON: &str = "application/json";
const HTML: &str = "text/html";
/// What is read wherever JSON is.
const FORMS: [&str; 2] = ["application/x-www-form-urlencoded", "multipart/form-data"];

/// A parameter is there or not, and never null. Answers whether there are any.
pub(super) fn complete_parameters(operation: &mut Operation) -> bool {
    for parameter in operation.parameters.iter_mut().flatten() {
        if let RefOr::T(Parameter { schema: Some(RefOr::T(Schema::Object(object))), .. }) = parameter
            && let SchemaType::Array(kinds) = &object.schema_type
            && let [kind, Type::Null] = &kinds[..]
        {
            object.schema_type = SchemaType::Type(kind.clone());
        }
    }
    operation.parameters.as_ref().is_some_and(|parameters| !parameters.is_empty())
}

/// Forms are read like JSON, and what needs no field needs no body. Answers whether there is one.
pub(super) fn complete_body(operation: &mut Operation, components: &Components) -> bool {
    let Some(RefOr::T(body)) = &mut operation.request_body else { return false };
    if let Some(json) = body.content.get(JSON).cloned() {
        for kind in FORMS {
            // A form may say more: it takes files.
            body.content.entry(kind.to_owned()).or_insert_with(|| json.clone());
        }
    }
    if needs_no_field(body, components) {
        body.required = None;
    }
    true
}

fn needs_no_field(body: &RequestBody, components: &Components) -> bool {
    let name = |content: &RefOr<Content>| {
        let RefOr::T(Content { schema: Some(RefOr::Ref(schema)), .. }) = content else { return None };
        schema.ref_location.strip_prefix("#/components/schemas/").map(str::to_owned)
    };
    let schema = body.content.get(JSON).and_then(name).and_then(|name| components.schemas.get(&name));
    matches!(schema, Some(RefOr::T(Schema::Object(object))) if object.required.is_empty())
}

/// Every error has the same body; where browsers are sent, it comes as a page to whoever wants one.
pub(super) fn complete_error(status: &str, answer: &mut Response, for_browsers: bool) {
    if !status.starts_with(['4', '5']) {
        return;
    }
    let body = || Content::new(Some(Ref::from_schema_name("ErrorBody"))).into();
    answer.content.entry(JSON.to_owned()).or_insert_with(body);
    if for_browsers {
        let page = ObjectBuilder::new().schema_type(Type::String).build();
        answer.content.entry(HTML.to_owned()).or_insert_with(|| Content::new(Some(page)).into());
    }
}
