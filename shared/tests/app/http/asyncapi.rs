//! The description of the sockets against the code and the contract's tables: what is served is what the types say, every
//! command and event is in it where it belongs, and every example is understood.

use std::collections::BTreeSet;

use axum::body::Body;
use axum::http::Request;
use axum::http::header::CONTENT_TYPE;
use parlor::inbound::http::asyncapi::{SNAPSHOT, generated};
use parlor::protocol::{ChatCommand, Close, ErrorCode, Event, Ping, WatchCommand};
use serde_json::{Value, json};

use super::bench::{Bench, send};
use super::schema;

const COMMANDS: &str = include_str!("../../fixtures/protocol/commands.tsv");
const EVENTS: &str = include_str!("../../fixtures/protocol/events.tsv");
const FIELDS: &str = include_str!("../../fixtures/protocol/fields.tsv");
/// The contract's letters of endpoints.
const CHANNELS: [(char, &str); 5] =
    [('f', "feed"), ('i', "inbox"), ('c', "chat"), ('v', "conversation"), ('r', "watch")];

type Names = BTreeSet<String>;

fn document() -> Value {
    serde_json::from_str(&generated()).unwrap()
}

fn rows(table: &'static str) -> impl Iterator<Item = Vec<&'static str>> {
    table.lines().filter(|line| !line.starts_with('#')).map(|line| line.split('\t').collect())
}

fn words(cell: &str) -> Names {
    cell.split_whitespace().map(|word| word.trim_end_matches('?').to_owned()).collect()
}

fn names(value: &Value) -> Names {
    value.as_object().unwrap().keys().cloned().collect()
}

/// The names of an operation's messages, without `client.` or `server.`.
fn messages(document: &Value, operation: &str) -> Names {
    let messages = document["operations"][operation]["messages"].as_array().unwrap().iter();
    let keys = messages.map(|message| message["$ref"].as_str().unwrap().rsplit('/').next().unwrap());
    keys.map(|key| key.split_once('.').unwrap().1.to_owned()).collect()
}

fn components(document: &Value, side: &str) -> Vec<(String, Value)> {
    let all = document["components"]["messages"].as_object().unwrap().iter();
    all.filter_map(|(key, message)| Some((key.strip_prefix(side)?.to_owned(), message.clone()))).collect()
}

fn examples(message: &Value) -> Vec<&Value> {
    message["examples"].as_array().unwrap().iter().map(|example| &example["payload"]).collect()
}

#[test]
fn what_is_served_is_what_the_types_say() {
    let generated = generated();
    let differs = generated.lines().zip(SNAPSHOT.lines()).find(|(new, old)| new != old);
    assert!(
        generated == SNAPSHOT,
        "what is said on sockets has changed: make the descriptions anew by `cargo xtask openapi` ({differs:?})"
    );
}

#[tokio::test]
async fn it_is_served_whole() {
    let bench = Bench::new(|_| ());
    let request = Request::get("/asyncapi.json").body(Body::empty()).unwrap();
    let response = send(bench.router(), request).await;
    assert_eq!(response.status(), 200);
    assert_eq!(response.headers()[CONTENT_TYPE], "application/json");
    assert!(super::bench::json(response).await == document());
}

#[test]
fn every_command_of_the_contract_is_where_it_is_understood_and_has_its_names_and_fields() {
    let document = document();
    for (letter, channel) in CHANNELS {
        let here = rows(COMMANDS).filter(|row| row[1].contains(letter));
        let expected: Names = here.map(|row| row[0].split(' ').next().unwrap().to_owned()).collect();
        assert_eq!(messages(&document, &format!("{channel}.receive")), expected, "{channel}");
    }
    let components = components(&document, "client.");
    assert_eq!(components.len(), rows(COMMANDS).count());
    for (row, (key, message)) in rows(COMMANDS).zip(&components_in_order(&components)) {
        let payload = &message["payload"];
        let kinds =
            payload.pointer("/properties/type/enum").or(payload.pointer("/allOf/0/properties/type/enum"));
        let kinds: Names =
            kinds.unwrap().as_array().unwrap().iter().map(|name| name.as_str().unwrap().to_owned()).collect();
        assert!(words(row[0]).is_subset(&kinds), "{key}: {kinds:?}");
        let fields = schema::names(&document, payload);
        let listed = &words(row[2]) | &words(row[3]);
        assert!(listed.is_subset(&fields), "{key}: {listed:?}, not {fields:?}");
        let mut least = json!({"type": key});
        words(row[2]).iter().for_each(|field| least[field] = good_values(field)[0].clone());
        assert_eq!(schema::check(&document, payload, &least), Ok(()), "{key}");
        for field in words(row[2]) {
            let mut without = least.clone();
            without.as_object_mut().unwrap().remove(&field);
            assert!(schema::check(&document, payload, &without).is_err(), "{key} without {field}");
        }
    }
}

/// Messages by the order of the contract's table.
fn components_in_order(components: &[(String, Value)]) -> Vec<(String, Value)> {
    let order = rows(COMMANDS).map(|row| row[0].split(' ').next().unwrap());
    order.map(|name| components.iter().find(|(key, _)| key == name).expect(name).clone()).collect()
}

fn good_values(field: &str) -> Vec<Value> {
    let row = rows(FIELDS).find(|row| row[0] == field).unwrap_or_else(|| panic!("{field}"));
    let values = serde_json::Deserializer::from_str(row[1]).into_iter::<Value>();
    values.map(Result::unwrap).collect()
}

#[test]
fn every_value_that_the_parser_takes_fits_its_field() {
    let document = document();
    let mut checked = 0;
    for row in rows(COMMANDS) {
        let name = row[0].split(' ').next().unwrap();
        let payload = &document["components"]["messages"][format!("client.{name}")]["payload"];
        let mut least = json!({"type": name});
        words(row[2]).iter().for_each(|field| least[field] = good_values(field)[0].clone());
        for field in &words(row[2]) | &words(row[3]) {
            for value in good_values(&field) {
                let mut message = least.clone();
                message[&field] = value;
                assert_eq!(schema::check(&document, payload, &message), Ok(()), "{message}");
                checked += 1;
            }
        }
    }
    assert!(checked > 60, "{checked}");
}

#[test]
fn every_event_of_the_contract_is_where_it_is_heard() {
    let document = document();
    let heard = |is_heard: fn(&[&str]) -> bool| -> Names {
        rows(EVENTS).filter(|row| is_heard(row)).map(|row| row[0].to_owned()).collect()
    };
    let with_its_other_name = |mut names: Names| {
        names.remove("CHAT_MESSAGE");
        names.insert("new_message".to_owned());
        names
    };
    // The inbox and conversations speak alike, and conversations hear all that a room's chat does.
    let inbox = with_its_other_name(heard(|row| row[1] == "yes" || row[2] == "all"));
    assert_eq!(messages(&document, "inbox.send"), inbox);
    assert_eq!(messages(&document, "conversation.send"), inbox);
    assert_eq!(messages(&document, "chat.send"), heard(|row| row[2] == "yes"));
    assert_eq!(messages(&document, "chat.sendAll"), heard(|row| row[2] != "no"));
    let actions = &heard(|row| row[2] == "yes") | &words("action");
    assert_eq!(messages(&document, "chat.sendActions"), actions);
    assert_eq!(messages(&document, "watch.send"), heard(|row| row[3] == "yes"));
    assert_eq!(messages(&document, "feed.send"), words("feed.heartbeat feed.play feed.drop pong ERROR"));
    let all: Names = components(&document, "server.").into_iter().map(|(key, _)| key).collect();
    let known: Names = Event::NAMES.iter().map(|name| (*name).to_owned()).collect();
    assert_eq!(all, &known | &words("new_message action feed.heartbeat feed.play feed.drop"));
}

#[test]
fn every_event_has_the_fields_of_the_contract() {
    let document = document();
    for row in rows(EVENTS) {
        let payload = &document["components"]["messages"][format!("server.{}", row[0])]["payload"];
        let around = words("type room receiver_id conversation_id");
        let fields = &schema::names(&document, payload) - &around;
        assert_eq!(fields, &words(row[4]) - &around, "{}", row[0]);
    }
}

#[test]
fn every_example_of_a_client_is_understood() {
    let document = document();
    for (name, message) in components(&document, "client.") {
        assert!(!examples(&message).is_empty(), "{name}");
        for example in examples(&message) {
            let text = example.to_string();
            assert_eq!(WatchCommand::parse(&text).command.map(|_| ()), Ok(()), "{text}");
            let in_chat = ChatCommand::parse(&text).command.is_ok();
            assert_eq!(in_chat, messages(&document, "chat.receive").contains(&name), "{text}");
            assert_eq!(
                Ping::parse(&text).is_some(),
                messages(&document, "feed.receive").contains(&name),
                "{text}"
            );
            assert_eq!(schema::check(&document, &message["payload"], example), Ok(()), "{text}");
        }
    }
}

#[test]
fn every_example_of_the_server_is_as_its_schema_says_and_has_no_field_besides() {
    let document = document();
    for (name, message) in components(&document, "server.") {
        assert!(!examples(&message).is_empty(), "{name}");
        for example in examples(&message) {
            let payload = &message["payload"];
            assert_eq!(schema::check(&document, payload, example), Ok(()), "{name}: {example}");
            if example.is_object() {
                let besides = &names(example) - &schema::names(&document, payload);
                assert!(besides.is_empty(), "{name}: {besides:?}");
            }
        }
    }
}

#[test]
fn it_has_every_code_of_a_close_and_of_an_error() {
    let document = document();
    let listed = |list: &str| document[list].as_array().unwrap().clone();
    let mut closes = listed("x-close-codes");
    assert_eq!(closes.pop().unwrap()["close"], 1001);
    for (row, reason) in closes.iter().zip(Close::ALL) {
        let expected = (json!(reason.code()), json!(reason.name()), json!(reason.status()));
        assert_eq!((row["close"].clone(), row["code"].clone(), row["status"].clone()), expected);
    }
    assert_eq!(closes.len(), Close::ALL.len());
    let comes_back: Vec<_> =
        closes.iter().filter(|row| row["reconnect"] != "no").map(|row| row["code"].clone()).collect();
    assert_eq!(comes_back, ["NOT_APPROVED", "SESSION_ENDED", "TOO_MANY_MESSAGES", "TOO_SLOW"]);
    let errors: Vec<_> = listed("x-error-codes").iter().map(|row| row["code"].clone()).collect();
    assert_eq!(errors, ErrorCode::ALL.iter().map(|code| json!(code.name())).collect::<Vec<_>>());
}

#[test]
fn every_reference_leads_somewhere_and_nothing_is_left_over() {
    let (document, text) = (document(), generated());
    let references: BTreeSet<_> =
        text.split("\"$ref\": \"#").skip(1).filter_map(|rest| rest.split('"').next()).collect();
    assert!(references.len() > 100, "{}", references.len());
    for reference in &references {
        assert!(document.pointer(reference).is_some(), "{reference}");
    }
    for part in ["messages", "schemas", "securitySchemes"] {
        for name in names(&document["components"][part]) {
            assert!(references.contains(&&*format!("/components/{part}/{name}")), "{part}: {name}");
        }
    }
}
