//! `cargo xtask types`: the types of the pages' modules are checked, and the client's are put into `static/parlor.d.ts`.

use std::fs;
use std::path::PathBuf;

use crate::step::{self, Outcome, announce, is_installed, program, root, target};

/// Checks, and writes what has changed.
pub(crate) fn run() -> Outcome {
    make(&[])
}

/// Checks, and whether what lies there is what would be written.
pub(crate) fn check() -> Outcome {
    make(&["--check"])
}

fn make(options: &[&str]) -> Outcome {
    if !is_installed("node") || !is_installed("npm") {
        announce("the pages' types: passed over, since there is no Node.js here");
        return Ok(());
    }
    let mut node = program("node");
    node.arg("make.mjs").arg(root().join("static")).args(options).current_dir(tools()?);
    step::run("the types of the pages and of the client", &mut node)
}

/// The checker beside what it needs: outside the source tree, where nothing is installed.
fn tools() -> Outcome<PathBuf> {
    let folder = target().join("tools/types");
    fs::create_dir_all(&folder)?;
    for file in fs::read_dir(root().join("infra/types"))? {
        let file = file?;
        fs::copy(file.path(), folder.join(file.file_name()))?;
    }
    if !folder.join("node_modules/typescript").exists() {
        let mut npm = program("npm");
        npm.args(["install", "--no-audit", "--no-fund", "--silent"]).current_dir(&folder);
        step::run("TypeScript", &mut npm)?;
    }
    Ok(folder)
}
