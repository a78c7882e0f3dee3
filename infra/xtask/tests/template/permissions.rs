//! What each function may do: what it calls, and nothing else.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;

use super::document::{Document, field, root, text};
use super::policy::{Statement, statements};
use super::rights::RIGHTS;

/// Every function with what it is allowed and denied.
fn policies(template: &Document) -> impl Iterator<Item = (String, Vec<Statement>)> + '_ {
    template.functions().map(|function| (function.folder(), statements(template, &function)))
}

/// Every function with what it is allowed.
fn allowed(template: &Document) -> impl Iterator<Item = (String, Statement)> + '_ {
    policies(template).flat_map(|(function, statements)| {
        statements.into_iter().filter(Statement::allows).map(move |statement| (function.clone(), statement))
    })
}

#[test]
fn every_function_is_allowed_exactly_what_it_is_listed_to_call() {
    let template = Document::load();
    let mut granted: BTreeMap<String, BTreeSet<(String, String)>> = BTreeMap::new();
    for (function, statement) in allowed(&template) {
        granted.entry(function).or_default().extend(statement.plain_rights());
    }
    let called = RIGHTS.iter().map(|(function, rights)| {
        let on = |resource: &str, action: &str| (resource.to_owned(), action.to_owned());
        let rights = rights.iter().flat_map(|(resource, actions)| actions.iter().map(|a| on(resource, a)));
        ((*function).to_owned(), rights.collect::<BTreeSet<_>>())
    });
    let called: BTreeMap<_, _> = called.collect();
    assert_eq!(granted.keys().collect::<Vec<_>>(), called.keys().collect::<Vec<_>>());
    for (function, called) in called {
        assert_eq!(granted[&function], called, "{function}: what it may, and what it is listed to call");
    }
}

/// What in a function's `main.rs` links a service, and what says in its rights that it calls that service.
const LINKS: [(&str, &str, &str); 6] = [
    (".with_table()", "${Table.Arn}", "dynamodb:"),
    (".with_queue()", "${Queue.Arn}", "sqs:SendMessage"),
    (".with_sockets()", "@connections", "execute-api:"),
    (".with_mailer()", "identity/", "ses:SendEmail"),
    (".with_media()", "/media/", "s3:"),
    (".with_drops()", "/messages/", "s3:"),
];

#[test]
fn every_function_links_exactly_the_services_that_it_is_listed_to_call() {
    for (function, rights) in RIGHTS {
        let main = root().join("functions").join(function).join("src/main.rs");
        let main = fs::read_to_string(main).unwrap();
        for (link, resource, action) in LINKS {
            let calls = rights.iter().any(|(on, actions)| {
                on.contains(resource) && actions.iter().any(|called| called.starts_with(action))
            });
            assert_eq!(main.contains(link), calls, "{function}: {link}");
        }
    }
}

#[test]
fn mail_is_sent_from_the_address_that_the_parameter_names_and_no_other() {
    let template = Document::load();
    assert_eq!(text(template.environment_variable("MAIL_FROM")), "${MailFrom}");
    let senders = allowed(&template).filter(|(_, statement)| statement.actions == ["ses:SendEmail"]);
    let senders: Vec<_> = senders.map(|(function, statement)| (function, statement.sender)).collect();
    assert_eq!(senders, [("deliver".to_owned(), Some("${MailFrom}".to_owned()))]);
}

#[test]
fn no_function_has_a_role_besides_its_policies() {
    let template = Document::load();
    assert!(template.globals().get("Role").is_none());
    for function in template.functions() {
        assert!(field(function.resource(), "Properties").get("Role").is_none(), "{}", function.folder());
    }
}

#[test]
fn no_function_is_allowed_a_whole_service() {
    for (function, statement) in allowed(&Document::load()) {
        for action in &statement.actions {
            assert!(!action.contains('*'), "{function} may {action}");
        }
    }
}

#[test]
fn a_star_in_a_resource_stands_for_names_below_a_prefix_only() {
    for (function, statement) in allowed(&Document::load()) {
        for resource in &statement.resources {
            let prefix = resource.strip_suffix("/*").unwrap_or(resource);
            assert!(!prefix.contains('*'), "{function}: {resource}");
            let whole_bucket = prefix == "${Bucket.Arn}" || prefix.ends_with("-${StackUuid}");
            assert!(prefix == resource || !whole_bucket, "{function}: {resource}");
        }
    }
}

#[test]
fn nobody_may_put_objects_under_messages() {
    let mut writers = BTreeSet::new();
    for (function, statement) in allowed(&Document::load()) {
        if statement.actions.iter().any(|action| action.starts_with("s3:Put")) {
            for resource in &statement.resources {
                let harmless = ["/media/*", "/rejected/*"].iter().any(|ending| resource.ends_with(ending));
                assert!(harmless, "{function} may put {resource}");
            }
            writers.insert(function);
        }
    }
    assert_eq!(writers, BTreeSet::from(["broadcast".to_owned(), "upload".to_owned()]));
}

#[test]
fn only_api_may_touch_private_signing_keys_or_write_public_ones() {
    let template = Document::load();
    for (function, statements) in policies(&template) {
        let private = statements.iter().any(|statement| statement.denies_partition("SIGNING#PRIVATE"));
        let public = statements.iter().any(|statement| statement.denies_writes_to("SIGNING#PUBLIC"));
        assert_eq!((private, public), (function != "api", function != "api"), "{function}");
        let denials = statements.iter().filter(|statement| !statement.allows()).count();
        assert_eq!(denials, if function == "api" { 0 } else { 2 }, "{function}: nothing else is denied");
    }
}
