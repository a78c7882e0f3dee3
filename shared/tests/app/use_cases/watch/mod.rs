//! Watching together.

mod cinema;
mod commands;
mod gate;
mod host;
mod progress;
mod providers;
mod queue;
mod seat;
mod sync;
