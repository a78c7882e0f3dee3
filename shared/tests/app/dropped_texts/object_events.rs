//! The bucket's events.

use parlor::inbound::object_event;
use parlor::ports::Group;
use serde_json::{Value, json};

use super::bench::*;

/// A record as S3 writes it, for a key as it appears there: encoded.
fn record(key: &str, version: Option<&str>) -> Value {
    let mut record = json!({
        "eventVersion": "2.1",
        "eventSource": "aws:s3",
        "awsRegion": "eu-central-1",
        "eventTime": "2026-11-20T12:00:00.000Z",
        "eventName": "ObjectCreated:Put",
        "userIdentity": {"principalId": "AWS:AIDAEXAMPLE"},
        "requestParameters": {"sourceIPAddress": "192.0.2.1"},
        "responseElements": {"x-amz-request-id": "EXAMPLE123456789", "x-amz-id-2": "example/id=="},
        "s3": {
            "s3SchemaVersion": "1.0",
            "configurationId": "messages",
            "bucket": {
                "name": "parlor-example",
                "ownerIdentity": {"principalId": "EXAMPLE"},
                "arn": "arn:aws:s3:::parlor-example",
            },
            "object": {
                "key": key,
                "size": 5,
                "eTag": "5d41402abc4b2a76b9719d911017c592",
                "sequencer": "0066F1A2B3C4D5E6F7",
            },
        },
    });
    if let Some(version) = version {
        record["s3"]["object"]["versionId"] = version.into();
    }
    record
}

fn event(records: impl IntoIterator<Item = Value>) -> Value {
    json!({ "Records": records.into_iter().collect::<Vec<_>>() })
}

#[tokio::test]
async fn an_object_event_sends_the_version_that_it_names() {
    let bench = Bench::new();
    bench.drops.put("Grüße + mehr.txt", "096fKKXTRTtl3on89fVO.nfljtsv6qko", "hello");
    bench.drops.put("Grüße + mehr.txt", "another", "not this one");
    let encoded = "messages/Gr%C3%BC%C3%9Fe+%2B+mehr.txt";
    let event = event([record(encoded, Some("096fKKXTRTtl3on89fVO.nfljtsv6qko"))]);
    object_event::handle(&bench.app, event).await.unwrap();
    assert_eq!(bench.published(), [feed("hello")]);
}

#[tokio::test]
async fn without_versions_an_object_is_named_by_its_etag() {
    let bench = Bench::new();
    bench.drops.put("rooms/kino/x.txt", "\"5d41402abc4b2a76b9719d911017c592\"", "{}");
    let event = event([record("messages/rooms/kino/x.txt", None)]);
    object_event::handle(&bench.app, event).await.unwrap();
    assert_eq!(bench.published(), [(Group::Room("kino".parse().unwrap()), "{}".to_owned())]);
}

#[tokio::test]
async fn of_several_objects_all_are_tried_even_if_one_fails() {
    let bench = Bench::new();
    let stuck = bench.drop("stuck.txt", "stuck");
    bench.send_and_die(&stuck).await;
    bench.published();
    let names = ["one", "stuck", "two"];
    names.iter().for_each(|name| drop(bench.drop(&format!("{name}.txt"), name)));
    let mut records = names.map(|name| record(&format!("messages/{name}.txt"), Some("v1"))).to_vec();
    records.insert(1, json!({"s3": "unreadable"}));
    records.insert(2, record("messages/%FF.txt", Some("v1")));
    let error = object_event::handle(&bench.app, event(records)).await.unwrap_err();
    assert_eq!(error.to_string(), "3 of 5 objects were not dealt with");
    assert_eq!(bench.published(), [feed("one"), feed("two")]);
}

#[tokio::test]
async fn objects_elsewhere_and_other_events_are_none_of_our_business() {
    let bench = Bench::new();
    let text = bench.drop("x.txt", "hello");
    let mut removed = record("messages/x.txt", Some("v1"));
    removed["eventName"] = "ObjectRemoved:Delete".into();
    let elsewhere = record("media/messages/x.txt", Some("v1"));
    object_event::handle(&bench.app, event([removed, elsewhere])).await.unwrap();
    assert_eq!(bench.published(), []);
    assert!(bench.drops.holds(&text));
}

#[tokio::test]
async fn the_test_event_is_welcome_and_anything_else_is_not() {
    let bench = Bench::new();
    let test = json!({
        "Service": "Amazon S3",
        "Event": "s3:TestEvent",
        "Time": "2026-11-20T12:00:00.000Z",
        "Bucket": "parlor-example",
        "RequestId": "EXAMPLE123456789",
        "HostId": "example/id==",
    });
    object_event::handle(&bench.app, test).await.unwrap();
    for foreign in [json!({}), json!(null), json!({"Records": 7}), json!({"detail-type": "Object Created"})] {
        assert!(object_event::handle(&bench.app, foreign.clone()).await.is_err(), "{foreign}");
    }
}
