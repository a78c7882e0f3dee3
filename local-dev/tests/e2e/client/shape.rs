//! What JSON looks like.

use serde_json::Value;

/// Fails unless a value has every field of the documented one in the same JSON type, and in the same way below.
pub fn assert_shaped_like(got: &Value, documented: &Value, place: &str) {
    match (got, documented) {
        (Value::Object(got), Value::Object(documented)) => {
            for (name, value) in documented {
                let there = got.get(name).unwrap_or_else(|| panic!("{place}.{name} is missing"));
                assert_shaped_like(there, value, &format!("{place}.{name}"));
            }
        }
        (Value::Array(got), Value::Array(documented)) => {
            for (got, documented) in got.iter().zip(documented) {
                assert_shaped_like(got, documented, &format!("{place}[]"));
            }
        }
        (Value::Number(got), Value::Number(_)) => assert!(got.is_u64(), "{place} is {got}"),
        (Value::String(_), Value::String(_))
        | (Value::Bool(_), Value::Bool(_))
        | (Value::Null, Value::Null) => {}
        // Pictures are URLs or null.
        (Value::Null, Value::String(_)) if place.ends_with("photo") => {}
        _ => panic!("{place} is {got}, where {documented} was documented"),
    }
}
