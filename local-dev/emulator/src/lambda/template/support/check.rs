//! Says what of a template is not so here.

use serde_json::Value;

use super::super::evaluation::Evaluation;
use super::table::{Support, Table};
use super::{event_table, functions, table, unserved};

/// The macros whose templates can be read without them.
const TRANSFORMS: [&str; 2] = ["AWS::Serverless-2016-10-31", "AWS::LanguageExtensions"];
const UNKNOWN: &str = "it is not known here, and nothing comes of it";
/// What may stand beside a resource's properties.
const ATTRIBUTES: [&str; 10] = [
    "Type",
    "Properties",
    "Condition",
    "DependsOn",
    "Metadata",
    "DeletionPolicy",
    "UpdateReplacePolicy",
    "CreationPolicy",
    "UpdatePolicy",
    "Connectors",
];

/// Warns of everything that is said in vain.
pub(in super::super) fn check(evaluation: &Evaluation<'_>) {
    transforms(evaluation);
    for (word, raw) in evaluation.globals() {
        let table = table(&format!("AWS::Serverless::{word}"), false);
        if let Some(table) = table {
            Walk { evaluation, table }.look(&format!("Globals.{word}"), &[], raw);
        }
    }
    for (id, resource) in evaluation.resources() {
        self::resource(evaluation, id, resource);
    }
}

fn transforms(evaluation: &Evaluation<'_>) {
    let all = match evaluation.transforms() {
        Value::Array(all) => all.clone(),
        Value::Null => Vec::new(),
        one => vec![one.clone()],
    };
    for transform in all {
        let name = transform.as_str().or_else(|| transform["Name"].as_str()).unwrap_or_default();
        if !TRANSFORMS.contains(&name) {
            evaluation.warn("Transform", &format!("the macro {name} is not run here"));
        }
    }
}

fn resource(evaluation: &Evaluation<'_>, id: &str, resource: &Value) {
    let Some(kind) = resource["Type"].as_str() else {
        let loops = id.starts_with("Fn::ForEach");
        let problem = if loops { "loops are not unrolled here" } else { "it has no Type" };
        return evaluation.warn(id, problem);
    };
    for name in resource.as_object().into_iter().flat_map(|fields| fields.keys()) {
        if !ATTRIBUTES.contains(&name.as_str()) {
            evaluation.warn(&format!("{id}.{name}"), UNKNOWN);
        }
    }
    if let Some(instead) = unserved::instead_of(kind) {
        evaluation.warn(&format!("{id}.Type"), instead);
    }
    if let Some(table) = table(kind, evaluation.belongs_to_sockets(resource)) {
        Walk { evaluation, table }.look(id, &[], &resource["Properties"]);
    }
}

/// A look at everything that a resource says.
struct Walk<'a> {
    evaluation: &'a Evaluation<'a>,
    table: &'a Table,
}

impl Walk<'_> {
    fn look(&self, place: &str, path: &[&str], raw: &Value) {
        let Some(raw) = self.evaluation.chosen(raw) else { return };
        if self.table.kind == functions::SERVERLESS.kind && matches!(path, ["Events", _]) {
            return self.event(place, raw);
        }
        match if path.is_empty() { Support::Further } else { self.table.support(path) } {
            Support::Fine => {}
            Support::Unknown => self.evaluation.warn(place, UNKNOWN),
            Support::Not(not) => {
                if !self.comes_to(raw, not.unless) {
                    self.evaluation.warn(place, not.instead);
                }
            }
            Support::Further => self.further(place, path, raw),
        }
    }

    fn further(&self, place: &str, path: &[&str], raw: &Value) {
        match raw {
            Value::Object(fields) => {
                for (name, raw) in fields.iter().filter(|(name, _)| !is_function(name)) {
                    self.look(&format!("{place}.{name}"), &[path, &[name]].concat(), raw);
                }
            }
            Value::Array(items) => {
                for (index, raw) in items.iter().enumerate() {
                    self.look(&format!("{place}[{index}]"), &[path, &["[]"]].concat(), raw);
                }
            }
            _ => {}
        }
    }

    /// What calls a function: each type of events has properties of its own. Of the types that have no table the reader
    /// warns.
    fn event(&self, place: &str, raw: &Value) {
        if let Some(table) = raw["Type"].as_str().and_then(event_table) {
            Walk { table, ..*self }.look(&format!("{place}.Properties"), &[], &raw["Properties"]);
        }
    }

    fn comes_to(&self, raw: &Value, texts: &[&str]) -> bool {
        let value = match self.evaluation.value(raw) {
            Ok(Some(Value::String(text))) => text,
            Ok(Some(Value::Bool(truth))) => truth.to_string(),
            // What is not there says nothing.
            Ok(None) => return true,
            _ => return false,
        };
        texts.contains(&value.as_str())
    }
}

/// Whether a name is that of a function, whose value only evaluation knows.
fn is_function(name: &str) -> bool {
    name == "Ref" || name.starts_with("Fn::")
}
