//! CloudFormation's functions, in forms that every engine reads alike: CloudFormation's transform, SAM's, emulators'.

use serde_yaml_ng::Value;
use serde_yaml_ng::value::TaggedValue;

use crate::document::{Document, text};

/// Every function call of the template, with those inside it.
fn calls(value: &Value) -> Vec<&TaggedValue> {
    match value {
        Value::Tagged(tagged) => {
            let mut all = calls(&tagged.value);
            all.push(tagged);
            all
        }
        Value::Sequence(values) => values.iter().flat_map(calls).collect(),
        Value::Mapping(mapping) => mapping.values().flat_map(calls).collect(),
        _ => Vec::new(),
    }
}

fn is_nothing(call: &TaggedValue) -> bool {
    call.tag == "!Ref" && text(&call.value) == "AWS::NoValue"
}

#[test]
fn nothing_is_made_of_no_value() {
    let template = Document::load();
    let builds_text = |call: &&TaggedValue| {
        ["!Join", "!Sub", "!Split", "!Select", "!Base64"].iter().any(|function| call.tag == *function)
    };
    let building: Vec<_> = calls(template.whole()).into_iter().filter(builds_text).collect();
    assert!(building.len() > 10, "{building:?}");
    for call in building {
        assert!(!calls(&call.value).into_iter().any(is_nothing), "some engines read it as a text: {call:?}");
    }
}

/// How many parts a split text has at least, whatever the values in it.
fn parts_at_least(separator: &str, source: &Value) -> usize {
    match source {
        // arn:…:stack/<name>/<id>
        Value::Tagged(call) if call.tag == "!Ref" && text(&call.value) == "AWS::StackId" => 3,
        Value::Tagged(call) if call.tag == "!Ref" => 1,
        other => 1 + text(other).matches(separator).count(),
    }
}

/// Some engines evaluate both sides of a condition, and fail at a part that isn't there on the side that doesn't hold.
#[test]
fn what_is_selected_of_a_split_text_is_there_even_if_parameters_are_empty() {
    let template = Document::load();
    let selections = calls(template.whole()).into_iter().filter(|call| call.tag == "!Select");
    let mut seen = 0;
    for selection in selections {
        let Value::Tagged(split) = &selection.value[1] else { panic!("{selection:?}") };
        let index: usize = text(&selection.value[0]).parse().unwrap();
        assert!(index < parts_at_least(&text(&split.value[0]), &split.value[1]), "{selection:?}");
        seen += 1;
    }
    assert!(seen > 3);
}
