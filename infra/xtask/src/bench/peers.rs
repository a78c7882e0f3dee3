//! `cargo xtask bench --peers`: talk in rooms beside what people use for it today.

use std::fs;
use std::path::PathBuf;

use crate::step::{self, Outcome, cargo, is_installed, program, root, target};

/// Installs the peers, and lets them run in turn with local-dev.
pub(super) fn run() -> Outcome {
    if !is_installed("node") || !is_installed("npm") {
        return Err("the peers are programs of Node.js: install node and npm".into());
    }
    let mut bench = cargo();
    bench.args(["bench", "--package", "local-dev", "--bench", "rooms", "--", "peers"]);
    step::run("beside the peers", bench.env("PARLOR_PEERS", installed()?))
}

/// The peers beside what they need: outside the source tree, where nothing is installed.
fn installed() -> Outcome<PathBuf> {
    let folder = target().join("tools/peers");
    fs::create_dir_all(&folder)?;
    for file in fs::read_dir(root().join("infra/peers"))? {
        let file = file?;
        fs::copy(file.path(), folder.join(file.file_name()))?;
    }
    if ["better-sqlite3", "socket.io", "ws"]
        .iter()
        .any(|name| !folder.join("node_modules").join(name).exists())
    {
        let mut npm = program("npm");
        npm.args(["install", "--no-audit", "--no-fund", "--silent"]).current_dir(&folder);
        step::run("the peers", &mut npm)?;
    }
    Ok(folder)
}
