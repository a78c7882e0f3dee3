//! The HTTP API as its description has it: Schemathesis reads `/openapi.json` of a local-dev, makes calls up, right and
//! wrong ones, and holds every answer against the description. What it tries, and who it is meanwhile, stands in `infra/api`.

use std::fs;
use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdout, Command, Stdio};

use super::asyncapi;
use crate::python;
use crate::step::{self, Outcome, cargo, is_installed, program, root, target};

/// The tested version: what it tries, and so what it finds, changes with it.
const PACKAGES: [&str; 1] = ["schemathesis==4.32.5"];

/// Of the admin, who is there from the start.
const ADMIN_EMAIL: &str = "root@example.org";
/// Everybody's there.
const PASSWORD: &str = "plum amber kettle 47";

/// The sockets' description first; then all calls against a local-dev of their own.
pub(super) fn run() -> Outcome {
    asyncapi::run()?;
    if !is_installed("python3") {
        step::announce("the API as it is described: passed over, since there is no python3 here");
        return Ok(());
    }
    let programs = python::environment("schemathesis", &PACKAGES)?;
    step::run("local-dev", cargo().args(["build", "--package", "local-dev"]))?;
    let folder = folder()?;
    make_admin(&folder.join("store"))?;
    let server = LocalDev::start(&folder.join("store"))?;
    step::run("the API as it is described", &mut schemathesis(&programs, &folder, &server))
}

/// A folder of its own outside the source tree, since it leaves things where it runs; with an empty store.
fn folder() -> Outcome<PathBuf> {
    let folder = target().join("api");
    if folder.exists() {
        fs::remove_dir_all(&folder)?;
    }
    fs::create_dir_all(&folder)?;
    for name in ["hooks.py", "schemathesis.toml"] {
        fs::copy(root().join("infra/api").join(name), folder.join(name))?;
    }
    Ok(folder)
}

/// By the command that makes the first one anywhere.
fn make_admin(store: &Path) -> Outcome {
    let mut command = program(target().join("debug/local-dev"));
    command.args(["admin", "create", "--email", ADMIN_EMAIL, "--password-stdin", "--store"]).arg(store);
    let mut process = command.stdin(Stdio::piped()).stdout(Stdio::null()).spawn()?;
    let mut input = process.stdin.take().ok_or("local-dev reads nothing")?;
    writeln!(input, "{PASSWORD}")?;
    drop(input);
    match process.wait()?.success() {
        true => Ok(()),
        false => Err("no admin can be made".into()),
    }
}

fn schemathesis(programs: &Path, folder: &Path, server: &LocalDev) -> Command {
    let mut command = program(programs.join("st"));
    command.arg("--config-file").arg(folder.join("schemathesis.toml"));
    command.args(["run", "--no-color"]).arg(format!("{}/openapi.json", server.url));
    command.current_dir(folder).env("API", &server.url).env("PYTHONDONTWRITEBYTECODE", "1");
    command.env("ADMIN_EMAIL", ADMIN_EMAIL).env("PASSWORD", PASSWORD).env("MAILS", folder.join("store/mail"));
    command
}

/// The program on free ports, ended when dropped.
struct LocalDev {
    /// Where it is, without a slash at the end.
    url: String,
    /// Kept open: a program that cannot say what it wants to ends.
    output: BufReader<ChildStdout>,
    process: Child,
}

impl LocalDev {
    /// Starts it; who does in a minute what people do in days is not held to their limits.
    fn start(store: &Path) -> Outcome<Self> {
        let mut command = program(target().join("debug/local-dev"));
        command.args(["--port", "0", "--feed-port", "0", "--rate-limits", "lift", "--store"]).arg(store);
        let mut process = command.stdin(Stdio::null()).stdout(Stdio::piped()).spawn()?;
        let output = process.stdout.take().map(BufReader::new).ok_or("local-dev says nothing")?;
        let mut server = Self { url: String::new(), output, process };
        // It is up once it says where.
        let said = server.output.by_ref().lines().map_while(Result::ok);
        server.url = said.filter_map(|line| url_in(&line)).next().ok_or("local-dev does not start")?;
        Ok(server)
    }
}

impl Drop for LocalDev {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

/// The URL of the HTTP API, where the line has it.
fn url_in(line: &str) -> Option<String> {
    let (_, port) = line.split_once("http://localhost:")?;
    let port: String = port.chars().take_while(char::is_ascii_digit).collect();
    Some(format!("http://localhost:{port}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_url_is_read_from_what_the_server_says_first() {
        let said = "  Web page and HTTP API   http://localhost:43125/";
        assert_eq!(url_in(said).as_deref(), Some("http://localhost:43125"));
        assert_eq!(url_in("Parlor is up."), None);
    }
}
