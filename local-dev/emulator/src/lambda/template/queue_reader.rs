//! `AWS::SQS::Queue`.

use super::TemplateError;
use super::evaluation::Evaluation;
use super::properties::Properties;
use crate::arn;
use crate::lambda::{Queue, Redrive, Wiring};

/// SQS's defaults, in seconds.
const VISIBILITY: u64 = 30;
const RETENTION: u64 = 345_600;

pub(super) fn read(evaluation: &Evaluation<'_>, wiring: &mut Wiring) -> Result<(), TemplateError> {
    for (id, properties) in evaluation.resources_of("AWS::SQS::Queue") {
        let reference = serde_json::json!({ "Fn::GetAtt": [id, "QueueName"] });
        let name = evaluation.value(&reference).map_err(|problem| properties.error("QueueName", problem))?;
        let name = name.as_ref().and_then(serde_json::Value::as_str).unwrap_or(id).to_owned();
        wiring.queues.push(Queue {
            name,
            visibility_timeout: properties.seconds("VisibilityTimeout", VISIBILITY)?,
            delay: properties.seconds("DelaySeconds", 0)?,
            retention: properties.seconds("MessageRetentionPeriod", RETENTION)?,
            redrive: redrive(&properties)?,
        });
    }
    Ok(())
}

fn redrive(properties: &Properties<'_>) -> Result<Option<Redrive>, TemplateError> {
    let policy = properties.below("RedrivePolicy")?;
    let Some(target) = policy.text("deadLetterTargetArn")? else {
        return Ok(None);
    };
    let max_receive_count = policy.number("maxReceiveCount")?;
    let max_receive_count =
        max_receive_count.ok_or_else(|| policy.error("maxReceiveCount", "it is missing"))?;
    Ok(Some(Redrive { dead_letters: arn::last_part(&target).to_owned(), max_receive_count }))
}
