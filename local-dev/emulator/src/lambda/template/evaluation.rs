//! What a template's functions come to on this machine.

mod intrinsics;
mod references;

use std::cell::{Cell, RefCell};
use std::collections::BTreeMap;

use serde_json::{Map, Value};

use super::addresses::ApiName;
use super::document::Document;
use super::function_names::FunctionNames;
use super::properties::{Layer, Properties};
use super::{Addresses, TemplateError};
use crate::arn;

/// Who refers to each other more deeply than that refers to itself.
const MAX_DEPTH: usize = 64;
/// So much may be worked out: of texts that are made of others, each some bytes, a small template can make very long ones.
const MAX_STEPS: usize = 1_000_000;
const BYTES_IN_A_STEP: usize = 64;
/// What CloudFormation looks up elsewhere: `{{resolve:ssm:/a/b}}`.
const DYNAMIC_REFERENCE: &str = "{{resolve:";

/// The types of functions.
pub(super) const FUNCTIONS: [&str; 2] = ["AWS::Serverless::Function", "AWS::Lambda::Function"];

/// What something comes to: nothing is `AWS::NoValue`; an error is a sentence without its subject.
pub(super) type Outcome = Result<Option<Value>, String>;

/// A template with the values of its parameters.
#[derive(Debug)]
pub(super) struct Evaluation<'a> {
    document: &'a Document,
    parameters: &'a BTreeMap<String, String>,
    addresses: &'a Addresses,
    names: &'a FunctionNames,
    /// What the functions call themselves, by their ids.
    function_names: BTreeMap<&'a str, String>,
    /// The resources whose conditions hold.
    resources: BTreeMap<&'a str, &'a Value>,
    /// The names of its APIs in URLs.
    apis: Vec<ApiName>,
    warnings: RefCell<Vec<String>>,
    steps_left: Cell<usize>,
    /// The places of what has been read.
    #[cfg(test)]
    pub(super) reads: RefCell<std::collections::BTreeSet<String>>,
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
        let mut evaluation = Self {
            document,
            parameters,
            addresses,
            names,
            function_names: BTreeMap::new(),
            resources: BTreeMap::new(),
            apis: Vec::new(),
            warnings: RefCell::default(),
            steps_left: Cell::new(MAX_STEPS),
            #[cfg(test)]
            reads: RefCell::default(),
        };
        for (id, resource) in &document.resources {
            if evaluation.is_there(id, resource)? {
                evaluation.resources.insert(id, resource);
            }
        }
        evaluation.apis = evaluation.api_names();
        evaluation.function_names = evaluation.own_function_names();
        Ok(evaluation)
    }

    /// The resources of a kind, by their ids.
    pub(super) fn resources_of(&self, kind: &str) -> Vec<(&'a str, Properties<'_>)> {
        let of_kind = self.resources.iter().filter(|(_, resource)| resource["Type"] == kind);
        of_kind.map(|(id, resource)| (*id, self.properties(id, resource))).collect()
    }

    /// A resource, if it is of that kind.
    pub(super) fn resource(&self, kind: &str, id: &str) -> Option<Properties<'_>> {
        let (id, resource) = self.resources.get_key_value(id)?;
        (resource["Type"] == kind).then(|| self.properties(id, resource))
    }

    /// All resources that are there, by their ids.
    pub(super) fn resources(&self) -> impl Iterator<Item = (&'a str, &'a Value)> {
        self.resources.iter().map(|(id, resource)| (*id, *resource))
    }

    /// What is said of all resources of a SAM type, by the type's last word.
    pub(super) fn globals(&self) -> impl Iterator<Item = (&str, &Value)> {
        self.document.globals.as_object().into_iter().flatten().map(|(word, raw)| (&**word, raw))
    }

    /// The macros that the template goes through.
    pub(super) fn transforms(&self) -> &Value {
        &self.document.transforms
    }

    /// The properties of a resource, over what is said of all resources of its type.
    fn properties(&self, id: &str, resource: &Value) -> Properties<'_> {
        let word = resource["Type"].as_str().and_then(|kind| kind.strip_prefix("AWS::Serverless::"));
        let globals = word.and_then(|word| Some((word, self.document.globals.get(word)?)));
        let globals = globals.map(|(word, raw)| Layer::new(format!("Globals.{word}"), raw.clone()));
        let own = Layer::new(id.to_owned(), resource["Properties"].clone());
        Properties::new(self, globals.into_iter().chain([own]).collect())
    }

    /// What is said of all resources of a SAM type that none in the template stands for.
    pub(super) fn globals_alone(&self, word: &str) -> Properties<'_> {
        let raw = self.document.globals.get(word).cloned().unwrap_or_default();
        Properties::new(self, vec![Layer::new(format!("Globals.{word}"), raw)])
    }

    /// Something that the template says and that is not so here; it is said once.
    pub(super) fn warn(&self, place: &str, problem: &str) {
        let warning = format!("{place} of the template: {problem}");
        let mut warnings = self.warnings.borrow_mut();
        if !warnings.contains(&warning) {
            warnings.push(warning);
        }
    }

    pub(super) fn warnings(self) -> Vec<String> {
        self.warnings.into_inner()
    }

    /// What a value comes to, with our addresses in place of AWS's.
    pub(super) fn value(&self, raw: &Value) -> Outcome {
        Ok(self.evaluate(raw, 0)?.map(|value| self.localized(value)))
    }

    /// What stands there in the end, without working out what is in it: the branch of an `!If` that is taken. Nothing is
    /// `AWS::NoValue`.
    pub(super) fn chosen<'v>(&self, raw: &'v Value) -> Option<&'v Value> {
        let mut chosen = raw;
        for _ in 0..MAX_DEPTH {
            match chosen.as_object().and_then(intrinsic) {
                Some(("Ref", name)) if name == "AWS::NoValue" => return None,
                Some(("If", Value::Array(arguments))) => match &arguments[..] {
                    [Value::String(condition), then, otherwise] => match self.condition(condition, 0) {
                        Ok(holds) => chosen = if holds { then } else { otherwise },
                        Err(_) => return Some(chosen),
                    },
                    _ => return Some(chosen),
                },
                _ => return Some(chosen),
            }
        }
        Some(chosen)
    }

    /// The name of the function with that logical id.
    pub(super) fn function_name(&self, id: &str) -> String {
        let own = self.function_names.get(id).cloned();
        own.or_else(|| self.binary(id).map(str::to_owned)).unwrap_or_else(|| self.names.name(id))
    }

    /// The binary that a function's build is told to make.
    pub(super) fn binary(&self, id: &str) -> Option<&'a str> {
        self.resources.get(id)?["Metadata"]["BuildProperties"]["Binary"].as_str()
    }

    /// Remembers that something was read, for a test of the tables in `support`.
    pub(super) fn note_read(&self, _place: &str, _name: &str) {
        #[cfg(test)]
        self.reads.borrow_mut().insert(format!("{_place}.{_name}"));
    }

    /// One that cannot be made out has the name that it would have without.
    fn own_function_names(&self) -> BTreeMap<&'a str, String> {
        let mut names = BTreeMap::new();
        for kind in FUNCTIONS {
            for (id, function) in self.resources_of(kind) {
                if let Ok(Some(name)) = function.text("FunctionName") {
                    // It may have been told as an ARN.
                    names.insert(id, arn::function_name(&name).to_owned());
                }
            }
        }
        names
    }

    /// Counts what is worked out, by its size.
    fn count(&self, bytes: usize) -> Result<(), String> {
        let steps = 1 + bytes / BYTES_IN_A_STEP;
        let left = self.steps_left.get().checked_sub(steps);
        self.steps_left.set(left.unwrap_or_default());
        left.map(drop).ok_or_else(|| "the template takes too long to work out".to_owned())
    }

    fn evaluate(&self, raw: &Value, depth: usize) -> Outcome {
        if depth > MAX_DEPTH {
            return Err("it refers to itself".to_owned());
        }
        self.count(raw.as_str().map_or(0, str::len))?;
        match raw {
            Value::String(text) if text.contains(DYNAMIC_REFERENCE) => {
                Err("what {{resolve:…}} refers to is known on AWS alone".to_owned())
            }
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
        let wrong = |problem: String| TemplateError::at(format!("{id}.Condition"), problem);
        match resource.get("Condition") {
            None => Ok(true),
            Some(Value::String(condition)) => self.condition(condition, 0).map_err(wrong),
            Some(_) => Err(wrong("it is not the name of a condition".to_owned())),
        }
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
