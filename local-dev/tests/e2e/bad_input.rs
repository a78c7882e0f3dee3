//! Bad input gets a clear answer, and changes nothing.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use reqwest::multipart::{Form, Part};
use reqwest::{RequestBuilder, StatusCode};
use serde_json::{Value, json};

use crate::client::{Guest, with_form};
use crate::local_dev::LocalDev;
use crate::target::Target;

/// The answer's status and code, after a look at its form.
pub async fn refused(request: RequestBuilder) -> (u16, String, Value) {
    let response = request.send().await.unwrap();
    let status = response.status().as_u16();
    assert!(response.headers().contains_key("x-request-id"));
    let body: Value = response.json().await.unwrap_or_else(|error| panic!("{status} without JSON: {error}"));
    assert!(body["error"].as_str().is_some_and(|sentence| sentence.ends_with('.')), "{body}");
    (status, body["code"].as_str().unwrap().to_owned(), body["fields"].clone())
}

fn file(bytes: &'static [u8], name: &'static str) -> Part {
    Part::bytes(bytes).file_name(name)
}

#[tokio::test]
#[expect(clippy::too_many_lines, reason = "it is a table")]
async fn a_bad_upload_is_refused_and_leaves_nothing_behind() {
    let target = Target::start().await;
    let ann = Guest::sign_in(&target.http).await;
    let url = format!("{}/media_post/", target.http);
    let post = || ann.http.post(&url).bearer_auth(ann.access_token());
    let oversized = Form::new().part("file", Part::bytes(vec![0; target.max_upload + 1]).file_name("big"));
    let many =
        (0..65).fold(Form::new(), |form, n| form.text(format!("f{n}"), "x")).part("file", file(b"x", "x"));
    let cut_off = "--b\r\nContent-Disposition: form-data; name=\"file\"; filename=\"x\"\r\n\r\nhalf";
    let multipart = "multipart/form-data; boundary=b";
    let typed = |kind: &str, body: String| post().header("content-type", kind).body(body);
    let preamble = typed(multipart, too_long(""));
    let header = typed(multipart, too_long("--b\r\nX-Long: "));
    let boundary = typed(&format!("multipart/form-data; boundary={}", "b".repeat(5_000)), "--b".to_owned());
    let ended_early = typed(multipart, format!("{cut_off}\r\n--b"));
    let repeated = Form::new().text("a", "1").part("file", file(b"x", "x")).text("a", "2");
    let table: Vec<(&str, RequestBuilder, u16, &str)> = vec![
        ("no file part", with_form(post(), Form::new().text("param1", "x")), 400, "INVALID_INPUT"),
        ("empty file", with_form(post(), Form::new().part("file", file(b"", "x"))), 400, "INVALID_INPUT"),
        (
            "two files",
            with_form(post(), Form::new().part("file", file(b"a", "a")).part("file", file(b"b", "b"))),
            400,
            "INVALID_INPUT",
        ),
        (
            "a file under another name",
            with_form(post(), Form::new().part("file", file(b"a", "a")).part("other", file(b"b", "b"))),
            400,
            "INVALID_INPUT",
        ),
        ("oversized", with_form(post(), oversized), 413, "TOO_LARGE"),
        ("too many fields", with_form(post(), many), 413, "TOO_LARGE"),
        ("long fields", with_form(post(), Form::new().text("f", "x".repeat(65 << 10))), 413, "TOO_LARGE"),
        ("wrong content type", post().json(&json!({})), 415, "UNSUPPORTED_MEDIA_TYPE"),
        ("no content type", post().body("x"), 415, "UNSUPPORTED_MEDIA_TYPE"),
        ("cut off", post().header("content-type", multipart).body(cut_off), 400, "MALFORMED"),
        ("nothing", post().header("content-type", multipart).body(""), 400, "MALFORMED"),
        ("cut off in a boundary", ended_early, 400, "MALFORMED"),
        ("a long preamble", preamble, 413, "TOO_LARGE"),
        ("a long part header", header, 413, "TOO_LARGE"),
        ("a long boundary", boundary, 415, "UNSUPPORTED_MEDIA_TYPE"),
        ("a field that comes twice", with_form(post(), repeated), 400, "INVALID_INPUT"),
        (
            "a bad idempotency key",
            with_form(post().header("idempotency-key", ""), Form::new().part("file", file(b"a", "a"))),
            400,
            "INVALID_INPUT",
        ),
    ];
    for (case, request, status, code) in table {
        let (got_status, got_code, fields) = refused(request).await;
        assert_eq!((got_status, got_code.as_str()), (status, code), "{case}");
        assert_eq!(fields.is_object(), code == "INVALID_INPUT", "{case}");
        target.assert_stores(0, case);
    }
}

