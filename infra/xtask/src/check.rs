//! `cargo xtask check`: what can be said of the code without running it.

use crate::step::{self, Outcome, announce, cargo, read, root};
use crate::{conventions, documents, layers};

/// Cheapest first, so that small slips are told at once.
pub(crate) fn run() -> Outcome {
    conventions_hold()?;
    step::run("formatting", cargo().args(["fmt", "--all", "--check"]))?;
    laptop_without_aws()?;
    function_without_utoipa()?;
    // With all targets the features are those of `cargo test --workspace`, whose build artefacts clippy can share, but for
    // local-dev's own, which nothing else would look at.
    let mut lints = cargo();
    lints.args([
        "clippy",
        "--workspace",
        "--features",
        "local-dev/aws",
        "--all-targets",
        "--",
        "-D",
        "warnings",
    ]);
    step::run("lints", &mut lints)?;
    let mut documentation = cargo();
    documentation.args(["doc", "--workspace", "--no-deps"]).env("RUSTDOCFLAGS", "-D warnings");
    step::run("documentation", &mut documentation)?;
    step::run("the library without features", cargo().args(["check", "--package", "parlor"]))
}

fn conventions_hold() -> Outcome {
    announce("the conventions");
    let mut broken = conventions::broken_rules(&root())?;
    broken.extend(layers::broken_rules(&root())?);
    broken.extend(documents::broken_rules(&root())?);
    if broken.is_empty() { Ok(()) } else { Err(broken.join("\n").into()) }
}

fn laptop_without_aws() -> Outcome {
    without("local-dev", "aws-sdk")
}

/// What describes the HTTP API serves tests alone.
fn function_without_utoipa() -> Outcome {
    without("api", "utoipa")
}

/// Fails if a package is built with another one whose name begins so.
fn without(package: &str, other: &str) -> Outcome {
    let mut tree = cargo();
    tree.args(["tree", "--package", package, "--prefix", "none", "--format", "{p}"]);
    let tree = read(&format!("{package} without {other}"), &mut tree)?;
    match tree.lines().find(|line| line.starts_with(other)) {
        None => Ok(()),
        Some(found) => Err(format!("{package} depends on {found}").into()),
    }
}
