//! The people outside: what they know, and what they do when something reaches them.

mod person;
mod saying;
mod scene;
mod socket;
mod view;

pub(crate) use self::person::{Person, Tokens};
pub(crate) use self::saying::{Heard, Saying};
pub(crate) use self::scene::{Clients, Scene};
pub(crate) use self::socket::{Kind, Socket, SocketState};
pub(crate) use self::view::View;
