//! The developers' commands: `cargo xtask help`.

#![expect(clippy::print_stdout, reason = "this program speaks to the person who called it")]

mod bench;
mod browser;
mod check;
mod cost;
mod e2e;
mod house;
mod step;
mod validate;

use std::env;
use std::process::ExitCode;

use step::Outcome;

const HELP: &str = "\
cargo xtask <command>

  check     formatting, lints, documentation, and the rules of the house
  e2e       the functions' binaries, local-dev's end-to-end suites, the AWS adapters on DynamoDB Local, the page's tests, the
            browser; `e2e adapters` runs that stage alone
  validate  template.yaml, by the SAM CLI (installed below target/tools if need be)
  bench     local-dev's benchmarks
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
        "validate" => validate::run(),
        "bench" => bench::run(),
        "cost" => cost::run(),
        "browser" => browser::run(),
        "help" | "--help" | "-h" => {
            println!("{HELP}");
            Ok(())
        }
        _ => Err(format!("there is no such command\n\n{HELP}").into()),
    }
}
