//! `cargo xtask browser`: the pages in a real browser, against the real local-dev, and against the functions.

use std::env;
use std::env::consts;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::e2e::dynamo_db_local;
use crate::step::{self, Outcome, announce, cargo, is_installed, program, root, target};

/// The names under which systems know a Chromium.
const CHROMIUMS: [&str; 4] = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable"];

/// The files of scenarios, each of which starts a server and a browser of its own.
const SCENARIOS: [&str; 13] = [
    "page.test.mjs",
    "rooms.test.mjs",
    "watch.test.mjs",
    "account.test.mjs",
    "webhooks.test.mjs",
    "harmful-text.test.mjs",
    "accessibility.test.mjs",
    "newcomers.test.mjs",
    "long-chat.test.mjs",
    "lossless.test.mjs",
    "views.test.mjs",
    "right-to-left.test.mjs",
    "speed.test.mjs",
];

/// Those that also run against the functions: they try all that the pages ask of a server in rooms.
const ON_FUNCTIONS: [&str; 3] = ["newcomers.test.mjs", "rooms.test.mjs", "watch.test.mjs"];

/// Installs what is missing, then runs the scenarios. Screenshots go to `target/screenshots`.
pub(crate) fn run() -> Outcome {
    let mut node = driver()?;
    step::run("local-dev", cargo().args(["build", "--package", "local-dev"]))?;
    let screenshots = target().join("screenshots");
    fs::create_dir_all(&screenshots)?;
    node.args(SCENARIOS).env("SCREENSHOTS", &screenshots);
    step::run("the page in a browser", &mut node)?;
    announce(&format!("screenshots are in {}", screenshots.display()));
    Ok(())
}

/// The same pages in front of the functions' binaries, on DynamoDB Local and an S3 server.
pub(crate) fn on_functions() -> Outcome {
    if consts::OS != "linux" || !is_installed("java") {
        announce("the pages in front of the functions: passed over, since that needs Linux and Java");
        return Ok(());
    }
    let (mut node, database) = (driver()?, dynamo_db_local::installed()?);
    let mut build = cargo();
    build.args(["build", "--workspace", "--bins", "--example", "around_functions"]);
    step::run("the functions' binaries", &mut build)?;
    let programs = target().join("debug");
    node.args(ON_FUNCTIONS).env("DYNAMODB_LOCAL", database).env("FUNCTIONS_FOLDER", &programs);
    node.env("AROUND_FUNCTIONS", programs.join("examples/around_functions"));
    node.env("TEMPLATE", root().join("template.yaml"));
    step::run("the page in a browser, in front of the functions", &mut node)
}

/// What runs scenarios, once they are named.
fn driver() -> Outcome<Command> {
    if !is_installed("node") || !is_installed("npm") {
        return Err("a browser is driven by Node.js: install node and npm".into());
    }
    let chromium = chromium()?;
    let mut node = program("node");
    node.arg("--test").current_dir(tests()?);
    node.env("LOCAL_DEV", target().join("debug/local-dev")).env("CHROMIUM", chromium);
    Ok(node)
}

/// The scenarios beside the driver that they need: outside the source tree, where nothing is installed.
fn tests() -> Outcome<PathBuf> {
    let folder = target().join("tools/browser");
    fs::create_dir_all(&folder)?;
    for file in fs::read_dir(root().join("infra/browser"))? {
        let file = file?;
        fs::copy(file.path(), folder.join(file.file_name()))?;
    }
    if ["playwright-core", "axe-core"].iter().any(|name| !folder.join("node_modules").join(name).exists()) {
        let mut npm = program("npm");
        npm.args(["install", "--no-audit", "--no-fund", "--silent"]).current_dir(&folder);
        step::run("the browser's driver and the judge of accessibility", &mut npm)?;
    }
    Ok(folder)
}

fn chromium() -> Outcome<String> {
    if let Ok(chosen) = env::var("CHROMIUM") {
        return Ok(chosen);
    }
    if installed().is_none() && Path::new("/usr/bin/apt-get").exists() {
        step::run("the list of packages", program("apt-get").args(["update", "--quiet"]))?;
        let mut install = program("apt-get");
        install.args(["install", "--yes", "--quiet", "--no-install-recommends", "chromium"]);
        step::run("Chromium", install.env("DEBIAN_FRONTEND", "noninteractive"))?;
    }
    installed().ok_or_else(|| "there is no Chromium: install one, or name it by CHROMIUM=…".into())
}

/// Playwright wants a path.
fn installed() -> Option<String> {
    let path = env::var_os("PATH")?;
    let mut found = env::split_paths(&path).flat_map(|folder| CHROMIUMS.map(|name| folder.join(name)));
    found.find(|path| path.exists()).map(|path| path.display().to_string())
}
