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
    /// The resource's own last: what it says goes before what is said of all of its type.
    layers: Vec<Layer>,
}

/// What is said at one place.
#[derive(Debug, Clone)]
pub(super) struct Layer {
    place: String,
    raw: Value,
}

impl Layer {
    pub(super) fn new(place: String, raw: Value) -> Self {
        Self { place, raw }
    }

    fn below(&self, name: &str) -> String {
        format!("{}.{name}", self.place)
    }
}

impl<'a> Properties<'a> {
    pub(super) fn new(evaluation: &'a Evaluation<'a>, layers: Vec<Layer>) -> Self {
        Self { evaluation, layers }
    }

    /// Where it stands.
    pub(super) fn place(&self) -> &str {
        self.layers.last().map_or("", |layer| &layer.place)
    }

    /// Something wrong with one of them.
    pub(super) fn error(&self, name: &str, problem: impl Into<String>) -> TemplateError {
        TemplateError::at(self.place_of(name), problem)
    }

    /// Something that one of them says and that is not so here.
    pub(super) fn warn(&self, name: &str, problem: &str) {
        self.evaluation.warn(&self.place_of(name), problem);
    }

    /// Whether it is there at all.
    pub(super) fn has(&self, name: &str) -> bool {
        self.evaluation.note_read(self.place(), name);
        self.saying(name).any(|(_, raw)| self.evaluation.chosen(raw).is_some_and(|raw| !raw.is_null()))
    }

    pub(super) fn value(&self, name: &str) -> Result<Option<Value>, TemplateError> {
        self.evaluation.note_read(self.place(), name);
        match self.saying(name).next_back() {
            Some((_, raw)) => self.evaluate(name, raw),
            None => Ok(None),
        }
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

    /// A list of texts, or one; those of all resources first.
    pub(super) fn texts(&self, name: &str) -> Result<Vec<String>, TemplateError> {
        self.evaluation.note_read(self.place(), name);
        let text = |value: &Value| {
            value.as_str().map(str::to_owned).ok_or_else(|| self.error(name, "it is no text"))
        };
        let mut texts = Vec::new();
        for (_, raw) in self.saying(name) {
            match self.evaluate(name, raw)? {
                None => {}
                Some(Value::Array(values)) => {
                    texts.extend(values.iter().map(text).collect::<Result<Vec<_>, _>>()?);
                }
                Some(one) => texts.push(text(&one)?),
            }
        }
        Ok(texts)
    }

    /// The properties below one of them; none of them if it isn't there.
    pub(super) fn below(&self, name: &str) -> Result<Self, TemplateError> {
        let mut layers = Vec::new();
        for (layer, raw) in self.saying(name) {
            // A function may stand in place of the whole.
            let raw =
                if is_function(raw) { self.evaluate(name, raw)?.unwrap_or_default() } else { raw.clone() };
            if !matches!(raw, Value::Null | Value::Object(_)) {
                // The resource's own goes before what cannot be merged with it.
                layers.clear();
            }
            layers.push(Layer::new(layer.below(name), raw));
        }
        let is_mapping = |layer: &Layer| matches!(layer.raw, Value::Null | Value::Object(_));
        if let Some(own) = layers.last().filter(|own| !is_mapping(own)) {
            return Err(TemplateError::at(&own.place, "it is no mapping"));
        }
        layers.retain(is_mapping);
        if layers.is_empty() {
            layers.push(Layer::new(self.place_of(name), Value::Null));
        }
        Ok(Self { evaluation: self.evaluation, layers })
    }

    /// Each of them by itself, with what stands below it; those that come to nothing are not there.
    pub(super) fn entries(&self) -> Result<Vec<(String, Self)>, TemplateError> {
        let entries = self.names().into_iter().map(|name| Ok((name.clone(), self.below(&name)?)));
        let entries: Vec<_> = entries.collect::<Result<_, TemplateError>>()?;
        Ok(entries.into_iter().filter(|(_, below)| !below.is_nothing()).collect())
    }

    /// The names of them.
    pub(super) fn names(&self) -> Vec<String> {
        let fields = self.layers.iter().filter_map(|layer| layer.raw.as_object());
        let mut names: Vec<String> = fields.flat_map(|fields| fields.keys().cloned()).collect();
        names.sort();
        names.dedup();
        names
    }

    /// The mappings in a list.
    pub(super) fn items(&self, name: &str) -> Result<Vec<Self>, TemplateError> {
        let items = match self.value(name)? {
            None => Vec::new(),
            Some(Value::Array(items)) => items,
            Some(_) => return Err(self.error(name, "it is no list")),
        };
        let place = self.place_of(name);
        let item = |(index, raw)| {
            let layer = Layer::new(format!("{place}[{index}]"), raw);
            Self { evaluation: self.evaluation, layers: vec![layer] }
        };
        Ok(items.into_iter().enumerate().map(item).collect())
    }

    fn is_nothing(&self) -> bool {
        self.layers.iter().all(|layer| layer.raw.is_null())
    }

    /// The layers that say something of a property.
    fn saying(&self, name: &str) -> impl DoubleEndedIterator<Item = (&Layer, &Value)> {
        let raw = move |layer: &'_ Layer| layer.raw.get(name).is_some_and(|raw| !raw.is_null());
        self.layers.iter().filter(move |layer| raw(layer)).map(move |layer| (layer, &layer.raw[name]))
    }

    /// Where a property stands, or would.
    fn place_of(&self, name: &str) -> String {
        let said = self.saying(name).next_back().map(|(layer, _)| layer);
        said.or(self.layers.last()).map_or_else(|| name.to_owned(), |layer| layer.below(name))
    }

    fn evaluate(&self, name: &str, raw: &Value) -> Result<Option<Value>, TemplateError> {
        self.evaluation.value(raw).map_err(|problem| self.error(name, problem))
    }
}

fn is_function(raw: &Value) -> bool {
    let single = raw.as_object().filter(|fields| fields.len() == 1);
    single.is_some_and(|fields| fields.keys().any(|name| name == "Ref" || name.starts_with("Fn::")))
}
