//! World after world, each with the next seed, on one thread or several.

use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread;

use super::plan::Plan;
use super::simulation::Simulation;
use crate::ports::LogWatch;

/// How many lines of the trace are kept with what was found.
const LINES: usize = 40_000;

/// What a world came to, or several.
#[derive(Debug, Clone, Default)]
pub struct Report {
    /// How many steps it took.
    pub steps: u64,
    /// How many worlds there were.
    pub worlds: u64,
    /// A hash of all that happened in a world.
    pub hash: u64,
    /// The rule that was broken, if one was.
    pub found: Option<Found>,
}

/// A rule that was broken.
#[derive(Debug, Clone)]
pub struct Found {
    /// The world in which it was.
    pub seed: u64,
    /// At which step.
    pub step: u64,
    /// Which rule.
    pub rule: String,
    /// By what.
    pub what: String,
    /// What happened last before.
    pub lines: Vec<String>,
    /// How many operations there had been.
    pub operations: usize,
}

/// Worlds of ascending seeds.
#[derive(Debug, Clone, Copy)]
pub struct Series {
    /// The first world's.
    pub seed: u64,
    /// How many steps there are in all of them.
    pub steps: u64,
}

impl Plan {
    /// Runs the world.
    ///
    /// # Errors
    ///
    /// Where no thread can be had for what is done beside this one.
    pub fn run(&self) -> std::io::Result<Report> {
        let mut simulation = Simulation::new(self.clone())?;
        let watch = LogWatch::new(Arc::clone(&simulation.world));
        let steps = tracing::subscriber::with_default(watch, || simulation.run());
        let found = simulation.violation().map(|violation| Found {
            seed: self.seed,
            // What is checked when all is quiet comes after the last step.
            step: steps + 1,
            rule: violation.rule.to_owned(),
            what: violation.what,
            lines: simulation.last_lines(LINES),
            operations: simulation.operations,
        });
        Ok(Report { steps, worlds: 1, hash: simulation.hash(), found })
    }
}

impl Series {
    /// Runs worlds, so many at a time, until a rule is broken or all steps are done.
    ///
    /// # Errors
    ///
    /// As [`Plan::run`].
    pub fn run(&self, threads: usize) -> std::io::Result<Report> {
        let (total, next) = (Mutex::new(Report::default()), AtomicU64::new(0));
        thread::scope(|scope| {
            let runs: Vec<_> = (0..threads).map(|_| scope.spawn(|| self.run_worlds(&total, &next))).collect();
            // A thread that panics has shown why.
            let failed = || std::io::Error::other("a world panicked");
            runs.into_iter().try_for_each(|run| run.join().map_err(|_| failed())?)
        })?;
        Ok(total.into_inner().unwrap_or_else(PoisonError::into_inner))
    }

    fn run_worlds(&self, total: &Mutex<Report>, next: &AtomicU64) -> std::io::Result<()> {
        let total = || total.lock().unwrap_or_else(PoisonError::into_inner);
        loop {
            let (steps, is_found) = {
                let total = total();
                (total.steps, total.found.is_some())
            };
            if is_found || steps >= self.steps {
                return Ok(());
            }
            let seed = self.seed.wrapping_add(next.fetch_add(1, Ordering::Relaxed));
            let report = Plan::new(seed, self.steps - steps).run()?;
            let mut total = total();
            total.steps += report.steps.max(1);
            total.worlds += 1;
            total.hash ^= report.hash.rotate_left(u32::try_from(seed % 64).unwrap_or(0));
            if total.found.is_none() {
                total.found = report.found;
            }
        }
    }
}
