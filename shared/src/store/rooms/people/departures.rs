//! Leaving a room, of one's own will or not, and for good.

use serde_json::json;

use super::member::Member;
use super::members::{is_as_read, is_no_host, member_key, name_key};
use super::membership::{Membership, Moved};
use super::person_rooms::{PersonRoom, PersonRooms};
use crate::domain::rooms::{RoomRole, Status, folded_name};
use crate::ports::{Change, Comparison, Condition, TableError, Write};
use crate::protocol::Timestamp;
use crate::store::rooms::all_rooms::Rooms;
use crate::store::rooms::room::Room;

impl Membership<'_> {
    /// Changes where somebody stands who was read as a member, an applicant or one of the banned: leaving, denial, a ban,
    /// its end. Their name is free again.
    pub async fn move_to(
        &self,
        room: &Room,
        member: &Member,
        status: Status,
        now: Timestamp,
    ) -> Result<Moved, TableError> {
        // Whoever has become host meanwhile stays in.
        let is_still = Condition::All(vec![
            is_as_read(member),
            Condition::Compare("since".to_owned(), Comparison::Equal, json!(member.since)),
            is_no_host(),
        ]);
        let changes = vec![
            Change::Set("status".to_owned(), json!(status.name())),
            Change::Set("since".to_owned(), json!(now.as_micros())),
            Change::Set("role".to_owned(), json!(RoomRole::Member)),
        ];
        let entry =
            PersonRoom { code: room.code.clone(), kind: room.kind, status, expires_at: member.expires_at };
        let mut writes = vec![
            Write::Update(member_key(&room.code, member.user), changes, is_still),
            PersonRooms::noting(member.user, &entry)?,
        ];
        writes.extend(freed_name(room, member));
        let is_counted = member.is_approved() && !planted!(UncountedLeaving);
        writes.extend(is_counted.then(|| Rooms::count(&room.code, -1, None)));
        writes.extend(leaving_conversation(room, member)?);
        self.moved(writes).await
    }

    /// Leaves nothing of a person in a room but their number: name, picture and marks go.
    pub async fn erase(&self, room: &Room, member: &Member) -> Result<Moved, TableError> {
        let changes = vec![
            Change::Set("name".to_owned(), json!("")),
            Change::Remove("picture".to_owned()),
            Change::Remove("said".to_owned()),
            Change::Set("status".to_owned(), json!(Status::Left.name())),
            Change::Set("role".to_owned(), json!(RoomRole::Member)),
        ];
        // Whoever has become host meanwhile is to be followed by somebody first.
        let is_same = match room.is_active() {
            true => Condition::All(vec![is_as_read(member), is_no_host()]),
            false => is_as_read(member),
        };
        let mut writes = vec![Write::Update(member_key(&room.code, member.user), changes, is_same)];
        writes.extend(freed_name(room, member));
        writes.extend(member.is_approved().then(|| Rooms::count(&room.code, -1, None)));
        writes.extend(leaving_conversation(room, member)?);
        self.moved(writes).await
    }
}

/// The write that gives up somebody's name, if they have one to give up.
fn freed_name(room: &Room, member: &Member) -> Option<Write> {
    let own = Condition::Compare("user".to_owned(), Comparison::Equal, json!(member.user));
    let place = name_key(&room.code, &folded_name(&member.name));
    let write = || Write::Delete(place, Condition::Any(vec![Condition::Absent, own]));
    member.holds_name().then(write)
}

/// Who leaves a conversation is not among its people any more, whose inboxes are told of it.
fn leaving_conversation(room: &Room, member: &Member) -> Result<Vec<Write>, TableError> {
    if !room.people.contains(&member.user) {
        return Ok(Vec::new());
    }
    let mut after = room.clone();
    after.people.retain(|user| *user != member.user);
    Rooms::replacement(room, &after)
}