/// One byte more than 64 KB, so that nothing is left unread when it is refused.
pub fn too_long(beginning: &str) -> String {
    let rest = " ".repeat((64 << 10) + 1 - beginning.len());
    beginning.to_owned() + &rest
}

#[tokio::test]
async fn path_tricks_in_a_filename_change_only_the_name_that_is_kept() {
    let target = Target::start().await;
    let ann = Guest::sign_in(&target.http).await;
    let long = format!("{}.mp3", "é".repeat(300));
    for (name, kept) in [
        ("../../x", "x"),
        ("..\\..\\boot.ini", "boot.ini"),
        ("/etc/passwd", "passwd"),
        ("..", "file"),
        ("Übung ①.mp3", "Übung ①.mp3"),
        (long.as_str(), &format!("{}.mp3", "é".repeat(125))),
    ] {
        let answer: Value = ann.upload(&target.http, name, "x").await.json().await.unwrap();
        assert_eq!(answer["filename"], kept, "{name}");
    }
    let nul =
        "--b\r\nContent-Disposition: form-data; name=\"file\"; filename=\"a\0b.txt\"\r\n\r\nx\r\n--b--\r\n";
    let request = ann.http.post(format!("{}/media_post/", target.http)).bearer_auth(ann.token());
    let response =
        request.header("content-type", "multipart/form-data; boundary=b").body(nul).send().await.unwrap();
    assert!(matches!(response.status(), StatusCode::OK | StatusCode::BAD_REQUEST), "{}", response.status());
}

