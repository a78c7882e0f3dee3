//! What reaches `api` though another function serves it.

use std::collections::{BTreeMap, BTreeSet};

use axum::Router;
use axum::body::Body;
use axum::http::header::{ALLOW, LOCATION};
use axum::http::{Method, Request};
use parlor::inbound::http::{OTHER_FUNCTIONS, api_router, download_routes, layered, upload_routes};

use super::bench::{Bench, send};

async fn ask(router: Router, method: &str, url: &str) -> (u16, Option<String>) {
    let request = Request::builder().method(method).uri(url).body(Body::empty()).unwrap();
    let response = send(router, request).await;
    let location = response.headers().get(LOCATION).map(|value| value.to_str().unwrap().to_owned());
    (response.status().as_u16(), location)
}

#[tokio::test]
async fn a_call_with_a_slash_that_leads_to_the_wrong_function_is_sent_to_the_form_without_it() {
    let bench = Bench::new(|_| ());
    for (method, url, location) in [
        ("POST", "/media_post/", "../media_post"),
        ("GET", "/media_post/", "../media_post"),
        ("POST", "/api/uploads/", "../uploads"),
        ("POST", "/api/send-message/", "../send-message"),
        ("POST", "/api/upload-file/", "../upload-file"),
        ("POST", "/api/register/", "../register"),
        ("POST", "/api/accounts/register/", "../register"),
        ("PATCH", "/api/user-profile/", "../user-profile"),
        ("DELETE", "/api/user-profile/", "../user-profile"),
        ("GET", "/media_get/?media_id=1&x=%2F", "../media_get?media_id=1&x=%2F"),
        ("HEAD", "/media/a%2Fb.mp3/", "../a%2Fb.mp3"),
    ] {
        let answer = ask(api_router(bench.app.clone()), method, url).await;
        assert_eq!(answer, (308, Some(location.to_owned())), "{method} {url}");
    }
}

#[tokio::test]
async fn what_is_apis_own_and_what_is_nobodys_is_sent_nowhere() {
    let bench = Bench::new(|_| ());
    for (method, url, status) in [
        ("GET", "/api/user-profile/", 401),
        ("POST", "/api/user-profile/", 405),
        ("GET", "/health/", 200),
        ("GET", "/nothing/", 404),
        ("POST", "/media_post", 404),
    ] {
        let answer = ask(api_router(bench.app.clone()), method, url).await;
        assert_eq!(answer, (status, None), "{method} {url}");
    }
}

/// The calls of other functions: by path without the slash, their methods.
async fn served_elsewhere() -> BTreeMap<String, BTreeSet<String>> {
    let bench = Bench::new(|_| ());
    let routes = upload_routes().merge(download_routes());
    // A router lists its paths nowhere but in its debug output.
    let shown = format!("{routes:?}");
    let quoted = shown.split('"').skip(1).step_by(2).filter(|text| text.starts_with('/') && text.len() > 1);
    let paths = quoted.filter(|path| !path.contains('*')).map(|path| path.trim_end_matches('/').to_owned());
    let router = layered(bench.app.clone(), routes);
    let mut calls = BTreeMap::new();
    for path in paths.collect::<BTreeSet<_>>() {
        let request = Request::builder().method(Method::TRACE).uri(path.replace(['{', '}'], "x"));
        let response = send(router.clone(), request.body(Body::empty()).unwrap()).await;
        let methods = response.headers()[ALLOW].to_str().unwrap().split(',').map(str::to_owned).collect();
        calls.insert(path, methods);
    }
    calls
}

#[tokio::test]
async fn every_call_of_another_function_has_a_route_to_it() {
    let served = served_elsewhere().await;
    let routed: BTreeSet<_> = OTHER_FUNCTIONS.iter().map(|(_, path)| (*path).to_owned()).collect();
    assert_eq!(served.keys().cloned().collect::<BTreeSet<_>>(), routed);
    for (path, methods) in served {
        let named = OTHER_FUNCTIONS.iter().filter(|(_, each)| *each == path);
        let named: BTreeSet<_> = named.map(|(method, _)| (*method).to_owned()).collect();
        let all = BTreeSet::from(["ANY".to_owned()]);
        assert!(named == all || named == methods, "{path} takes {methods:?}, of which {named:?} get there");
    }
}
