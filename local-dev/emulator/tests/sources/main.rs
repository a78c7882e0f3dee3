//! The event sources over real HTTP: what AWS does, with functions that do as the test says.

#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a test that cannot go on has failed")]

mod asynchronous;
mod control;
mod object_events;
mod passing_on;
mod queue_source;
mod queue_source_failures;
mod schedules;
mod sqs_batches;
mod sqs_protocol;
mod stopping;
mod support;
