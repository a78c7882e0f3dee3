//! `cargo xtask e2e`: everything that runs whole programs.

mod adapters;
mod api;
mod asyncapi;
mod deployed;
pub(crate) mod dynamo_db_local;
mod emulated_template;
pub(crate) mod functions;
mod ministack;
mod scenarios;
mod social;

use std::env;
use std::fs;
use std::path::{Path, PathBuf};
use std::time::Instant;

use crate::step::{self, Outcome, announce, cargo, is_installed, program, root};
use crate::{browser, simulate, skew, types};

/// A part that can be run alone: its name, and what runs it.
type Stage = (&'static str, fn() -> Outcome);

/// All of it, in its order.
const STAGES: [Stage; 11] = [
    ("local", local),
    ("adapters", adapters::run),
    ("functions", functions::run),
    ("social", social::run),
    ("deployed", deployed::run),
    ("api", api::run),
    ("pages", page_tests),
    ("skew", skew::usual),
    ("simulate", simulate::usual),
    ("browser", browser::run),
    ("browser-functions", browser::on_functions),
];

/// All of it, or the stage that is named: `cargo xtask e2e deployed`.
pub(crate) fn run() -> Outcome {
    let Some(chosen) = env::args().nth(2) else {
        return STAGES.iter().try_for_each(timed);
    };
    let names = STAGES.map(|(name, _)| name).join(", ");
    let stage = STAGES.iter().find(|(name, _)| *name == chosen);
    timed(stage.ok_or_else(|| format!("there is no stage {chosen}, but {names}"))?)
}

fn timed((name, run): &Stage) -> Outcome {
    let began = Instant::now();
    run()?;
    announce(&format!("e2e {name}: {} s", began.elapsed().as_secs()));
    Ok(())
}

/// The functions' binaries first: they must link, whatever the suites need of them.
fn local() -> Outcome {
    // With tests, the features are those of `cargo test --workspace`: nothing is built twice.
    let mut build = cargo();
    step::run("the functions' binaries", build.args(["build", "--workspace", "--bins", "--tests"]))?;
    local_suites()
}

fn local_suites() -> Outcome {
    let mut tests = cargo();
    tests.args(["test", "--workspace"]);
    for folder in ["local-dev/tests", "local-dev/emulator/tests"] {
        for suite in suites(&root().join(folder))? {
            tests.arg("--test").arg(suite);
        }
    }
    step::run("local-dev, end to end", &mut tests)
}

/// The names under which cargo knows the integration tests of a folder.
fn suites(folder: &Path) -> Outcome<Vec<String>> {
    let is_suite = |path: &PathBuf| path.join("main.rs").exists() || has_ending(path, &["rs"]);
    let names = files(folder)?.into_iter().filter(is_suite);
    let names: Vec<_> = names.filter_map(|path| Some(path.file_stem()?.to_str()?.to_owned())).collect();
    if names.is_empty() { Err(format!("{}: no suites", folder.display()).into()) } else { Ok(names) }
}

/// The tests of the page and of the edge's function, each file by its name: what a folder means to `node --test` differs
/// by version.
fn page_tests() -> Outcome {
    if !is_installed("node") {
        announce("the page's tests: passed over, since there is no node here");
        return Ok(());
    }
    types::check()?;
    let is_test = |path: &PathBuf| has_ending(path, &["test.js", "test.mjs"]);
    let files = [files(&root().join("static/tests"))?, files(&root().join("infra/edge"))?].concat();
    let tests = files.into_iter().filter(is_test);
    step::run("the tests of the page and the edge", program("node").arg("--test").args(tests))
}

fn files(folder: &Path) -> Outcome<Vec<PathBuf>> {
    let entries = fs::read_dir(folder).map_err(|error| format!("{}: {error}", folder.display()))?;
    let mut files = entries.map(|entry| Ok(entry?.path())).collect::<Result<Vec<_>, std::io::Error>>()?;
    files.sort();
    Ok(files)
}

fn has_ending(path: &Path, endings: &[&str]) -> bool {
    let name = path.file_name().and_then(|name| name.to_str()).unwrap_or_default();
    endings.iter().any(|ending| name.strip_suffix(ending).is_some_and(|stem| stem.ends_with('.')))
}
