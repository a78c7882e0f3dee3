//! `AWS::Serverless::Function` and `AWS::Lambda::Function`.

use std::collections::BTreeMap;

use serde_json::Value;

use super::TemplateError;
use super::evaluation::Evaluation;
use super::properties::Properties;
use crate::lambda::{Function, Wiring, arn};

/// Lambda's defaults.
const TIMEOUT: u64 = 3;
const MEMORY_MB: u32 = 128;
const RETRIES: u32 = 2;
const MAX_EVENT_AGE: u64 = 21_600;

pub(super) fn read(evaluation: &Evaluation<'_>, wiring: &mut Wiring) -> Result<(), TemplateError> {
    for (id, own) in serverless(evaluation) {
        let globals = evaluation.properties("Globals.Function", evaluation.globals_of_functions());
        insert(wiring, evaluation.function_name(id), function(&own, &globals)?, &own)?;
    }
    for (id, own) in evaluation.resources_of("AWS::Lambda::Function") {
        let globals = evaluation.properties("Globals.Function", &Value::Null);
        insert(wiring, evaluation.function_name(id), function(&own, &globals)?, &own)?;
    }
    if wiring.functions.is_empty() {
        return Err(TemplateError::Malformed("it has no functions".to_owned()));
    }
    Ok(())
}

/// The functions of a SAM template.
pub(super) fn serverless<'a>(evaluation: &'a Evaluation<'_>) -> Vec<(&'a str, Properties<'a>)> {
    evaluation.resources_of("AWS::Serverless::Function")
}

/// A function that something is wired to: it must be one of the template's.
pub(super) fn known(
    wiring: &Wiring,
    properties: &Properties<'_>,
    property: &str,
    text: &str,
) -> Result<String, TemplateError> {
    let name = arn::function_name(text);
    let is_known = wiring.functions.contains_key(name);
    is_known
        .then(|| name.to_owned())
        .ok_or_else(|| properties.error(property, format!("{text} is no function of this template")))
}

fn insert(
    wiring: &mut Wiring,
    name: String,
    function: Function,
    own: &Properties<'_>,
) -> Result<(), TemplateError> {
    match wiring.functions.insert(name.clone(), function) {
        None => Ok(()),
        Some(_) => Err(TemplateError::at(own.place(), format!("there is another function named {name}"))),
    }
}

fn function(own: &Properties<'_>, globals: &Properties<'_>) -> Result<Function, TemplateError> {
    let of = |name: &str| if own.has(name) { own } else { globals };
    let asynchronous = of("EventInvokeConfig").below("EventInvokeConfig")?;
    let destination = asynchronous.below("DestinationConfig")?.below("OnFailure")?;
    Ok(Function {
        timeout: of("Timeout").seconds("Timeout", TIMEOUT)?,
        memory_mb: of("MemorySize").number("MemorySize")?.unwrap_or(MEMORY_MB),
        environment: environment(own, globals)?,
        async_retries: asynchronous.number("MaximumRetryAttempts")?.unwrap_or(RETRIES),
        max_event_age: asynchronous.seconds("MaximumEventAgeInSeconds", MAX_EVENT_AGE)?,
        on_failure: dead_letters(&destination)?,
    })
}

/// A variable that cannot be made out is left out, with a warning: it may be set by hand.
fn environment(
    own: &Properties<'_>,
    globals: &Properties<'_>,
) -> Result<BTreeMap<String, String>, TemplateError> {
    let mut environment = BTreeMap::new();
    for place in [globals, own] {
        let variables = place.below("Environment")?.below("Variables")?;
        for name in variables.names() {
            match variables.text(&name) {
                Ok(Some(value)) => {
                    environment.insert(name, value);
                }
                Ok(None) => {
                    environment.remove(&name);
                }
                Err(TemplateError::Property { problem, .. }) => {
                    let hint = format!("{problem}; it is not set: say --env {name}=… if it is needed");
                    variables.warn(&name, &hint);
                }
                Err(error) => return Err(error),
            }
        }
    }
    Ok(environment)
}

/// The queue of what was given up on.
fn dead_letters(destination: &Properties<'_>) -> Result<Option<String>, TemplateError> {
    let Some(target) = destination.text("Destination")? else {
        return Ok(None);
    };
    if target.contains(":sqs:") {
        return Ok(Some(arn::last_part(&target).to_owned()));
    }
    destination.warn("Destination", "only queues are destinations here; what fails is logged and given up");
    Ok(None)
}
