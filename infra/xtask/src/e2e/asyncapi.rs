//! The description of the sockets against AsyncAPI's own schema, and its examples against their schemas.

use std::fs;
use std::path::PathBuf;

use crate::step::{self, Outcome, is_installed, program, root, target};

/// What is served, below the project's folder.
const SNAPSHOT: &str = "shared/src/inbound/http/asyncapi/asyncapi.json";

/// Installs what is missing, then validates.
pub(super) fn run() -> Outcome {
    if !is_installed("node") || !is_installed("npm") {
        step::announce("the sockets as they are described: passed over, since there is no node or npm here");
        return Ok(());
    }
    let mut validate = program("node");
    validate.arg("validate.mjs").arg(root().join(SNAPSHOT)).current_dir(validator()?);
    step::run("the sockets as they are described", &mut validate)
}

/// The program beside what it needs: outside the source tree, where nothing is installed. Other versions are installed anew.
fn validator() -> Outcome<PathBuf> {
    let (source, folder) = (root().join("infra/api/sockets"), target().join("tools/asyncapi"));
    fs::create_dir_all(&folder)?;
    let wanted = fs::read_to_string(source.join("package.json"))?;
    fs::copy(source.join("validate.mjs"), folder.join("validate.mjs"))?;
    let noted = folder.join("installed.json");
    if fs::read_to_string(&noted).is_ok_and(|installed| installed == wanted) {
        return Ok(folder);
    }
    fs::write(folder.join("package.json"), &wanted)?;
    let mut npm = program("npm");
    npm.args(["install", "--no-audit", "--no-fund", "--silent"]).current_dir(&folder);
    step::run("AsyncAPI's schema", &mut npm)?;
    // Only now: what was installed by halves is installed again.
    fs::write(noted, wanted)?;
    Ok(folder)
}
