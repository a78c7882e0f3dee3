//! `cargo xtask browser`: the pages in a real browser, against the real local-dev.

use std::env;
use std::fs;
use std::path::{Path, PathBuf};

use crate::step::{self, Outcome, announce, cargo, is_installed, program, root, target};

/// The names under which systems know a Chromium.
const CHROMIUMS: [&str; 4] = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable"];

/// The files of scenarios, each of which starts a server and a browser of its own.
const SCENARIOS: [&str; 5] =
    ["page.test.mjs", "rooms.test.mjs", "watch.test.mjs", "account.test.mjs", "accessibility.test.mjs"];

/// Installs what is missing, then runs the scenarios. Screenshots go to `target/screenshots`.
pub(crate) fn run() -> Outcome {
    if !is_installed("node") || !is_installed("npm") {
        return Err("a browser is driven by Node.js: install node and npm".into());
    }
    let chromium = chromium()?;
    step::run("local-dev", cargo().args(["build", "--package", "local-dev"]))?;
    let (tests, screenshots) = (tests()?, target().join("screenshots"));
    fs::create_dir_all(&screenshots)?;
    let mut node = program("node");
    node.arg("--test").args(SCENARIOS).current_dir(tests);
    node.env("LOCAL_DEV", target().join("debug/local-dev"));
    node.env("CHROMIUM", chromium).env("SCREENSHOTS", &screenshots);
    step::run("the page in a browser", &mut node)?;
    announce(&format!("screenshots are in {}", screenshots.display()));
    Ok(())
}

/// The scenarios beside the driver that they need: outside the source tree, where nothing is installed.
fn tests() -> Outcome<PathBuf> {
    let folder = target().join("tools/browser");
    fs::create_dir_all(&folder)?;
    for file in fs::read_dir(root().join("infra/browser"))? {
        let file = file?;
        fs::copy(file.path(), folder.join(file.file_name()))?;
    }
    if ["playwright-core", "axe-core"].iter().any(|name| !folder.join("node_modules").join(name).exists()) {
        let mut npm = program("npm");
        npm.args(["install", "--no-audit", "--no-fund", "--silent"]).current_dir(&folder);
        step::run("the browser's driver and the judge of accessibility", &mut npm)?;
    }
    Ok(folder)
}

fn chromium() -> Outcome<String> {
    if let Ok(chosen) = env::var("CHROMIUM") {
        return Ok(chosen);
    }
    if installed().is_none() && Path::new("/usr/bin/apt-get").exists() {
        step::run("the list of packages", program("apt-get").args(["update", "--quiet"]))?;
        let mut install = program("apt-get");
        install.args(["install", "--yes", "--quiet", "--no-install-recommends", "chromium"]);
        step::run("Chromium", install.env("DEBIAN_FRONTEND", "noninteractive"))?;
    }
    installed().ok_or_else(|| "there is no Chromium: install one, or name it by CHROMIUM=…".into())
}

/// Playwright wants a path.
fn installed() -> Option<String> {
    let path = env::var_os("PATH")?;
    let mut found = env::split_paths(&path).flat_map(|folder| CHROMIUMS.map(|name| folder.join(name)));
    found.find(|path| path.exists()).map(|path| path.display().to_string())
}
