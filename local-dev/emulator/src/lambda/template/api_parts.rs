//! What WebSocket APIs and HTTP APIs of `AWS::ApiGatewayV2::*` have in common.

use super::TemplateError;
use super::evaluation::Evaluation;
use super::function_reader::known;
use super::properties::Properties;
use crate::lambda::Wiring;

/// The only format of events that functions get here.
const PAYLOAD: &str = "2.0";

/// The resources of a kind that belong to an API.
pub(super) fn of_api<'a>(
    evaluation: &'a Evaluation<'_>,
    kind: &str,
    api: &str,
) -> Result<Vec<(&'a str, Properties<'a>)>, TemplateError> {
    let own = api.to_lowercase();
    let mut found = evaluation.resources_of(kind);
    found.retain(|(_, properties)| {
        properties.text("ApiId").is_ok_and(|api| api.is_some_and(|api| api == own))
    });
    Ok(found)
}

/// Warns of what belongs to no API of the template: another stack's, whose name nobody knows here.
pub(super) fn strangers(evaluation: &Evaluation<'_>) {
    let apis = evaluation.api_names();
    for kind in ["AWS::ApiGatewayV2::Route", "AWS::ApiGatewayV2::Stage"] {
        for (_, properties) in evaluation.resources_of(kind) {
            let api = properties.text("ApiId").ok().flatten();
            let known = api.is_some_and(|id| apis.iter().any(|api| api.name == id));
            if !known {
                properties.warn("ApiId", "it is no API of this template: what belongs to it is not served");
            }
        }
    }
}

/// The function behind a route.
pub(super) fn integration(
    evaluation: &Evaluation<'_>,
    route: &Properties<'_>,
    wiring: &Wiring,
) -> Result<String, TemplateError> {
    let target = route.required("Target")?;
    let id = target.strip_prefix("integrations/").unwrap_or(&target);
    let integration = evaluation
        .resource("AWS::ApiGatewayV2::Integration", id)
        .ok_or_else(|| route.error("Target", format!("{id} is no integration of this template")))?;
    let kind = integration.required("IntegrationType")?;
    if kind != "AWS_PROXY" {
        return Err(
            integration.error("IntegrationType", format!("{kind} cannot be served here: only AWS_PROXY"))
        );
    }
    payload(&integration)?;
    known(wiring, &integration, "IntegrationUri", &integration.required("IntegrationUri")?)
}

pub(super) fn payload(properties: &Properties<'_>) -> Result<(), TemplateError> {
    match properties.text("PayloadFormatVersion")? {
        Some(version) if version != PAYLOAD && version != "2" => Err(properties
            .error("PayloadFormatVersion", format!("{version} cannot be served here: only {PAYLOAD}"))),
        _ => Ok(()),
    }
}

/// A stage's name stands in paths.
pub(super) fn check_stage(properties: &Properties<'_>, name: String) -> Result<String, TemplateError> {
    let is_allowed = |letter: char| letter.is_ascii_alphanumeric() || matches!(letter, '_' | '-');
    if name == "$default" || (!name.is_empty() && name.chars().all(is_allowed)) {
        return Ok(name);
    }
    Err(properties
        .error("StageName", format!("{name} is neither $default nor a name of letters, digits, _ and -")))
}
