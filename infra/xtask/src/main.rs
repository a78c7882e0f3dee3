//! The developers' commands: `cargo xtask help`.

#![expect(clippy::print_stdout, reason = "this program speaks to the person who called it")]

mod bench;
mod browser;
mod check;
mod cost;
mod e2e;
mod functions;
mod house;
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

  check     formatting, lints, documentation, and the rules of the house
  e2e       everything that runs whole programs, or one stage of it:
              e2e local     the functions' binaries link; local-dev's end-to-end suites
              e2e adapters  the AWS adapters on DynamoDB Local and an S3 server
              e2e functions the scenarios, and injected faults, on the functions' binaries behind local-dev
              e2e social    the scenarios of signing in by a certified OpenID provider, local and with the functions
              e2e deployed  template.yaml by `sam build` and `sam deploy` on MiniStack, and the scenarios there
              e2e api       the HTTP API against its own description, by Schemathesis
              e2e pages     the page's tests
              e2e browser   the page in Chromium
  functions the functions' binaries behind local-dev, on DynamoDB Local and an S3 server, to try by hand
  openapi   makes shared/src/inbound/http/openapi.json anew from the handlers
  validate  template.yaml, by the SAM CLI (installed below target/tools if need be)
  bench     local-dev's benchmarks
  start     size and start of the functions' optimised binaries, beside an empty one
  cost      dollars per million deliveries, and per month of an idle deployment, from counted requests
  browser   the page in Chromium, against local-dev (both installed if need be)
  help      this

What CI runs, in its order, is in .ci/run.";

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
