//! Programs of the Python registry, each in an environment of its own below `target/tools`.

use std::fs;
use std::path::PathBuf;

use crate::step::{self, Outcome, program, target};

/// The environment of that name with just these packages, installed if need be. Answers the folder of its programs.
pub(crate) fn environment(name: &str, packages: &[&str]) -> Outcome<PathBuf> {
    let folder = target().join("tools").join(name);
    let (programs, noted) = (folder.join("bin"), folder.join("packages"));
    let wanted = packages.join("\n");
    if fs::read_to_string(&noted).is_ok_and(|installed| installed == wanted) {
        return Ok(programs);
    }
    let mut create = program("python3");
    step::run("a Python environment", create.args(["-m", "venv", "--clear"]).arg(&folder))?;
    let mut install = program(programs.join("pip"));
    install.args(["install", "--quiet", "--disable-pip-version-check"]).args(packages);
    step::run(&packages.join(", "), &mut install)?;
    // Only now: what was installed by halves is installed again.
    fs::write(noted, wanted)?;
    Ok(programs)
}
