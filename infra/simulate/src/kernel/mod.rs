//! Virtual time, and work that is interrupted between any two calls of a port.

pub(crate) mod chance;
pub(crate) mod clock;
pub(crate) mod executor;
pub(crate) mod faults;
pub(crate) mod gate;
pub(crate) mod happening;
pub(crate) mod trace;
pub(crate) mod world;

pub(crate) use self::chance::{Chance, mix};
pub(crate) use self::executor::Executor;
pub(crate) use self::faults::Faults;
pub(crate) use self::gate::Gate;
pub(crate) use self::happening::Happening;
pub(crate) use self::world::{Due, TaskId, Violation, World};
