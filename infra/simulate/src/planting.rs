//! Plants one bug after another, and looks whether each is found.

use parlor::mutants::{Mutant, plant};
use simulate::Series;

use crate::Outcome;
use crate::options::Options;

/// Whether all planted bugs were found within the steps; each is looked for on all cores.
pub(crate) fn find_all(options: &Options) -> Outcome<bool> {
    let threads = std::thread::available_parallelism().map_or(1, usize::from);
    let (mut planted, mut missed) = (0, Vec::new());
    for (mutant, what) in Mutant::ALL {
        let name = format!("{mutant:?}");
        if options.mutant.as_ref().is_some_and(|chosen| *chosen != name) {
            continue;
        }
        planted += 1;
        plant(Some(*mutant));
        let report = Series { seed: options.seed, steps: options.steps }.run(threads)?;
        match report.found {
            Some(found) => {
                println!("{name:<24} {:>7} steps, seed {}: {}", report.steps, found.seed, found.rule)
            }
            None => {
                println!("{name:<24} NOT FOUND in {} steps:{what}", report.steps);
                missed.push(name);
            }
        }
    }
    plant(None);
    println!("{} of {planted} planted bugs were found, from seed {}", planted - missed.len(), options.seed);
    Ok(planted > 0 && missed.is_empty())
}
