//! The description of the HTTP API against the code: what is served is what the handlers say, and they are the ones that
//! are routed.

use std::collections::BTreeSet;

use axum::body::Body;
use axum::http::header::{ALLOW, CONTENT_TYPE};
use axum::http::{Method, Request};
use parlor::inbound::http::openapi::{SNAPSHOT, generated};
use parlor::inbound::http::{api_routes, download_routes, upload_routes};
use serde_json::Value;

use super::bench::{Bench, send};

fn document() -> Value {
    serde_json::from_str(&generated()).unwrap()
}

/// Method and path of every call that is described, with its description.
fn described(document: &Value) -> Vec<(String, &Value)> {
    let paths = document["paths"].as_object().unwrap().iter();
    let calls = paths.flat_map(|(path, item)| {
        let item = item.as_object().unwrap().iter();
        item.map(move |(method, call)| (format!("{} {path}", method.to_uppercase()), call))
    });
    calls.collect()
}

/// The paths of all routers, without the slash at their end, but for the files that pages load: they are no calls. A router
/// lists them nowhere but in its debug output.
fn routed_paths() -> BTreeSet<String> {
    let routes = format!("{:?}", api_routes().merge(upload_routes()).merge(download_routes()));
    let (routes, _) = routes.split_once("fallback_router").unwrap();
    let quoted = routes.split("): \"").skip(1).filter_map(|rest| rest.split('"').next());
    let calls = quoted.filter(|path| !path.contains("/link-page."));
    calls.map(|path| path.trim_end_matches('/').to_owned()).collect()
}

/// Method and path of every call that is routed: a router names its methods to whoever comes with another one. `HEAD`
/// comes with every `GET`.
async fn routed() -> BTreeSet<String> {
    let bench = Bench::new(|_| ());
    let router = bench.router();
    let mut calls = BTreeSet::new();
    for path in routed_paths() {
        let request = Request::builder().method(Method::TRACE).uri(path.replace(['{', '}'], "x"));
        let response = send(router.clone(), request.body(Body::empty()).unwrap()).await;
        assert_eq!(response.status(), 405, "{path}");
        let methods = response.headers()[ALLOW].to_str().unwrap().to_owned();
        let methods = methods.split(',').filter(|method| *method != "HEAD");
        calls.extend(methods.map(|method| format!("{method} {path}")));
    }
    calls
}

#[test]
fn what_is_served_is_what_the_handlers_say() {
    let line = |text: &str, number| text.lines().nth(number).unwrap_or("(nothing)").trim().to_owned();
    let generated = generated();
    let differs = (0..generated.lines().count().max(SNAPSHOT.lines().count()))
        .find(|number| line(&generated, *number) != line(SNAPSHOT, *number));
    if let Some(number) = differs {
        let (new, old) = (line(&generated, number), line(SNAPSHOT, number));
        panic!(
            "a handler's description has changed: make shared/src/inbound/http/openapi.json anew by \
             `cargo xtask openapi`. In line {}, `{old}` becomes `{new}`",
            number + 1
        );
    }
}

#[tokio::test]
async fn every_call_is_described_and_none_besides() {
    let (document, routed) = (document(), routed().await);
    let spelled = |(call, _): (String, &Value)| call.trim_end_matches('/').to_owned();
    let described: BTreeSet<_> = described(&document).into_iter().map(spelled).collect();
    assert!(routed.len() >= 34, "the router's debug output is no longer understood: {routed:?}");
    let missing: Vec<_> = routed.difference(&described).collect();
    assert!(
        missing.is_empty(),
        "{missing:?} is routed but not described: put `#[openapi_macros::path(…)]` on its handler, \
         name the handler under `paths` in shared/src/inbound/http/openapi/document.rs, and run \
         `cargo xtask openapi`"
    );
    let left_over: Vec<_> = described.difference(&routed).collect();
    assert!(
        left_over.is_empty(),
        "{left_over:?} is described but not routed: are path and method spelled as in the router?"
    );
}

