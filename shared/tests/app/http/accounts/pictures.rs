//! People's pictures over HTTP.

use std::slice::from_ref;

use axum::body::Body;
use axum::http::Request;
use parlor::app;
use serde_json::{Value, json};

use crate::http::accounts::signing_in::{PASSWORD, call};
use crate::http::bench::{Bench, json as read, send};

const PNG: &[u8] = b"\x89PNG\r\n\x1a\nnot much of a picture";
const GIF: &[u8] = b"GIF89a, no more of one";

/// A part of a form: a file if it has a name.
fn part(name: &str, filename: Option<&str>, content: &[u8]) -> Vec<u8> {
    let file = filename.map(|filename| format!("; filename=\"{filename}\"")).unwrap_or_default();
    let head = format!("--b\r\nContent-Disposition: form-data; name=\"{name}\"{file}\r\n\r\n");
    [head.as_bytes(), content, b"\r\n"].concat()
}

/// Sends a form; answers status and JSON.
async fn form(
    bench: &Bench,
    method: &str,
    path: &str,
    token: Option<&str>,
    parts: &[Vec<u8>],
) -> (u16, Value) {
    let body = [parts.concat(), b"--b--\r\n".to_vec()].concat();
    let request = Request::builder().method(method).uri(path);
    let request = request.header("content-type", "multipart/form-data; boundary=b");
    let request = token
        .into_iter()
        .fold(request, |request, token| request.header("authorization", format!("Bearer {token}")));
    let response = send(bench.router(), request.body(Body::from(body)).unwrap()).await;
    (response.status().as_u16(), read(response).await)
}

async fn register(bench: &Bench, name: &str, parts: &[Vec<u8>]) -> (u16, Value) {
    let own = [part("username", None, name.as_bytes()), part("password", None, PASSWORD.as_bytes())];
    form(bench, "POST", "/api/register/", None, &[own.to_vec(), parts.to_vec()].concat()).await
}

async fn change(bench: &Bench, token: &str, parts: &[Vec<u8>]) -> (u16, Value) {
    form(bench, "PATCH", "/api/user-profile/", Some(token), parts).await
}

async fn ann(bench: &Bench, picture: Option<&[u8]>) -> Value {
    let parts: Vec<_> = picture.map(|bytes| part("profile_pic", Some("me.png"), bytes)).into_iter().collect();
    let (status, answer) = register(bench, "ann", &parts).await;
    assert_eq!(status, 201, "{answer}");
    call(bench, "/api/login/", json!({"username": "ann", "password": PASSWORD})).await.2
}

/// The status of a look at a picture by somebody who isn't signed in, and what it says that it is.
async fn look(bench: &Bench, url: &Value) -> (u16, Option<String>) {
    let path = url.as_str().unwrap().strip_prefix("http://localhost").unwrap().to_owned();
    let response = send(bench.router(), Request::head(path).body(Body::empty()).unwrap()).await;
    let kind = response.headers().get("content-type").map(|kind| kind.to_str().unwrap().to_owned());
    (response.status().as_u16(), kind)
}

fn token(tokens: &Value) -> &str {
    tokens["access_token"].as_str().unwrap()
}

#[tokio::test]
async fn a_picture_that_comes_with_an_account_is_shown_to_everybody() {
    let bench = Bench::new(|_| ());
    let tokens = ann(&bench, Some(PNG)).await;
    let photo = &tokens["user"]["photo"];
    assert!(photo.as_str().unwrap().starts_with("http://localhost/media/avatar-"), "{photo}");
    assert_eq!(&tokens["user"]["profile_pic"], photo);
    assert_eq!(look(&bench, photo).await, (200, Some("image/png".to_owned())));
    assert_eq!(bench.media.files(), [PNG]);
    let request =
        Request::get("/api/users/?username=ann").header("authorization", format!("JWT {}", token(&tokens)));
    let people = read(send(bench.router(), request.body(Body::empty()).unwrap()).await).await;
    assert_eq!(&people[0]["photo"], photo);
}

