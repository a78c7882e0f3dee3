//! As much of JSON Schema as the descriptions use. What it does not know it does not pass over: it panics.

use std::collections::BTreeSet;

use serde_json::{Map, Value};

/// Says why a value is not as a schema wants it.
pub(crate) fn check(document: &Value, schema: &Value, value: &Value) -> Result<(), String> {
    let schema = as_object(document, schema);
    for (keyword, wanted) in schema {
        let holds = match &**keyword {
            "$ref" | "description" | "format" => true,
            "type" => list(wanted).iter().any(|kind| is_of(kind, value)),
            "enum" => list(wanted).contains(&value),
            "minimum" => value.as_f64().is_none_or(|number| number >= wanted.as_f64().unwrap()),
            "maximum" => value.as_f64().is_none_or(|number| number <= wanted.as_f64().unwrap()),
            "maxLength" => {
                value.as_str().is_none_or(|text| text.chars().count() as u64 <= wanted.as_u64().unwrap())
            }
            "maxItems" => value.as_array().is_none_or(|items| items.len() as u64 <= wanted.as_u64().unwrap()),
            "required" => value.as_object().is_none_or(|object| {
                list(wanted).iter().all(|name| object.contains_key(name.as_str().unwrap()))
            }),
            "properties" | "additionalProperties" | "propertyNames" => {
                check_fields(document, keyword, wanted, value)?;
                true
            }
            "items" => return_first(
                value.as_array().into_iter().flatten().map(|item| check(document, wanted, item)),
            )?,
            "allOf" => return_first(list(wanted).into_iter().map(|schema| check(document, schema, value)))?,
            "anyOf" => matching(document, wanted, value) > 0,
            "oneOf" => matching(document, wanted, value) == 1,
            unknown => panic!("{unknown} is checked by nobody"),
        };
        if !holds {
            return Err(format!("{value} is against {keyword}: {wanted}"));
        }
    }
    Ok(())
}

/// Checks the fields of an object, all of them or those that have schemas of their own. No description has both.
fn check_fields(document: &Value, keyword: &str, wanted: &Value, value: &Value) -> Result<(), String> {
    for (name, value) in value.as_object().into_iter().flatten() {
        let checked = match keyword {
            "properties" => wanted.get(name).map_or(Ok(()), |schema| check(document, schema, value)),
            "propertyNames" => check(document, wanted, &name.as_str().into()),
            _ => check(document, wanted, value),
        };
        checked.map_err(|why| format!("{name}: {why}"))?;
    }
    Ok(())
}

/// All names that a schema has for the fields of an object.
pub(crate) fn names(document: &Value, schema: &Value) -> BTreeSet<String> {
    let schema = as_object(document, schema);
    let own = schema.get("properties").and_then(Value::as_object).into_iter().flatten();
    let own = own.map(|(name, _)| name.clone());
    let parts = schema.get("allOf").and_then(Value::as_array).into_iter().flatten();
    own.chain(parts.flat_map(|part| names(document, part))).collect()
}

fn as_object<'a>(document: &'a Value, schema: &'a Value) -> &'a Map<String, Value> {
    match schema["$ref"].as_str() {
        Some(reference) => as_object(document, document.pointer(&reference[1..]).expect(reference)),
        None => schema.as_object().unwrap(),
    }
}

fn list(value: &Value) -> Vec<&Value> {
    value.as_array().map_or(vec![value], |values| values.iter().collect())
}

fn matching(document: &Value, schemas: &Value, value: &Value) -> usize {
    list(schemas).into_iter().filter(|schema| check(document, schema, value).is_ok()).count()
}

fn return_first(mut checks: impl Iterator<Item = Result<(), String>>) -> Result<bool, String> {
    checks.find(Result::is_err).unwrap_or(Ok(())).map(|()| true)
}

fn is_of(kind: &Value, value: &Value) -> bool {
    match kind.as_str().unwrap() {
        "null" => value.is_null(),
        "boolean" => value.is_boolean(),
        "integer" => value.as_f64().is_some_and(|number| number.fract() == 0.0),
        "number" => value.is_number(),
        "string" => value.is_string(),
        "array" => value.is_array(),
        "object" => value.is_object(),
        other => panic!("{other} is no type"),
    }
}

#[test]
fn what_a_schema_forbids_is_found() {
    use serde_json::json;
    let document = json!({"parts": {"name": {"type": "string", "maxLength": 3}}});
    let schema = json!({"type": "object", "required": ["a"], "properties": {"a": {"$ref": "#/parts/name"}, "b": {"enum": [1]}}});
    let fits = |value: Value| check(&document, &schema, &value).is_ok();
    assert!(fits(json!({"a": "abc"})) && fits(json!({"a": "", "b": 1, "c": 0})));
    for wrong in [json!([]), json!({}), json!({"a": "abcd"}), json!({"a": 1}), json!({"a": "", "b": 2})] {
        assert!(!fits(wrong.clone()), "{wrong}");
    }
    let one = json!({"oneOf": [{"type": "integer"}, {"minimum": 2}]});
    assert!(check(&document, &one, &json!(1)).is_ok() && check(&document, &one, &json!(2)).is_err());
}
