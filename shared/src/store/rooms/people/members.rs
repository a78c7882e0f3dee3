//! The members of rooms.

use serde_json::json;

use super::member::Member;
use crate::domain::rooms::{RoomRole, Status};
use crate::ids::{RoomCode, UserId};
use crate::ports::{
    Change, Comparison, Condition, Consistency, Cursor, Direction, Head, Item, Key, Partition, Query,
    SortRange, Table, TableError, Write,
};
use crate::protocol::Timestamp;
use crate::store::record::{from_item, key, refused};

/// How many rows are read at a time.
const PAGE: usize = 100;

/// The members in a table.
#[derive(Debug)]
pub struct Members<'a>(pub &'a dyn Table);

/// Some of a room's rows.
#[derive(Debug, Clone, PartialEq)]
pub struct MemberPage {
    /// The rows, of every status.
    pub members: Vec<Member>,
    /// After whom the next page begins; none at the end.
    pub next: Option<UserId>,
}

impl Members<'_> {
    /// Somebody's row in a room.
    pub async fn get(&self, room: &RoomCode, user: UserId) -> Result<Option<Member>, TableError> {
        self.0.get(&member_key(room, user), Consistency::Strong).await?.map(from_item).transpose()
    }

    /// The row that an item holds.
    pub fn read(item: Item) -> Result<Member, TableError> {
        from_item(item)
    }

    /// The rows of these people that are there, in any order.
    pub async fn of(&self, room: &RoomCode, users: &[UserId]) -> Result<Vec<Member>, TableError> {
        let mut members = Vec::with_capacity(users.len());
        for users in users.chunks(100) {
            let keys: Vec<Key> = users.iter().map(|user| member_key(room, *user)).collect();
            let found = self.0.batch_get(&keys, Consistency::Strong).await?;
            members.extend(found.into_iter().map(from_item).collect::<Result<Vec<Member>, _>>()?);
        }
        Ok(members)
    }

    /// In which of these rooms, at most a hundred, somebody is a member.
    pub async fn approved_in(&self, user: UserId, rooms: &[RoomCode]) -> Result<Vec<RoomCode>, TableError> {
        let keys: Vec<Key> = rooms.iter().map(|room| member_key(room, user)).collect();
        let found = self.0.batch_get(&keys, Consistency::Strong).await?;
        let approved = found
            .into_iter()
            .filter(|item| item.attributes.get("status") == Some(&json!(Status::Approved.name())));
        let places: Vec<Key> = approved.map(|item| item.key).collect();
        Ok(rooms.iter().filter(|room| places.contains(&member_key(room, user))).cloned().collect())
    }

    /// One page of a room's rows, by ascending number within their text's order.
    pub async fn page(
        &self,
        room: &RoomCode,
        after: Option<UserId>,
        limit: usize,
    ) -> Result<MemberPage, TableError> {
        let query = Query {
            partition: Partition::Table(partition(room)),
            // Numbers begin with a digit, the claims of names with a letter.
            range: SortRange::Between("0".to_owned(), ":".to_owned()),
            direction: Direction::Forward,
            limit,
            after: after.map(|user| Cursor { key: member_key(room, user), index_sk: None }),
            consistency: Consistency::Strong,
        };
        let page = self.0.query(&query).await?;
        let members = page.items.into_iter().map(from_item).collect::<Result<_, _>>()?;
        Ok(MemberPage { members, next: page.next.and_then(|cursor| cursor.key.sk.parse().ok()) })
    }

    /// All rows of one status, at most so many.
    pub async fn all(&self, room: &RoomCode, status: Status, most: usize) -> Result<Vec<Member>, TableError> {
        let (mut members, mut after) = (Vec::new(), None);
        loop {
            let page = self.page(room, after, PAGE).await?;
            members.extend(page.members.into_iter().filter(|member| member.status == status));
            after = page.next;
            if after.is_none() || members.len() >= most {
                members.truncate(most);
                return Ok(members);
            }
        }
    }

    /// The write that insists on an approved member.
    pub fn is_approved(room: &RoomCode, user: UserId) -> Write {
        Write::Check(member_key(room, user), approved())
    }

    /// Silences a member until then, or lets them speak again, if they are what they were when their row was read. Answers
    /// the row, or none.
    pub async fn mute(
        &self,
        room: &RoomCode,
        member: &Member,
        until: Option<i64>,
    ) -> Result<Option<Member>, TableError> {
        let change = match until {
            Some(until) => Change::Set("muted_until".to_owned(), json!(until)),
            None => Change::Remove("muted_until".to_owned()),
        };
        self.change(room, member.user, vec![change], is_still_no_host(member)).await
    }

    /// Makes a member a co-host, or one of many again, if they are what they were when their row was read: who has become
    /// host stays it. Answers the row, or none.
    pub async fn set_role(
        &self,
        room: &RoomCode,
        member: &Member,
        role: RoomRole,
    ) -> Result<Option<Member>, TableError> {
        let change = Change::Set("role".to_owned(), json!(role));
        self.change(room, member.user, vec![change], is_still_no_host(member)).await
    }

    /// Moves somebody's mark of what they have read forward; answers the row, or none if it lies further already or they
    /// are no member.
    pub async fn mark_read(
        &self,
        room: &RoomCode,
        member: &Member,
        to: Head,
    ) -> Result<Option<Member>, TableError> {
        let is_behind = Condition::Compare("last_read".to_owned(), Comparison::Less, json!(to.id.0));
        let changes = vec![
            Change::Set("last_read".to_owned(), json!(to.id.0)),
            Change::Set("last_read_count".to_owned(), json!(to.messages)),
            Change::Set("spoken_at_mark".to_owned(), json!(member.spoken)),
        ];
        self.change(room, member.user, changes, Condition::All(vec![approved(), is_behind])).await
    }

    /// One conditional update of a row; answers it as it is now, or none if the condition did not hold.
    async fn change(
        &self,
        room: &RoomCode,
        user: UserId,
        changes: Vec<Change>,
        condition: Condition,
    ) -> Result<Option<Member>, TableError> {
        let mut after: Option<Item> = None;
        let written = self.0.write(Write::Update(member_key(room, user), changes, condition)).await;
        let refusals = refused(written.map(|item| after = item))?;
        after.filter(|_| refusals.is_none()).map(from_item).transpose()
    }
}

