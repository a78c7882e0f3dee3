//! Coming into rooms and going: joining, waiting for the host, invitations, the lobby.

pub(super) mod decide_applicant;
pub(super) mod join_room;
pub(super) mod leave_room;
pub(super) mod lobby;
pub(super) mod room_invitations;
