//! The web pages in `static/`: part of the binary, and read from disk in debug builds, so that an edit shows at once.

use axum::Router;
use axum::body::Body;
use axum::extract::Request;
use axum::http::header::{
    CACHE_CONTROL, CONTENT_ENCODING, CONTENT_SECURITY_POLICY, CONTENT_TYPE, ETAG, IF_NONE_MATCH, LOCATION,
    REFERRER_POLICY, VARY, X_CONTENT_TYPE_OPTIONS,
};
use axum::http::request::Parts;
use axum::http::{HeaderMap, HeaderName, Method, StatusCode};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use axum::routing::{MethodRouter, get};
use rust_embed::RustEmbed;

use crate::gzip;

#[derive(RustEmbed)]
#[folder = "../static"]
#[exclude = "tests/*"]
// Those that mailed links open: the handlers themselves answer them.
#[exclude = "links/*"]
#[exclude = "package.json"]
struct Pages;

/// Nothing is loaded from elsewhere, no script or style stands in a page, no text becomes markup or script, and no other page
/// may frame ours.
const POLICY: &str = "default-src 'self'; connect-src 'self' ws: wss:; img-src 'self' data:; media-src 'self' blob:; \
                      style-src 'self'; script-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'; \
                      require-trusted-types-for 'script'; trusted-types 'none'";

/// The page where people watch together. It alone also plays files and streams from elsewhere (the parts of a stream are
/// fetched), and videos in YouTube's own frame.
const ROOM_PAGE: &str = "room.html";
const ROOM_POLICY: &str = "default-src 'self'; connect-src 'self' ws: wss: https:; img-src 'self' data:; \
                           media-src 'self' blob: https:; frame-src https://www.youtube-nocookie.com; style-src 'self'; \
                           script-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'; \
                           require-trusted-types-for 'script'; trusted-types 'none'";

/// A route for each file; for each folder, one that answers its `index.html`, and one that adds the slash which that page's
/// addresses go by.
pub(crate) fn router<S>() -> Router<S>
where
    S: Clone + Send + Sync + 'static,
{
    let mut router = Router::new();
    for file in Pages::iter() {
        router = router.route(&format!("/{file}"), of_file(&file));
        if let Some(folder) = file.strip_suffix("index.html") {
            router = router.route(&format!("/{folder}"), of_file(&file));
        }
        if let Some(folder) = file.strip_suffix("/index.html") {
            router = router.route(&format!("/{folder}"), get(with_slash(folder)));
        }
    }
    router
}

fn of_file<S>(file: &str) -> MethodRouter<S>
where
    S: Clone + Send + Sync + 'static,
{
    let file = file.to_owned();
    get(move |headers: HeaderMap| async move { page(&file, &headers) })
}

/// Pages, and other routes behind them.
pub(crate) fn in_front_of(routes: Router) -> Router {
    routes.layer(axum::middleware::from_fn(|request: Request, next: Next| async move {
        let (parts, body) = request.into_parts();
        match answer(&parts) {
            Some(page) => page,
            None => next.run(Request::from_parts(parts, body)).await,
        }
    }))
}

/// The page behind a request, if it asks for one.
fn answer(request: &Parts) -> Option<Response> {
    if !matches!(request.method, Method::GET | Method::HEAD) {
        return None;
    }
    let path = request.uri.path().strip_prefix('/')?;
    let file =
        if path.is_empty() || path.ends_with('/') { format!("{path}index.html") } else { path.to_owned() };
    if Pages::get(&file).is_some() {
        return Some(page(&file, &request.headers));
    }
    Pages::get(&format!("{path}/index.html")).map(|_| with_slash(path).into_response())
}

fn with_slash(folder: &str) -> (StatusCode, [(HeaderName, String); 1]) {
    (StatusCode::FOUND, [(LOCATION, format!("/{folder}/"))])
}

fn page(path: &str, headers: &HeaderMap) -> Response {
    let Some(file) = Pages::get(path) else {
        return StatusCode::NOT_FOUND.into_response();
    };
    let hash = file.metadata.sha256_hash();
    let content_type = content_type(path);
    let copy =
        (is_text(content_type) && gzip::is_read_by(headers)).then(|| gzip::copy(hash, &file.data)).flatten();
    let etag = format!("\"{}{}\"", hex(&hash), if copy.is_some() { "-gzip" } else { "" });
    let policy = if path == ROOM_PAGE { ROOM_POLICY } else { POLICY };
    let common = [
        (ETAG, etag.as_str()),
        (CACHE_CONTROL, "no-cache"),
        (VARY, "accept-encoding"),
        (CONTENT_SECURITY_POLICY, policy),
    ];
    if headers.get(IF_NONE_MATCH).is_some_and(|known| known.as_bytes() == etag.as_bytes()) {
        return (StatusCode::NOT_MODIFIED, common).into_response();
    }
    let about =
        [(CONTENT_TYPE, content_type), (X_CONTENT_TYPE_OPTIONS, "nosniff"), (REFERRER_POLICY, "no-referrer")];
    match copy {
        Some(copy) => (common, about, [(CONTENT_ENCODING, "gzip")], Body::from(copy)).into_response(),
        None => (common, about, Body::from(file.data)).into_response(),
    }
}

