//! `cargo xtask openapi`: the description of the HTTP API that is served, made anew from the handlers.

use std::fs;

use crate::step::{self, Outcome, announce, cargo, root};

/// What is served, below the project's folder.
const SNAPSHOT: &str = "shared/src/inbound/http/openapi.json";

/// Writes it if it has changed.
pub(crate) fn run() -> Outcome {
    let mut print = cargo();
    print.args(["run", "--quiet", "--package", "parlor", "--features", "openapi", "--example", "openapi"]);
    let described = step::read("the handlers' descriptions", &mut print)?;
    let snapshot = root().join(SNAPSHOT);
    if fs::read_to_string(&snapshot).is_ok_and(|known| known == described) {
        announce(&format!("{SNAPSHOT} is as it should be"));
    } else {
        fs::write(&snapshot, described)?;
        announce(&format!("{SNAPSHOT} is made anew"));
    }
    Ok(())
}
