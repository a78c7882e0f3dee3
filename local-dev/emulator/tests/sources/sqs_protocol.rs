//! SQS's JSON protocol, message by message.

use std::time::Duration;

use serde_json::{Value, json};

use crate::support::{TestSources, wiring};

#[tokio::test]
async fn a_message_is_received_with_its_digests_and_attributes() {
    let test = TestSources::start(&wiring()).await;
    let url = test.sources.queue_url("free");
    assert!(url.ends_with("/000000000000/free"), "{url}");
    let attributes = json!({ "colour": { "DataType": "String", "StringValue": "red" } });
    let message = json!({ "QueueUrl": url, "MessageBody": "hello", "MessageAttributes": attributes });
    let sent = test.sqs("SendMessage", message).await;
    assert_eq!(sent.status, 200);
    assert_eq!(sent.headers["content-type"], "application/x-amz-json-1.0");
    assert_eq!(sent.body["MD5OfMessageBody"], "5d41402abc4b2a76b9719d911017c592");
    let wanted = json!({
        "QueueUrl": url, "MessageAttributeNames": ["All"], "MessageSystemAttributeNames": ["All"],
    });
    let received = &test.sqs("ReceiveMessage", wanted).await.body["Messages"][0];
    assert_eq!(received["MessageId"], sent.body["MessageId"]);
    assert_eq!(received["Body"], "hello");
    assert_eq!(received["MD5OfBody"], sent.body["MD5OfMessageBody"]);
    assert_eq!(received["MD5OfMessageAttributes"], sent.body["MD5OfMessageAttributes"]);
    assert_eq!(received["MessageAttributes"], attributes);
    let expected = json!({
        "ApproximateReceiveCount": "1",
        "SentTimestamp": "1800000000000",
        "SenderId": "000000000000",
        "ApproximateFirstReceiveTimestamp": "1800000000000",
    });
    assert_eq!(received["Attributes"], expected);
    let receipt = json!({ "QueueUrl": url, "ReceiptHandle": received["ReceiptHandle"] });
    assert_eq!(test.sqs("DeleteMessage", receipt).await.body, json!({}));
    test.holds("free", 0).await;
}

#[tokio::test]
async fn who_polls_long_gets_what_comes_later() {
    let test = TestSources::start(&wiring()).await;
    let url = test.sources.queue_url("free");
    let poll = test.sqs("ReceiveMessage", json!({ "QueueUrl": url, "WaitTimeSeconds": 20 }));
    let (polled, ()) = tokio::join!(poll, async {
        test.clock.next_alarm().await;
        test.send("free", &["late"]).await;
    });
    assert_eq!(polled.body["Messages"][0]["Body"], "late");
    let poll = test.sqs("ReceiveMessage", json!({ "QueueUrl": url, "WaitTimeSeconds": 5 }));
    let (polled, _) = tokio::join!(poll, test.clock.skip_to_next_alarm());
    assert_eq!((polled.status, polled.body), (200, json!({})));
}

#[tokio::test]
async fn a_message_can_be_given_back_at_once() {
    let test = TestSources::start(&wiring()).await;
    let url = test.sources.queue_url("free");
    test.send("free", &["x"]).await;
    let received = test.sqs("ReceiveMessage", json!({ "QueueUrl": url })).await.body;
    let handle = received["Messages"][0]["ReceiptHandle"].clone();
    let change = json!({ "QueueUrl": url, "ReceiptHandle": handle, "VisibilityTimeout": 0 });
    assert_eq!(test.sqs("ChangeMessageVisibility", change.clone()).await.status, 200);
    let refused = test.sqs("ChangeMessageVisibility", change).await;
    assert_eq!(refused.body["__type"], "com.amazonaws.sqs#MessageNotInflight");
    let again = json!({ "QueueUrl": url, "AttributeNames": ["ApproximateReceiveCount"] });
    let again = test.sqs("ReceiveMessage", again).await.body;
    assert_eq!(again["Messages"][0]["Attributes"], json!({ "ApproximateReceiveCount": "2" }));
}

