//! The `DeadLetters` port on SQS.

use async_trait::async_trait;
use aws_sdk_sqs::Client;
use aws_sdk_sqs::types::QueueAttributeName;

use crate::ports::{DeadLetters, DeadLettersError};

/// The dead letters in a queue of their own.
#[derive(Debug, Clone)]
pub struct SqsDeadLetters {
    client: Client,
    queue_url: String,
}

impl SqsDeadLetters {
    /// The queue under that URL.
    pub fn new(client: Client, queue_url: impl Into<String>) -> Self {
        Self { client, queue_url: queue_url.into() }
    }
}

#[async_trait]
impl DeadLetters for SqsDeadLetters {
    /// SQS counts roughly: messages of the last minute may be missing.
    async fn count(&self) -> Result<u64, DeadLettersError> {
        let name = QueueAttributeName::ApproximateNumberOfMessages;
        let request = self.client.get_queue_attributes().queue_url(&self.queue_url);
        let answer = request.attribute_names(name.clone()).send().await;
        let answer = answer.map_err(|error| DeadLettersError(error.into()))?;
        let count = answer.attributes().and_then(|attributes| attributes.get(&name));
        let count = count.ok_or_else(|| DeadLettersError("SQS tells no number".into()))?;
        count.parse().map_err(|error: std::num::ParseIntError| DeadLettersError(error.into()))
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::aws::replay::{answer, json_answer, json_bodies, sdk_config};

    const URL: &str = "https://sqs.eu-central-1.amazonaws.com/1/dead";

    #[tokio::test]
    async fn the_queue_is_asked_how_many_it_holds() {
        let counted = json!({"Attributes": {"ApproximateNumberOfMessages": "17"}});
        let (http, sdk) = sdk_config(vec![json_answer(200, &counted)]);
        assert_eq!(SqsDeadLetters::new(Client::new(&sdk), URL).count().await.unwrap(), 17);
        let asked = json!({"QueueUrl": URL, "AttributeNames": ["ApproximateNumberOfMessages"]});
        assert_eq!(json_bodies(&http), [asked]);
    }

    #[tokio::test]
    async fn a_queue_that_does_not_say_is_an_error() {
        for silent in [json_answer(200, &json!({})), answer(503, &[], "")] {
            let (_, sdk) = sdk_config(vec![silent]);
            SqsDeadLetters::new(Client::new(&sdk), URL).count().await.unwrap_err();
        }
    }
}
