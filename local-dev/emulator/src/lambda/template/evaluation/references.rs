//! What `!Ref` and `!GetAtt` come to.

use serde_json::Value;

use super::super::addresses::ApiName;
use super::super::function_names::kebab_case;
use super::super::http_reader::IMPLICIT;
use super::{Evaluation, Outcome};
use crate::arn::{self, ACCOUNT};

/// A stack's name and its unique part, where there is no stack.
const STACK: &str = "local";
const STACK_UUID: &str = "00000000-0000-4000-8000-000000000000";
/// The type of parameters that name a place in SSM, and stand for what lies there.
const STORED_ELSEWHERE: &str = "AWS::SSM::Parameter::Value";
const API_KINDS: [&str; 3] =
    ["AWS::Serverless::WebSocketApi", "AWS::Serverless::HttpApi", "AWS::ApiGatewayV2::Api"];

impl Evaluation<'_> {
    pub(super) fn reference(&self, name: &str, depth: usize) -> Outcome {
        if let Some(pseudo) = name.strip_prefix("AWS::") {
            return self.pseudo_parameter(pseudo);
        }
        if let Some(parameter) = self.document.parameters.get(name) {
            return self.parameter(name, parameter).map(Some);
        }
        if let Some((id, attribute)) = name.split_once('.') {
            // SAM's `Function.Alias`.
            return self.published(id, attribute).map(|arn| Some(arn.into()));
        }
        self.resource_reference(name, depth).map(|text| Some(text.into()))
    }

    /// `[resource, attribute]`.
    pub(super) fn attribute(&self, argument: &Value, depth: usize) -> Result<Value, String> {
        let [Some(id), Some(attribute)] = [argument[0].as_str(), argument[1].as_str()] else {
            return Err("!GetAtt needs a resource and an attribute".to_owned());
        };
        let (kind, region) = (self.kind(id)?, &self.addresses.region);
        let name = || self.physical_name(id, depth);
        let text = match (kind, attribute) {
            ("AWS::Serverless::Function" | "AWS::Lambda::Function", "Arn") => {
                arn::function(region, &self.function_name(id))
            }
            ("AWS::SQS::Queue", "Arn") => format!("arn:aws:sqs:{region}:{ACCOUNT}:{}", name()?),
            ("AWS::SQS::Queue", "QueueName") | ("AWS::S3::Bucket", "BucketName") => name()?,
            ("AWS::SQS::Queue", "QueueUrl") => self.resource_reference(id, depth)?,
            ("AWS::S3::Bucket", "Arn") => format!("arn:aws:s3:::{}", name()?),
            ("AWS::DynamoDB::Table" | "AWS::Serverless::SimpleTable", "Arn") => {
                format!("arn:aws:dynamodb:{region}:{ACCOUNT}:table/{}", name()?)
            }
            (kind, "ApiEndpoint") if API_KINDS.contains(&kind) => {
                let scheme = if self.is_socket_api(id) { "wss" } else { "https" };
                format!("{scheme}://{}.execute-api.{region}.amazonaws.com", api_name(id))
            }
            (kind, "ApiId") if API_KINDS.contains(&kind) => api_name(id),
            ("AWS::Serverless::Function", "Alias" | "Version") => self.published(id, attribute)?,
            ("AWS::Lambda::Alias", "AliasArn") | ("AWS::Lambda::Version", "FunctionArn") => {
                self.resource_reference(id, depth)?
            }
            (kind, attribute) => return Err(format!("{attribute} of {id}, a {kind}, is not known here")),
        };
        Ok(text.into())
    }

    /// Whether a resource belongs to a WebSocket API of the template.
    pub(in crate::lambda::template) fn belongs_to_sockets(&self, resource: &Value) -> bool {
        let Ok(Some(Value::String(api))) = self.value(&resource["Properties"]["ApiId"]) else { return false };
        self.resources.keys().any(|id| api_name(id) == api && self.is_socket_api(id))
    }

    /// What our APIs are called in URLs.
    pub(in crate::lambda::template) fn api_names(&self) -> Vec<ApiName> {
        let kind = |resource: &Value| resource["Type"].as_str().is_some_and(|kind| API_KINDS.contains(&kind));
        let ids = self.resources.iter().filter(|(_, resource)| kind(resource)).map(|(id, _)| *id);
        let named = ids.map(|id| ApiName { name: api_name(id), is_of_sockets: self.is_socket_api(id) });
        named.chain([ApiName { name: api_name(IMPLICIT), is_of_sockets: false }]).collect()
    }

    fn resource_reference(&self, id: &str, depth: usize) -> Result<String, String> {
        if id == IMPLICIT && !self.resources.contains_key(id) {
            return Ok(api_name(id));
        }
        match self.kind(id)? {
            "AWS::Serverless::Function" | "AWS::Lambda::Function" => Ok(self.function_name(id)),
            "AWS::SQS::Queue" => {
                Ok(format!("{}/{ACCOUNT}/{}", self.addresses.queues, self.physical_name(id, depth)?))
            }
            "AWS::S3::Bucket" | "AWS::DynamoDB::Table" | "AWS::Serverless::SimpleTable" => {
                self.physical_name(id, depth)
            }
            "AWS::ApiGatewayV2::Stage" => self.own_text(id, "StageName", depth),
            "AWS::Lambda::Alias" => {
                let alias = self.own_text(id, "Name", depth)?;
                Ok(format!("{}:{alias}", self.function_of(id, depth)?))
            }
            "AWS::Lambda::Version" => Ok(format!("{}:1", self.function_of(id, depth)?)),
            kind if API_KINDS.contains(&kind) => Ok(api_name(id)),
            kind if kind.starts_with("AWS::ApiGatewayV2::") => Ok(id.to_owned()),
            kind => Err(format!("a reference to {id}, a {kind}, is not known here")),
        }
    }

    /// What SAM publishes of a function: the alias that it is told to keep up to date, or a version.
    fn published(&self, id: &str, what: &str) -> Result<String, String> {
        let function = arn::function(&self.addresses.region, &self.function_name(id));
        let alias = self.resource("AWS::Serverless::Function", id);
        let alias = alias.and_then(|function| function.text("AutoPublishAlias").ok().flatten());
        match (what, alias) {
            ("Alias", Some(alias)) => Ok(format!("{function}:{alias}")),
            ("Version", Some(_)) => Ok(format!("{function}:1")),
            _ => Err(format!("there is no {what} of {id} in the template")),
        }
    }

    /// The function that an alias or a version is of.
    fn function_of(&self, id: &str, depth: usize) -> Result<String, String> {
        let function = self.own_text(id, "FunctionName", depth)?;
        Ok(arn::function(&self.addresses.region, arn::function_name(&function)))
    }

    /// The name that a resource gives itself, or else one made from its id.
    fn physical_name(&self, id: &str, depth: usize) -> Result<String, String> {
        let property = match self.kind(id)? {
            "AWS::SQS::Queue" => "QueueName",
            "AWS::S3::Bucket" => "BucketName",
            _ => "TableName",
        };
        let has_name = self.resources[id]["Properties"].get(property).is_some();
        if has_name { self.own_text(id, property, depth) } else { Ok(kebab_case(id)) }
    }

    fn own_text(&self, id: &str, property: &str, depth: usize) -> Result<String, String> {
        self.note_read(id, property);
        let value = self.evaluate(&self.resources[id]["Properties"][property], depth + 1)?;
        let text = value.as_ref().and_then(Value::as_str);
        text.map(str::to_owned).ok_or_else(|| format!("{property} of {id} is no text"))
    }

    fn kind(&self, id: &str) -> Result<&str, String> {
        let resource = self.resources.get(id).ok_or_else(|| format!("there is no {id} in the template"))?;
        resource["Type"].as_str().ok_or_else(|| format!("{id} has no Type"))
    }

    fn is_socket_api(&self, id: &str) -> bool {
        let resource = self.resources[id];
        resource["Type"] == "AWS::Serverless::WebSocketApi"
            || resource["Properties"]["ProtocolType"] == "WEBSOCKET"
    }

    fn parameter(&self, name: &str, parameter: &Value) -> Result<Value, String> {
        let given = self.parameters.get(name).map(|text| Value::from(text.as_str()));
        let kind = parameter["Type"].as_str().unwrap_or_default();
        if given.is_none() && kind.starts_with(STORED_ELSEWHERE) {
            return Err(format!("the value of the parameter {name} is in SSM: say --parameter {name}=…"));
        }
        let value = given.or_else(|| parameter.get("Default").cloned());
        let value =
            value.ok_or_else(|| format!("the parameter {name} has no default: say --parameter {name}=…"))?;
        let is_list = kind.contains("List");
        Ok(match &value {
            Value::String(text) if is_list => text.split(',').map(str::trim).collect(),
            _ => value,
        })
    }

    fn pseudo_parameter(&self, name: &str) -> Outcome {
        let region = &self.addresses.region;
        Ok(Some(match name {
            "NoValue" => return Ok(None),
            "AccountId" => ACCOUNT.into(),
            "Partition" => "aws".into(),
            "Region" => region.as_str().into(),
            "StackId" => {
                format!("arn:aws:cloudformation:{region}:{ACCOUNT}:stack/{STACK}/{STACK_UUID}").into()
            }
            "StackName" => STACK.into(),
            "URLSuffix" => "amazonaws.com".into(),
            other => return Err(format!("AWS::{other} is not known here")),
        }))
    }
}

fn api_name(id: &str) -> String {
    id.to_lowercase()
}
