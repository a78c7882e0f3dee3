//! Dropped texts in a bucket that keeps versions.

use aws_sdk_s3::Client;
use parlor::ports::{DropBox, DropRef};

use crate::servers::{BUCKET, drop_box};

const PATH: &str = "rooms/kino/schön & gut+1.txt";

/// Drops a text, as anybody does who may; answers which one it is, as the bucket's event names it.
async fn drop_text(client: &Client, text: &'static str) -> DropRef {
    let put = client.put_object().bucket(BUCKET).key(format!("messages/{PATH}"));
    let put = put.body(text.as_bytes().to_vec().into()).send().await.unwrap();
    DropRef { path: PATH.into(), version: put.version_id.unwrap() }
}

async fn read(drops: &impl DropBox, text: &DropRef) -> Option<String> {
    let bytes = drops.read(text, 100).await.unwrap();
    bytes.map(|bytes| String::from_utf8(bytes.to_vec()).unwrap())
}

#[tokio::test]
async fn two_texts_under_one_name_both_arrive() {
    let (server, client, drops) = drop_box().await;
    let mut told = server.created();
    let (first, second) = (drop_text(&client, "one").await, drop_text(&client, "two").await);
    for dropped in [&first, &second] {
        let created = told.recv().await.unwrap();
        assert_eq!((created.key, &created.version_id), (format!("messages/{PATH}"), &dropped.version));
    }
    assert_eq!(read(&drops, &first).await.as_deref(), Some("one"));
    drops.remove(&first).await.unwrap();
    assert_eq!(read(&drops, &second).await.as_deref(), Some("two"));
    drops.remove(&second).await.unwrap();
    assert_eq!(server.keys(BUCKET), Vec::<String>::new());
}

#[tokio::test]
async fn a_text_that_is_gone_can_be_read_and_removed_without_harm() {
    let (server, client, drops) = drop_box().await;
    let (first, second) = (drop_text(&client, "one").await, drop_text(&client, "two").await);
    drops.remove(&first).await.unwrap();
    assert_eq!(read(&drops, &first).await, None);
    drops.remove(&first).await.unwrap();
    drops.reject(&first).await.unwrap();
    assert_eq!(server.keys(BUCKET), [format!("messages/{PATH}")]);
    assert_eq!(read(&drops, &second).await.as_deref(), Some("two"));
}

#[tokio::test]
async fn no_more_is_read_than_was_asked_for_and_of_an_empty_text_nothing() {
    let (_server, client, drops) = drop_box().await;
    let text = drop_text(&client, "a longer text").await;
    assert_eq!(drops.read(&text, 8).await.unwrap().unwrap(), "a longer");
    let empty = drop_text(&client, "").await;
    assert_eq!(read(&drops, &empty).await.as_deref(), Some(""));
}

#[tokio::test]
async fn rejected_texts_of_one_name_lie_side_by_side() {
    let (server, client, drops) = drop_box().await;
    let (first, second) = (drop_text(&client, "one").await, drop_text(&client, "two").await);
    drops.reject(&first).await.unwrap();
    drops.reject(&second).await.unwrap();
    let mut expected = [&first, &second].map(|text| format!("rejected/{}/{PATH}", text.version));
    expected.sort();
    assert_eq!(server.keys(BUCKET), expected);
    for (key, text) in expected.iter().zip(["one", "two"]) {
        let object = client.get_object().bucket(BUCKET).key(key).send().await.unwrap();
        assert_eq!(object.body.collect().await.unwrap().into_bytes(), text);
    }
    assert_eq!(read(&drops, &first).await, None, "it is put aside, not copied");
}
