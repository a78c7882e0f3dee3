//! What calls functions besides the APIs: queues, buckets, the clock.

use std::time::Duration;

use serde_json::Value;

use super::TemplateError;
use super::evaluation::Evaluation;
use super::function_reader::{known, serverless};
use super::properties::Properties;
use crate::arn;
use crate::lambda::{ObjectSource, QueueSource, Schedule, Wiring};

/// SQS's batch.
const BATCH: u32 = 10;
/// EventBridge's defaults.
const RETRIES: u32 = 185;
const MAX_EVENT_AGE: u64 = 86_400;

pub(super) fn read(evaluation: &Evaluation<'_>, wiring: &mut Wiring) -> Result<(), TemplateError> {
    for (id, function) in serverless(evaluation) {
        let name = evaluation.function_name(id);
        for (event_name, event) in function.below("Events")?.entries()? {
            let properties = event.below("Properties")?;
            match event.required("Type")?.as_str() {
                "HttpApi" => {}
                "SQS" => queue_source(&properties, "Queue", &name, wiring)?,
                "S3" => object_source(&properties, &name, wiring)?,
                kind @ ("Schedule" | "ScheduleV2") => {
                    if is_on(kind, &properties)? {
                        schedule(kind, &properties, (&format!("{id}{event_name}"), &name), wiring)?;
                    }
                }
                "Api" => event.warn("Type", "REST APIs are not served here: HttpApi is"),
                other => event.warn("Type", &format!("{other} calls nothing here")),
            }
        }
    }
    mappings(evaluation, wiring)?;
    notifications(evaluation, wiring)
}

/// `AWS::Lambda::EventSourceMapping`.
fn mappings(evaluation: &Evaluation<'_>, wiring: &mut Wiring) -> Result<(), TemplateError> {
    for (_, mapping) in evaluation.resources_of("AWS::Lambda::EventSourceMapping") {
        let function = known(wiring, &mapping, "FunctionName", &mapping.required("FunctionName")?)?;
        match mapping.text("EventSourceArn") {
            Ok(Some(source)) if source.contains(":sqs:") => {
                queue_source(&mapping, "EventSourceArn", &function, wiring)?;
            }
            _ => mapping.warn("EventSourceArn", "only queues of the template call functions here"),
        }
    }
    Ok(())
}

fn queue_source(
    properties: &Properties<'_>,
    property: &str,
    function: &str,
    wiring: &mut Wiring,
) -> Result<(), TemplateError> {
    if !properties.flag("Enabled", true)? {
        return Ok(());
    }
    let source = properties.required(property)?;
    let queue = arn::last_part(&source).to_owned();
    if !wiring.queues.iter().any(|each| each.name == queue) {
        return Err(properties.error(property, format!("{source} is no queue of this template")));
    }
    let reports = properties.texts("FunctionResponseTypes")?;
    wiring.queue_sources.push(QueueSource {
        queue,
        function: function.to_owned(),
        batch_size: properties.number("BatchSize")?.unwrap_or(BATCH),
        window: properties.seconds("MaximumBatchingWindowInSeconds", 0)?,
        reports_failures: reports.iter().any(|report| report == "ReportBatchItemFailures"),
        max_concurrency: properties.below("ScalingConfig")?.number("MaximumConcurrency")?,
    });
    Ok(())
}

fn object_source(
    properties: &Properties<'_>,
    function: &str,
    wiring: &mut Wiring,
) -> Result<(), TemplateError> {
    let rules = properties.below("Filter")?.below("S3Key")?;
    let (prefix, suffix) = key_rules(&rules)?;
    wiring.object_sources.push(ObjectSource {
        bucket: properties.required("Bucket")?,
        function: function.to_owned(),
        events: properties.texts("Events")?,
        prefix,
        suffix,
    });
    Ok(())
}

