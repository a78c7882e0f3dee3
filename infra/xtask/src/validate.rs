//! `cargo xtask validate`: what AWS SAM says of the template.

use std::path::PathBuf;

use crate::step::{self, Outcome, is_installed, program, target};

/// The version that is known to work; newer ones may find more.
const SAM_CLI: &str = "aws-sam-cli==1.170.0";

/// Warnings fail, too.
pub(crate) fn run() -> Outcome {
    let sam = sam()?;
    let mut validate = program(sam);
    validate.args(["validate", "--lint", "--template-file", "template.yaml", "--region", "us-east-1"]);
    step::run("template.yaml", validate.env("SAM_CLI_TELEMETRY", "0"))
}

/// The SAM CLI: on the path, or else in a Python environment of our own.
fn sam() -> Outcome<PathBuf> {
    if is_installed("sam") {
        return Ok("sam".into());
    }
    let tools = target().join("tools");
    let sam = tools.join("bin/sam");
    if !sam.exists() {
        step::run("a Python environment", program("python3").args(["-m", "venv"]).arg(&tools))?;
        let mut install = program(tools.join("bin/pip"));
        install.args(["install", "--quiet", "--disable-pip-version-check", SAM_CLI]);
        step::run("the SAM CLI", &mut install)?;
    }
    Ok(sam)
}
