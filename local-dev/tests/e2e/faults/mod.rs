//! What AWS does seldom, done to the real functions on purpose. After each: every text that was taken has reached every
//! open socket, no rows of dead sockets are left, nothing is stuck.
//!
//! Only the target `functions` can fail on demand, so these run by `cargo xtask e2e functions` alone.

mod faulty_proxy;
mod presence;
mod repeated_events;
mod sockets;
mod storm;
mod table;
mod talk;
mod talker;
mod unreliable;
mod workers;
