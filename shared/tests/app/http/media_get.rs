//! Media out.

use axum::body::{self, Body};
use axum::http::{Request, StatusCode};
use bytes::Bytes;
use parlor::app::{self, upload_medium};
use parlor::inbound::http::download_router;

use super::house::{House, send};

#[tokio::test]
async fn head_neither_opens_the_store_nor_sends_the_client_to_it() {
    let house = House::new(|settings| settings.max_inline_bytes = Some(2));
    let owner = app::sign_in_guest(&house.app, "Ann").await.unwrap().user.id;
    let bytes: parlor::ports::ByteStream =
        Box::pin(futures_util::stream::iter([Ok(Bytes::from_static(b"0123456789"))]));
    let file = upload_medium::store(&house.app, "a.bin", None, bytes).await.unwrap();
    let medium = upload_medium::accept(&house.app, owner, file, Default::default(), None).await.unwrap();
    for range in ["bytes=0-0", "bytes=0-4", "bytes=90-", "none"] {
        let path = format!("/media/{}", medium.stored_name);
        let request = Request::head(path).header("range", range).body(Body::empty()).unwrap();
        let response = send(download_router(house.app.clone()), request).await;
        assert_eq!(response.status(), StatusCode::OK, "{range}");
        assert_eq!(response.headers()["content-length"], "10", "{range}");
        assert_eq!(body::to_bytes(response.into_body(), 10).await.unwrap(), "", "{range}");
    }
}