#[tokio::test]
async fn queues_are_made_found_described_and_emptied() {
    let test = TestSources::start(&wiring()).await;
    let attributes = json!({ "DelaySeconds": "5", "VisibilityTimeout": "7" });
    let create = json!({ "QueueName": "new", "Attributes": attributes });
    let url = test.sqs("CreateQueue", create).await.body["QueueUrl"].clone();
    assert_eq!(url, test.sources.queue_url("new"));
    assert_eq!(test.sqs("GetQueueUrl", json!({ "QueueName": "new" })).await.body["QueueUrl"], url);
    test.send("new", &["a", "b"]).await;
    let all = json!({ "QueueUrl": url, "AttributeNames": ["All"] });
    let described = test.sqs("GetQueueAttributes", all.clone()).await.body["Attributes"].clone();
    assert_eq!(described["QueueArn"], "arn:aws:sqs:us-east-1:000000000000:new");
    assert_eq!(described["ApproximateNumberOfMessagesDelayed"], "2");
    test.clock.advance(Duration::from_secs(5));
    let described = test.sqs("GetQueueAttributes", all.clone()).await.body["Attributes"].clone();
    assert_eq!(described["ApproximateNumberOfMessages"], "2");
    assert_eq!(test.sqs("PurgeQueue", json!({ "QueueUrl": url })).await.status, 200);
    let described = test.sqs("GetQueueAttributes", all).await.body["Attributes"].clone();
    assert_eq!(described["ApproximateNumberOfMessages"], "0");
    let page = test.sqs("ListQueues", json!({ "MaxResults": 3 })).await.body;
    assert_eq!(page["QueueUrls"].as_array().unwrap().len(), 3);
    let rest = test.sqs("ListQueues", json!({ "MaxResults": 3, "NextToken": page["NextToken"] })).await.body;
    assert_eq!(rest["QueueUrls"], json!([test.sources.queue_url("jobs"), test.sources.queue_url("new")]));
    assert_eq!(rest.get("NextToken"), None);
}

async fn refused(test: &TestSources, action: &str, body: Value, kind: &str, code: &str) {
    let answer = test.sqs(action, body).await;
    assert_eq!(answer.status, 400, "{kind}");
    assert!(answer.body["__type"].as_str().unwrap().ends_with(&format!("#{kind}")), "{}", answer.body);
    assert_eq!(answer.headers["x-amzn-query-error"], format!("{code};Sender"));
    assert!(!answer.body["message"].as_str().unwrap().is_empty());
}

#[tokio::test]
async fn errors_bear_the_names_that_sdks_know() {
    let test = TestSources::start(&wiring()).await;
    let (free, none) = (test.sources.queue_url("free"), test.sources.queue_url("none"));
    let at = |url: &str, more: Value| {
        let mut body = more;
        body["QueueUrl"] = json!(url);
        body
    };
    let service = |name: &str| format!("AWS.SimpleQueueService.{name}");
    let send = at(&none, json!({ "MessageBody": "x" }));
    refused(&test, "SendMessage", send, "QueueDoesNotExist", &service("NonExistentQueue")).await;
    let control = at(&free, json!({ "MessageBody": "\u{0}" }));
    refused(&test, "SendMessage", control, "InvalidMessageContents", "InvalidMessageContents").await;
    let delete = at(&free, json!({ "ReceiptHandle": "x" }));
    refused(&test, "DeleteMessage", delete, "ReceiptHandleIsInvalid", "ReceiptHandleIsInvalid").await;
    let fifo = json!({ "QueueName": "x.fifo" });
    refused(&test, "CreateQueue", fifo, "UnsupportedOperation", &service("UnsupportedOperation")).await;
    let other = json!({ "QueueName": "free", "Attributes": { "DelaySeconds": "1" } });
    refused(&test, "CreateQueue", other, "QueueNameExists", "QueueAlreadyExists").await;
    let colour = at(&free, json!({ "AttributeNames": ["Colour"] }));
    refused(&test, "GetQueueAttributes", colour, "InvalidAttributeName", "InvalidAttributeName").await;
    test.holds("free", 0).await;
}

#[tokio::test]
async fn what_is_out_of_range_missing_or_unknown_is_refused() {
    let test = TestSources::start(&wiring()).await;
    let free = test.sources.queue_url("free");
    let (kind, code) = ("InvalidParameterValueException", "InvalidParameterValue");
    let late = json!({ "QueueUrl": free, "MessageBody": "x", "DelaySeconds": 901 });
    refused(&test, "SendMessage", late, kind, code).await;
    let long = json!({ "QueueUrl": free, "MessageBody": "x".repeat(1024 * 1024 + 1) });
    refused(&test, "SendMessage", long, kind, code).await;
    for (name, value) in [("MaxNumberOfMessages", 11), ("WaitTimeSeconds", 21), ("VisibilityTimeout", 43_201)]
    {
        refused(&test, "ReceiveMessage", json!({ "QueueUrl": free, name: value }), kind, code).await;
    }
    let empty = json!({ "QueueUrl": free });
    let missing = "MissingRequiredParameterException";
    refused(&test, "SendMessage", empty.clone(), missing, "MissingParameter").await;
    refused(&test, "TagQueue", empty, "UnknownOperationException", "InvalidAction").await;
    let list = json!(["no object"]);
    refused(&test, "SendMessage", list, "SerializationException", "MalformedInput").await;
    test.holds("free", 0).await;
}

#[tokio::test]
async fn web_pages_may_not_call() {
    let test = TestSources::start(&wiring()).await;
    let list =
        || test.http.post(test.sources.sqs_url()).header("x-amz-target", "AmazonSQS.ListQueues").body("{}");
    assert_eq!(list().send().await.unwrap().status(), 200);
    for (name, value) in [("origin", "http://localhost:3000"), ("host", "page.example")] {
        assert_eq!(list().header(name, value).send().await.unwrap().status(), 403, "{name}");
    }
}
