//! Watching together.

mod cinema;
mod commands;
mod host;
mod queue;
mod seat;
mod sync;
