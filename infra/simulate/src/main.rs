//! `cargo xtask simulate`: worlds of one seed after another, until a rule is broken or all steps are done.

#![expect(clippy::print_stdout, reason = "this program speaks to the person who called it")]

mod options;
#[cfg(feature = "mutants")]
mod planting;

use std::error::Error;
use std::process::ExitCode;
use std::thread::available_parallelism;
use std::time::Instant;

use simulate::{Found, Plan, Series, shrink};

use crate::options::Options;

type Outcome<T = ()> = Result<T, Box<dyn Error + Send + Sync>>;

fn main() -> ExitCode {
    match run() {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::FAILURE,
        Err(error) => {
            println!("{error}");
            ExitCode::FAILURE
        }
    }
}

/// Whether everything was as it has to be.
fn run() -> Outcome<bool> {
    let options = Options::read(std::env::args().skip(1))?;
    if options.mutants {
        return plant(&options);
    }
    let threads = if options.parallel { available_parallelism().map_or(1, usize::from) } else { 1 };
    let began = Instant::now();
    let series = Series { seed: options.seed, steps: options.steps };
    println!("seed {}, {} steps, {threads} at a time", series.seed, series.steps);
    let report = series.run(threads)?;
    let seconds = began.elapsed().as_secs();
    let Some(found) = report.found else {
        println!("{} steps in {} worlds broke no rule ({seconds} s)", report.steps, report.worlds);
        return Ok(true);
    };
    show(&found, &options)?;
    Ok(false)
}

#[cfg(feature = "mutants")]
fn plant(options: &Options) -> Outcome<bool> {
    planting::find_all(options)
}

#[cfg(not(feature = "mutants"))]
fn plant(_: &Options) -> Outcome<bool> {
    Err("bugs are planted where the feature `mutants` is on: cargo xtask simulate --mutants".into())
}

/// Shows what broke a rule, as small as it can be made.
fn show(found: &Found, options: &Options) -> Outcome {
    let plan = Plan::new(found.seed, found.step);
    let (plan, small) = if options.shrink { shrink(&plan, found)? } else { (plan, found.clone()) };
    for line in small.lines.iter().skip(small.lines.len().saturating_sub(options.lines)) {
        println!("{line}");
    }
    println!("\nbroken: {}\n  by: {}", small.rule, small.what);
    if plan.without.len() + plan.absent.len() > 0 || plan.is_calm {
        println!(
            "  also without people {:?} and {} of {} operations{}, in {} steps",
            plan.absent,
            plan.without.len(),
            small.operations,
            if plan.is_calm { ", and without any fault" } else { "" },
            small.step
        );
    }
    println!("  again: cargo xtask simulate --seed {} --steps {}", found.seed, found.step);
    Ok(())
}
