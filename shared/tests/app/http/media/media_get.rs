//! Media out.

use std::sync::Arc;

use axum::body::{self, Body};
use axum::http::{Request, Response, StatusCode};
use bytes::Bytes;
use parlor::app::{self, App, Ports, upload_medium};
use parlor::domain::media::Medium;
use parlor::embedded::{Durability, FolderMediaStore};
use parlor::inbound::http::download_router;
use parlor::testing::SeededRandom;
use tempfile::TempDir;

use crate::http::bench::{Bench, send};

/// An application that answers at most four bytes of a medium itself, a store that signs for the rest, and a medium.
struct Redirecting {
    app: Arc<App>,
    store: Arc<FolderMediaStore>,
    token: String,
    medium: Medium,
    _folder: TempDir,
}

impl Redirecting {
    async fn new(text: &'static str) -> Self {
        let Bench { app, .. } = Bench::new(|settings| settings.max_inline_bytes = Some(4));
        let folder = tempfile::tempdir().unwrap();
        let (clock, random) = (app.ports().clock.clone(), Arc::new(SeededRandom::default()));
        let url = "http://store.test";
        let store = FolderMediaStore::open(folder.path(), url, &[7; 32], Durability::Process, clock, random);
        let store = Arc::new(store.unwrap());
        let ports = Ports { media: store.clone(), ..app.ports().clone() };
        let app = Arc::new(App::new(ports, app.settings().clone()));
        let sign_in = app::sign_in_guest(&app, "Ann").await.unwrap();
        let bytes = Box::pin(futures_util::stream::iter([Ok(Bytes::from_static(text.as_bytes()))]));
        let file = upload_medium::store(&app, "ä.mp3", None, bytes).await.unwrap();
        let medium =
            upload_medium::accept(&app, sign_in.user.id, file, Default::default(), None).await.unwrap();
        Self { app, store, token: sign_in.access_token, medium, _folder: folder }
    }

    /// Asks for the medium by its id, with the token in the URL.
    async fn get(&self, headers: &[(&str, &str)]) -> Response<Body> {
        let path = format!("/media_get/?media_id={}&token={}", self.medium.id, self.token);
        let request =
            headers.iter().fold(Request::get(path), |request, (name, value)| request.header(*name, *value));
        send(download_router(self.app.clone()), request.body(Body::empty()).unwrap()).await
    }
}

async fn text(response: Response<Body>) -> String {
    String::from_utf8(body::to_bytes(response.into_body(), 100).await.unwrap().to_vec()).unwrap()
}

#[tokio::test]
async fn what_fits_an_answer_is_answered_and_the_rest_is_had_from_the_store() {
    let small = Redirecting::new("0123").await;
    let whole = small.get(&[]).await;
    assert_eq!((whole.status(), text(whole).await), (StatusCode::OK, "0123".to_owned()));

    let large = Redirecting::new("0123456789").await;
    for (range, part) in [("bytes=2-5", "2345"), ("bytes=-1", "9")] {
        let inline = large.get(&[("range", range)]).await;
        assert_eq!((inline.status(), text(inline).await), (StatusCode::PARTIAL_CONTENT, part.to_owned()));
    }
    // A client repeats its range where it is sent to.
    for headers in [&[][..], &[("range", "bytes=0-4")]] {
        let redirect = large.get(headers).await;
        assert_eq!(redirect.status(), StatusCode::FOUND);
        assert_eq!(redirect.headers()["cache-control"], "no-store");
        assert!(redirect.headers()["location"].to_str().unwrap().starts_with("http://store.test/signed/"));
    }
    let outside = large.get(&[("range", "bytes=10-")]).await;
    assert_eq!(outside.status(), StatusCode::RANGE_NOT_SATISFIABLE);
}

#[tokio::test]
async fn a_redirect_pins_type_and_disposition_and_carries_no_token() {
    let bench = Redirecting::new("0123456789").await;
    let redirect = bench.get(&[]).await;
    let location = redirect.headers()["location"].to_str().unwrap();
    assert!(!location.contains("token") && !location.contains(&bench.token), "{location}");
    let (name, query) = location.strip_prefix("http://store.test/signed/").unwrap().split_once('?').unwrap();
    let terms = bench.store.verify_download(&name.parse().unwrap(), query).unwrap();
    assert_eq!(terms.content_type, "audio/mpeg");
    assert_eq!(terms.disposition, "inline; filename=\"_.mp3\"; filename*=UTF-8''%C3%A4.mp3");
    let typed = query.replace("audio%2Fmpeg", "text%2Fhtml");
    assert_ne!(typed, query);
    assert!(bench.store.verify_download(&name.parse().unwrap(), &typed).is_err());
}

#[tokio::test]
async fn who_has_the_bytes_is_not_sent_to_the_store() {
    let bench = Redirecting::new("0123456789").await;
    let etag = format!("\"{}\"", bench.medium.sha256.as_deref().unwrap());
    let known = bench.get(&[("if-none-match", &etag)]).await;
    assert_eq!((known.status(), text(known).await), (StatusCode::NOT_MODIFIED, String::new()));
    let stale = bench.get(&[("if-none-match", "\"other\""), ("range", "bytes=0-0")]).await;
    assert_eq!(stale.status(), StatusCode::PARTIAL_CONTENT);
}

#[tokio::test]
async fn head_neither_opens_the_store_nor_sends_the_client_to_it() {
    let bench = Bench::new(|settings| settings.max_inline_bytes = Some(2));
    let owner = app::sign_in_guest(&bench.app, "Ann").await.unwrap().user.id;
    let bytes: parlor::ports::ByteStream =
        Box::pin(futures_util::stream::iter([Ok(Bytes::from_static(b"0123456789"))]));
    let file = upload_medium::store(&bench.app, "a.bin", None, bytes).await.unwrap();
    let medium = upload_medium::accept(&bench.app, owner, file, Default::default(), None).await.unwrap();
    for range in ["bytes=0-0", "bytes=0-4", "bytes=90-", "none"] {
        let path = format!("/media/{}", medium.stored_name);
        let request = Request::head(path).header("range", range).body(Body::empty()).unwrap();
        let response = send(download_router(bench.app.clone()), request).await;
        assert_eq!(response.status(), StatusCode::OK, "{range}");
        assert_eq!(response.headers()["content-length"], "10", "{range}");
        assert_eq!(body::to_bytes(response.into_body(), 10).await.unwrap(), "", "{range}");
    }
}
