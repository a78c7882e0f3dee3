//! People: who they are, how they sign in, and what they may change.

pub mod admin;
pub mod console;
pub(in crate::app) mod end_session;
mod own_sessions;
pub(in crate::app) mod picture;
pub(in crate::app) mod profile;
pub(in crate::app) mod register;
pub(in crate::app) mod secrets;
pub(in crate::app) mod signing_in;
pub(in crate::app) mod tokens;

pub use self::end_session::{end_all_sessions, end_session};
pub use self::own_sessions::{OwnSession, end_own_session, own_sessions};
pub use self::picture::{PictureChange, sweep_picture};
pub use self::profile::{ProfileChange, change_profile, delete_profile, find_people, profile};
pub use self::register::{Registration, register};
pub use self::secrets::*;
pub use self::signing_in::*;
pub use self::tokens::*;
