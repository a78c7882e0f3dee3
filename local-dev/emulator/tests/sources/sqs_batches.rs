//! SQS's batches: each entry succeeds or fails by itself.

use serde_json::{Value, json};

use crate::support::{TestSources, wiring};

fn entries(count: usize, body: &str) -> Vec<Value> {
    (0..count).map(|id| json!({ "Id": id.to_string(), "MessageBody": body })).collect()
}

#[tokio::test]
async fn ten_messages_are_sent_received_and_deleted_together() {
    let test = TestSources::start(&wiring()).await;
    let url = test.sources.queue_url("free");
    let sent = test.sqs("SendMessageBatch", json!({ "QueueUrl": url, "Entries": entries(10, "x") })).await;
    assert_eq!(sent.body["Successful"].as_array().unwrap().len(), 10);
    assert_eq!(sent.body["Failed"], json!([]));
    assert_eq!(sent.body["Successful"][3]["Id"], "3");
    assert_eq!(sent.body["Successful"][3]["MD5OfMessageBody"], "9dd4e461268c8034f5c8564e155c67a6");
    let received = test.sqs("ReceiveMessage", json!({ "QueueUrl": url, "MaxNumberOfMessages": 10 })).await;
    let received = received.body["Messages"].as_array().unwrap().clone();
    let receipts = |extra: Value| -> Vec<Value> {
        let entry = |(id, message): (usize, &Value)| {
            let mut entry = extra.clone();
            entry["Id"] = json!(id.to_string());
            entry["ReceiptHandle"] = message["ReceiptHandle"].clone();
            entry
        };
        received.iter().enumerate().map(entry).collect()
    };
    let change = json!({ "QueueUrl": url, "Entries": receipts(json!({ "VisibilityTimeout": 60 })) });
    let changed = test.sqs("ChangeMessageVisibilityBatch", change).await.body;
    assert_eq!(changed["Successful"].as_array().unwrap().len(), 10);
    let mut delete = receipts(json!({}));
    delete[0]["ReceiptHandle"] = json!("odd");
    let deleted = test.sqs("DeleteMessageBatch", json!({ "QueueUrl": url, "Entries": delete })).await.body;
    assert_eq!(deleted["Successful"].as_array().unwrap().len(), 9);
    assert_eq!(deleted["Failed"][0]["Code"], "ReceiptHandleIsInvalid");
    test.holds("free", 1).await;
}

#[tokio::test]
async fn an_entry_that_is_wrong_fails_alone() {
    let test = TestSources::start(&wiring()).await;
    let mut entries = entries(3, "x");
    entries[0]["DelaySeconds"] = json!(901);
    entries[2]["MessageBody"] = json!("\u{fffe}");
    let batch = json!({ "QueueUrl": test.sources.queue_url("free"), "Entries": entries });
    let answer = test.sqs("SendMessageBatch", batch).await;
    assert_eq!(answer.status, 200);
    assert_eq!(answer.body["Successful"][0]["Id"], "1");
    let failed = answer.body["Failed"].as_array().unwrap();
    let of = |index: usize| (&failed[index]["Id"], &failed[index]["Code"], &failed[index]["SenderFault"]);
    assert_eq!(of(0), (&json!("0"), &json!("InvalidParameterValue"), &json!(true)));
    assert_eq!(of(1), (&json!("2"), &json!("InvalidMessageContents"), &json!(true)));
    test.holds("free", 1).await;
}

#[tokio::test]
async fn a_batch_that_is_wrong_as_a_whole_changes_nothing() {
    let test = TestSources::start(&wiring()).await;
    let mut twice = entries(2, "x");
    twice[1]["Id"] = json!("0");
    let mut odd_id = entries(1, "x");
    odd_id[0]["Id"] = json!("a b");
    let table = [
        (entries(0, "x"), "EmptyBatchRequest"),
        (entries(11, "x"), "TooManyEntriesInBatchRequest"),
        (entries(2, &"x".repeat(600_000)), "BatchRequestTooLong"),
        (twice, "BatchEntryIdsNotDistinct"),
        (odd_id, "InvalidBatchEntryId"),
    ];
    for (entries, kind) in table {
        let batch = json!({ "QueueUrl": test.sources.queue_url("free"), "Entries": entries });
        let answer = test.sqs("SendMessageBatch", batch).await;
        assert_eq!(
            (answer.status, &answer.body["__type"]),
            (400, &json!(format!("com.amazonaws.sqs#{kind}")))
        );
    }
    test.holds("free", 0).await;
}
