//! One world after another, until a rule is broken or enough steps are done.

mod answers;
mod catching_up;
mod course;
mod crashes;
mod operations;
mod plan;
mod requests;
mod rounds;
mod series;
mod shrink;
mod simulation;
mod sockets;
mod unread;

pub use self::course::Course;
pub use self::plan::Plan;
pub use self::series::{Found, Report, Series};
pub use self::shrink::shrink;