/// The row says that the person is in.
pub(in crate::store) fn approved() -> Condition {
    is_status(Status::Approved)
}

/// The row says that the person is in, and has that role.
pub(super) fn is_still(role: RoomRole) -> Condition {
    Condition::All(vec![approved(), has_role(role)])
}

/// The row says that the person is what they were when it was read, which was no host. The room may have been read before
/// they became it, and the row after that.
fn is_still_no_host(member: &Member) -> Condition {
    Condition::All(vec![is_still(member.role), is_no_host()])
}

pub(super) fn is_no_host() -> Condition {
    Condition::Not(Box::new(has_role(RoomRole::Host)))
}

fn has_role(role: RoomRole) -> Condition {
    Condition::Compare("role".to_owned(), Comparison::Equal, json!(role))
}

/// The condition that somebody stands where they stood and is called as they were when the row was read: the name that they
/// give up is the one they have.
pub(super) fn is_as_read(member: &Member) -> Condition {
    let is_called = Condition::Compare("name".to_owned(), Comparison::Equal, json!(member.name));
    Condition::All(vec![is_status(member.status), is_called])
}

pub(in crate::store) fn is_status(status: Status) -> Condition {
    Condition::Compare("status".to_owned(), Comparison::Equal, json!(status.name()))
}

/// The row says that the person is not silenced at that moment.
pub(in crate::store) fn may_speak(now: Timestamp) -> Condition {
    if planted!(MutedMaySpeak) {
        return Condition::Always;
    }
    let until = "muted_until".to_owned();
    let never = Condition::Not(Box::new(Condition::Has(until.clone())));
    Condition::Any(vec![never, Condition::Compare(until, Comparison::AtMost, json!(now.as_micros()))])
}

fn partition(room: &RoomCode) -> String {
    format!("MEMBERS#{}", room.folded())
}

/// Where somebody's row in a room lies.
pub(in crate::store) fn member_key(room: &RoomCode, user: UserId) -> Key {
    key(partition(room), user.to_string())
}

/// Where the claim of a name lies, given its folded spelling.
pub(in crate::store) fn name_key(room: &RoomCode, folded: &str) -> Key {
    key(partition(room), format!("NAME#{folded}"))
}
