//! YAML and JSON as a tree, in which CloudFormation's tags are objects: `!Ref x` is `{"Ref": "x"}`.
//!
//! A small file can stand for a huge tree, since one part of it may be named often (`&a`, `*a`): so the parts are counted.

use std::cell::Cell;
use std::fmt;

use serde::de::{
    DeserializeSeed, Deserializer, EnumAccess, Error, MapAccess, SeqAccess, VariantAccess, Visitor,
};
use serde_json::{Map, Value, json};

/// The most parts that a tree may have. The largest templates that CloudFormation takes have half of them.
const MAX_PARTS: usize = 200_000;
/// The name under which a mapping takes over the entries of others.
const MERGE: &str = "<<";

/// The tree of a text; or why there is none.
pub(super) fn parse(source: &str) -> Result<Value, String> {
    let parts_left = Cell::new(MAX_PARTS);
    let document = serde_yaml_ng::Deserializer::from_str(source);
    Part { parts_left: &parts_left }.deserialize(document).map_err(|error| error.to_string())
}

/// Reads a part of the tree.
#[derive(Clone, Copy)]
struct Part<'a> {
    parts_left: &'a Cell<usize>,
}

impl Part<'_> {
    fn count<E: Error>(self) -> Result<(), E> {
        let left = self.parts_left.get().checked_sub(1);
        self.parts_left.set(left.ok_or_else(|| E::custom(format!("it has more than {MAX_PARTS} parts")))?);
        Ok(())
    }
}

impl<'de> DeserializeSeed<'de> for Part<'_> {
    type Value = Value;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Value, D::Error> {
        self.count()?;
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Part<'_> {
    type Value = Value;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("a template")
    }

    fn visit_bool<E>(self, truth: bool) -> Result<Value, E> {
        Ok(truth.into())
    }

    fn visit_i64<E>(self, number: i64) -> Result<Value, E> {
        Ok(number.into())
    }

    fn visit_u64<E>(self, number: u64) -> Result<Value, E> {
        Ok(number.into())
    }

    fn visit_f64<E>(self, number: f64) -> Result<Value, E> {
        Ok(number.into())
    }

    fn visit_str<E>(self, text: &str) -> Result<Value, E> {
        Ok(text.into())
    }

    fn visit_unit<E>(self) -> Result<Value, E> {
        Ok(Value::Null)
    }

    fn visit_none<E>(self) -> Result<Value, E> {
        Ok(Value::Null)
    }

    fn visit_some<D: Deserializer<'de>>(self, deserializer: D) -> Result<Value, D::Error> {
        self.deserialize(deserializer)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Value, A::Error> {
        let mut values = Vec::new();
        while let Some(value) = items.next_element_seed(self)? {
            values.push(value);
        }
        Ok(Value::Array(values))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut entries: A) -> Result<Value, A::Error> {
        let (mut map, mut merged) = (Map::new(), Vec::new());
        while let Some(name) = entries.next_key_seed(self)? {
            let (name, value) = (key(name)?, entries.next_value_seed(self)?);
            if name == MERGE {
                merged.push(value);
            } else if map.insert(name.clone(), value).is_some() {
                return Err(A::Error::custom(format!("{name} stands there twice")));
            }
        }
        merged.into_iter().try_for_each(|other| take_over(&mut map, other))?;
        Ok(Value::Object(map))
    }

    fn visit_enum<A: EnumAccess<'de>>(self, tagged: A) -> Result<Value, A::Error> {
        let (tag, contents) = tagged.variant::<String>()?;
        Ok(function(tag.trim_start_matches('!'), contents.newtype_variant_seed(self)?))
    }
}

fn key<E: Error>(name: Value) -> Result<String, E> {
    match name {
        Value::String(text) => Ok(text),
        Value::Number(number) => Ok(number.to_string()),
        Value::Bool(truth) => Ok(truth.to_string()),
        other => Err(E::custom(format!("{other} is no name"))),
    }
}

/// The entries of one mapping, or of several, that a mapping does not have itself.
fn take_over<E: Error>(map: &mut Map<String, Value>, other: Value) -> Result<(), E> {
    match other {
        Value::Object(entries) => {
            for (name, value) in entries {
                map.entry(name).or_insert(value);
            }
            Ok(())
        }
        Value::Array(others) => others.into_iter().try_for_each(|other| take_over(map, other)),
        _ => Err(E::custom("only mappings can be merged into one")),
    }
}

/// The long form of a tag.
fn function(name: &str, argument: Value) -> Value {
    match (name, argument) {
        ("Ref" | "Condition", argument) => json!({ name: argument }),
        (name, argument) => json!({ (format!("Fn::{name}")): argument }),
    }
}

#[cfg(test)]
mod tests {
    use std::time::{Duration, Instant};

    use super::*;

    #[test]
    fn a_mapping_takes_over_what_it_does_not_say_itself() {
        let source = "
            base: &base { a: 1, b: 2 }
            other: &other { b: 3, c: 4 }
            one: { <<: *base, b: 5 }
            both: { <<: [*base, *other] }";
        let tree = parse(source).unwrap();
        assert_eq!(tree["one"], json!({ "a": 1, "b": 5 }));
        assert_eq!(tree["both"], json!({ "a": 1, "b": 2, "c": 4 }));
        assert!(parse("{ a: { <<: 7 } }").is_err());
    }

    #[test]
    fn names_are_texts_and_stand_there_once() {
        assert_eq!(parse("{ 1: a, true: b }").unwrap(), json!({ "1": "a", "true": "b" }));
        for bad in ["{ a: 1, a: 2 }", "{ [a]: 1 }", "{ {}: 1 }"] {
            assert!(parse(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn a_small_file_that_stands_for_a_huge_tree_is_refused_at_once() {
        let mut source = "a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n".to_owned();
        for level in 1..12 {
            let part = format!("*a{}", level - 1);
            source += &format!("a{level}: &a{level} [{}]\n", [&*part; 10].join(", "));
        }
        let began = Instant::now();
        assert!(parse(&source).is_err());
        let wide = format!("a: &a [{}]\nb: [{}]", "x, ".repeat(9_000), "*a, ".repeat(9_000));
        assert!(parse(&wide).unwrap_err().contains("parts"));
        let deep = "[".repeat(100_000);
        assert!(parse(&deep).is_err());
        assert!(began.elapsed() < Duration::from_secs(20), "{:?}", began.elapsed());
    }
}