#[tokio::test]
#[expect(clippy::too_many_lines, reason = "it is a table")]
async fn every_bad_token_is_401_on_every_call_that_wants_one() {
    let target = Target::start().await;
    let other = LocalDev::start();
    let ann = Guest::sign_in(&target.http).await;
    let foreign = Guest::sign_in(&other.http).await;
    let jwt = ann.access_token();
    let (signed, signature) = jwt.rsplit_once('.').unwrap();
    let (header, claims) = signed.split_once('.').unwrap();
    let unsigned = format!("{}.{claims}.", URL_SAFE_NO_PAD.encode(r#"{"alg":"none","typ":"at+jwt"}"#));
    let kid =
        serde_json::from_slice::<Value>(&URL_SAFE_NO_PAD.decode(header).unwrap()).unwrap()["kid"].clone();
    let hmac = json!({ "alg": "HS256", "typ": "at+jwt", "kid": kid }).to_string();
    let confused = format!("{}.{claims}.{signature}", URL_SAFE_NO_PAD.encode(hmac));
    let other_claims: String = claims.chars().rev().collect();
    let expired = {
        let mut claims: Value = serde_json::from_slice(&URL_SAFE_NO_PAD.decode(claims).unwrap()).unwrap();
        claims["exp"] = 1.into();
        format!("{header}.{}.{signature}", URL_SAFE_NO_PAD.encode(claims.to_string()))
    };
    let cut = &ann.token()[..ann.token().len() - 2];
    let table = [
        ("none", None),
        ("garbled", Some("Bearer garbled".to_owned())),
        ("empty", Some("Bearer ".to_owned())),
        ("of another scheme", Some("Basic YTpi".to_owned())),
        ("alg none", Some(format!("Bearer {unsigned}"))),
        ("alg confusion", Some(format!("Bearer {confused}"))),
        ("expiry changed", Some(format!("Bearer {expired}"))),
        ("claims changed", Some(format!("JWT {header}.{other_claims}.{signature}"))),
        ("signed by another deployment", Some(format!("Bearer {}", foreign.access_token()))),
        ("opaque of another deployment", Some(format!("Token {}", foreign.token()))),
        ("opaque cut off", Some(format!("Token {cut}"))),
        ("refresh token", Some(format!("Bearer {}", ann.answer["refresh_token"].as_str().unwrap()))),
    ];
    for (case, authorization) in table {
        let with = |request: RequestBuilder| match &authorization {
            Some(value) => request.header("authorization", value),
            None => request,
        };
        let form = Form::new().part("file", file(b"x", "x"));
        let calls = [
            with_form(with(ann.http.post(format!("{}/media_post/", target.http))), form),
            with(ann.http.get(format!("{}/media_get/?media_id=x", target.http))),
        ];
        for call in calls {
            let (status, code, _) = refused(call).await;
            let right =
                code == "UNAUTHENTICATED" || (case.contains("opaque of another") && code == "SESSION_ENDED");
            assert!(status == 401 && right, "{case}: {status} {code}");
        }
        target.assert_stores(0, case);
    }
}

#[tokio::test]
#[expect(clippy::too_many_lines, reason = "it is a table")]
async fn what_is_not_there_is_404_and_a_wrong_method_405_as_json() {
    let target = Target::start().await;
    let ann = Guest::sign_in(&target.http).await;
    let at = |path: &str| format!("{}{path}", target.http);
    let unknown = "00000000-0000-4000-8000-000000000000";
    let table = [
        (ann.http.get(at("/nothing/")), 404, "NOT_FOUND"),
        (
            ann.http.get(at(&format!("/media_get/?media_id={unknown}"))).bearer_auth(ann.token()),
            404,
            "NOT_FOUND",
        ),
        (ann.http.get(at("/media_get/?media_id=..%2Fx")).bearer_auth(ann.token()), 404, "NOT_FOUND"),
        (ann.http.get(at("/media_get/")).bearer_auth(ann.token()), 400, "INVALID_INPUT"),
        (
            ann.http.get(at("/media_get/?media_id=a&media_id=b")).bearer_auth(ann.token()),
            400,
            "INVALID_INPUT",
        ),
        (ann.http.get(at("/media/%ff")), 404, "NOT_FOUND"),
        (ann.http.get(at("/media/..%2F..%2Fparlor.sqlite")), 404, "NOT_FOUND"),
        (ann.http.get(at(&format!("/media/{}.mp3", "0".repeat(32)))), 404, "NOT_FOUND"),
        (ann.http.get(at("/media_post/")), 405, "METHOD_NOT_ALLOWED"),
        (ann.http.delete(at("/health/")), 405, "METHOD_NOT_ALLOWED"),
        (ann.http.get(at("/package.json")), 404, "NOT_FOUND"),
        (ann.http.post(at("/api/auth/guest/")).body("{"), 400, "MALFORMED"),
        (ann.http.post(at("/api/auth/guest/")).json(&json!({ "display_name": 7 })), 400, "MALFORMED"),
        (ann.http.post(at("/api/auth/guest/")), 400, "INVALID_INPUT"),
        (
            ann.http.post(at("/api/auth/guest")).json(&json!({ "display_name": "x".repeat(41) })),
            400,
            "INVALID_INPUT",
        ),
        (ann.http.post(at("/api/auth/guest/")).body("<x/>"), 415, "UNSUPPORTED_MEDIA_TYPE"),
        (
            ann.http.post(at("/api/auth/guest/")).body(format!("{{{}", "x".repeat(300 << 10))),
            413,
            "TOO_LARGE",
        ),
    ];
    for (request, status, code) in table {
        let shown = format!("{request:?}");
        let (got_status, got_code, _) = refused(request).await;
        assert_eq!((got_status, got_code.as_str()), (status, code), "{shown}");
    }
}

#[tokio::test]
async fn a_guest_may_send_their_name_as_json_form_or_multipart() {
    let target = Target::start().await;
    let http = reqwest::Client::new();
    let url = format!("{}/api/auth/guest", target.http);
    let form = "application/x-www-form-urlencoded";
    for request in [
        http.post(&url).body(r#" {"display_name":"Ann Lee"}"#),
        http.post(&url).header("content-type", form).body(r#"{"display_name":"Ann Lee"}"#),
        http.post(&url).header("content-type", form).body("display_name=Ann+Lee"),
        http.post(&url).multipart(Form::new().text("display_name", " Ann  Lee ")),
    ] {
        let answer: Value = request.send().await.unwrap().json().await.unwrap();
        assert_eq!(answer["display_name"], "Ann Lee");
        assert_eq!(
            (&answer["access"], &answer["refresh"]),
            (&answer["access_token"], &answer["refresh_token"])
        );
        assert_eq!((&answer["is_guest"], &answer["role"]), (&json!(true), &json!("member")));
        assert_eq!((&answer["token_type"], &answer["expires_in"]), (&json!("Bearer"), &json!(86_400)));
    }
}
