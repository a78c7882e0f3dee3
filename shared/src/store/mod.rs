//! Typed items over the Table port: the only place where a key is spelled.

pub mod jobs;
