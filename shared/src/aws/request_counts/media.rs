//! Media in and out.

use std::collections::BTreeMap;

use bytes::Bytes;
use futures_util::{StreamExt, TryStreamExt, stream};

use super::expected;
use super::house::House;
use crate::app::{self, AnnouncedFile, upload_medium};
use crate::domain::media::Medium;
use crate::ids::{StoredName, UserId};

const OWNER: UserId = UserId(7);

async fn upload(house: &House) -> Medium {
    let body = stream::iter([Ok(Bytes::from_static(b"sound"))]).boxed();
    let file = upload_medium::store(&house.app, "a.mp3", None, body).await.unwrap();
    upload_medium::accept(&house.app, OWNER, file, BTreeMap::new(), None).await.unwrap()
}

#[tokio::test(start_paused = true)]
async fn an_upload_through_the_function() {
    let house = House::new();
    assert_eq!(house.count(upload(&house)).await, expected::requests("upload"));
}

#[tokio::test(start_paused = true)]
async fn a_download() {
    let house = House::new();
    let medium = upload(&house).await;
    let by_id = async {
        let found = app::find_by_id(&house.app, OWNER, medium.id).await.unwrap();
        found.open(&house.app, None).await.unwrap().try_collect::<Vec<_>>().await.unwrap()
    };
    assert_eq!(house.count(by_id).await, expected::requests("download_by_id"));
    let by_name = async {
        let found = app::find_by_name(&house.app, &medium.stored_name).await.unwrap();
        found.open(&house.app, None).await.unwrap().try_collect::<Vec<_>>().await.unwrap()
    };
    assert_eq!(house.count(by_name).await, expected::requests("download_by_name"));
}

#[tokio::test(start_paused = true)]
async fn a_direct_upload() {
    let house = House::new();
    let begin = async {
        let file = AnnouncedFile { filename: "a.mp3".into(), size: 5, ..AnnouncedFile::default() };
        app::begin_upload(&house.app, OWNER, file, None).await.unwrap();
    };
    assert_eq!(house.count(begin).await, expected::requests("direct_upload_begins"));
    // Chance always falls the same way here.
    let name = StoredName::direct_from_random(house.app.ports().random.bytes(), "a.mp3");
    house.bucket.put_directly(name.clone(), b"sound");
    let finish = async || app::finish_upload(&house.app, &name).await.unwrap();
    assert_eq!(house.count(finish()).await, expected::requests("direct_upload_ends"));
    assert_eq!(house.count(finish()).await, expected::requests("direct_upload_ends_again"));
}
