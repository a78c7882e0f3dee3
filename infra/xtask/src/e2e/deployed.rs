//! The template, built and deployed by SAM, on an emulator of AWS.

use std::collections::BTreeMap;
use std::env::consts;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use serde_json::Value;

use super::emulated_template;
use super::ministack::{KEY, MiniStack, PACKAGES, REGION};
use super::scenarios::{self, Skip};
use crate::sam;
use crate::step::{self, Outcome, announce, is_installed, program};

const STACK: &str = "parlor";
/// The same with CloudFront in front, which is created, and not asked: MiniStack's serves nothing.
const STACK_WITH_EDGE: &str = "parlor-edge";
const EDGE: [&str; 2] = ["Edge=on", "EdgeSecret=0123456789abcdef0123456789abcdef"];
/// The shortest that the template allows.
const HEARTBEAT_SECONDS: &str = "5";
const FRONT_END: &str = "http://localhost:5173";

const NO_MAIL: &str = "the stack has no address to write from, and nobody who reads what it would send";

/// What MiniStack does otherwise than API Gateway, and what the stack is not given.
const GAPS: [Skip; 9] = [
    (
        "broadcast_feed::an_unknown_path_is_closed_with_4002_or_refused_with_404",
        "MiniStack refuses each handshake with 403, whatever status $connect answers",
    ),
    (
        "broadcast_feed::a_ticket_among_the_sub_protocols_is_taken_and_not_echoed",
        "MiniStack accepts handshakes without any sub-protocol",
    ),
    (
        "accounts::a_ticket_opens_one_socket_under_its_owners_name",
        "MiniStack accepts handshakes without any sub-protocol",
    ),
    ("mail::a_new_address_counts_once_its_mailed_link_is_used", NO_MAIL),
    ("mail::an_address_is_confirmed_by_the_mailed_link_once_and_by_no_look_at_it", NO_MAIL),
    ("mail::a_forgotten_password_is_replaced_by_the_mailed_link_and_everybody_is_signed_out", NO_MAIL),
    ("mail::who_reads_the_mail_of_somebody_elses_account_learns_whose_it_is_and_confirms_nothing", NO_MAIL),
    (
        "watching::a_host_who_vanishes_is_replaced_and_gets_the_role_back",
        "the stack waits half a minute for a host, which the scenario doesn't",
    ),
    (
        "cross_origin::a_front_end_may_ask_before_it_sends",
        "MiniStack refuses OPTIONS where the API has no CORS of its own, instead of passing it to our function",
    ),
];

/// Builds, deploys, and runs the scenarios there; then deploys once more, with CloudFront. Functions' binaries are programs
/// of Linux.
pub(super) fn run() -> Outcome {
    if consts::OS != "linux" {
        announce("the deployed stack: passed over, since functions run on Linux only");
        return Ok(());
    }
    announce(&format!("the deployed stack, by {}, {}", sam::versions(), PACKAGES.join(", ")));
    let (native, foreign) = architectures();
    let built = sam::build(native)?;
    build_foreign(foreign)?;
    let ministack = MiniStack::start()?;
    let template = adapted(&built, &ministack.url)?;
    let deploy = |stack, parameters: &[&str]| deploy(stack, &template, native, parameters, &ministack.url);
    let heartbeat = format!("HeartbeatSeconds={HEARTBEAT_SECONDS}");
    let outputs = deploy(STACK, &[&heartbeat, &format!("AllowedOrigins={FRONT_END}")])?;
    scenarios::run("deployed", &environment(&ministack.url, &outputs)?, &GAPS)?;
    has_edge(&deploy(STACK_WITH_EDGE, &EDGE)?)
}

/// Whether one host stands for pages, HTTP API and sockets.
fn has_edge(outputs: &BTreeMap<String, String>) -> Outcome {
    let url = outputs.get("Url").map(String::as_str).unwrap_or_default();
    let host = outputs.get("EdgeDomainName").map(String::as_str).unwrap_or_default();
    if host.is_empty() || url != format!("https://{host}") {
        return Err(format!("Edge=on has made {url:?} of the host {host:?}").into());
    }
    Ok(())
}

/// This machine's, and the other one, by their names in a template.
fn architectures() -> (&'static str, &'static str) {
    if consts::ARCH == "aarch64" { ("arm64", "x86_64") } else { ("x86_64", "arm64") }
}

