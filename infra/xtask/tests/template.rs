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

#[path = "template/access_logs.rs"]
mod access_logs;
#[path = "template/document.rs"]
mod document;
#[path = "template/edge.rs"]
mod edge;
#[path = "template/intrinsics.rs"]
mod intrinsics;
#[path = "template/permissions.rs"]
mod permissions;
#[path = "template/policy.rs"]
mod policy;
#[path = "template/rights.rs"]
mod rights;
#[path = "template/routes.rs"]
mod routes;

use std::collections::BTreeSet;
use std::fs;

use document::{Document, field, root, text, texts};
use parlor::aws::{API_NAMES, NAMES};
use parlor::ids::{DIRECT, StoredName};
use parlor::ports::{EXPIRES_AT, INDEX_PK, INDEX_SK};
use serde_yaml_ng::Value;

/// The code of fan-outs: in it stands how many sockets a job posts to at most.
const FAN_OUT: &str = "shared/src/aws/sockets/api_gateway_channel_layer/fan_out.rs";

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

/// Functions are compiled by `sam build`, which would take the default unless it is told.
#[test]
fn whoever_chooses_an_architecture_is_told_to_build_for_it() {
    let template = Document::load();
    assert_eq!(texts(field(template.globals(), "Architectures")), ["${Architecture}"]);
    let parameter = template.parameter("Architecture");
    assert_eq!(texts(field(parameter, "AllowedValues")), ["arm64", "x86_64"]);
    assert!(text(field(parameter, "Description")).contains("\"sam build\""));
    let guide = fs::read_to_string(root().join("infra/DEPLOY.md")).unwrap();
    assert!(guide.contains("sam build --parameter-overrides Architecture=x86_64"));
}

/// A new account may have ten functions running in all: handshakes and requests need some of them.
#[test]
fn the_queue_takes_at_most_half_of_what_a_new_account_has() {
    let template = Document::load();
    let workers = template.parameter("DeliverConcurrency");
    assert_eq!(field(workers, "Default").as_u64(), Some(5));
    let scaling = field(field(template.resource("DeliverSource"), "Properties"), "ScalingConfig");
    assert_eq!(text(field(scaling, "MaximumConcurrency")), "${DeliverConcurrency}");
}

#[test]
fn anonymous_handshakes_reach_the_authorizer() {
    let template = Document::load();
    let authorizer = field(field(template.resource("SocketApi"), "Properties"), "Auth");
    assert_eq!(text(field(authorizer, "AuthArn")), "${ConnectFunction.Arn}");
    assert_eq!(texts(field(authorizer, "IdentitySource")), ["route.request.header.Host"]);
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