#[test]
fn every_call_says_in_a_sentence_what_it_does_and_belongs_to_a_described_group() {
    let document = document();
    let groups: Vec<_> = document["tags"].as_array().unwrap().iter().map(|tag| &tag["name"]).collect();
    let mut names = BTreeSet::new();
    for (call, description) in described(&document) {
        let summary = description["summary"].as_str().unwrap_or_default();
        assert!(
            summary.ends_with('.') && !summary.contains('`'),
            "{call}: a sentence first, not {summary:?}"
        );
        assert!(groups.contains(&&description["tags"][0]), "{call}: {:?}", description["tags"]);
        assert!(names.insert(description["operationId"].as_str().unwrap()), "{call}: its name is another's");
    }
}

#[test]
fn every_error_has_the_body_of_the_house() {
    let document = document();
    let body = "#/components/schemas/ErrorBody";
    for (call, description) in described(&document) {
        for (status, answer) in description["responses"].as_object().unwrap() {
            let answer = match answer["$ref"].as_str() {
                Some(reference) => document.pointer(&reference[1..]).unwrap(),
                None => answer,
            };
            assert_ne!(answer["description"], "", "{call}: {status}");
            if status.starts_with(['4', '5']) {
                let schema = &answer["content"]["application/json"]["schema"]["$ref"];
                assert_eq!(schema, body, "{call}: {status}");
            }
        }
    }
}

#[test]
fn every_answer_of_a_limited_call_is_described_with_what_is_left() {
    let document = document();
    let described = described(&document);
    let limited = described.iter().filter(|(_, call)| call["responses"]["429"].is_object());
    let answers: Vec<_> = limited.flat_map(|(_, call)| call["responses"].as_object().unwrap()).collect();
    assert!(answers.len() > 20);
    for (status, answer) in answers {
        assert!(answer["headers"]["RateLimit-Remaining"].is_object(), "{status}: {answer}");
    }
}

#[test]
fn whatever_json_is_read_forms_are_read_too() {
    let document = document();
    for (call, description) in described(&document) {
        let kinds = &description["requestBody"]["content"];
        if kinds.is_object() && !["POST /media_post/", "POST /api/upload-file/"].contains(&&*call) {
            for kind in ["application/json", "application/x-www-form-urlencoded", "multipart/form-data"] {
                assert!(kinds[kind]["schema"].is_object(), "{call}: {kind}");
            }
        }
    }
}

#[tokio::test]
async fn it_is_served_whole() {
    let bench = Bench::new(|_| ());
    let request = Request::get("/openapi.json").body(Body::empty()).unwrap();
    let response = send(bench.router(), request).await;
    assert_eq!(response.status(), 200);
    assert_eq!(response.headers()[CONTENT_TYPE], "application/json");
    assert_eq!(super::bench::json(response).await, document());
}

#[test]
fn pictures_come_as_files_in_forms_of_several_parts_alone() {
    let document = document();
    for (call, description) in described(&document) {
        let takes = |kind: &str| {
            let schema = &description["requestBody"]["content"][kind]["schema"]["$ref"];
            let schema = schema.as_str().and_then(|reference| document.pointer(&reference[1..]));
            let parts = schema.and_then(|schema| schema["allOf"].as_array()).into_iter().flatten();
            parts.map(|part| &part["properties"]["profile_pic"]["format"]).any(|format| format == "binary")
        };
        let takers = ["POST /api/register/", "POST /api/accounts/register/", "PATCH /api/user-profile/"];
        let expected = takers.contains(&&*call);
        assert_eq!(takes("multipart/form-data"), expected, "{call}");
        assert!(!takes("application/json") && !takes("application/x-www-form-urlencoded"), "{call}");
    }
}

#[test]
fn every_reference_leads_somewhere() {
    let (document, text) = (document(), generated());
    let references: BTreeSet<_> =
        text.split("\"$ref\": \"#").skip(1).filter_map(|rest| rest.split('"').next()).collect();
    assert!(references.len() > 30, "{references:?}");
    for reference in references {
        assert!(document.pointer(reference).is_some(), "{reference}");
    }
}
