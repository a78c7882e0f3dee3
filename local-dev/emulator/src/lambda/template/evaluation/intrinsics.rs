//! `Join`, `Sub`, `If` and the like.

use serde_json::Value;

use super::{Evaluation, Outcome};

impl Evaluation<'_> {
    pub(super) fn intrinsic(&self, name: &str, argument: &Value, depth: usize) -> Outcome {
        match name {
            "Ref" => self.reference(text_of(argument)?, depth),
            "GetAtt" => self.attribute(&attribute_path(&self.present(argument, depth)?), depth).map(Some),
            "Sub" => self.substitute(argument, depth).map(|text| Some(text.into())),
            "If" => {
                let [condition, then, otherwise] = arguments(argument)?;
                let holds = self.condition(text_of(condition)?, depth)?;
                self.evaluate(if holds { then } else { otherwise }, depth)
            }
            "Equals" | "Not" | "And" | "Or" => {
                self.holds(name, argument, depth).map(|holds| Some(holds.into()))
            }
            "Join" => {
                let [separator, values] = arguments(argument)?;
                let (values, separator) = (self.texts(values, depth)?, text_of(separator)?);
                let text = values.join(separator);
                self.count(text.len())?;
                Ok(Some(text.into()))
            }
            "Split" => {
                let [separator, text] = arguments(argument)?;
                let text = self.text(text, depth)?;
                Ok(Some(text.split(text_of(separator)?).collect()))
            }
            "Select" => self.select(argument, depth).map(Some),
            "FindInMap" => self.find_in_map(argument, depth).map(Some),
            "Base64" | "Cidr" | "GetAZs" | "ImportValue" | "Transform" => {
                Err(format!("!{name} is not known here"))
            }
            other => Err(format!("!{other} is no function that can be read here")),
        }
    }

    /// Whether a condition of the template holds.
    pub(super) fn condition(&self, name: &str, depth: usize) -> Result<bool, String> {
        if depth > super::MAX_DEPTH {
            return Err(format!("the condition {name} refers to itself"));
        }
        self.count(0)?;
        let condition = self.document.conditions.get(name);
        let condition = condition.ok_or_else(|| format!("there is no condition {name}"))?;
        self.truth(condition, depth + 1)
    }

    fn truth(&self, raw: &Value, depth: usize) -> Result<bool, String> {
        let fields = raw.as_object().filter(|fields| fields.len() == 1);
        let (name, argument) = fields.and_then(|fields| fields.iter().next()).ok_or("it is no condition")?;
        match name.as_str() {
            "Condition" => self.condition(text_of(argument)?, depth),
            name => self.holds(name.trim_start_matches("Fn::"), argument, depth),
        }
    }

    fn holds(&self, name: &str, argument: &Value, depth: usize) -> Result<bool, String> {
        let all = || argument.as_array().ok_or_else(|| format!("!{name} needs a list"));
        let mut truths = all()?.iter().map(|each| self.truth(each, depth));
        match name {
            "Equals" => {
                let [one, other] = arguments(argument)?;
                Ok(self.text(one, depth)? == self.text(other, depth)?)
            }
            "Not" => truths.next().ok_or("!Not needs a condition")?.map(|truth| !truth),
            "And" => truths.try_fold(true, |all, truth| Ok(all && truth?)),
            "Or" => truths.try_fold(false, |any, truth| Ok(any || truth?)),
            other => Err(format!("!{other} is no condition")),
        }
    }

    fn select(&self, argument: &Value, depth: usize) -> Result<Value, String> {
        let [index, values] = arguments(argument)?;
        let index = self.text(index, depth)?;
        let index: usize = index.parse().map_err(|_| format!("!Select cannot count to {index}"))?;
        let values = self.present(values, depth)?;
        let value = values.as_array().and_then(|values| values.get(index)).cloned();
        value.ok_or_else(|| format!("!Select finds nothing at {index}"))
    }

    fn find_in_map(&self, argument: &Value, depth: usize) -> Result<Value, String> {
        let path = self.texts(argument, depth)?;
        let found = path.iter().try_fold(&self.document.mappings, |value, name| value.get(name));
        found.cloned().ok_or_else(|| format!("there is no mapping {}", path.join(".")))
    }

    /// `${Name}`, `${Resource.Attribute}`, `${!Literal}`, and what the second argument defines.
    fn substitute(&self, argument: &Value, depth: usize) -> Result<String, String> {
        let none = Value::Null;
        let (pattern, own) = match argument {
            Value::Array(_) => arguments::<2>(argument).map(|[pattern, own]| (pattern, own))?,
            pattern => (pattern, &none),
        };
        let mut rest = text_of(pattern)?;
        let mut text = String::new();
        while let Some((before, after)) = rest.split_once("${") {
            let (name, behind) = after.split_once('}').ok_or("a ${ in it is not closed")?;
            text.push_str(before);
            match name.strip_prefix('!') {
                Some(literal) => text.push_str(&format!("${{{literal}}}")),
                None => {
                    let piece = self.substituted(name.trim(), own, depth)?;
                    self.count(piece.len())?;
                    text.push_str(&piece);
                }
            }
            rest = behind;
        }
        Ok(text + rest)
    }

    fn substituted(&self, name: &str, own: &Value, depth: usize) -> Result<String, String> {
        if let Some(value) = own.get(name) {
            return self.text(value, depth);
        }
        let value = match name.split_once('.') {
            Some((resource, attribute)) => {
                Some(self.attribute(&[resource, attribute].into_iter().collect(), depth)?)
            }
            None => self.reference(name, depth)?,
        };
        scalar(&value.unwrap_or_default())
    }

    /// What must come to something.
    fn present(&self, raw: &Value, depth: usize) -> Result<Value, String> {
        self.evaluate(raw, depth)?.ok_or_else(|| "nothing stands there".to_owned())
    }

    fn text(&self, raw: &Value, depth: usize) -> Result<String, String> {
        scalar(&self.present(raw, depth)?)
    }

    fn texts(&self, raw: &Value, depth: usize) -> Result<Vec<String>, String> {
        let values = self.present(raw, depth)?;
        values.as_array().ok_or("it is no list")?.iter().map(scalar).collect()
    }
}

/// `[resource, attribute]`, which may be written as `resource.attribute`.
fn attribute_path(argument: &Value) -> Value {
    match argument.as_str().and_then(|text| text.split_once('.')) {
        Some((resource, attribute)) => [resource, attribute].into_iter().collect(),
        None => argument.clone(),
    }
}

fn arguments<const N: usize>(argument: &Value) -> Result<[&Value; N], String> {
    let values: Vec<&Value> = argument.as_array().into_iter().flatten().collect();
    values.try_into().map_err(|_| format!("it needs {N} arguments"))
}

fn text_of(value: &Value) -> Result<&str, String> {
    value.as_str().ok_or_else(|| "it needs a text".to_owned())
}

fn scalar(value: &Value) -> Result<String, String> {
    match value {
        Value::String(text) => Ok(text.clone()),
        Value::Number(number) => Ok(number.to_string()),
        Value::Bool(truth) => Ok(truth.to_string()),
        Value::Null | Value::Array(_) | Value::Object(_) => Err("it is no text".to_owned()),
    }
}
