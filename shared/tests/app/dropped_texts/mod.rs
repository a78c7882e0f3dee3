//! Dropped texts, from the bucket's event to the sockets' groups, with time and failures in the tests' own hands.

mod bench;
mod object_events;
mod published;
mod sending;
mod texts;
