//! Every call there is, by everybody who might make it: one table, `all_calls.rs`. A route that has no row in it fails a test.

use std::collections::BTreeSet;

use axum::body::Body;
use axum::http::{Request, header};
use parlor::domain::limit::Limits;
use parlor::inbound::http::{api_routes, download_routes, upload_routes};
use serde_json::json;

use super::all_calls::{Answer, Anyone, CALLS, Call, ENDED, OK, SignedIn, UNAUTHENTICATED};
use super::bench::Bench;
use super::forgery::Forgery;
use crate::http::accounts::admin::{admin, ask_through};
use crate::http::accounts::signing_in::{PASSWORD, call};

/// The answer to a call with this token; none: without one.
async fn answer(bench: &Bench, call: &Call, token: Option<&str>) -> (u16, Option<String>) {
    let (method, _, url, body, _) = call;
    let (status, _, answer) = ask_through(bench.router(), token, method, url, body).await;
    // Rooms have a code, too.
    (status, answer["code"].as_str().filter(|_| status >= 400).map(str::to_owned))
}

fn assert_answer(call: &Call, who: &str, got: (u16, Option<String>), expected: Answer) {
    let (method, path, ..) = call;
    // Nobody sees the body of an answer to HEAD.
    let code = expected.1.filter(|_| *method != "HEAD");
    assert_eq!((got.0, got.1.as_deref()), (expected.0, code), "{method} {path} by {who}");
}

/// Somebody who is good for something, and their token.
async fn member(bench: &Bench) -> String {
    let body = json!({"username": "ann", "email": "ann@example.org", "password": PASSWORD});
    assert_eq!(call(bench, "/api/register/", body.clone()).await.0, 201);
    let tokens = call(bench, "/api/auth/login/", body).await.2;
    tokens["access_token"].as_str().unwrap().to_owned()
}

#[tokio::test]
async fn bad_credentials_get_in_nowhere_and_stand_in_nobodys_way_elsewhere() {
    // There are more kinds of them than most calls may be made in a minute.
    let bench = Bench::new(|settings| settings.limits = Limits::lifted());
    let (ended, disabled, root) = (bench.token().await, member(&bench).await, admin(&bench, "root").await);
    call_with(&bench, &ended, "POST", "/api/auth/logout/", "").await;
    call_with(&bench, &root, "PATCH", "/api/admin/users/2/", r#"{"is_disabled": true}"#).await;
    let guest = parlor::app::sign_in_guest(&bench.app, "Ann").await.unwrap();
    let forgery = Forgery::of(&bench, &guest.session_token.identity).await;
    let is_profile = |call: &&Call| (call.0, call.1) == ("GET", "/api/user-profile");
    let profile = CALLS.iter().find(is_profile).unwrap();
    let genuine = answer(&bench, profile, Some(&forgery.genuine())).await;
    assert_answer(profile, "a forger who has our key", genuine, OK);
    for row in CALLS {
        let for_others = |expected| match &row.4 {
            Anyone(answer) => *answer,
            SignedIn(..) => expected,
        };
        assert_answer(row, "nobody", answer(&bench, row, None).await, for_others(UNAUTHENTICATED));
        for (what, token) in forgery.all() {
            assert_answer(row, what, answer(&bench, row, Some(&token)).await, for_others(UNAUTHENTICATED));
        }
        for (who, token) in [("an ended session", &ended), ("somebody disabled", &disabled)] {
            assert_answer(row, who, answer(&bench, row, Some(token)).await, for_others(ENDED));
        }
    }
}

async fn call_with(bench: &Bench, token: &str, method: &str, url: &str, body: &str) {
    let (status, _, answer) = ask_through(bench.router(), Some(token), method, url, body).await;
    assert_eq!(status, 200, "{answer}");
}

#[tokio::test]
async fn guests_members_and_admins_get_what_is_theirs() {
    for row in CALLS {
        let (guest, member_, admin_) = match &row.4 {
            Anyone(answer) => (*answer, *answer, *answer),
            SignedIn(guest, member, admin) => (*guest, *member, *admin),
        };
        let bench = Bench::new(|_| ());
        // Number 1 is the admin, 2 the member, whom some calls are about: they come last.
        let (root, ann, bob) = (admin(&bench, "root").await, member(&bench).await, bench.token().await);
        assert_answer(row, "a guest", answer(&bench, row, Some(&bob)).await, guest);
        assert_answer(row, "a member", answer(&bench, row, Some(&ann)).await, member_);
        assert_answer(row, "an admin", answer(&bench, row, Some(&root)).await, admin_);
    }
}

/// The paths of a router, as it shows itself for debugging: there is no other way to ask.
fn paths() -> BTreeSet<String> {
    let shown = format!("{:?}", api_routes().merge(upload_routes()).merge(download_routes()));
    let quoted = shown.split('"').skip(1).step_by(2).filter(|text| text.starts_with('/') && text.len() > 1);
    let folded = quoted.map(|path| path.trim_end_matches('/').to_owned()).filter(|path| !path.contains('*'));
    folded.collect()
}

#[tokio::test]
async fn no_call_is_missing_from_the_table() {
    let rows = |path: &str| -> BTreeSet<&str> {
        CALLS.iter().filter(|(_, known, ..)| *known == path).map(|(method, ..)| *method).collect()
    };
    let paths = paths();
    assert!(paths.len() > 15, "{paths:?}");
    let bench = Bench::new(|_| ());
    for path in &paths {
        let url = path.replace(['{', '}'], "");
        // What is a file has no slash at its end.
        let with_slash = Some(format!("{url}/")).filter(|_| !url.contains('.'));
        for url in with_slash.into_iter().chain([url]) {
            let request = Request::builder().method("TRACE").uri(&url).body(Body::empty()).unwrap();
            let response = super::bench::send(bench.router(), request).await;
            let allowed = response.headers()[header::ALLOW].to_str().unwrap();
            // What takes GET takes HEAD in the same way.
            let methods = allowed.split(',').filter(|method| *method != "HEAD").collect::<BTreeSet<_>>();
            let known = rows(path).into_iter().filter(|method| *method != "HEAD").collect::<BTreeSet<_>>();
            assert_eq!(methods, known, "{url}");
        }
    }
    let known: BTreeSet<String> = CALLS.iter().map(|(_, path, ..)| (*path).to_owned()).collect();
    assert_eq!(paths, known);
}
