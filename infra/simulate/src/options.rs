//! What the command line says.

use std::collections::hash_map::RandomState;
use std::hash::{BuildHasher as _, Hasher as _};

use crate::Outcome;

/// What is to be run.
#[derive(Debug, Clone)]
pub(crate) struct Options {
    /// The first world's seed.
    pub(crate) seed: u64,
    /// How many steps at most.
    pub(crate) steps: u64,
    /// Whether worlds are run on all cores.
    pub(crate) parallel: bool,
    /// Whether the planted bugs are looked for.
    pub(crate) mutants: bool,
    /// One of them alone.
    pub(crate) mutant: Option<String>,
    /// How many lines are shown of what came before.
    pub(crate) lines: usize,
    /// Whether what broke a rule is made smaller.
    pub(crate) shrink: bool,
}

impl Options {
    pub(crate) fn read(mut arguments: impl Iterator<Item = String>) -> Outcome<Self> {
        let mut options = Self {
            seed: fresh(),
            steps: 200_000,
            parallel: false,
            mutants: false,
            mutant: None,
            lines: 60,
            shrink: true,
        };
        while let Some(name) = arguments.next() {
            let mut value = || arguments.next().ok_or_else(|| format!("{name} wants a value"));
            match name.as_str() {
                "--seed" => options.seed = value()?.parse()?,
                "--steps" => options.steps = value()?.replace('_', "").parse()?,
                "--lines" => options.lines = value()?.parse()?,
                "--mutant" => options.mutant = Some(value()?),
                "--parallel" => options.parallel = true,
                "--mutants" => options.mutants = true,
                "--as-it-is" => options.shrink = false,
                _ => return Err(format!("there is no option {name}").into()),
            }
        }
        Ok(options)
    }
}

/// Another seed in every run, short enough to be typed.
fn fresh() -> u64 {
    RandomState::new().build_hasher().finish() % 1_000_000_000
}