#[tokio::test]
async fn a_picture_is_replaced_and_taken_away_with_its_bytes() {
    let bench = Bench::new(|_| ());
    let tokens = ann(&bench, None).await;
    assert_eq!(tokens["user"]["photo"], Value::Null);
    let picture = |bytes| [part("profile_pic", Some("x"), bytes), part("display_name", None, b"Ann Lee")];
    let (status, first) = change(&bench, token(&tokens), &picture(PNG)).await;
    assert_eq!((status, &first["display_name"]), (200, &json!("Ann Lee")), "{first}");
    let (_, second) = change(&bench, token(&tokens), &picture(GIF)).await;
    assert_eq!(look(&bench, &second["photo"]).await, (200, Some("image/gif".to_owned())));
    assert_eq!(look(&bench, &first["photo"]).await.0, 404);
    assert_eq!(bench.media.files(), [GIF]);
    // A form whose file was not chosen, or a change of something else, leaves it as it is.
    for nothing in [part("profile_pic", Some(""), b""), part("display_name", None, b"Ann")] {
        let (status, same) = change(&bench, token(&tokens), &[nothing]).await;
        assert_eq!((status, &same["photo"]), (200, &second["photo"]), "{same}");
    }
    let (status, without) = change(&bench, token(&tokens), &[part("profile_pic", None, b"")]).await;
    assert_eq!((status, &without["photo"], &without["profile_pic"]), (200, &Value::Null, &Value::Null));
    assert_eq!(look(&bench, &second["photo"]).await.0, 404);
    assert!(bench.media.files().is_empty());
}

#[tokio::test]
async fn what_is_no_picture_or_too_large_or_not_alone_is_refused_and_leaves_nothing() {
    let bench = Bench::new(|_| ());
    let mut large = GIF.to_vec();
    large.resize((2 << 20) + 1, 0);
    let file = |bytes: &[u8]| part("profile_pic", Some("me.png"), bytes);
    let table = [
        (vec![file(b"<svg xmlns='http://www.w3.org/2000/svg'/>")], 415, "UNSUPPORTED_MEDIA_TYPE"),
        (vec![file(&large)], 413, "TOO_LARGE"),
        (vec![file(PNG), file(GIF)], 400, "INVALID_INPUT"),
        (vec![file(PNG), part("profile_pic", None, b"x")], 400, "INVALID_INPUT"),
        (vec![part("profile_pic", None, b"https://evil.test/me.png")], 400, "INVALID_INPUT"),
        (vec![part("other", Some("me.png"), PNG)], 400, "INVALID_INPUT"),
        (vec![part("profile_pic", Some(""), PNG)], 400, "INVALID_INPUT"),
    ];
    let tokens = ann(&bench, None).await;
    for (parts, status, code) in table {
        for (got, answer) in
            [register(&bench, "bob", &parts).await, change(&bench, token(&tokens), &parts).await]
        {
            assert_eq!((got, &answer["code"]), (status, &json!(code)), "{answer}");
        }
    }
    let largest = &large[..2 << 20];
    assert_eq!(register(&bench, "bob", &[file(largest)]).await.0, 201);
    assert_eq!(bench.media.files().len(), 1);
    let body = json!({"email": "x".repeat(300 * 1024)});
    assert_eq!(call(&bench, "/api/register/", body).await.0, 413, "only a picture may be as large");
}

#[tokio::test]
async fn whoever_is_refused_an_account_or_a_change_leaves_no_bytes() {
    let bench = Bench::new(|_| ());
    let tokens = ann(&bench, None).await;
    let picture = part("profile_pic", Some("me.png"), PNG);
    assert_eq!(register(&bench, "ANN", from_ref(&picture)).await.0, 409);
    assert_eq!(register(&bench, "no  name", from_ref(&picture)).await.0, 400);
    let email = part("email", None, b"new@example.org");
    assert_eq!(change(&bench, token(&tokens), &[picture.clone(), email]).await.0, 403);
    assert_eq!(register(&bench, "bob", &[]).await.0, 201);
    assert_eq!(
        change(&bench, token(&tokens), &[picture.clone(), part("username", None, b"bob")]).await.0,
        409
    );
    let guest = app::sign_in_guest(&bench.app, "Guest").await.unwrap().access_token;
    assert_eq!(change(&bench, &guest, &[picture]).await.0, 403);
    assert!(bench.media.files().is_empty());
}

#[tokio::test]
async fn a_picture_goes_with_its_account_and_so_do_bytes_that_nobody_points_to() {
    let bench = Bench::new(|_| ());
    let tokens = ann(&bench, Some(PNG)).await;
    let photo = tokens["user"]["photo"].clone();
    let name = photo.as_str().unwrap().rsplit('/').next().unwrap().parse().unwrap();
    app::sweep_picture(&bench.app, &name).await.unwrap();
    assert_eq!(look(&bench, &photo).await.0, 200);
    let proof = part("current_password", None, PASSWORD.as_bytes());
    let (status, gone) = form(&bench, "DELETE", "/api/user-profile/", Some(token(&tokens)), &[proof]).await;
    assert_eq!(status, 200, "{gone}");
    assert!(bench.media.files().is_empty());
    assert_eq!(look(&bench, &photo).await.0, 404);
    bench.media.take(&name, PNG);
    app::sweep_picture(&bench.app, &name).await.unwrap();
    assert!(bench.media.files().is_empty());
}
