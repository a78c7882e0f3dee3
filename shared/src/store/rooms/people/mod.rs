//! Who stands where in rooms: members' rows, and the transactions by which they come, go and are renamed.

mod departures;
pub(super) mod member;
pub(super) mod members;
pub(super) mod membership;
pub(super) mod person_rooms;
mod renaming;
