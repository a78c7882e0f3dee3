//! New objects of a bucket: who is told, and of what.

use emulator::lambda::Wiring;
use reqwest::multipart::{Form, Part};
use serde_json::{Value, json};

use crate::support::{Call, TestSources, TestUpstream, objects, wiring};

async fn start() -> (TestSources, TestUpstream) {
    let (upstream, url) = TestUpstream::start().await;
    let wiring = Wiring { object_sources: vec![objects()], ..wiring() };
    (TestSources::in_front_of(&wiring, Some(&url)).await, upstream)
}

fn at(test: &TestSources, path: &str) -> String {
    format!("{}{path}", test.sources.s3_url().unwrap())
}

async fn put(test: &TestSources, key: &str) -> u16 {
    test.http.put(at(test, &format!("/b/{key}"))).body("text").send().await.unwrap().status().as_u16()
}

/// An event's name and object, without its sequencer.
fn told(call: &Call) -> (&str, Value) {
    let record = &call.records()[0];
    let mut object = record["s3"]["object"].clone();
    assert!(object.as_object_mut().unwrap().remove("sequencer").is_some());
    (record["eventName"].as_str().unwrap(), object)
}

/// Whatever is put next is the next that is told of: so nothing before it was.
async fn nothing_was_told(test: &TestSources, upstream: &TestUpstream) {
    upstream.answers(200, &[], "");
    put(test, "messages/next.txt").await;
    let call = test.call().await;
    assert_eq!(call.key(), "messages/next.txt");
    call.returns("null");
}

#[tokio::test]
async fn a_put_object_is_told_of_with_its_version() {
    let (test, upstream) = start().await;
    upstream.answers(200, &[("etag", "\"e1\""), ("x-amz-version-id", "v1")], "");
    assert_eq!(put(&test, "messages/hello%20you.txt").await, 200);
    let call = test.call().await;
    assert_eq!(call.function, "broadcast");
    let object = json!({ "key": "messages/hello+you.txt", "size": 4, "eTag": "e1", "versionId": "v1" });
    assert_eq!(told(&call), ("ObjectCreated:Put", object));
    assert_eq!(call.records()[0]["s3"]["bucket"]["name"], "b");
    call.returns("null");
}

#[tokio::test]
async fn what_was_not_made_or_is_not_asked_for_is_not_told_of() {
    let (test, upstream) = start().await;
    for status in [304, 400, 403, 412, 500] {
        upstream.answers(status, &[], "");
        assert_eq!(put(&test, "messages/a.txt").await, status);
    }
    for key in ["media/a.txt", "messages/a.mp3", "messages/a.txt?tagging"] {
        upstream.answers(200, &[], "");
        assert_eq!(put(&test, key).await, 200);
    }
    upstream.answers(200, &[], "");
    test.http.get(at(&test, "/b/messages/a.txt")).send().await.unwrap();
    nothing_was_told(&test, &upstream).await;
}

#[tokio::test]
async fn an_upload_in_parts_is_told_of_once_it_is_complete() {
    let (test, upstream) = start().await;
    for (number, body) in [(1, "12345"), (2, "678"), (3, "not listed")] {
        upstream.answers(200, &[("etag", "\"p\"")], "");
        let path = format!("/b/messages/a.txt?partNumber={number}&uploadId=u");
        test.http.put(at(&test, &path)).body(body).send().await.unwrap();
    }
    let list = "<CompleteMultipartUpload><Part><PartNumber>1</PartNumber></Part><Part><PartNumber>2</PartNumber></Part></CompleteMultipartUpload>";
    let result =
        "<CompleteMultipartUploadResult><ETag>&quot;e-2&quot;</ETag></CompleteMultipartUploadResult>";
    upstream.answers(200, &[("x-amz-version-id", "v")], result);
    let complete = test.http.post(at(&test, "/b/messages/a.txt?uploadId=u")).body(list).send().await.unwrap();
    assert_eq!(complete.text().await.unwrap(), result);
    let call = test.call().await;
    let object = json!({ "key": "messages/a.txt", "size": 8, "eTag": "e-2", "versionId": "v" });
    assert_eq!(told(&call), ("ObjectCreated:CompleteMultipartUpload", object));
    call.returns("null");
}

