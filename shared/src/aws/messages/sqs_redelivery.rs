//! When SQS gives out again what has failed.

use std::time::Duration;

use async_trait::async_trait;
use aws_sdk_sqs::Client;
use aws_sdk_sqs::types::ChangeMessageVisibilityBatchRequestEntry;

use crate::inbound::queue::Redelivery;
use crate::ports::Cause;

/// A queue that is told when to give out messages again.
#[derive(Debug, Clone)]
pub struct SqsRedelivery {
    client: Client,
    queue_url: String,
}

impl SqsRedelivery {
    /// The queue under that URL.
    pub fn new(client: Client, queue_url: impl Into<String>) -> Self {
        Self { client, queue_url: queue_url.into() }
    }
}

#[async_trait]
impl Redelivery for SqsRedelivery {
    /// In one request: a function gets no larger batches than it takes.
    async fn after(&self, messages: Vec<(String, Duration)>) -> Result<(), Cause> {
        let entries = messages.into_iter().enumerate().map(|(index, message)| entry(index, message));
        let entries = entries.collect::<Result<Vec<_>, _>>()?;
        let request = self.client.change_message_visibility_batch().queue_url(&self.queue_url);
        let answer = request.set_entries(Some(entries)).send().await?;
        match answer.failed().first() {
            Some(failure) => Err(format!("SQS refuses: {}", failure.code()).into()),
            None => Ok(()),
        }
    }
}

fn entry(
    index: usize,
    (receipt, pause): (String, Duration),
) -> Result<ChangeMessageVisibilityBatchRequestEntry, Cause> {
    let entry = ChangeMessageVisibilityBatchRequestEntry::builder().id(index.to_string());
    Ok(entry.receipt_handle(receipt).visibility_timeout(i32::try_from(pause.as_secs())?).build()?)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::aws::replay::{json_answer, json_bodies, sdk_config};

    #[tokio::test]
    async fn messages_are_named_by_their_receipts_and_a_refusal_is_told() {
        let failed = json!({"Id": "1", "SenderFault": true, "Code": "ReceiptHandleIsInvalid"});
        let (http, sdk) = sdk_config(vec![
            json_answer(200, &json!({"Successful": [], "Failed": []})),
            json_answer(200, &json!({"Successful": [], "Failed": [failed]})),
        ]);
        let queue = SqsRedelivery::new(Client::new(&sdk), "https://sqs.test/jobs");
        let messages =
            vec![("one".to_owned(), Duration::from_secs(5)), ("two".to_owned(), Duration::from_secs(30))];
        queue.after(messages.clone()).await.unwrap();
        let refused = queue.after(messages).await.unwrap_err();
        assert!(refused.to_string().ends_with("ReceiptHandleIsInvalid"), "{refused}");
        let entry =
            |id, receipt, seconds| json!({"Id": id, "ReceiptHandle": receipt, "VisibilityTimeout": seconds});
        assert_eq!(json_bodies(&http)[0]["Entries"], json!([entry("0", "one", 5), entry("1", "two", 30)]));
    }
}
