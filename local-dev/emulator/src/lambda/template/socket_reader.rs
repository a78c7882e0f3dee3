//! WebSocket APIs: `AWS::Serverless::WebSocketApi`, or `AWS::ApiGatewayV2::*` of the protocol `WEBSOCKET`.

use super::TemplateError;
use super::api_parts::{check_stage, integration, of_api};
use super::evaluation::Evaluation;
use super::function_reader::known;
use super::properties::Properties;
use crate::lambda::socket_functions::can_select;
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
        // What is not checked here is warned of by the tables in `support`.
        Some(_) => None,
    };
    let routes = properties.below("Routes")?.entries()?.into_iter().map(|(key, route)| {
        let function = known(wiring, &route, "FunctionArn", &route.required("FunctionArn")?)?;
        Ok((key, SocketRoute { function, responds: route.has(RESPONSE) }))
    });
    Ok(SocketApi {
        stage: stage_name(properties)?,
        selection: selection(properties)?,
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
        selection: selection(properties)?,
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

/// The stage that is served; a deployment can make one, too.
fn stage(evaluation: &Evaluation<'_>, api: &str) -> Result<String, TemplateError> {
    let mut stages = of_api(evaluation, "AWS::ApiGatewayV2::Stage", api)?;
    let mut deployments = of_api(evaluation, "AWS::ApiGatewayV2::Deployment", api)?;
    deployments.retain(|(_, deployment)| deployment.has("StageName"));
    stages.append(&mut deployments);
    let [(_, stage), others @ ..] = &stages[..] else {
        return Err(TemplateError::at(api, "it has no AWS::ApiGatewayV2::Stage"));
    };
    if let Some((_, other)) = others.first() {
        other.warn("StageName", "another stage of the same API comes first; this one is not served");
    }
    stage.required("StageName")?;
    stage_name(stage)
}

fn selection(properties: &Properties<'_>) -> Result<String, TemplateError> {
    const NAME: &str = "RouteSelectionExpression";
    let expression = properties.required(NAME)?;
    if !can_select(&expression) {
        properties.warn(NAME, &format!("{expression} cannot be read here: every message takes $default"));
    }
    Ok(expression)
}

fn stage_name(properties: &Properties<'_>) -> Result<String, TemplateError> {
    let name = properties.text("StageName")?.unwrap_or(STAGE.to_owned());
    check_stage(properties, name)
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
        Some("CUSTOM") => {}
        // What is not checked here is warned of by the tables in `support`.
        None | Some(_) => return Ok(()),
    }
    let id = route.required("AuthorizerId")?;
    let authorizer = evaluation
        .resource("AWS::ApiGatewayV2::Authorizer", &id)
        .ok_or_else(|| route.error("AuthorizerId", format!("{id} is no authorizer of this template")))?;
    let uri = authorizer.required("AuthorizerUri")?;
    api.authorizer = Some(known(wiring, &authorizer, "AuthorizerUri", &uri)?);
    api.identity_sources = authorizer.texts("IdentitySource")?;
    Ok(())
}
