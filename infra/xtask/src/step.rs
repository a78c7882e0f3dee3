//! One program run on behalf of a command, announced before it starts.

use std::env;
use std::error::Error;
use std::ffi::OsStr;
use std::path::{Path, PathBuf};
use std::process::Command;

/// What a command ends with: nothing, or a sentence about what went wrong.
pub(crate) type Outcome<T = ()> = Result<T, Box<dyn Error>>;

/// The folder of the whole project: as cargo says it now, since a build may have been moved.
pub(crate) fn root() -> PathBuf {
    let here = env::var_os("CARGO_MANIFEST_DIR").unwrap_or_else(|| env!("CARGO_MANIFEST_DIR").into());
    let here = Path::new(&here);
    here.ancestors().nth(2).unwrap_or(here).to_path_buf()
}

/// Cargo's folder for what can be made again.
pub(crate) fn target() -> PathBuf {
    let chosen = env::var_os("CARGO_TARGET_DIR").unwrap_or_else(|| "target".into());
    root().join(chosen)
}

/// The cargo that runs us.
pub(crate) fn cargo() -> Command {
    program(env::var_os("CARGO").unwrap_or_else(|| "cargo".into()))
}

/// A program, started in the project's folder.
pub(crate) fn program(name: impl AsRef<OsStr>) -> Command {
    let mut command = Command::new(name);
    command.current_dir(root());
    command
}

/// Runs a program whose output is for the person; anything but success is an error.
pub(crate) fn run(what: &str, command: &mut Command) -> Outcome {
    announce(what);
    let status = command.status().map_err(|error| format!("{what}: {error}"))?;
    if status.success() { Ok(()) } else { Err(format!("{what}: {status}").into()) }
}

/// Runs a program whose output is for us.
pub(crate) fn read(what: &str, command: &mut Command) -> Outcome<String> {
    announce(what);
    let output = command.output().map_err(|error| format!("{what}: {error}"))?;
    if output.status.success() {
        Ok(String::from_utf8(output.stdout)?)
    } else {
        let errors = String::from_utf8_lossy(&output.stderr);
        Err(format!("{what}: {}\n{errors}", output.status).into())
    }
}

/// Says what comes now.
pub(crate) fn announce(what: &str) {
    println!("\n== {what}");
}

/// Whether a program can be started.
pub(crate) fn is_installed(name: &str) -> bool {
    let found = program(name).arg("--version").output();
    found.is_ok_and(|output| output.status.success())
}
