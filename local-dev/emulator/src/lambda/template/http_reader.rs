//! HTTP APIs: `HttpApi` events of functions, or `AWS::ApiGatewayV2::*` of the protocol `HTTP`.

use serde_json::Value;

use super::TemplateError;
use super::api_parts::{integration, of_api, payload};
use super::evaluation::Evaluation;
use super::function_reader::{known, serverless};
use super::properties::Properties;
use crate::lambda::{Cors, HttpRoute, WebApi, Wiring};

/// The stage that has no name in paths.
const DEFAULT_STAGE: &str = "$default";
/// The API that SAM makes up for `HttpApi` events that name none.
pub(super) const IMPLICIT: &str = "ServerlessHttpApi";
/// SAM's other word for all methods.
const ANY: &str = "X-AMAZON-APIGATEWAY-ANY-METHOD";

/// An API under construction, by what references to it come to.
struct Draft {
    reference: String,
    api: WebApi,
    /// Where its routes stand in the template.
    places: Vec<String>,
}

pub(super) fn read(evaluation: &Evaluation<'_>, wiring: &mut Wiring) -> Result<(), TemplateError> {
    let mut drafts = Vec::new();
    for (id, properties) in evaluation.resources_of("AWS::Serverless::HttpApi") {
        drafts.push(Draft::new(id, stage_name(&properties)?, cors(&properties)?));
    }
    if !drafts.iter().any(|draft| draft.reference == IMPLICIT.to_lowercase()) {
        let globals = evaluation.globals_alone("HttpApi");
        drafts.push(Draft::new(IMPLICIT, DEFAULT_STAGE.to_owned(), cors(&globals)?));
    }
    events(evaluation, &mut drafts)?;
    for (id, api) in evaluation.resources_of("AWS::ApiGatewayV2::Api") {
        if api.text("ProtocolType")?.as_deref() == Some("HTTP") {
            drafts.push(plain(evaluation, id, &api, wiring)?);
        }
    }
    drafts.retain(|draft| !draft.api.routes.is_empty());
    distinct(&drafts)?;
    wiring.http = drafts.into_iter().map(|draft| draft.api).collect();
    Ok(())
}

impl Draft {
    fn new(id: &str, stage: String, cors: Option<Cors>) -> Self {
        Self {
            reference: id.to_lowercase(),
            api: WebApi { stage, routes: Vec::new(), cors },
            places: Vec::new(),
        }
    }

    /// A route, whose key a property says. API Gateway refuses one that ends with a slash, or leaves it out where SAM has
    /// made an OpenAPI document of it.
    fn push(
        &mut self,
        (properties, name): (&Properties<'_>, &str),
        key: String,
        function: String,
    ) -> Result<(), TemplateError> {
        if key.ends_with('/') && !key.ends_with(" /") {
            return Err(properties.error(name, format!("a route key must not end with a slash: {key}")));
        }
        self.api.routes.push(HttpRoute { key, function });
        self.places.push(properties.place().to_owned());
        Ok(())
    }
}

/// All APIs are reached at one address: where their stages are the same, their routes must not be.
fn distinct(drafts: &[Draft]) -> Result<(), TemplateError> {
    let routes = drafts.iter().flat_map(|draft| {
        draft.api.routes.iter().zip(&draft.places).map(|(route, place)| (&draft.api.stage, &route.key, place))
    });
    let mut seen = std::collections::BTreeSet::new();
    for (stage, key, place) in routes {
        if !seen.insert((stage, key)) {
            return Err(TemplateError::at(place, format!("there is another route {key}")));
        }
    }
    Ok(())
}

/// The routes that functions name themselves.
fn events(evaluation: &Evaluation<'_>, drafts: &mut [Draft]) -> Result<(), TemplateError> {
    for (id, function) in serverless(evaluation) {
        for (_, event) in function.below("Events")?.entries()? {
            if event.text("Type")?.as_deref() != Some("HttpApi") {
                continue;
            }
            let properties = event.below("Properties")?;
            let api = match properties.text("ApiId") {
                Ok(api) => api.unwrap_or_else(|| IMPLICIT.to_lowercase()),
                Err(_) => String::new(),
            };
            match drafts.iter_mut().find(|draft| draft.reference == api.to_lowercase()) {
                Some(draft) => {
                    let key = event_key(&properties)?;
                    draft.push((&properties, "Path"), key, evaluation.function_name(id))?;
                }
                None => {
                    properties.warn("ApiId", "it is no HTTP API of this template: the route is not served")
                }
            }
        }
    }
    Ok(())
}

fn event_key(properties: &Properties<'_>) -> Result<String, TemplateError> {
    payload(properties)?;
    match (properties.text("Method")?, properties.text("Path")?) {
        (None, None) => Ok(DEFAULT_STAGE.to_owned()),
        (_, Some(path)) if path == "$default" => Ok(path),
        (method, Some(path)) => Ok(format!("{} {path}", method_key(&method.unwrap_or(ANY.to_owned())))),
        (Some(_), None) => Err(properties.error("Path", "it is missing")),
    }
}

fn method_key(method: &str) -> String {
    match method.to_ascii_uppercase() {
        any if any == ANY => "ANY".to_owned(),
        method => method,
    }
}

fn plain(
    evaluation: &Evaluation<'_>,
    id: &str,
    api: &Properties<'_>,
    wiring: &Wiring,
) -> Result<Draft, TemplateError> {
    let mut stages = Vec::new();
    for (_, stage) in of_api(evaluation, "AWS::ApiGatewayV2::Stage", id)? {
        stages.push(stage_name(&stage)?);
    }
    let target = api.text("Target")?;
    // An API that is told nothing but its target makes its stage itself.
    let made = target.as_ref().map(|_| DEFAULT_STAGE.to_owned());
    let stage = stages.into_iter().chain(made).next();
    let mut draft = Draft::new(id, stage.unwrap_or(DEFAULT_STAGE.to_owned()), cors(api)?);
    if let Some(target) = target {
        let key = api.text("RouteKey")?.unwrap_or(DEFAULT_STAGE.to_owned());
        draft.push((api, "RouteKey"), key, known(wiring, api, "Target", &target)?)?;
    }
    for (_, route) in of_api(evaluation, "AWS::ApiGatewayV2::Route", id)? {
        let function = integration(evaluation, &route, wiring)?;
        draft.push((&route, "RouteKey"), route.required("RouteKey")?, function)?;
    }
    Ok(draft)
}

fn stage_name(properties: &Properties<'_>) -> Result<String, TemplateError> {
    let name = properties.text("StageName")?.unwrap_or(DEFAULT_STAGE.to_owned());
    super::api_parts::check_stage(properties, name)
}

/// A configuration, `true` for all origins, or the list of them.
fn cors(properties: &Properties<'_>) -> Result<Option<Cors>, TemplateError> {
    const NAME: &str = "CorsConfiguration";
    let anyone = |origins| Some(Cors { origins, ..Cors::default() });
    match properties.value(NAME)? {
        None | Some(Value::Bool(false)) => return Ok(None),
        Some(Value::Bool(true)) => return Ok(anyone(vec!["*".to_owned()])),
        Some(Value::Object(_)) => {}
        Some(_) => return Ok(anyone(properties.texts(NAME)?)),
    }
    let own = properties.below(NAME)?;
    Ok(Some(Cors {
        origins: own.texts("AllowOrigins")?,
        methods: own.texts("AllowMethods")?,
        headers: own.texts("AllowHeaders")?,
        exposed: own.texts("ExposeHeaders")?,
        max_age: own.number("MaxAge")?,
        credentials: own.flag("AllowCredentials", false)?,
    }))
}
