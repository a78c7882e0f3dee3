//! The developers' commands: `cargo xtask help`.

#![expect(clippy::print_stdout, reason = "this program speaks to the person who called it")]

mod bench;
mod browser;
mod check;
mod cost;
mod documents;
mod e2e;
mod functions;
mod house;
mod layers;
mod openapi;
mod python;
mod sam;
mod start;
mod step;
mod validate;

use std::env;
use std::process::ExitCode;

use step::Outcome;

const HELP: &str = "\
cargo xtask <command>

  check      formatting, lints, documentation, layering, and the documents' links
  e2e        everything that runs whole programs; `e2e <stage>` runs one stage:
               local      links the functions' binaries; the scenarios against local-dev
               adapters   the AWS adapters on DynamoDB Local (Java) and an S3 server
               functions  the scenarios and injected faults against the functions' binaries, which local-dev runs
                          on DynamoDB Local and an S3 server (Java, Linux)
               social     signing in by a certified OpenID provider: local-dev (Node.js) and the `api` function (Java, Linux)
               deployed   template.yaml, built by `sam build` and deployed by `sam deploy` to MiniStack, an emulator of
                          AWS, and the scenarios there (Python 3, Linux)
               api        the sockets' description against AsyncAPI's schema (Node.js); the HTTP API against its own
                          description, by Schemathesis (Python 3)
               pages      the web page's tests (Node.js)
               browser    the web page in Chromium (Node.js)
  functions  the functions' binaries behind local-dev, on DynamoDB Local and an S3 server, to try by hand (Java).
             Further arguments are local-dev's, such as `--port 8001`; to drop a text, put an object under messages/
  openapi    generates openapi.json from the HTTP handlers and asyncapi.json from the types of the sockets' protocol
  validate   `sam validate --lint` on template.yaml; installs the SAM CLI below target/tools if need be (Python 3)
  bench      fan-out, talk in rooms, memory per socket and posts of a worker, against their limits
  start      size and start of the functions' optimised binaries, against their limits
  cost       dollars per million deliveries and per idle month, from counted requests
  browser    the web page in Chromium, with screenshots; installs Chromium on Debian
  help       this

What CI runs is in .ci/run.";

fn main() -> ExitCode {
    let command = env::args().nth(1).unwrap_or_else(|| "help".to_owned());
    match run(&command) {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => {
            println!("\nxtask {command} failed: {failure}");
            ExitCode::FAILURE
        }
    }
}

fn run(command: &str) -> Outcome {
    match command {
        "check" => check::run(),
        "e2e" => e2e::run(),
        "functions" => functions::run(),
        "openapi" => openapi::run(),
        "validate" => validate::run(),
        "bench" => bench::run(),
        "start" => start::run(),
        "cost" => cost::run(),
        "browser" => browser::run(),
        "help" | "--help" | "-h" => {
            println!("{HELP}");
            Ok(())
        }
        _ => Err(format!("there is no such command\n\n{HELP}").into()),
    }
}
