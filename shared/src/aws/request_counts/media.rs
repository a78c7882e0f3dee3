//! Media in and out.

use std::collections::BTreeMap;

use bytes::Bytes;
use futures_util::{StreamExt, TryStreamExt, stream};

use super::bench::Bench;
use super::expected;
use crate::app::{self, AnnouncedFile, upload_medium};
use crate::domain::media::Medium;
use crate::ids::{StoredName, UserId};

const OWNER: UserId = UserId(7);

async fn upload(bench: &Bench) -> Medium {
    let body = stream::iter([Ok(Bytes::from_static(b"sound"))]).boxed();
    let file = upload_medium::store(&bench.app, "a.mp3", None, body).await.unwrap();
    upload_medium::accept(&bench.app, OWNER, file, BTreeMap::new(), None).await.unwrap()
}

#[tokio::test(start_paused = true)]
async fn an_upload_through_the_function() {
    let bench = Bench::new();
    assert_eq!(bench.count(upload(&bench)).await, expected::requests("upload"));
}

#[tokio::test(start_paused = true)]
async fn a_download() {
    let bench = Bench::new();
    let medium = upload(&bench).await;
    let by_id = async {
        let found = app::find_by_id(&bench.app, OWNER, medium.id).await.unwrap();
        found.open(&bench.app, None).await.unwrap().try_collect::<Vec<_>>().await.unwrap()
    };
    assert_eq!(bench.count(by_id).await, expected::requests("download_by_id"));
    let by_name = async {
        let found = app::find_by_name(&bench.app, &medium.stored_name).await.unwrap();
        found.open(&bench.app, None).await.unwrap().try_collect::<Vec<_>>().await.unwrap()
    };
    assert_eq!(bench.count(by_name).await, expected::requests("download_by_name"));
}

#[tokio::test(start_paused = true)]
async fn a_direct_upload() {
    let bench = Bench::new();
    let begin = async {
        let file = AnnouncedFile { filename: "a.mp3".into(), size: 5, ..AnnouncedFile::default() };
        app::begin_upload(&bench.app, OWNER, file, None).await.unwrap();
    };
    assert_eq!(bench.count(begin).await, expected::requests("direct_upload_begins"));
    // Chance always falls the same way here.
    let name = StoredName::direct_from_random(bench.app.ports().random.bytes(), "a.mp3");
    bench.bucket.put_directly(name.clone(), b"sound");
    let finish = async || app::finish_upload(&bench.app, &name).await.unwrap();
    assert_eq!(bench.count(finish()).await, expected::requests("direct_upload_ends"));
    assert_eq!(bench.count(finish()).await, expected::requests("direct_upload_ends_again"));
}