/// `NotificationConfiguration` of a bucket.
fn notifications(evaluation: &Evaluation<'_>, wiring: &mut Wiring) -> Result<(), TemplateError> {
    for (id, bucket) in evaluation.resources_of("AWS::S3::Bucket") {
        let name = evaluation.value(&serde_json::json!({ "Ref": id }));
        let calls = bucket.below("NotificationConfiguration")?;
        for call in calls.items("LambdaConfigurations")? {
            let name = name.clone().map_err(|problem| bucket.error("BucketName", problem))?;
            let (prefix, suffix) = key_rules(&call.below("Filter")?.below("S3Key")?)?;
            wiring.object_sources.push(ObjectSource {
                bucket: name.as_ref().and_then(Value::as_str).unwrap_or(id).to_owned(),
                function: known(wiring, &call, "Function", &call.required("Function")?)?,
                events: call.texts("Event")?,
                prefix,
                suffix,
            });
        }
    }
    Ok(())
}

/// How keys begin and end.
fn key_rules(filter: &Properties<'_>) -> Result<(String, String), TemplateError> {
    let (mut prefix, mut suffix) = (String::new(), String::new());
    for rule in filter.items("Rules")? {
        let name = rule.required("Name")?;
        match name.to_ascii_lowercase().as_str() {
            "prefix" => prefix = rule.required("Value")?,
            "suffix" => suffix = rule.required("Value")?,
            _ => return Err(rule.error("Name", format!("{name} is neither prefix nor suffix"))),
        }
    }
    Ok((prefix, suffix))
}

/// Only one of the two kinds has a switch besides its state.
fn is_on(kind: &str, properties: &Properties<'_>) -> Result<bool, TemplateError> {
    let is_disabled = properties.text("State")?.is_some_and(|state| state == "DISABLED");
    Ok(!is_disabled && (kind != "Schedule" || properties.flag("Enabled", true)?))
}

fn schedule(
    kind: &str,
    properties: &Properties<'_>,
    (id, function): (&str, &str),
    wiring: &mut Wiring,
) -> Result<(), TemplateError> {
    let property = if kind == "Schedule" { "Schedule" } else { "ScheduleExpression" };
    let expression = properties.required(property)?;
    let Some(every) = rate(&expression) else {
        properties.warn(property, &format!("{expression} is never due here: only rate(…) is"));
        return Ok(());
    };
    let retry = properties.below("RetryPolicy")?;
    wiring.schedules.push(Schedule {
        name: properties.text("Name")?.unwrap_or(id.to_owned()),
        function: function.to_owned(),
        every,
        input: properties.text("Input")?,
        retries: retry.number("MaximumRetryAttempts")?.unwrap_or(RETRIES),
        max_event_age: retry.seconds("MaximumEventAgeInSeconds", MAX_EVENT_AGE)?,
    });
    Ok(())
}

/// `rate(5 minutes)`.
fn rate(expression: &str) -> Option<Duration> {
    let inside = expression.trim().strip_prefix("rate(")?.strip_suffix(')')?;
    let (count, unit) = inside.trim().split_once(' ')?;
    let count: u64 = count.parse().ok().filter(|count| *count > 0)?;
    let seconds = match (count, unit.trim()) {
        (1, "minute") | (2.., "minutes") => 60,
        (1, "hour") | (2.., "hours") => 3600,
        (1, "day") | (2.., "days") => 86_400,
        _ => return None,
    };
    Some(Duration::from_secs(count.checked_mul(seconds)?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rates_are_spelled_as_in_english() {
        let minutes = |count: u64| Some(Duration::from_secs(60 * count));
        assert_eq!(rate("rate(1 minute)"), minutes(1));
        assert_eq!(rate("rate(5 minutes)"), minutes(5));
        assert_eq!(rate("rate(2 hours)"), minutes(120));
        for bad in
            ["rate(1 minutes)", "rate(0 minutes)", "rate(5 minute)", "cron(0 0 * * ? *)", "rate(x days)", ""]
        {
            assert_eq!(rate(bad), None, "{bad}");
        }
    }
}
