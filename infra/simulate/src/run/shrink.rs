//! Makes a world that breaks a rule smaller, as long as it breaks the same one.

use super::plan::Plan;
use super::series::Found;

/// How many worlds are run for it at most.
const ATTEMPTS: usize = 160;

/// Leaves people and operations out, and all that goes wrong if it must not.
///
/// # Errors
///
/// As [`Plan::run`].
pub fn shrink(plan: &Plan, found: &Found) -> std::io::Result<(Plan, Found)> {
    let mut search = Search { plan: plan.clone(), found: found.clone(), left: ATTEMPTS };
    search.attempt(Plan { is_calm: true, ..search.plan.clone() })?;
    for person in 0..10 {
        let mut plan = search.plan.clone();
        plan.absent.insert(person);
        search.attempt(plan)?;
    }
    let mut size = search.found.operations.div_ceil(2);
    while size > 0 {
        let mut from = 0;
        while from < search.found.operations {
            let mut plan = search.plan.clone();
            let before = plan.without.len();
            plan.without.extend(from..from + size);
            if plan.without.len() > before {
                search.attempt(plan)?;
            }
            from += size;
        }
        size /= 2;
    }
    Ok((search.plan, search.found))
}

struct Search {
    plan: Plan,
    found: Found,
    left: usize,
}

impl Search {
    fn attempt(&mut self, plan: Plan) -> std::io::Result<()> {
        if self.left == 0 {
            return Ok(());
        }
        self.left -= 1;
        let report = plan.run()?;
        if let Some(found) = report.found.filter(|found| found.rule == self.found.rule) {
            // What comes after it need not be run.
            self.plan = Plan { steps: found.step, ..plan };
            self.found = found;
        }
        Ok(())
    }
}
