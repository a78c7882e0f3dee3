//! Holds `template.yaml` against the names and numbers in the code: folders, environment, attributes, how many sockets a
//! job posts to; and its policies against a list of what each function calls, to be equal.
//!
//! That list, `template/rights.rs`, is made by reading: a function that calls something new fails on AWS, not here, until
//! somebody adds the call to it. Nor is seen here what SAM adds by itself: writing logs, and `broadcast`'s way to the
//! dead-letter queue.

#![expect(
    clippy::expect_used,
    clippy::unwrap_used,
    reason = "a test that cannot read the template has failed"
)]

#[path = "template/document.rs"]
mod document;
#[path = "template/edge.rs"]
mod edge;
#[path = "template/policy.rs"]
mod policy;
#[path = "template/rights.rs"]
mod rights;

use std::collections::{BTreeMap, BTreeSet};
use std::fs;

use document::{Document, field, root, text, texts};
use parlor::aws::{API_NAMES, NAMES};
use parlor::ids::{DIRECT, StoredName};
use parlor::ports::{EXPIRES_AT, INDEX_PK, INDEX_SK};
use policy::{Statement, statements};
use rights::RIGHTS;
use serde_yaml_ng::Value;

/// The code of fan-outs: in it stands how many sockets a job posts to at most.
const FAN_OUT: &str = "shared/src/aws/api_gateway_channel_layer/fan_out.rs";

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
fn every_function_folder_is_deployed_and_nothing_else_is() {
    let folders: BTreeSet<_> = fs::read_dir(root().join("functions"))
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    let deployed: Vec<_> = Document::load().functions().map(|function| function.folder()).collect();
    assert_eq!(deployed.iter().cloned().collect::<BTreeSet<_>>(), folders);
    assert_eq!(deployed.len(), folders.len(), "one function per folder");
}

#[test]
fn every_function_is_built_as_the_binary_of_its_folder() {
    for function in Document::load().functions() {
        let folder = function.folder();
        let manifest = fs::read_to_string(root().join("functions").join(&folder).join("Cargo.toml")).unwrap();
        assert!(manifest.contains(&format!("name = \"{folder}\"")), "{folder}: the package's name");
        let metadata = field(function.resource(), "Metadata");
        assert_eq!(text(field(metadata, "BuildMethod")), "rust-cargolambda", "{folder}");
        assert_eq!(text(field(field(metadata, "BuildProperties"), "Binary")), folder);
    }
}

#[test]
fn every_function_gets_exactly_the_environment_that_the_code_reads() {
    let template = Document::load();
    let read = |folder: &str| -> BTreeSet<String> {
        let besides = if folder == "api" { API_NAMES } else { &[] };
        NAMES.iter().chain(besides).map(|name| (*name).to_owned()).collect()
    };
    let global = template.global_environment();
    for function in template.functions() {
        let set: BTreeSet<String> = global.union(&function.environment()).cloned().collect();
        assert_eq!(set, read(&function.folder()), "{}", function.folder());
    }
}

#[test]
fn providers_are_off_by_default_and_their_secrets_are_not_shown() {
    let template = Document::load();
    for name in ["GoogleClientIds", "GoogleClientSecret", "FacebookAppId", "FacebookAppSecret"] {
        let parameter = template.parameter(name);
        assert_eq!(text(field(parameter, "Default")), "", "{name}");
        let is_hidden = parameter.get("NoEcho").and_then(Value::as_bool).unwrap_or_default();
        assert_eq!(is_hidden, name.ends_with("Secret"), "{name}");
    }
}

#[test]
fn every_function_has_a_log_group_of_its_own() {
    let template = Document::load();
    let groups: BTreeSet<_> = template.functions().map(|function| function.log_group()).collect();
    assert_eq!(groups.len(), template.functions().count());
    for group in groups {
        assert_eq!(text(field(template.resource(&group), "Type")), "AWS::Logs::LogGroup", "{group}");
    }
}

#[test]
fn all_logs_are_kept_as_long_as_the_parameter_says() {
    let template = Document::load();
    let groups: Vec<_> = template.resources_of("AWS::Logs::LogGroup").collect();
    assert!(!groups.is_empty());
    for (name, group) in groups {
        let retention = field(field(group, "Properties"), "RetentionInDays");
        assert_eq!(text(retention), "${LogRetentionDays}", "{name}");
    }
}

#[test]
fn access_logs_hold_neither_queries_nor_paths_nor_headers() {
    let source = fs::read_to_string(root().join("template.yaml")).unwrap();
    let formats: Vec<_> = source.lines().filter(|line| line.contains("$context.requestId")).collect();
    assert_eq!(formats.len(), 2, "one format per API");
    for format in formats {
        let format = format.to_lowercase();
        for secret in ["path", "query", "header", "uri", "authorizer", "cookie", "protocol"] {
            assert!(!format.contains(secret), "{secret} in {format}");
        }
    }
}

/// API Gateway's own logs of what it does hold whole requests, and are off unless somebody says otherwise.
#[test]
fn the_apis_log_nothing_besides() {
    let source = fs::read_to_string(root().join("template.yaml")).unwrap();
    for setting in ["LoggingLevel", "DataTraceEnabled", "LogFullRequest"] {
        assert!(!source.contains(setting), "{setting}");
    }
}

