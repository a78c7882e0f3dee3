//! What each endpoint understands, and what it refuses, by the tables.

use serde_json::value::RawValue;

use super::table::{COMMANDS, FIELDS, rows, words};
use crate::protocol::{ChatCommand, ErrorCode, Ping, Refusal, WatchCommand, samples};

/// What became of a text, by the endpoint's letter.
fn outcome(endpoint: char, text: &str) -> Result<(), Refusal> {
    match endpoint {
        'f' => Ping::parse(text).map(|_| ()).ok_or(Refusal { code: ErrorCode::UnknownType, field: None }),
        'r' => WatchCommand::parse(text).command.map(|_| ()),
        _ => ChatCommand::parse(text).command.map(|_| ()),
    }
}

/// A field's good and refused values.
fn values(field: &str) -> [Vec<String>; 2] {
    let rows = rows::<3>(FIELDS);
    let [_, good, refused] =
        *rows.iter().find(|[name, ..]| *name == field).unwrap_or_else(|| panic!("{field}"));
    [good, refused].map(|cell| {
        let values = serde_json::Deserializer::from_str(cell).into_iter::<Box<RawValue>>();
        values.map(|value| value.unwrap().get().to_owned()).collect()
    })
}

fn object(name: &str, fields: &[(&str, String)]) -> String {
    let fields: Vec<_> = fields.iter().map(|(field, value)| format!(r#","{field}":{value}"#)).collect();
    format!(r#"{{"type":"{name}"{}}}"#, fields.concat())
}

fn with_first_values<'a>(fields: &[&'a str]) -> Vec<(&'a str, String)> {
    fields.iter().map(|field| (*field, values(field)[0][0].clone())).collect()
}

#[test]
fn each_type_is_understood_under_all_its_names_in_any_case_where_it_belongs_and_nowhere_else() {
    for [names, endpoints, required, optional] in rows(COMMANDS) {
        let fields = with_first_values(&[words(required), words(optional)].concat());
        for name in words(names) {
            for name in [name.to_owned(), name.to_ascii_uppercase(), name.to_ascii_lowercase()] {
                for endpoint in "ficvr".chars() {
                    let text = object(&name, &fields);
                    let unknown = Refusal { code: ErrorCode::UnknownType, field: None };
                    let expected = if endpoints.contains(endpoint) { Ok(()) } else { Err(unknown) };
                    assert_eq!(outcome(endpoint, &text), expected, "{endpoint}: {text}");
                }
            }
        }
    }
}

#[test]
fn fields_that_must_be_there_are_missed_by_name() {
    for [names, _, required, _] in rows(COMMANDS) {
        let required = words(required);
        for missing in &required {
            let rest: Vec<_> = required.iter().copied().filter(|field| field != missing).collect();
            let refusal = outcome('r', &object(words(names)[0], &with_first_values(&rest))).unwrap_err();
            if missing.contains("content") || *missing == "message" {
                assert_eq!(refusal, Refusal { code: ErrorCode::Empty, field: None });
            } else {
                assert_eq!(refusal.code, ErrorCode::InvalidInput, "{names} without {missing}");
                assert_eq!(refusal.field.unwrap().0, *missing, "{names}");
            }
        }
    }
}

#[test]
fn fields_that_may_be_missing_are_not_missed() {
    for [names, _, required, _] in rows(COMMANDS) {
        let text = object(words(names)[0], &with_first_values(&words(required)));
        assert_eq!(outcome('r', &text), Ok(()), "{text}");
    }
}

#[test]
fn good_values_are_taken_and_wrong_ones_refused_with_their_field() {
    for [names, _, required, optional] in rows(COMMANDS) {
        let name = words(names)[0];
        for field in [words(required), words(optional)].concat() {
            let others = words(required).into_iter().filter(|other| *other != field).collect::<Vec<_>>();
            let with =
                |value: String| object(name, &[with_first_values(&others), vec![(field, value)]].concat());
            let [good, wrong] = values(field);
            for value in good {
                assert_eq!(outcome('r', &with(value.clone())), Ok(()), "{name}: {field} = {value}");
            }
            for value in wrong {
                let refusal =
                    outcome('r', &with(value.clone())).expect_err(&format!("{name}: {field} = {value}"));
                assert_eq!(refusal.code, ErrorCode::InvalidInput, "{name}: {field} = {value}");
                assert_eq!(refusal.field.map(|(field, _)| field), Some(field), "{name}: {field} = {value}");
            }
        }
    }
}

#[test]
fn there_is_an_example_of_every_type_with_fields_that_it_has_and_it_is_understood() {
    let types = rows(COMMANDS);
    let first = |[names, ..]: &[&'static str; 4]| words(names)[0];
    let examples = samples::client_messages();
    assert_eq!(
        examples.iter().map(|say| say.name).collect::<Vec<_>>(),
        types.iter().map(first).collect::<Vec<_>>()
    );
    for say in examples {
        assert_eq!(WatchCommand::parse(say.text).command.map(|_| ()), Ok(()), "{}", say.text);
    }
}
