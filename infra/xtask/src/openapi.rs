//! `cargo xtask openapi`: the descriptions that are served, of the HTTP API and of the sockets, made anew from the code.

use std::fs;

use crate::step::{self, Outcome, announce, cargo, root};

/// What is served, below the project's folder, and the example that prints it.
const SNAPSHOTS: [(&str, &str); 2] = [
    ("openapi", "shared/src/inbound/http/openapi.json"),
    ("asyncapi", "shared/src/inbound/http/asyncapi/asyncapi.json"),
];

/// Writes those that have changed.
pub(crate) fn run() -> Outcome {
    SNAPSHOTS.iter().try_for_each(|(example, snapshot)| write(example, snapshot))
}

fn write(example: &str, path: &str) -> Outcome {
    let mut print = cargo();
    print.args(["run", "--quiet", "--package", "parlor", "--features", "openapi", "--example", example]);
    let described = step::read(&format!("what {path} describes"), &mut print)?;
    let snapshot = root().join(path);
    if fs::read_to_string(&snapshot).is_ok_and(|known| known == described) {
        announce(&format!("{path} is as it should be"));
    } else {
        fs::write(&snapshot, described)?;
        announce(&format!("{path} is made anew"));
    }
    Ok(())
}
