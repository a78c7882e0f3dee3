//! The template as a tree, in which CloudFormation's functions are objects: `!Ref x` is `{"Ref": "x"}`.

use serde_json::{Map, Value, json};
use serde_yaml_ng::Value as Yaml;
use serde_yaml_ng::value::TaggedValue;

use super::TemplateError;

/// A template's sections.
#[derive(Debug)]
pub(super) struct Document {
    pub(super) parameters: Map<String, Value>,
    pub(super) conditions: Map<String, Value>,
    pub(super) mappings: Value,
    pub(super) globals: Value,
    pub(super) resources: Map<String, Value>,
}

impl Document {
    pub(super) fn parse(source: &str) -> Result<Self, TemplateError> {
        let malformed = |error: serde_yaml_ng::Error| TemplateError::Malformed(error.to_string());
        let mut yaml: Yaml = serde_yaml_ng::from_str(source).map_err(malformed)?;
        yaml.apply_merge().map_err(malformed)?;
        let mut root = tree(yaml)?;
        let mut section = |name: &str| match root.get_mut(name).map(Value::take) {
            None | Some(Value::Null) => Ok(Map::new()),
            Some(Value::Object(section)) => Ok(section),
            Some(_) => Err(TemplateError::at(name, "it is not a mapping")),
        };
        let document = Self {
            parameters: section("Parameters")?,
            conditions: section("Conditions")?,
            mappings: section("Mappings")?.into(),
            globals: section("Globals")?.into(),
            resources: section("Resources")?,
        };
        if document.resources.is_empty() {
            return Err(TemplateError::Malformed("it has no Resources".to_owned()));
        }
        Ok(document)
    }
}

fn tree(yaml: Yaml) -> Result<Value, TemplateError> {
    Ok(match yaml {
        Yaml::Null => Value::Null,
        Yaml::Bool(truth) => truth.into(),
        Yaml::Number(number) => serde_json::to_value(number).unwrap_or_default(),
        Yaml::String(text) => text.into(),
        Yaml::Sequence(values) => values.into_iter().map(tree).collect::<Result<_, _>>()?,
        Yaml::Mapping(mapping) => {
            let entry = |(name, value)| Ok((key(&name)?, tree(value)?));
            Value::Object(mapping.into_iter().map(entry).collect::<Result<_, TemplateError>>()?)
        }
        Yaml::Tagged(tagged) => function(*tagged)?,
    })
}

fn key(yaml: &Yaml) -> Result<String, TemplateError> {
    match yaml {
        Yaml::String(text) => Ok(text.clone()),
        Yaml::Number(number) => Ok(number.to_string()),
        Yaml::Bool(truth) => Ok(truth.to_string()),
        other => Err(TemplateError::Malformed(format!("{other:?} is no name"))),
    }
}

/// The long form of a tag.
fn function(tagged: TaggedValue) -> Result<Value, TemplateError> {
    let tag = tagged.tag.to_string();
    let name = tag.trim_start_matches('!');
    let argument = tree(tagged.value)?;
    Ok(match (name, argument) {
        ("Ref" | "Condition", argument) => json!({ name: argument }),
        ("GetAtt", Value::String(text)) => match text.split_once('.') {
            Some((resource, attribute)) => json!({ "Fn::GetAtt": [resource, attribute] }),
            None => json!({ "Fn::GetAtt": [text] }),
        },
        (name, argument) => json!({ (format!("Fn::{name}")): argument }),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tags_are_read_as_their_long_forms() {
        let source = "
            Resources:
              A:
                B: !Ref C
                D: !GetAtt E.F.G
                H: !Sub ['${I}', { I: !Ref J }]
                K: { Ref: L }";
        let document = Document::parse(source).unwrap();
        let expected = json!({
            "B": { "Ref": "C" },
            "D": { "Fn::GetAtt": ["E", "F.G"] },
            "H": { "Fn::Sub": ["${I}", { "I": { "Ref": "J" } }] },
            "K": { "Ref": "L" },
        });
        assert_eq!(document.resources["A"], expected);
    }

    #[test]
    fn what_is_no_template_is_told_so() {
        for source in ["", "a: [", "Resources: 7", "Parameters: {}", "[1]"] {
            assert!(Document::parse(source).is_err(), "{source}");
        }
    }
}