/// What builds functions for Lambda lets them abort unless the profile itself says otherwise, cargo's default or not.
#[test]
fn a_panic_is_caught_in_what_is_deployed() {
    let manifest = fs::read_to_string(root().join("Cargo.toml")).unwrap();
    let (_, release) = manifest.split_once("\n[profile.release]\n").unwrap();
    let release = release.split("\n[").next().unwrap();
    assert!(release.lines().any(|line| line == "panic = \"unwind\""), "{release}");
    let environment = fs::read_to_string(root().join("infra/xtask/src/sam.rs")).unwrap();
    assert!(!environment.contains("PROFILE_RELEASE_PANIC"));
}

#[test]
fn anonymous_handshakes_reach_the_authorizer() {
    let template = Document::load();
    let authorizer = field(field(template.resource("SocketApi"), "Properties"), "Auth");
    assert_eq!(text(field(authorizer, "AuthArn")), "${ConnectFunction.Arn}");
    assert_eq!(texts(field(authorizer, "IdentitySource")), ["route.request.header.Host"]);
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

#[test]
fn nothing_below_info_can_be_logged() {
    let template = Document::load();
    assert_eq!(texts(field(template.parameter("LogLevel"), "AllowedValues")), ["INFO", "WARN", "ERROR"]);
    let level = |logging: &Value| logging.get("ApplicationLogLevel").map(text);
    assert_eq!(level(field(template.globals(), "LoggingConfig")).as_deref(), Some("${LogLevel}"));
    for function in template.functions() {
        assert_eq!(level(function.property("LoggingConfig")), None, "{}", function.folder());
    }
}

#[test]
fn the_table_expires_and_indexes_by_the_attributes_that_the_code_names() {
    let template = Document::load();
    let table = field(template.resource("Table"), "Properties");
    assert_eq!(text(field(field(table, "TimeToLiveSpecification"), "AttributeName")), EXPIRES_AT);
    let index = &field(table, "GlobalSecondaryIndexes")[0];
    let schema = field(index, "KeySchema").as_sequence().unwrap();
    let attributes: Vec<_> = schema.iter().map(|key| text(field(key, "AttributeName"))).collect();
    assert_eq!(attributes, [INDEX_PK, INDEX_SK]);
}

#[test]
fn a_queued_message_does_not_come_again_while_it_is_worked_on() {
    let template = Document::load();
    let queue = field(template.resource("Queue"), "Properties");
    let worker = field(template.resource("DeliverFunction"), "Properties");
    let visibility = field(queue, "VisibilityTimeout").as_u64().unwrap();
    assert!(visibility >= 6 * field(worker, "Timeout").as_u64().unwrap());
}

#[test]
fn a_publish_ends_within_half_of_the_timeout_of_everyone_who_may_publish() {
    let template = Document::load();
    let code = fs::read_to_string(root().join(FAN_OUT)).unwrap();
    let seconds = |line: &str| {
        let rest = line.strip_prefix("const PUBLISH_WITHIN: Duration = Duration::from_secs(")?;
        rest.strip_suffix(");")?.parse::<u64>().ok()
    };
    let within = code.lines().find_map(seconds).expect("how long a publish writes to sockets");
    for publisher in ["BroadcastFunction", "DeliverFunction"] {
        let function = field(template.resource(publisher), "Properties");
        let timeout = field(function, "Timeout").as_u64().unwrap();
        assert!(2 * within <= timeout, "{publisher}: {within} s in {timeout} s");
    }
}

#[test]
fn what_fails_is_kept_in_the_dead_letter_queue() {
    let template = Document::load();
    let queue = field(template.resource("Queue"), "Properties");
    let dead_letters = field(field(queue, "RedrivePolicy"), "deadLetterTargetArn");
    assert_eq!(text(dead_letters), "${DeadLetters.Arn}");
    let source = field(template.resource("DeliverSource"), "Properties");
    assert_eq!(texts(field(source, "FunctionResponseTypes")), ["ReportBatchItemFailures"]);
    for function in ["BroadcastFunction", "UploadFunction"] {
        let events = field(field(template.resource(function), "Properties"), "EventInvokeConfig");
        let failed = field(field(events, "DestinationConfig"), "OnFailure");
        assert_eq!(text(field(failed, "Destination")), "${DeadLetters.Arn}", "{function}");
    }
}

/// The prefix of the keys that an S3 event of a function is for.
fn prefix(template: &Document, function: &str, event: &str) -> String {
    let events = field(field(template.resource(function), "Properties"), "Events");
    let filter = field(field(field(field(events, event), "Properties"), "Filter"), "S3Key");
    let rules = field(filter, "Rules").as_sequence().unwrap();
    let prefix = rules.iter().find(|rule| text(field(rule, "Name")) == "prefix").expect("a prefix");
    text(field(prefix, "Value"))
}

#[test]
fn the_bucket_tells_of_drops_and_of_what_was_put_there_directly() {
    let template = Document::load();
    let name = StoredName::direct_from_random([7; 16], "song.mp3");
    let uploads = prefix(&template, "UploadFunction", "Uploaded");
    assert!(format!("media/{name}").starts_with(&uploads));
    assert_eq!(uploads, format!("media/{DIRECT}"), "and of nothing else under media/");
    // S3 takes no two filters that one key could pass.
    let drops = prefix(&template, "BroadcastFunction", "Dropped");
    assert!(!drops.starts_with(&uploads) && !uploads.starts_with(&drops));
}
