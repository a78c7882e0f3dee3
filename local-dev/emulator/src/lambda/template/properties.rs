//! The properties of a resource, read one by one: what cannot be read matters only where it is asked for.

use std::str::FromStr;
use std::time::Duration;

use serde_json::Value;

use super::TemplateError;
use super::evaluation::Evaluation;

/// A part of a template, and where it stands.
#[derive(Debug, Clone)]
pub(super) struct Properties<'a> {
    evaluation: &'a Evaluation<'a>,
    place: String,
    raw: Value,
}

impl<'a> Properties<'a> {
    pub(super) fn new(evaluation: &'a Evaluation<'a>, place: String, raw: Value) -> Self {
        Self { evaluation, place, raw }
    }

    /// Where it stands.
    pub(super) fn place(&self) -> &str {
        &self.place
    }

    /// Something wrong with one of them.
    pub(super) fn error(&self, name: &str, problem: impl Into<String>) -> TemplateError {
        TemplateError::at(format!("{}.{name}", self.place), problem)
    }

    /// Something that one of them says and that is not so here.
    pub(super) fn warn(&self, name: &str, problem: &str) {
        self.evaluation.warn(&format!("{}.{name}", self.place), problem);
    }

    /// Whether it is there at all.
    pub(super) fn has(&self, name: &str) -> bool {
        self.raw.get(name).is_some()
    }

    pub(super) fn value(&self, name: &str) -> Result<Option<Value>, TemplateError> {
        let raw = self.raw.get(name).filter(|raw| !raw.is_null());
        let value = raw.map(|raw| self.evaluation.value(raw)).transpose();
        Ok(value.map_err(|problem| self.error(name, problem))?.flatten())
    }

    pub(super) fn text(&self, name: &str) -> Result<Option<String>, TemplateError> {
        match self.value(name)? {
            None => Ok(None),
            Some(Value::String(text)) => Ok(Some(text)),
            Some(Value::Number(number)) => Ok(Some(number.to_string())),
            Some(Value::Bool(truth)) => Ok(Some(truth.to_string())),
            Some(_) => Err(self.error(name, "it is no text")),
        }
    }

    pub(super) fn required(&self, name: &str) -> Result<String, TemplateError> {
        self.text(name)?.ok_or_else(|| self.error(name, "it is missing"))
    }

    pub(super) fn number<T: FromStr>(&self, name: &str) -> Result<Option<T>, TemplateError> {
        let number =
            |text: String| text.parse().map_err(|_| self.error(name, format!("{text} is no number here")));
        self.text(name)?.map(number).transpose()
    }

    pub(super) fn seconds(&self, name: &str, default: u64) -> Result<Duration, TemplateError> {
        Ok(Duration::from_secs(self.number(name)?.unwrap_or(default)))
    }

    pub(super) fn flag(&self, name: &str, default: bool) -> Result<bool, TemplateError> {
        Ok(self.number(name)?.unwrap_or(default))
    }

    /// A list of texts, or one.
    pub(super) fn texts(&self, name: &str) -> Result<Vec<String>, TemplateError> {
        let text = |value: &Value| {
            value.as_str().map(str::to_owned).ok_or_else(|| self.error(name, "it is no text"))
        };
        match self.value(name)? {
            None => Ok(Vec::new()),
            Some(Value::Array(values)) => values.iter().map(text).collect(),
            Some(one) => Ok(vec![text(&one)?]),
        }
    }

    /// The properties below one of them; none of them if it isn't there.
    pub(super) fn below(&self, name: &str) -> Result<Self, TemplateError> {
        let place = format!("{}.{name}", self.place);
        let raw = match self.raw.get(name) {
            None => Value::Null,
            // A function may stand in place of the whole.
            Some(raw) if is_function(raw) => self.value(name)?.unwrap_or_default(),
            Some(raw) => raw.clone(),
        };
        match raw {
            Value::Null | Value::Object(_) => Ok(Self { evaluation: self.evaluation, place, raw }),
            _ => Err(TemplateError::at(place, "it is no mapping")),
        }
    }

    /// Each of them by itself, with what stands below it.
    pub(super) fn entries(&self) -> Result<Vec<(String, Self)>, TemplateError> {
        let names: Vec<String> =
            self.raw.as_object().into_iter().flat_map(|fields| fields.keys().cloned()).collect();
        names.into_iter().map(|name| Ok((name.clone(), self.below(&name)?))).collect()
    }

    /// The names of them.
    pub(super) fn names(&self) -> Vec<String> {
        self.raw.as_object().into_iter().flat_map(|fields| fields.keys().cloned()).collect()
    }

    /// The mappings in a list.
    pub(super) fn items(&self, name: &str) -> Result<Vec<Self>, TemplateError> {
        let items = match self.value(name)? {
            None => Vec::new(),
            Some(Value::Array(items)) => items,
            Some(_) => return Err(self.error(name, "it is no list")),
        };
        let item = |(index, raw)| Self {
            evaluation: self.evaluation,
            place: format!("{}.{name}[{index}]", self.place),
            raw,
        };
        Ok(items.into_iter().enumerate().map(item).collect())
    }
}

fn is_function(raw: &Value) -> bool {
    let single = raw.as_object().filter(|fields| fields.len() == 1);
    single.is_some_and(|fields| fields.keys().any(|name| name == "Ref" || name.starts_with("Fn::")))
}
