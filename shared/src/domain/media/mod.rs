//! Media: what they are called, how they are served.

pub mod byte_range;
pub mod medium;
pub mod picture_size;
pub mod predefined_audio;

pub use self::medium::*;
pub use self::picture_size::{PICTURE_HEAD, PictureSize};
