//! The SAM CLI: checks, builds and deploys the template.

use std::env;
use std::ffi::OsString;
use std::fs::{self, File};
use std::io::Read as _;
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::python;
use crate::step::{self, Outcome, announce, program, root, target};

/// The versions that are known to work; newer ones may find more.
const SAM_CLI: &str = "aws-sam-cli==1.170.0";
const CARGO_LAMBDA: &str = "cargo-lambda==1.9.2";

/// What makes a build of nine binaries a matter of minutes: these are run a few times, and deployed nowhere.
const QUICK_RELEASE: [(&str, &str); 5] = [
    ("CARGO_PROFILE_RELEASE_LTO", "off"),
    ("CARGO_PROFILE_RELEASE_CODEGEN_UNITS", "16"),
    ("CARGO_PROFILE_RELEASE_OPT_LEVEL", "0"),
    ("CARGO_PROFILE_RELEASE_DEBUG", "false"),
    ("CARGO_INCREMENTAL", "0"),
];

/// `sam`, installed below `target/tools` if need be.
pub(crate) fn command() -> Outcome<Command> {
    let mut sam = program(python::environment("sam", &[SAM_CLI])?.join("sam"));
    sam.env("SAM_CLI_TELEMETRY", "0");
    Ok(sam)
}

/// The programs that build and deploy, for a person to read.
pub(crate) fn versions() -> String {
    [SAM_CLI, CARGO_LAMBDA].join(", ")
}

/// Builds every function for an architecture (`x86_64` or `arm64`) by `sam build`; answers the folder of what was built,
/// `template.yaml` among it.
pub(crate) fn build(architecture: &str) -> Outcome<PathBuf> {
    let cargo_lambda = python::environment("cargo-lambda", &[CARGO_LAMBDA])?;
    let folder = target().join("sam").join(architecture);
    let mut build = command()?;
    build.args(["build", "--parameter-overrides", &format!("Architecture={architecture}"), "--build-dir"]);
    build.arg(&folder).envs(QUICK_RELEASE).env("PATH", with_path(&cargo_lambda)?);
    step::run(&format!("sam build, {architecture}"), &mut build)?;
    let binaries = built(&folder, architecture)?;
    let megabytes = binaries.iter().sum::<u64>() / 1_000_000;
    announce(&format!("{} functions built for {architecture}, {megabytes} MB in all", binaries.len()));
    Ok(folder)
}

/// The size of every function's binary. There is one for each folder of `functions`, compiled for that architecture.
fn built(folder: &Path, architecture: &str) -> Outcome<Vec<u64>> {
    let mut sizes = Vec::new();
    for entry in fs::read_dir(folder)? {
        let path = entry?.path().join("bootstrap");
        if let Ok(binary) = fs::metadata(&path) {
            let mut header = [0; 20];
            File::open(&path)?.read_exact(&mut header)?;
            if compiled_for(header) != Some(architecture) {
                return Err(format!("{} is no program for {architecture}", path.display()).into());
            }
            sizes.push(binary.len());
        }
    }
    let functions = fs::read_dir(root().join("functions"))?.count();
    if sizes.len() == functions {
        return Ok(sizes);
    }
    Err(format!("{}: {} binaries for {functions} functions", folder.display(), sizes.len()).into())
}

/// The architecture, by its name in a template, that a program of Linux is for. The header is ELF's, little-endian.
fn compiled_for(header: [u8; 20]) -> Option<&'static str> {
    match header {
        [0x7f, b'E', b'L', b'F', .., 0x3e, 0] => Some("x86_64"),
        [0x7f, b'E', b'L', b'F', .., 0xb7, 0] => Some("arm64"),
        _ => None,
    }
}

fn with_path(folder: &Path) -> Outcome<OsString> {
    let inherited = env::var_os("PATH").unwrap_or_default();
    Ok(env::join_paths(std::iter::once(folder.to_path_buf()).chain(env::split_paths(&inherited)))?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_program_says_what_it_is_compiled_for() {
        let mut header = [0; 20];
        File::open(env::current_exe().unwrap()).unwrap().read_exact(&mut header).unwrap();
        if env::consts::OS == "linux" {
            let own = if env::consts::ARCH == "aarch64" { "arm64" } else { env::consts::ARCH };
            assert_eq!(compiled_for(header), Some(own));
        }
        header[18] ^= 0x3e ^ 0xb7;
        assert_ne!(compiled_for(header), Some(env::consts::ARCH));
        assert_eq!(compiled_for([0; 20]), None);
    }
}
