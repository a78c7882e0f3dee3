//! HTTP APIs: `HttpApi` events of functions, or `AWS::ApiGatewayV2::*` of the protocol `HTTP`.

use super::TemplateError;
use super::evaluation::Evaluation;
use super::function_reader::{known, serverless};
use super::properties::Properties;
use super::socket_reader::of_api;
use crate::lambda::{HttpRoute, Wiring};

/// The only format of events that functions get here.
const PAYLOAD: &str = "2.0";
/// SAM's other word for all methods.
const ANY: &str = "X-AMAZON-APIGATEWAY-ANY-METHOD";

pub(super) fn read(evaluation: &Evaluation<'_>, wiring: &mut Wiring) -> Result<(), TemplateError> {
    let mut routes = Vec::new();
    for (id, function) in serverless(evaluation) {
        for (_, event) in function.below("Events")?.entries()? {
            if event.text("Type")?.as_deref() == Some("HttpApi") {
                routes.push(event_route(&event.below("Properties")?, evaluation.function_name(id))?);
            }
        }
    }
    for (id, api) in evaluation.resources_of("AWS::ApiGatewayV2::Api") {
        if api.text("ProtocolType")?.as_deref() == Some("HTTP") {
            plain(evaluation, id, wiring, &mut routes)?;
        }
    }
    for (index, (place, route)) in routes.iter().enumerate() {
        if routes[..index].iter().any(|(_, earlier)| earlier.key == route.key) {
            return Err(TemplateError::at(place, format!("there is another route {}", route.key)));
        }
    }
    wiring.http = routes.into_iter().map(|(_, route)| route).collect();
    Ok(())
}

/// A route, and where it stands in the template.
type Placed = (String, HttpRoute);

fn event_route(properties: &Properties<'_>, function: String) -> Result<Placed, TemplateError> {
    payload(properties)?;
    if properties.below("Auth")?.has("Authorizer") {
        properties.warn("Auth", "HTTP routes have no authorizers here: everyone is let in");
    }
    let key = match (properties.text("Method")?, properties.text("Path")?) {
        (None, None) => "$default".to_owned(),
        (_, Some(path)) if path == "$default" => path,
        (method, Some(path)) => format!("{} {path}", method_key(&method.unwrap_or(ANY.to_owned()))),
        (Some(_), None) => return Err(properties.error("Path", "it is missing")),
    };
    Ok((properties.place().to_owned(), HttpRoute { key, function }))
}

fn method_key(method: &str) -> String {
    match method.to_ascii_uppercase() {
        any if any == ANY => "ANY".to_owned(),
        method => method,
    }
}

fn plain(
    evaluation: &Evaluation<'_>,
    api: &str,
    wiring: &Wiring,
    routes: &mut Vec<Placed>,
) -> Result<(), TemplateError> {
    for (_, route) in of_api(evaluation, "AWS::ApiGatewayV2::Route", api)? {
        let kind = route.text("AuthorizationType")?;
        if kind.is_some_and(|kind| kind != "NONE") {
            route.warn("AuthorizationType", "HTTP routes have no authorizers here: everyone is let in");
        }
        let function = integration(evaluation, &route, wiring)?;
        let key = route.required("RouteKey")?;
        routes.push((route.place().to_owned(), HttpRoute { key, function }));
    }
    for (_, stage) in of_api(evaluation, "AWS::ApiGatewayV2::Stage", api)? {
        if stage.required("StageName")? != "$default" {
            stage.warn("StageName", "an HTTP API is served here without its stage in the path");
        }
    }
    Ok(())
}

/// The function behind a route.
pub(super) fn integration(
    evaluation: &Evaluation<'_>,
    route: &Properties<'_>,
    wiring: &Wiring,
) -> Result<String, TemplateError> {
    let target = route.required("Target")?;
    let id = target.strip_prefix("integrations/").unwrap_or(&target);
    let integrations = evaluation.resources_of("AWS::ApiGatewayV2::Integration");
    let (_, integration) = integrations
        .into_iter()
        .find(|(each, _)| *each == id)
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

fn payload(properties: &Properties<'_>) -> Result<(), TemplateError> {
    match properties.text("PayloadFormatVersion")? {
        Some(version) if version != PAYLOAD && version != "2" => Err(properties
            .error("PayloadFormatVersion", format!("{version} cannot be served here: only {PAYLOAD}"))),
        _ => Ok(()),
    }
}
