//! `AWS::Serverless::Function` and `AWS::Lambda::Function`.

use std::collections::BTreeMap;
use std::path::Path;

use super::TemplateError;
use super::evaluation::Evaluation;
use super::function_names::spellings;
use super::properties::Properties;
use crate::arn;
use crate::lambda::{Function, Wiring};

pub(super) fn read(
    evaluation: &Evaluation<'_>,
    folder: &Path,
    wiring: &mut Wiring,
) -> Result<(), TemplateError> {
    for (id, properties) in serverless(evaluation) {
        let function = asynchronous(&properties, function(&properties)?)?;
        let function = with_code(evaluation, folder, (id, code(&properties, "CodeUri")), function);
        insert(wiring, evaluation.function_name(id), function, &properties)?;
    }
    for (id, properties) in evaluation.resources_of("AWS::Lambda::Function") {
        let code = code(&properties, "Code");
        let function = with_code(evaluation, folder, (id, code), function(&properties)?);
        insert(wiring, evaluation.function_name(id), function, &properties)?;
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

/// The folder of a function's code, relative to the template; none for code that lies elsewhere, in S3 or in the template.
fn code(properties: &Properties<'_>, property: &str) -> Option<String> {
    properties.text(property).ok().flatten().filter(|code| !code.contains("://"))
}

/// The function with all that its binary is found by.
fn with_code(
    evaluation: &Evaluation<'_>,
    folder: &Path,
    (id, code): (&str, Option<String>),
    function: Function,
) -> Function {
    let names = names(evaluation, id, code.as_deref());
    Function { names, code: code.map(|code| folder.join(code)), ..function }
}

/// What its binary may be called: what its build is told, itself, its id in some spellings, the folder of its code.
fn names(evaluation: &Evaluation<'_>, id: &str, code: Option<&str>) -> Vec<String> {
    let binary = evaluation.binary(id).map(str::to_owned);
    let folder = code.and_then(|code| Path::new(code).file_name()?.to_str().map(str::to_owned));
    let own = [evaluation.function_name(id)].into_iter().chain(spellings(id));
    let mut names: Vec<String> = Vec::new();
    for name in binary.into_iter().chain(own).chain(folder) {
        if !names.contains(&name) {
            names.push(name);
        }
    }
    names
}

fn function(properties: &Properties<'_>) -> Result<Function, TemplateError> {
    let usual = Function::default();
    Ok(Function {
        foreign_runtime: foreign_runtime(properties)?,
        timeout: properties.seconds("Timeout", usual.timeout.as_secs())?,
        memory_mb: properties.number("MemorySize")?.unwrap_or(usual.memory_mb),
        environment: environment(properties)?,
        ..usual
    })
}

/// The function with what becomes of events that nobody waits for.
fn asynchronous(properties: &Properties<'_>, usual: Function) -> Result<Function, TemplateError> {
    let events = properties.below("EventInvokeConfig")?;
    let destination = events.below("DestinationConfig")?.below("OnFailure")?;
    Ok(Function {
        async_retries: events.number("MaximumRetryAttempts")?.unwrap_or(usual.async_retries),
        max_event_age: events.seconds("MaximumEventAgeInSeconds", usual.max_event_age.as_secs())?,
        on_failure: dead_letters(&destination)?,
        ..usual
    })
}

/// What runs a function whose code is no binary.
fn foreign_runtime(properties: &Properties<'_>) -> Result<Option<String>, TemplateError> {
    if properties.text("PackageType")?.as_deref() == Some("Image") {
        return Ok(Some("a container image".to_owned()));
    }
    Ok(properties.text("Runtime")?.filter(|runtime| !runtime.starts_with("provided")))
}

/// A variable that cannot be made out is left out, with a warning: it may be set by hand.
fn environment(properties: &Properties<'_>) -> Result<BTreeMap<String, String>, TemplateError> {
    let mut environment = BTreeMap::new();
    let variables = properties.below("Environment")?.below("Variables")?;
    for name in variables.names() {
        match variables.text(&name) {
            Ok(value) => environment.extend(value.map(|value| (name, value))),
            Err(TemplateError::Property { problem, .. }) => {
                let hint = format!("{problem}; it is not set: say --env {name}=… if it is needed");
                variables.warn(&name, &hint);
            }
            Err(error) => return Err(error),
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
