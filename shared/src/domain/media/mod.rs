//! Media: what they are called, how they are served.

pub mod byte_range;
pub mod medium;
pub mod predefined_audio;

pub use self::medium::*;
