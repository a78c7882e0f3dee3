//! The developers' commands: `cargo xtask help`.

#![expect(clippy::print_stdout, reason = "this program speaks to the person who called it")]

mod bench;
mod browser;
mod check;
mod conventions;
mod cost;
mod documents;
mod e2e;
mod functions;
mod layers;
mod openapi;
mod python;
mod sam;
mod simulate;
mod skew;
mod start;
mod step;
mod storms;
mod types;
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
               pages      the web page's types and tests (Node.js)
               skew       `cargo xtask skew`, below (Node.js)
               simulate   `cargo xtask simulate`, below, with a seed of its own
               browser    the web page in Chromium (Node.js)
               browser-functions
                          the web page in Chromium, in front of the functions' binaries (Node.js, Java, Linux)
  functions  the functions' binaries behind local-dev, on DynamoDB Local and an S3 server, to try by hand (Java).
             Further arguments are local-dev's, such as `--port 8001`; to drop a text, put an object under messages/
  openapi    generates openapi.json from the HTTP handlers and asyncapi.json from the types of the sockets' protocol
  validate   `sam validate --lint` on template.yaml; installs the SAM CLI below target/tools if need be (Python 3)
  bench      fan-out, talk in rooms, memory per socket and posts of a worker, against their limits; `bench --peers` compares
             talk in rooms with the `ws` package, alone and with SQLite, with Socket.IO, and with NATS where there is a
             nats-server (Node.js, Linux)
  skew       a hundred viewers in virtual time, with the page's own clock, against the application: how far they are
             apart, against its limits; `skew --seed 7` is another run (Node.js)
  simulate   many clients over the real application in virtual time, with faults, until a rule is broken or 200,000 steps
             are done: `--seed 7 --steps 5000`; `--parallel` on all cores; `--mutants` looks for planted bugs instead
  storms     local-dev killed a hundred times in the midst of talk, a thousand sockets beside two hundred hostile ones, five
             thousand who join one room, and 200,000 messages by sockets that come and go, against their limits (Linux);
             the functions while their table, their queue and `@connections` fail and their workers are killed (Java)
  start      size and start of the functions' optimised binaries, against their limits
  cost       dollars per million deliveries and per idle month, from counted requests
  types      checks the types of the pages' modules and makes static/parlor.d.ts of the client's (Node.js)
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
        "simulate" => simulate::run(),
        "skew" => skew::run(),
        "storms" => storms::run(),
        "start" => start::run(),
        "cost" => cost::run(),
        "types" => types::run(),
        "browser" => browser::run(),
        "help" | "--help" | "-h" => {
            println!("{HELP}");
            Ok(())
        }
        _ => Err(format!("there is no such command\n\n{HELP}").into()),
    }
}
