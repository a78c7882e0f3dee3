//! What a template's functions come to on this machine.

mod intrinsics;
mod references;

use std::cell::RefCell;
use std::collections::BTreeMap;

use serde_json::{Map, Value};

use super::document::Document;
use super::function_names::FunctionNames;
use super::properties::Properties;
use super::{Addresses, TemplateError};

/// Who refers to each other more deeply than that refers to itself.
const MAX_DEPTH: usize = 64;

/// What something comes to: nothing is `AWS::NoValue`; an error is a sentence without its subject.
pub(super) type Outcome = Result<Option<Value>, String>;

/// A template with the values of its parameters.
#[derive(Debug)]
pub(super) struct Evaluation<'a> {
    document: &'a Document,
    parameters: &'a BTreeMap<String, String>,
    addresses: &'a Addresses,
    names: &'a FunctionNames,
    /// The resources whose conditions hold.
    resources: BTreeMap<&'a str, &'a Value>,
    /// The names of its APIs in URLs.
    apis: Vec<String>,
    warnings: RefCell<Vec<String>>,
}

impl<'a> Evaluation<'a> {
    pub(super) fn new(
        document: &'a Document,
        parameters: &'a BTreeMap<String, String>,
        addresses: &'a Addresses,
        names: &'a FunctionNames,
    ) -> Result<Self, TemplateError> {
        if let Some(unknown) = parameters.keys().find(|name| !document.parameters.contains_key(*name)) {
            return Err(TemplateError::NoSuchParameter(unknown.clone()));
        }
        let (resources, warnings) = (BTreeMap::new(), RefCell::default());
        let mut evaluation =
            Self { document, parameters, addresses, names, resources, apis: Vec::new(), warnings };
        for (id, resource) in &document.resources {
            if evaluation.is_there(id, resource)? {
                evaluation.resources.insert(id, resource);
            }
        }
        evaluation.apis = evaluation.api_names();
        Ok(evaluation)
    }

    /// What the template says of all functions.
    pub(super) fn globals_of_functions(&self) -> &Value {
        &self.document.globals["Function"]
    }

    /// The resources of a kind, by their ids.
    pub(super) fn resources_of(&self, kind: &str) -> Vec<(&'a str, Properties<'_>)> {
        let of_kind = self.resources.iter().filter(|(_, resource)| resource["Type"] == kind);
        of_kind.map(|(id, resource)| (*id, self.properties(*id, &resource["Properties"]))).collect()
    }

    /// What stands at some place, to be read.
    pub(super) fn properties(&self, place: impl Into<String>, raw: &Value) -> Properties<'_> {
        Properties::new(self, place.into(), raw.clone())
    }

    /// Something that the template says and that is not so here.
    pub(super) fn warn(&self, place: &str, problem: &str) {
        self.warnings.borrow_mut().push(format!("{place} of the template: {problem}"));
    }

    pub(super) fn warnings(self) -> Vec<String> {
        self.warnings.into_inner()
    }

    /// What a value comes to, with our addresses in place of AWS's.
    pub(super) fn value(&self, raw: &Value) -> Outcome {
        Ok(self.evaluate(raw, 0)?.map(|value| self.localized(value)))
    }

    /// The name of the function with that logical id.
    pub(super) fn function_name(&self, id: &str) -> String {
        let resource = self.resources.get(id).copied().unwrap_or(&Value::Null);
        let binary = resource["Metadata"]["BuildProperties"]["Binary"].as_str();
        binary.map_or_else(|| self.names.name(id), str::to_owned)
    }

    fn evaluate(&self, raw: &Value, depth: usize) -> Outcome {
        if depth > MAX_DEPTH {
            return Err("it refers to itself".to_owned());
        }
        match raw {
            Value::Object(fields) => match intrinsic(fields) {
                Some((name, argument)) => self.intrinsic(name, argument, depth + 1),
                None => self.fields(fields, depth + 1).map(Some),
            },
            Value::Array(values) => {
                let values = values.iter().map(|value| self.evaluate(value, depth + 1));
                let values: Vec<_> = values.collect::<Result<_, _>>()?;
                Ok(Some(values.into_iter().flatten().collect()))
            }
            plain => Ok(Some(plain.clone())),
        }
    }

    fn fields(&self, fields: &Map<String, Value>, depth: usize) -> Result<Value, String> {
        let mut evaluated = Map::new();
        for (name, value) in fields {
            if let Some(value) = self.evaluate(value, depth)? {
                evaluated.insert(name.clone(), value);
            }
        }
        Ok(Value::Object(evaluated))
    }

    fn is_there(&self, id: &str, resource: &Value) -> Result<bool, TemplateError> {
        let Some(condition) = resource.get("Condition").and_then(Value::as_str) else {
            return Ok(true);
        };
        self.condition(condition, 0).map_err(|problem| TemplateError::at(format!("{id}.Condition"), problem))
    }

    fn localized(&self, value: Value) -> Value {
        match value {
            Value::String(text) => self.addresses.localized(&text, &self.apis).into(),
            Value::Array(values) => values.into_iter().map(|value| self.localized(value)).collect(),
            Value::Object(fields) => {
                let fields = fields.into_iter().map(|(name, value)| (name, self.localized(value)));
                Value::Object(fields.collect())
            }
            plain => plain,
        }
    }
}

/// The function that an object stands for.
fn intrinsic(fields: &Map<String, Value>) -> Option<(&str, &Value)> {
    let (name, argument) = fields.iter().next().filter(|_| fields.len() == 1)?;
    let name = if name == "Ref" { name } else { name.strip_prefix("Fn::")? };
    Some((name, argument))
}
