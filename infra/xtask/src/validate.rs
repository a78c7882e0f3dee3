//! `cargo xtask validate`: what AWS SAM says of the template.

use crate::sam;
use crate::step::{self, Outcome};

/// Warnings fail, too.
pub(crate) fn run() -> Outcome {
    let mut validate = sam::command()?;
    validate.args(["validate", "--lint", "--template-file", "template.yaml", "--region", "us-east-1"]);
    step::run("template.yaml", &mut validate)
}
