//! The tables against themselves, against the readers, and against what AWS knows.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use super::table::{Support, Table, covers};
use super::{EVENTS, OF_SOCKETS, TABLES, event_table, table};
use crate::lambda::template::document::Document;
use crate::lambda::template::evaluation::Evaluation;
use crate::lambda::template::{Addresses, FunctionNames, Template};

/// The properties of all types that are read, as CloudFormation's resource specification and SAM's schema name them.
const KNOWN_TO_AWS: &str = include_str!("tests/known_to_aws.json");
/// Applications that together say everything that is honoured.
const EVERYTHING: [&str; 2] =
    [include_str!("tests/everything.yaml"), include_str!("tests/serverless_sockets.yaml")];

fn addresses() -> Addresses {
    Addresses {
        http: "http://here".into(),
        local: "http://here".into(),
        queues: "http://queues".into(),
        region: "us-east-1".into(),
    }
}

fn all_tables() -> impl Iterator<Item = &'static Table> {
    TABLES.into_iter().chain(OF_SOCKETS).chain(EVENTS)
}

#[test]
fn a_path_stands_in_one_list_and_none_is_hidden_by_another() {
    for table in all_tables() {
        let paths: Vec<_> = table.paths().collect();
        for (index, path) in paths.iter().enumerate() {
            let parts: Vec<_> = path.split('.').collect();
            let hidden =
                paths.iter().enumerate().any(|(other, above)| other != index && covers(above, &parts));
            assert!(!hidden, "{} {path}", table.kind);
        }
        for list in [table.honoured, table.harmless] {
            assert!(list.is_sorted(), "{}: {list:?}", table.kind);
        }
        assert!(table.not_emulated.is_sorted_by_key(|not| not.path), "{}", table.kind);
    }
}

#[test]
fn every_property_that_aws_knows_stands_in_its_table() {
    let known: BTreeMap<String, Vec<String>> = serde_json::from_str(KNOWN_TO_AWS).unwrap();
    for table in all_tables() {
        let names = known.get(table.kind).unwrap_or_else(|| panic!("{} is not known to AWS", table.kind));
        for name in names {
            assert!(!matches!(table.support(&[name]), Support::Unknown), "{}: {name}", table.kind);
        }
        for path in table.paths() {
            let first = path.split('.').next().unwrap();
            assert!(names.iter().any(|name| name == first), "{}: {path}", table.kind);
        }
    }
}

/// A place such as `Say.Events.Get.Properties.Path` or `Bucket.Calls[0].Event`, without the resource, in parts.
fn parts(place: &str) -> Vec<String> {
    let names = place.split('.').skip(1).flat_map(|name| match name.split_once('[') {
        Some((name, _)) => vec![name.to_owned(), "[]".to_owned()],
        None => vec![name.to_owned()],
    });
    names.collect()
}

/// The table and the path there that something read belongs to; none for an event's own fields.
fn belongs(evaluation: &Evaluation<'_>, place: &str) -> Option<(&'static Table, Vec<String>)> {
    let id = place.split('.').next().unwrap();
    let (_, resource) = evaluation.resources().find(|(each, _)| *each == id)?;
    let own = parts(place);
    match &own[..] {
        [events, name, properties, rest @ ..] if events == "Events" && properties == "Properties" => {
            let event = &resource["Properties"]["Events"][name]["Type"];
            Some((event_table(event.as_str().unwrap()).unwrap(), rest.to_vec()))
        }
        [events, ..] if events == "Events" => None,
        _ => {
            let is_of_sockets = evaluation.belongs_to_sockets(resource);
            Some((table(resource["Type"].as_str().unwrap(), is_of_sockets).unwrap(), own))
        }
    }
}

/// What the readers have asked for of a template that the tables call honoured.
fn honoured_reads(source: &str) -> BTreeSet<(&'static str, &'static str)> {
    let document = Document::parse(source).unwrap();
    let (parameters, addresses, names) = (BTreeMap::new(), addresses(), FunctionNames::AsInTemplate);
    let evaluation = Evaluation::new(&document, &parameters, &addresses, &names).unwrap();
    Template::parse(source).unwrap().wiring(&evaluation).unwrap();
    let reads = evaluation.reads.borrow().clone();
    let mut seen = BTreeSet::new();
    for place in &reads {
        let Some((table, path)) = belongs(&evaluation, place) else { continue };
        let path: Vec<&str> = path.iter().map(String::as_str).collect();
        let honoured = table.honoured.iter().find(|pattern| covers(pattern, &path));
        let is_judged = table.not_emulated.iter().any(|not| covers(not.path, &path));
        let is_above = table.paths().any(|pattern| pattern.starts_with(&format!("{}.", path.join("."))));
        assert!(
            honoured.is_some() || is_judged || is_above,
            "{place} is read, and is not honoured by the table"
        );
        seen.extend(honoured.map(|pattern| (table.kind, *pattern)));
    }
    seen
}

#[test]
fn what_is_honoured_is_read_and_nothing_else_is() {
    let seen: BTreeSet<_> = EVERYTHING.into_iter().flat_map(honoured_reads).collect();
    for table in all_tables() {
        for pattern in table.honoured.iter().filter(|pattern| **pattern != "Events.*") {
            assert!(seen.contains(&(table.kind, *pattern)), "{}: {pattern} is not read", table.kind);
        }
    }
}

#[test]
fn what_says_everything_that_is_honoured_is_read_without_a_warning() {
    for source in EVERYTHING {
        let template = Template::parse(source).unwrap();
        let reading = template.read(&BTreeMap::new(), &addresses(), &FunctionNames::AsInTemplate).unwrap();
        assert_eq!(reading.warnings, Vec::<String>::new());
    }
}

/// A resource of each type that says one thing more than there is.
#[test]
fn what_nobody_knows_is_warned_of_in_every_type() {
    for table in TABLES {
        let mut everything: Value = serde_json::to_value(BTreeMap::<String, Value>::new()).unwrap();
        everything["Resources"]["F"]["Type"] = "AWS::Serverless::Function".into();
        everything["Resources"]["X"]["Type"] = table.kind.into();
        everything["Resources"]["X"]["Properties"]["Misspelt"] = 1.into();
        let document = Document::parse(&everything.to_string()).unwrap();
        let (parameters, addresses, names) = (BTreeMap::new(), addresses(), FunctionNames::AsInTemplate);
        let evaluation = Evaluation::new(&document, &parameters, &addresses, &names).unwrap();
        super::check(&evaluation);
        let warnings = evaluation.warnings();
        assert!(
            warnings.iter().any(|warning| warning.starts_with("X.Misspelt ")),
            "{}: {warnings:?}",
            table.kind
        );
    }
}