/// Only where its standard library is: that comes from a server which may be out of reach.
fn build_foreign(architecture: &str) -> Outcome {
    let triple = if architecture == "arm64" { "aarch64" } else { "x86_64" }.to_owned() + "-unknown-linux-gnu";
    let has_library = is_installed("rustup")
        && step::read("the compiler's targets", program("rustup").args(["target", "list", "--installed"]))?
            .lines()
            .any(|target| target == triple);
    if has_library {
        return sam::build(architecture).map(drop);
    }
    announce(&format!("{architecture}: not built, for which `rustup target add {triple}` would be needed"));
    Ok(())
}

/// Deploys a stack; answers its outputs.
fn deploy(
    stack: &str,
    template: &Path,
    architecture: &str,
    parameters: &[&str],
    emulator: &str,
) -> Outcome<BTreeMap<String, String>> {
    let mut deploy = sam_on(emulator)?;
    deploy.args(["deploy", "--stack-name", stack, "--template-file"]).arg(template);
    deploy.args(["--resolve-s3", "--capabilities", "CAPABILITY_IAM", "CAPABILITY_AUTO_EXPAND"]);
    deploy.args(["--no-confirm-changeset", "--no-progressbar", "--parameter-overrides"]);
    deploy.arg(format!("Architecture={architecture}")).arg("KeepData=no").args(parameters);
    step::run(&format!("sam deploy, {stack}"), &mut deploy)?;
    let mut list = sam_on(emulator)?;
    list.args(["list", "stack-outputs", "--stack-name", stack, "--output", "json"]);
    let listed: Vec<BTreeMap<String, Value>> = serde_json::from_str(&step::read("its outputs", &mut list)?)?;
    let text = |output: &BTreeMap<String, Value>, name: &str| Some(output.get(name)?.as_str()?.to_owned());
    let pair = |output| Some((text(output, "OutputKey")?, text(output, "OutputValue")?));
    Ok(listed.iter().filter_map(pair).collect())
}

/// The built template as the emulator needs it, beside the one that was built.
fn adapted(built: &Path, emulator: &str) -> Outcome<PathBuf> {
    let mut template: serde_yaml_ng::Value =
        serde_yaml_ng::from_str(&fs::read_to_string(built.join("template.yaml"))?)?;
    let changes = emulated_template::adapt(&mut template, emulator)?;
    announce(&format!("changed in the built template, for MiniStack:\n   {}", changes.join("\n   ")));
    // JSON: in YAML, Python's readers would take `yes` and `no` for booleans.
    let path = built.join("emulated.json");
    fs::write(&path, serde_json::to_string_pretty(&template)?)?;
    Ok(path)
}

fn sam_on(emulator: &str) -> Outcome<Command> {
    let mut sam = sam::command()?;
    sam.envs(account()).env("AWS_ENDPOINT_URL", emulator);
    Ok(sam)
}

fn account() -> [(&'static str, &'static str); 3] {
    [("AWS_ACCESS_KEY_ID", KEY), ("AWS_SECRET_ACCESS_KEY", KEY), ("AWS_DEFAULT_REGION", REGION)]
}

/// What the scenarios are told.
fn environment(emulator: &str, outputs: &BTreeMap<String, String>) -> Outcome<Vec<(&'static str, String)>> {
    let output = |name: &str| outputs.get(name).ok_or_else(|| format!("the stack has no output {name}"));
    let at = |api: &str, stage| format!("{emulator}/_aws/execute-api/{api}/{stage}");
    let sockets = at(api_id(output("WebSocketUrl")?), "live").replacen("http", "ws", 1);
    let mut environment = vec![
        ("STACK_HTTP_URL", at(api_id(output("HttpUrl")?), "$default")),
        ("STACK_SOCKETS_URL", sockets),
        ("STACK_S3_URL", emulator.to_owned()),
        ("STACK_BUCKET", output("BucketName")?.clone()),
        ("STACK_TABLE", output("TableName")?.clone()),
        ("AWS_ENDPOINT_URL_DYNAMODB", emulator.to_owned()),
        ("STACK_HEARTBEAT_SECONDS", HEARTBEAT_SECONDS.to_owned()),
    ];
    environment.extend(account().map(|(name, value)| (name, value.to_owned())));
    Ok(environment)
}

/// Of a URL whose host begins with it.
fn api_id(url: &str) -> &str {
    let host = url.split_once("://").map_or(url, |(_, rest)| rest);
    host.split('.').next().unwrap_or(host)
}
