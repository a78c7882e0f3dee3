//! Every call there is, by everybody who might make it: one table. A route that has no row in it fails a test.

use std::collections::BTreeSet;

use axum::body::Body;
use axum::http::{Request, header};
use parlor::domain::limit::Limits;
use parlor::inbound::http::{api_routes, download_routes, upload_routes};
use serde_json::json;

use super::forgery::Forgery;
use super::house::House;
use crate::http::accounts::admin::{admin, ask_through};
use crate::http::accounts::signing_in::{PASSWORD, call};

/// A status and a code; none where the answer is no error.
type Answer = (u16, Option<&'static str>);

const OK: Answer = (200, None);
const ELSEWHERE: Answer = (303, None);
const INVALID: Answer = (400, Some("INVALID_INPUT"));
const NOT_FOUND: Answer = (404, Some("NOT_FOUND"));
const FORBIDDEN: Answer = (403, Some("FORBIDDEN"));
const UNAUTHENTICATED: Answer = (401, Some("UNAUTHENTICATED"));
const WRONG: Answer = (401, Some("WRONG_CREDENTIALS"));
const ENDED: Answer = (401, Some("SESSION_ENDED"));
const UNREAD: Answer = (415, Some("UNSUPPORTED_MEDIA_TYPE"));

/// Whom a call answers how.
enum To {
    /// Everybody alike, whatever they show.
    Anyone(Answer),
    /// Guests, members and admins; nobody else.
    SignedIn(Answer, Answer, Answer),
}
use To::{Anyone, SignedIn};

const MADE: Answer = (201, None);
const NO_GUESTS: Answer = (403, Some("GUESTS_MAY_NOT"));
const NO_PERSON: Answer = (404, Some("NO_SUCH_PERSON"));
const NO_ROOM: Answer = (404, Some("NO_SUCH_ROOM"));
/// What members of a room may do is told by a table of its own, `rooms/everybody.rs`.
const IN_NO_ROOM: To = SignedIn(NO_ROOM, NO_ROOM, NO_ROOM);
const HELLO: &str = r#"{"message": "hello"}"#;
const SOMEBODY: &str = r#"{"user_id": 99}"#;

const ADMINS: To = SignedIn(FORBIDDEN, FORBIDDEN, OK);

/// Method, path as the router knows it, the URL that is asked, body, answers.
type Call = (&'static str, &'static str, &'static str, &'static str, To);

const CALLS: &[Call] = &[
    ("GET", "/health", "/health/", "", Anyone(OK)),
    ("GET", "/openapi.json", "/openapi.json", "", Anyone(OK)),
    ("GET", "/asyncapi.json", "/asyncapi.json", "", Anyone(OK)),
    ("POST", "/api/register", "/api/register/", "{}", Anyone(INVALID)),
    ("POST", "/api/accounts/register", "/api/accounts/register/", "{}", Anyone(INVALID)),
    ("POST", "/api/accounts/login", "/api/accounts/login/", "{}", Anyone(INVALID)),
    ("POST", "/api/accounts/logout", "/api/accounts/logout/", "", Anyone(OK)),
    ("POST", "/api/user/login", "/api/user/login/", "{}", Anyone(INVALID)),
    ("POST", "/api/user/logout", "/api/user/logout/", "", Anyone(OK)),
    (
        "POST",
        "/api/auth/forgot-password",
        "/api/auth/forgot-password/",
        r#"{"email": "x@y.org"}"#,
        Anyone(OK),
    ),
    ("GET", "/api/chat/groups", "/api/chat/groups/", "", SignedIn(OK, OK, OK)),
    ("GET", "/api/chat/groups/{id}/messages", "/api/chat/groups/7/messages/", "", IN_NO_ROOM),
    ("GET", "/api/chat/groups/{id}/search/members", "/api/chat/groups/7/search/members/", "", IN_NO_ROOM),
    ("POST", "/api/chat/groups/{id}/mark-as-read", "/api/chat/groups/x/mark-as-read/", "", IN_NO_ROOM),
    ("POST", "/api/login", "/api/login/", "{}", Anyone(INVALID)),
    ("POST", "/api/auth/login", "/api/auth/login/", "{}", Anyone(INVALID)),
    ("POST", "/api/auth/guest", "/api/auth/guest/", r#"{"display_name": "Bob"}"#, Anyone(OK)),
    ("POST", "/api/auth/google", "/api/auth/google/", r#"{"id_token": "x"}"#, Anyone(WRONG)),
    ("POST", "/api/auth/facebook", "/api/auth/facebook/", r#"{"access_token": "x"}"#, Anyone(WRONG)),
    ("GET", "/accounts/{provider}/login", "/accounts/google/login/", "", Anyone(ELSEWHERE)),
    (
        "GET",
        "/accounts/{provider}/callback",
        "/accounts/google/callback/?state=x&code=x",
        "",
        Anyone(INVALID),
    ),
    ("POST", "/api/auth/refresh", "/api/auth/refresh/", "{}", Anyone(INVALID)),
    ("POST", "/api/auth/logout", "/api/auth/logout/", "", Anyone(OK)),
    ("POST", "/api/logout", "/api/logout/", "", Anyone(OK)),
    ("GET", "/api/user-profile", "/api/user-profile/", "", SignedIn(OK, OK, OK)),
    ("PATCH", "/api/user-profile", "/api/user-profile/", r#"{"display_name": "Zoe"}"#, SignedIn(OK, OK, OK)),
    ("DELETE", "/api/user-profile", "/api/user-profile/", PROOF, SignedIn(OK, OK, (409, Some("CONFLICT")))),
    ("POST", "/api/auth/password", "/api/auth/password/", NEW_PHRASE, SignedIn(FORBIDDEN, OK, OK)),
    (
        "POST",
        "/api/auth/password/forgot",
        "/api/auth/password/forgot/",
        r#"{"email": "x@y.org"}"#,
        Anyone(OK),
    ),
    ("POST", "/api/auth/password/reset", "/api/auth/password/reset/", r#"{"token": "x"}"#, Anyone(INVALID)),
    ("GET", "/reset-password", "/reset-password/?token=x", "", Anyone(OK)),
    ("GET", "/reset-password/link-page.js", "/reset-password/link-page.js", "", Anyone(OK)),
    ("GET", "/reset-password/link-page.css", "/reset-password/link-page.css", "", Anyone(OK)),
    ("POST", "/api/auth/verify-email", "/api/auth/verify-email/", r#"{"token": "x"}"#, Anyone(INVALID)),
    (
        "POST",
        "/api/auth/verify-email/account",
        "/api/auth/verify-email/account/",
        r#"{"token": "x"}"#,
        Anyone(INVALID),
    ),
    ("POST", "/api/auth/verify-email/request", ASK_AGAIN, "", SignedIn(FORBIDDEN, OK, OK)),
    ("GET", "/verify-email", "/verify-email/?token=x", "", Anyone(OK)),
    ("GET", "/verify-email/link-page.js", "/verify-email/link-page.js", "", Anyone(OK)),
    ("GET", "/verify-email/link-page.css", "/verify-email/link-page.css", "", Anyone(OK)),
    ("GET", "/api/users", "/api/users/?username=a", "", SignedIn(OK, OK, OK)),
    ("POST", "/api/ws-ticket", "/api/ws-ticket/", "", SignedIn(OK, OK, OK)),
    ("GET", "/api/rooms", "/api/rooms/", "", SignedIn(OK, OK, OK)),
    ("POST", "/api/rooms", "/api/rooms/", "", SignedIn(NO_GUESTS, MADE, MADE)),
    ("POST", "/api/rooms/create", "/api/rooms/create/", "", SignedIn(NO_GUESTS, MADE, MADE)),
    ("GET", "/api/rooms/public", "/api/rooms/public/", "", Anyone(OK)),
    ("POST", "/api/rooms/join", "/api/rooms/join/", r#"{"code": "x"}"#, IN_NO_ROOM),
    ("POST", "/api/rooms/approve", "/api/rooms/approve/", r#"{"code": "x", "user_id": 1}"#, IN_NO_ROOM),
    ("POST", "/api/rooms/delete", "/api/rooms/delete/", r#"{"room_id": "x"}"#, IN_NO_ROOM),
    ("GET", "/api/rooms/participants", "/api/rooms/participants/?room_id=x", "", IN_NO_ROOM),
    ("GET", "/api/rooms/{code}", "/api/rooms/x/", "", IN_NO_ROOM),
    ("PATCH", "/api/rooms/{code}", "/api/rooms/x/", "", IN_NO_ROOM),
    ("DELETE", "/api/rooms/{code}", "/api/rooms/x/", "", IN_NO_ROOM),
    ("GET", "/api/rooms/{code}/detail", "/api/rooms/x/detail/", "", IN_NO_ROOM),
    ("POST", "/api/rooms/{code}/leave", "/api/rooms/x/leave/", "", IN_NO_ROOM),
    ("GET", "/api/rooms/{code}/participants", "/api/rooms/x/participants/", "", IN_NO_ROOM),
    ("GET", "/api/rooms/{code}/audit", "/api/rooms/x/audit/", "", IN_NO_ROOM),
    ("GET", "/api/rooms/{code}/invitations", "/api/rooms/x/invitations/", "", IN_NO_ROOM),
    ("POST", "/api/rooms/{code}/invitations", "/api/rooms/x/invitations/", "", IN_NO_ROOM),
    ("DELETE", "/api/rooms/{code}/invitations/{id}", "/api/rooms/x/invitations/y/", "", IN_NO_ROOM),
    ("DELETE", "/api/rooms/{code}/members/{id}", "/api/rooms/x/members/99/", "", IN_NO_ROOM),
    ("POST", "/api/rooms/{code}/kick", "/api/rooms/x/kick/", SOMEBODY, IN_NO_ROOM),
    ("POST", "/api/rooms/{code}/ban", "/api/rooms/x/ban/", SOMEBODY, IN_NO_ROOM),
    ("POST", "/api/rooms/{code}/unban", "/api/rooms/x/unban/", SOMEBODY, IN_NO_ROOM),
    ("POST", "/api/rooms/{code}/mute", "/api/rooms/x/mute/", SOMEBODY, IN_NO_ROOM),
    ("POST", "/api/rooms/{code}/unmute", "/api/rooms/x/unmute/", SOMEBODY, IN_NO_ROOM),
    ("POST", "/api/rooms/{code}/host", "/api/rooms/x/host/", SOMEBODY, IN_NO_ROOM),
    ("POST", "/api/rooms/{code}/cohost", "/api/rooms/x/cohost/", SOMEBODY, IN_NO_ROOM),
    ("POST", "/api/rooms/{code}/uncohost", "/api/rooms/x/uncohost/", SOMEBODY, IN_NO_ROOM),
    ("GET", "/api/rooms/{code}/messages", "/api/rooms/x/messages/", "", IN_NO_ROOM),
    ("POST", "/api/rooms/{code}/messages", "/api/rooms/x/messages/", HELLO, IN_NO_ROOM),
    ("POST", "/api/send-message", "/api/send-message/", r#"{"room": "x", "message": "hello"}"#, IN_NO_ROOM),
    ("POST", "/api/upload-file", "/api/upload-file/", "", SignedIn(INVALID, INVALID, INVALID)),
    ("PATCH", "/api/rooms/{code}/messages/{id}", "/api/rooms/x/messages/1/", HELLO, IN_NO_ROOM),
    ("DELETE", "/api/rooms/{code}/messages/{id}", "/api/rooms/x/messages/1/", "", IN_NO_ROOM),
    (
        "POST",
        "/api/rooms/{code}/messages/{id}/reactions",
        "/api/rooms/x/messages/1/reactions/",
        r#"{"reaction": "+"}"#,
        IN_NO_ROOM,
    ),
    ("POST", "/api/rooms/{code}/read", "/api/rooms/x/read/", "", IN_NO_ROOM),
    ("POST", "/api/users/{id}/block", "/api/users/99/block/", "", SignedIn(NO_PERSON, NO_PERSON, NO_PERSON)),
    ("POST", "/api/users/{id}/unblock", "/api/users/99/unblock/", "", SignedIn(OK, OK, OK)),
    ("GET", "/api/user-profile/blocked", "/api/user-profile/blocked/", "", SignedIn(OK, OK, OK)),
    ("GET", "/api/rooms/{code}/export", "/api/rooms/x/export/", "", IN_NO_ROOM),
    ("GET", "/api/user-profile/export", "/api/user-profile/export/", "", SignedIn(OK, OK, OK)),
    ("GET", "/api/conversations", "/api/conversations/", "", SignedIn(OK, OK, OK)),
    (
        "POST",
        "/api/conversations",
        "/api/conversations/",
        r#"{"participant_id": 1}"#,
        SignedIn(NO_GUESTS, MADE, MADE),
    ),
    ("GET", "/api/conversations/{id}/messages", "/api/conversations/123456789/messages/", "", IN_NO_ROOM),
    (
        "POST",
        "/api/rooms/source",
        "/api/rooms/source/",
        r#"{"room_id": "x", "url": "https://example.org/"}"#,
        IN_NO_ROOM,
    ),
    (
        "POST",
        "/api/rooms/progress/save",
        "/api/rooms/progress/save/",
        r#"{"room_id": "x", "media_id": "1", "timestamp": 1}"#,
        IN_NO_ROOM,
    ),
    (
        "GET",
        "/api/rooms/progress/get",
        "/api/rooms/progress/get/?room_id=x&media_id=1&media_type=movie",
        "",
        IN_NO_ROOM,
    ),
    ("GET", "/api/rooms/{code}/resume", "/api/rooms/x/resume/", "", IN_NO_ROOM),
    ("GET", "/api/rooms/search", "/api/rooms/search/?q=a", "", SignedIn(OK, OK, OK)),
    ("GET", "/api/user-profile/progress", "/api/user-profile/progress/", "", SignedIn(OK, OK, OK)),
    ("GET", "/api/rooms/{code}/queue", "/api/rooms/x/queue/", "", IN_NO_ROOM),
    ("POST", "/api/rooms/{code}/queue", "/api/rooms/x/queue/", FILM, IN_NO_ROOM),
    ("PATCH", "/api/rooms/{code}/queue/{item}", "/api/rooms/x/queue/y/", "", IN_NO_ROOM),
    ("DELETE", "/api/rooms/{code}/queue/{item}", "/api/rooms/x/queue/y/", "", IN_NO_ROOM),
    ("GET", "/api/rooms/{code}/events", "/api/rooms/x/events/", "", IN_NO_ROOM),
    ("GET", "/api/admin/users", "/api/admin/users/", "", ADMINS),
    ("GET", "/api/admin/users/{id}", "/api/admin/users/1/", "", ADMINS),
    ("PATCH", "/api/admin/users/{id}", "/api/admin/users/2/", r#"{"is_disabled": true}"#, ADMINS),
    ("POST", "/api/admin/users/{id}/end-sessions", "/api/admin/users/2/end-sessions/", "", ADMINS),
    ("GET", "/api/admin/rooms", "/api/admin/rooms/", "", ADMINS),
    ("GET", "/api/admin/audit", "/api/admin/audit/", "", ADMINS),
    ("POST", "/media_post", "/media_post/", "", SignedIn(UNREAD, UNREAD, UNREAD)),
    ("POST", "/api/uploads", "/api/uploads/", r#"{"filename": "x", "size": 1}"#, SignedIn(OK, OK, OK)),
    ("GET", "/media_get", SOUND, "", SignedIn(OK, OK, OK)),
    ("HEAD", "/media_get", SOUND, "", SignedIn(OK, OK, OK)),
    ("GET", "/media/{filename}", "/media/x", "", Anyone(NOT_FOUND)),
];

const FILM: &str = r#"{"url": "https://example.org/film.mp4"}"#;
const PROOF: &str = r#"{"current_password": "kX3!vq9Zt-lamp"}"#;
const NEW_PHRASE: &str = r#"{"current_password": "kX3!vq9Zt-lamp", "phrase": "seven green boats at dawn"}"#;
const ASK_AGAIN: &str = "/api/auth/verify-email/request/";
const SOUND: &str = "/media_get/?media_id=904cb473-5d17-4885-9363-46f466a7d140";

/// The answer to a call with this token; none: without one.
async fn answer(house: &House, call: &Call, token: Option<&str>) -> (u16, Option<String>) {
    let (method, _, url, body, _) = call;
    let (status, _, answer) = ask_through(house.router(), token, method, url, body).await;
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
async fn member(house: &House) -> String {
    let body = json!({"username": "ann", "email": "ann@example.org", "password": PASSWORD});
    assert_eq!(call(house, "/api/register/", body.clone()).await.0, 201);
    let tokens = call(house, "/api/auth/login/", body).await.2;
    tokens["access_token"].as_str().unwrap().to_owned()
}

#[tokio::test]
async fn bad_credentials_get_in_nowhere_and_stand_in_nobodys_way_elsewhere() {
    // There are more kinds of them than most calls may be made in a minute.
    let house = House::new(|settings| settings.limits = Limits::lifted());
    let (ended, disabled, root) = (house.token().await, member(&house).await, admin(&house, "root").await);
    call_with(&house, &ended, "POST", "/api/auth/logout/", "").await;
    call_with(&house, &root, "PATCH", "/api/admin/users/2/", r#"{"is_disabled": true}"#).await;
    let guest = parlor::app::sign_in_guest(&house.app, "Ann").await.unwrap();
    let forgery = Forgery::of(&house, &guest.session_token.identity).await;
    let is_profile = |call: &&Call| (call.0, call.1) == ("GET", "/api/user-profile");
    let profile = CALLS.iter().find(is_profile).unwrap();
    let genuine = answer(&house, profile, Some(&forgery.genuine())).await;
    assert_answer(profile, "a forger who has our key", genuine, OK);
    for row in CALLS {
        let for_others = |expected| match &row.4 {
            Anyone(answer) => *answer,
            SignedIn(..) => expected,
        };
        assert_answer(row, "nobody", answer(&house, row, None).await, for_others(UNAUTHENTICATED));
        for (what, token) in forgery.all() {
            assert_answer(row, what, answer(&house, row, Some(&token)).await, for_others(UNAUTHENTICATED));
        }
        for (who, token) in [("an ended session", &ended), ("somebody disabled", &disabled)] {
            assert_answer(row, who, answer(&house, row, Some(token)).await, for_others(ENDED));
        }
    }
}

async fn call_with(house: &House, token: &str, method: &str, url: &str, body: &str) {
    let (status, _, answer) = ask_through(house.router(), Some(token), method, url, body).await;
    assert_eq!(status, 200, "{answer}");
}

#[tokio::test]
async fn guests_members_and_admins_get_what_is_theirs() {
    for row in CALLS {
        let (guest, member_, admin_) = match &row.4 {
            Anyone(answer) => (*answer, *answer, *answer),
            SignedIn(guest, member, admin) => (*guest, *member, *admin),
        };
        let house = House::new(|_| ());
        // Number 1 is the admin, 2 the member, whom some calls are about: they come last.
        let (root, ann, bob) = (admin(&house, "root").await, member(&house).await, house.token().await);
        assert_answer(row, "a guest", answer(&house, row, Some(&bob)).await, guest);
        assert_answer(row, "a member", answer(&house, row, Some(&ann)).await, member_);
        assert_answer(row, "an admin", answer(&house, row, Some(&root)).await, admin_);
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
    let house = House::new(|_| ());
    for path in &paths {
        let url = path.replace(['{', '}'], "");
        // What is a file has no slash at its end.
        let with_slash = Some(format!("{url}/")).filter(|_| !url.contains('.'));
        for url in with_slash.into_iter().chain([url]) {
            let request = Request::builder().method("TRACE").uri(&url).body(Body::empty()).unwrap();
            let response = super::house::send(house.router(), request).await;
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