/// Pictures and the like are compressed already.
fn is_text(content_type: &str) -> bool {
    content_type.starts_with("text/") || matches!(content_type, "image/svg+xml" | "application/json")
}

fn content_type(path: &str) -> &'static str {
    match path.rsplit_once('.').map(|(_, extension)| extension) {
        Some("html") => "text/html; charset=utf-8",
        Some("css") => "text/css; charset=utf-8",
        Some("js" | "mjs") => "text/javascript; charset=utf-8",
        Some("ts" | "txt") => "text/plain; charset=utf-8",
        Some("svg") => "image/svg+xml",
        Some("json" | "webmanifest") => "application/json",
        _ => "application/octet-stream",
    }
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

#[cfg(test)]
mod tests {
    use axum::http::Request;
    use axum::http::header::ACCEPT_ENCODING;

    use super::*;

    fn answered(method: Method, uri: &str) -> Option<(u16, Option<String>)> {
        let (parts, ()) = Request::builder().method(method).uri(uri).body(()).unwrap().into_parts();
        let response = answer(&parts)?;
        let header = |name: HeaderName| response.headers().get(name)?.to_str().ok().map(str::to_owned);
        Some((response.status().as_u16(), header(LOCATION).or(header(CONTENT_TYPE))))
    }

    #[test]
    fn folders_are_their_pages_and_get_the_slash_that_they_need() {
        let page = Some((200, Some("text/html; charset=utf-8".to_owned())));
        for uri in ["/", "/index.html", "/docs/", "/docs/?x#y", "/docs/index.html"] {
            assert_eq!(answered(Method::GET, uri), page, "{uri}");
        }
        assert_eq!(answered(Method::GET, "/docs"), Some((302, Some("/docs/".to_owned()))));
        let script = Some((200, Some("text/javascript; charset=utf-8".to_owned())));
        assert_eq!(answered(Method::HEAD, "/docs/docs.js"), script);
    }

    #[test]
    fn the_page_of_rooms_alone_may_frame_and_play_what_is_elsewhere() {
        let policy = |path| {
            page(path, &HeaderMap::new()).headers()[CONTENT_SECURITY_POLICY].to_str().unwrap().to_owned()
        };
        assert!(policy("room.html").contains("frame-src https://www.youtube-nocookie.com;"));
        for path in ["index.html", "account.html", "rooms/room.js", "docs/index.html"] {
            assert!(!policy(path).contains("https:"), "{path}");
        }
    }

    #[test]
    fn no_page_makes_markup_of_texts() {
        for path in ["index.html", "room.html", "docs/index.html"] {
            let policy = page(path, &HeaderMap::new()).headers()[CONTENT_SECURITY_POLICY].clone();
            let policy = policy.to_str().unwrap();
            assert!(
                policy.ends_with("require-trusted-types-for 'script'; trusted-types 'none'"),
                "{path}: {policy}"
            );
            assert!(!policy.contains("unsafe"), "{path}: {policy}");
        }
    }

    #[test]
    fn texts_are_sent_compressed_and_once() {
        let ask = |headers: &[(HeaderName, &str)]| {
            let headers = headers.iter().map(|(name, value)| (name.clone(), value.parse().unwrap()));
            page("parlor.js", &HeaderMap::from_iter(headers))
        };
        let plain = ask(&[]);
        assert!(plain.headers().get(CONTENT_ENCODING).is_none());
        let small = ask(&[(ACCEPT_ENCODING, "gzip, br")]);
        assert_eq!(small.headers()[CONTENT_ENCODING], "gzip");
        assert_eq!(small.headers()[VARY], "accept-encoding");
        let known = small.headers()[ETAG].to_str().unwrap();
        assert_ne!(known, plain.headers()[ETAG]);
        let again = ask(&[(ACCEPT_ENCODING, "gzip, br"), (IF_NONE_MATCH, known)]);
        assert_eq!(again.status(), StatusCode::NOT_MODIFIED);
    }

    #[test]
    fn what_is_no_page_is_left_to_others() {
        for uri in ["/health/", "/docs/nothing/", "/tests/page.test.mjs", "//", "/openapi.json"] {
            assert_eq!(answered(Method::GET, uri), None, "{uri}");
        }
        assert_eq!(answered(Method::POST, "/docs/"), None);
    }
}