#[tokio::test]
async fn an_error_after_a_200_is_not_told_of() {
    let (test, upstream) = start().await;
    let error = "<?xml version=\"1.0\"?>\n<Error><Code>InternalError</Code></Error>";
    upstream.answers(200, &[], error);
    let complete = test.http.post(at(&test, "/b/messages/a.txt?uploadId=u")).send().await.unwrap();
    assert_eq!(complete.text().await.unwrap(), error);
    upstream.answers(200, &[], error);
    let copy = test.http.put(at(&test, "/b/messages/a.txt")).header("x-amz-copy-source", "b/x");
    assert_eq!(copy.send().await.unwrap().status(), 200);
    nothing_was_told(&test, &upstream).await;
}

#[tokio::test]
async fn a_copy_is_told_of_without_a_size() {
    let (test, upstream) = start().await;
    upstream.answers(200, &[], "<CopyObjectResult><ETag>\"c\"</ETag></CopyObjectResult>");
    let copy = test.http.put(at(&test, "/b/messages/a.txt")).header("x-amz-copy-source", "b/x");
    copy.send().await.unwrap().bytes().await.unwrap();
    let call = test.call().await;
    assert_eq!(told(&call), ("ObjectCreated:Copy", json!({ "key": "messages/a.txt", "eTag": "c" })));
    call.returns("null");
}

#[tokio::test]
async fn a_browsers_form_is_told_of() {
    let (test, upstream) = start().await;
    upstream.answers(204, &[("etag", "\"f\"")], "");
    let file = Part::text("from a form").file_name("a b.txt");
    let form = Form::new().text("key", "messages/${filename}").text("policy", "x").part("file", file);
    let answer = test.http.post(at(&test, "/b")).multipart(form).send().await.unwrap();
    assert_eq!(answer.status(), 204);
    let call = test.call().await;
    let object = json!({ "key": "messages/a+b.txt", "size": 11, "eTag": "f" });
    assert_eq!(told(&call), ("ObjectCreated:Post", object));
    call.returns("null");
}

#[tokio::test]
async fn a_virtual_hosts_name_is_a_bucket() {
    let (test, upstream) = start().await;
    upstream.answers(200, &[], "");
    let request = test.http.put(at(&test, "/messages/a.txt")).header("host", "b.localhost:1").body("x");
    assert_eq!(request.send().await.unwrap().status(), 200);
    assert_eq!(upstream.last().headers["host"], "b.localhost:1");
    let call = test.call().await;
    assert_eq!(call.key(), "messages/a.txt");
    call.returns("null");
}

#[tokio::test]
async fn an_event_can_come_twice() {
    let (test, upstream) = start().await;
    assert_eq!(test.control("POST", "object-events/duplicate").await.0, 200);
    upstream.answers(200, &[], "");
    put(&test, "messages/a.txt").await;
    let (first, second) = (test.call().await, test.call().await);
    assert_eq!(first.event, second.event);
    first.returns("null");
    second.returns("null");
    nothing_was_told(&test, &upstream).await;
}

#[tokio::test]
async fn events_can_come_in_reverse_order() {
    let (test, upstream) = start().await;
    test.control("POST", "object-events/hold").await;
    for key in ["messages/a.txt", "messages/b.txt"] {
        upstream.answers(200, &[], "");
        put(&test, key).await;
    }
    let release = test.control("POST", "object-events/release?order=reversed");
    let (released, sequencers) = tokio::join!(release, async {
        let mut sequencers = Vec::new();
        for key in ["messages/b.txt", "messages/a.txt"] {
            let call = test.call().await;
            assert_eq!(call.key(), key);
            sequencers.push(call.records()[0]["s3"]["object"]["sequencer"].as_str().unwrap().to_owned());
            call.returns("null");
        }
        sequencers
    });
    assert_eq!(released, (200, json!({ "released": 2 })));
    assert!(sequencers[0] > sequencers[1], "{sequencers:?}");
    nothing_was_told(&test, &upstream).await;
}

#[tokio::test]
async fn an_event_that_fails_is_tried_again() {
    let (test, upstream) = start().await;
    upstream.answers(200, &[], "");
    put(&test, "messages/a.txt").await;
    test.call().await.fails();
    test.clock.skip_to_next_alarm().await;
    let again = test.call().await;
    assert_eq!(again.key(), "messages/a.txt");
    again.returns("null");
}
