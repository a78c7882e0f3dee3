//! The course of a world: rounds in which things go wrong, after each of which all is quiet and is looked at, and nights.

use super::course::Course;
use super::operations;
use super::simulation::Simulation;
use crate::checks;
use crate::kernel::{Chance, Faults, Happening};

/// For how long nothing happens until all is quiet, in microseconds: longer than the longest pause of a job, and than
/// the pause between two signs of life.
const QUIET: i64 = 17 * 60 * 1_000_000;
/// How many operations there are between two quiet points.
const OPERATIONS: usize = 90;
/// The same where much collides on purpose after them.
const OPERATIONS_BEFORE: usize = 15;
/// How often all is quiet in a world.
const ROUNDS: usize = 4;

impl Simulation {
    /// Runs it to its end; tells how many steps it took.
    pub(crate) fn run(&mut self) -> u64 {
        self.world.schedule(30_000_000, Happening::Minute);
        self.populate();
        let strength = u32::try_from(Chance::of(self.plan.seed, 1).below(5).min(3)).unwrap_or(0);
        let is_crowded = self.plan.course == Course::Crowded;
        let strength = if self.plan.course == Course::Plain { strength } else { 3 };
        for round in 0..ROUNDS {
            if self.is_over() {
                break;
            }
            let strength = if self.plan.is_calm || round == 0 && strength == 1 { 0 } else { strength };
            let faults = Faults::of_strength(strength);
            let faults = if is_crowded { faults.harsher() } else { faults };
            self.round(round, faults);
        }
        self.steps
    }

    fn round(&mut self, round: usize, faults: Faults) {
        self.world.set_faults(faults);
        self.world.note(format_args!("round {round} begins with {faults:?}"));
        let mut pauses = Chance::of(self.plan.seed, 7000 + u64::try_from(round).unwrap_or(0));
        let mut at = 0;
        let is_crowded = self.plan.course == Course::Crowded;
        for _ in 0..if is_crowded { OPERATIONS_BEFORE } else { OPERATIONS } {
            at += match pauses.below(20) {
                0 => pauses.between(1_000_000, 12_000_000),
                1..8 => pauses.between(100_000, 1_500_000),
                _ => pauses.between(1_000, 60_000),
            };
            self.world.schedule(at, Happening::Operation(self.operations));
            self.operations += 1;
        }
        if is_crowded {
            at = self.plan_collisions(at, &mut pauses);
        }
        let end = self.world.now() + at;
        while self.world.now() < end && !self.is_over() && self.step(end) {}
        if faults.disconnect > 0 {
            self.lose_some(&mut pauses);
        }
        self.become_quiet();
        if !self.is_over() {
            self.catch_up_all();
            checks::check_all(&self.world, &self.scene);
            self.check_unread();
            self.check_dead_letters();
        }
        let is_night = pauses.one_in(3);
        if is_night && !self.is_over() {
            self.pass_night(pauses.between(26, 60));
        }
    }

    /// Everybody comes together after that moment; tells when things have gone wrong for long enough.
    fn plan_collisions(&mut self, mut at: i64, pauses: &mut Chance) -> i64 {
        for step in 0..operations::COLLIDING {
            at += pauses.between(300_000, 4_000_000);
            self.world.schedule(at, Happening::Collision { number: self.operations, step });
            self.operations += 1;
        }
        at + 2_000_000
    }

    /// Some sockets break, and the gateway tells nobody.
    fn lose_some(&self, chance: &mut Chance) {
        for socket in self.open_sockets() {
            if chance.one_in(if self.plan.course == Course::Plain { 8 } else { 4 }) {
                self.world.note(format_args!("{socket} breaks"));
                self.scene.close(&socket);
            }
        }
    }

    /// Nothing goes wrong any more, until nothing is left to do.
    fn become_quiet(&mut self) {
        self.world.set_faults(Faults::none());
        self.world.note(format_args!("nothing goes wrong any more"));
        let mut end = self.world.now() + QUIET;
        while !self.is_over() {
            if self.step(end) {
                continue;
            }
            match self.world.next_of_interest() {
                Some(later) if later < end + QUIET => end = later,
                _ => break,
            }
        }
        self.world.pass_to(end);
    }

    /// Everybody goes to sleep.
    fn pass_night(&mut self, hours: i64) {
        self.world.note(format_args!("a night of {hours} hours"));
        let open: Vec<String> = self.open_sockets();
        for socket in open {
            self.scene.close(&socket);
            self.world.schedule(1_000, Happening::Disconnected(socket));
        }
        self.become_quiet();
        let morning = self.world.now() + hours * 3_600_000_000;
        self.is_night = true;
        while !self.is_over() && self.step(morning) {}
        self.is_night = false;
        self.world.pass_to(morning);
    }

    fn check_dead_letters(&self) {
        if let Some(letter) = self.services.queue.dead().first() {
            self.world.violated("no job is put aside", format_args!("{letter}"));
        }
    }
}
