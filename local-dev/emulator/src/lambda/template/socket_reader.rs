//! WebSocket APIs: `AWS::Serverless::WebSocketApi`, or `AWS::ApiGatewayV2::*` of the protocol `WEBSOCKET`.

use super::TemplateError;
use super::evaluation::Evaluation;
use super::function_reader::known;
use super::http_reader::integration;
use super::properties::Properties;
use crate::lambda::{SocketApi, SocketRoute, Wiring};

/// SAM's stage, if none is named.
const STAGE: &str = "default";
const RESPONSE: &str = "RouteResponseSelectionExpression";

pub(super) fn read(evaluation: &Evaluation<'_>, wiring: &mut Wiring) -> Result<(), TemplateError> {
    let mut apis = Vec::new();
    for (id, properties) in evaluation.resources_of("AWS::Serverless::WebSocketApi") {
        apis.push((id, serverless(&properties, wiring)?));
    }
    for (id, properties) in evaluation.resources_of("AWS::ApiGatewayV2::Api") {
        if properties.text("ProtocolType")?.as_deref() == Some("WEBSOCKET") {
            apis.push((id, plain(evaluation, id, &properties, wiring)?));
        }
    }
    if let [_, (another, _), ..] = &apis[..] {
        return Err(TemplateError::at(*another, "there is another WebSocket API; one can be served"));
    }
    wiring.sockets = apis.pop().map(|(_, api)| api);
    Ok(())
}

fn serverless(properties: &Properties<'_>, wiring: &Wiring) -> Result<SocketApi, TemplateError> {
    let auth = properties.below("Auth")?;
    let authorizer = match auth.text("AuthType")?.as_deref() {
        None | Some("NONE") => None,
        Some("CUSTOM") => Some(known(wiring, &auth, "AuthArn", &auth.required("AuthArn")?)?),
        Some(other) => {
            auth.warn("AuthType", &format!("{other} is not checked here: everyone is let in"));
            None
        }
    };
    let routes = properties.below("Routes")?.entries()?.into_iter().map(|(key, route)| {
        let function = known(wiring, &route, "FunctionArn", &route.required("FunctionArn")?)?;
        Ok((key, SocketRoute { function, responds: route.has(RESPONSE) }))
    });
    Ok(SocketApi {
        stage: stage_name(properties)?,
        selection: properties.required("RouteSelectionExpression")?,
        routes: routes.collect::<Result<_, TemplateError>>()?,
        authorizer,
        identity_sources: auth.texts("IdentitySource")?,
    })
}

fn plain(
    evaluation: &Evaluation<'_>,
    id: &str,
    properties: &Properties<'_>,
    wiring: &Wiring,
) -> Result<SocketApi, TemplateError> {
    let mut api = SocketApi {
        stage: stage(evaluation, id)?,
        selection: properties.required("RouteSelectionExpression")?,
        routes: std::collections::BTreeMap::new(),
        authorizer: None,
        identity_sources: Vec::new(),
    };
    let answered = answered_routes(evaluation)?;
    for (route_id, route) in of_api(evaluation, "AWS::ApiGatewayV2::Route", id)? {
        let function = integration(evaluation, &route, wiring)?;
        let responds = route.has(RESPONSE) || answered.iter().any(|each| each == route_id);
        api.routes.insert(route.required("RouteKey")?, SocketRoute { function, responds });
        authorize(evaluation, &route, wiring, &mut api)?;
    }
    Ok(api)
}

/// The resources of a kind that belong to an API.
pub(super) fn of_api<'a>(
    evaluation: &'a Evaluation<'_>,
    kind: &str,
    api: &str,
) -> Result<Vec<(&'a str, Properties<'a>)>, TemplateError> {
    let own = api.to_lowercase();
    let mut found = Vec::new();
    for (id, properties) in evaluation.resources_of(kind) {
        if properties.required("ApiId")? == own {
            found.push((id, properties));
        }
    }
    Ok(found)
}

fn stage(evaluation: &Evaluation<'_>, api: &str) -> Result<String, TemplateError> {
    let stages = of_api(evaluation, "AWS::ApiGatewayV2::Stage", api)?;
    match &stages[..] {
        [] => Err(TemplateError::at(api, "it has no AWS::ApiGatewayV2::Stage")),
        [(_, stage), others @ ..] => {
            if let Some((_, other)) = others.first() {
                other.warn("StageName", "another stage of the same API comes first; this one is not served");
            }
            stage.required("StageName")?;
            stage_name(stage)
        }
    }
}

/// It stands in paths.
fn stage_name(properties: &Properties<'_>) -> Result<String, TemplateError> {
    let name = properties.text("StageName")?.unwrap_or(STAGE.to_owned());
    let is_allowed = |letter: char| letter.is_ascii_alphanumeric() || matches!(letter, '_' | '-');
    if name.is_empty() || !name.chars().all(is_allowed) {
        return Err(properties.error("StageName", format!("{name} is no name of letters, digits, _ and -")));
    }
    Ok(name)
}

/// The ids of the routes that have a route response.
fn answered_routes(evaluation: &Evaluation<'_>) -> Result<Vec<String>, TemplateError> {
    let responses = evaluation.resources_of("AWS::ApiGatewayV2::RouteResponse");
    responses.iter().map(|(_, response)| response.required("RouteId")).collect()
}

/// Only `$connect` can have an authorizer.
fn authorize(
    evaluation: &Evaluation<'_>,
    route: &Properties<'_>,
    wiring: &Wiring,
    api: &mut SocketApi,
) -> Result<(), TemplateError> {
    match route.text("AuthorizationType")?.as_deref() {
        None | Some("NONE") => return Ok(()),
        Some("CUSTOM") => {}
        Some(other) => {
            route.warn("AuthorizationType", &format!("{other} is not checked here: everyone is let in"));
            return Ok(());
        }
    }
    let id = route.required("AuthorizerId")?;
    let authorizers = evaluation.resources_of("AWS::ApiGatewayV2::Authorizer");
    let (_, authorizer) = authorizers
        .into_iter()
        .find(|(each, _)| *each == id)
        .ok_or_else(|| route.error("AuthorizerId", format!("{id} is no authorizer of this template")))?;
    let uri = authorizer.required("AuthorizerUri")?;
    api.authorizer = Some(known(wiring, &authorizer, "AuthorizerUri", &uri)?);
    api.identity_sources = authorizer.texts("IdentitySource")?;
    Ok(())
}
