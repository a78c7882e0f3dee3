//! The template's sections, as trees.

use serde_json::{Map, Value};

use super::{TemplateError, tree};

/// CloudFormation takes no larger one.
const MAX_BYTES: usize = 1024 * 1024;
/// So begin files of some Windows editors.
const BYTE_ORDER_MARK: char = '\u{FEFF}';

/// A template's sections.
#[derive(Debug)]
pub(super) struct Document {
    pub(super) transforms: Value,
    pub(super) parameters: Map<String, Value>,
    pub(super) conditions: Map<String, Value>,
    pub(super) mappings: Value,
    pub(super) globals: Value,
    pub(super) resources: Map<String, Value>,
}

impl Document {
    pub(super) fn parse(source: &str) -> Result<Self, TemplateError> {
        if source.len() > MAX_BYTES {
            return Err(TemplateError::Malformed(format!("it has more than {MAX_BYTES} bytes")));
        }
        let source = source.strip_prefix(BYTE_ORDER_MARK).unwrap_or(source);
        let mut root = tree::parse(source).map_err(TemplateError::Malformed)?;
        let transforms = root.get_mut("Transform").map(Value::take).unwrap_or_default();
        let mut section = |name: &str| match root.get_mut(name).map(Value::take) {
            None | Some(Value::Null) => Ok(Map::new()),
            Some(Value::Object(section)) => Ok(section),
            Some(_) => Err(TemplateError::at(name, "it is not a mapping")),
        };
        let document = Self {
            transforms,
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

#[cfg(test)]
mod tests {
    use serde_json::json;

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
            "D": { "Fn::GetAtt": "E.F.G" },
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

    #[test]
    fn a_byte_order_mark_is_no_part_of_it() {
        for source in ["Resources: { A: 1 }", r#"{"Resources": {"A": 1}}"#] {
            let document = Document::parse(&format!("\u{FEFF}{source}")).unwrap();
            assert_eq!(document.resources["A"], 1);
        }
    }

    #[test]
    fn a_file_that_cloudformation_would_not_take_is_refused() {
        let source = format!("Resources: {{ A: {} }}", "x".repeat(MAX_BYTES));
        assert!(Document::parse(&source).is_err());
    }
}
