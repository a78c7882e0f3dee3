//! Many clients over the real application, in virtual time, on one thread: one seed decides everything that happens, what
//! goes wrong included, and rules are checked while it does.
//!
//! In reading order:
//!
//! * `kernel`: time, chance, and work that is interrupted between any two calls of a port.
//! * [`table`]: the `Table` port in memory.
//! * `ports`: the ports as an unreliable network shows them; a worker is an application on them, which may die.
//! * `clients`: what people outside know.
//! * `checks`: what must hold.
//! * `run`: a world, what its people do, and series of worlds.

mod checks;
mod clients;
mod kernel;
mod ports;
mod run;
pub mod table;

pub use run::{Course, Found, Plan, Report, Series, shrink};
