//! Coming into a room and going: transactions over the row, the name, the count and the person's own entry.

use std::collections::BTreeSet;

use serde_json::json;

use super::member::{Member, MemberName};
use super::members::{approved, is_as_read, is_still, member_key, name_key};
use super::person_rooms::{PersonRoom, PersonRooms};
use crate::domain::rooms::{RoomRole, Status, folded_name, numbered_name};
use crate::ids::UserId;
use crate::ports::{Change, Comparison, Condition, Table, TableError, Write};
use crate::protocol::Timestamp;
use crate::store::record::to_item;
use crate::store::rooms::all_rooms::{Created, Rooms, count_key};
use crate::store::rooms::invitations::Invitation;
use crate::store::rooms::pairs::Pairs;
use crate::store::rooms::room::Room;
use crate::store::{User, Users};

/// How many people a transaction makes members at once: 100 writes is what it holds.
const PEOPLE_AT_ONCE: usize = 20;
/// How many names are tried before somebody is called by their number.
pub(in crate::store::rooms) const NAMES: u32 = 20;

/// The membership of rooms.
#[derive(Debug)]
pub struct Membership<'a>(pub &'a dyn Table);

/// Somebody who is to stand in a room.
#[derive(Debug, Clone)]
pub struct NewMember<'a> {
    /// Who.
    pub user: &'a User,
    /// Where they are to stand.
    pub status: Status,
    /// What they are to be.
    pub role: RoomRole,
    /// The row that was read before, if there is one.
    pub before: Option<&'a Member>,
    /// The invitation that is used up by this.
    pub invitation: Option<&'a Invitation>,
}

/// What became of a wish to stand in a room.
#[derive(Debug, Clone, PartialEq)]
pub enum Joining {
    /// This is the row now.
    Done(Box<Member>),
    /// Something has changed since it was decided: read again, and decide again.
    Meanwhile,
    /// The person is gone, or disabled.
    NoSuchPerson,
}

/// What became of a change of where somebody stands.
#[derive(Debug, Clone, PartialEq)]
pub enum Moved {
    /// It was made.
    Yes,
    /// The row has changed since it was read.
    Meanwhile,
}

impl Membership<'_> {
    /// Makes a room with its first people; the first of them is its host, where it has one. The room itself comes last,
    /// with the claim of its pair: it is there once all of its people are.
    pub async fn create(&self, room: &Room, people: &[&User], now: Timestamp) -> Result<Created, TableError> {
        let names = distinct_names(people);
        let mut batches: Vec<Vec<Write>> = Vec::new();
        for people in people.iter().zip(names).collect::<Vec<_>>().chunks(PEOPLE_AT_ONCE) {
            let mut writes = Vec::new();
            for (user, name) in people {
                let is_host = room.host == Some(user.id);
                let role = if is_host { RoomRole::Host } else { RoomRole::Member };
                let new = NewMember { user, status: Status::Approved, role, before: None, invitation: None };
                writes.extend(self.arrival(room, &new, name, now)?.1);
            }
            // Spoken once for all: a transaction names no item twice.
            writes.retain(|write| !matches!(write, Write::Update(key, ..) if *key == count_key(&room.code)));
            batches.push(writes);
        }
        let last = batches.pop().unwrap_or_default();
        for writes in batches {
            let writes = [vec![Rooms::is_absent(&room.code)], writes].concat();
            if let Some(refused) = created(self.0.transact(writes).await, None)? {
                return Ok(refused);
            }
        }
        let members = u32::try_from(people.len()).unwrap_or(u32::MAX);
        let addition = Rooms::addition(room, members)?;
        let claim = Pairs::claim(room)?;
        let claimed_at = (!claim.is_empty()).then_some(addition.len());
        let writes = [addition, claim, last].concat();
        Ok(created(self.0.transact(writes).await, claimed_at)?.unwrap_or(Created::Yes))
    }

    /// Lets somebody stand in a room, under their name or, where it is taken, a numbered one.
    pub async fn join(
        &self,
        room: &Room,
        new: &NewMember<'_>,
        now: Timestamp,
    ) -> Result<Joining, TableError> {
        for attempt in 1..=NAMES {
            let name = if attempt == NAMES {
                numbered_name(&format!("#{}", new.user.id), 1)
            } else {
                numbered_name(&new.user.display_name, attempt)
            };
            let (member, mut writes) = self.arrival(room, new, &name, now)?;
            // A host who has handed over meanwhile comes back as a member.
            writes.push(match new.role {
                RoomRole::Host => Rooms::is_hosted_by(&room.code, new.user.id),
                RoomRole::CoHost | RoomRole::Member => Rooms::is_active(&room.code),
            });
            match self.0.transact(writes).await {
                Ok(()) => return Ok(Joining::Done(Box::new(member))),
                Err(TableError::Conflict) => return Ok(Joining::Meanwhile),
                Err(TableError::ConditionFailed(refusals)) => {
                    let is_at = |index| refusals.iter().any(|refusal| refusal.index == index);
                    if is_at(0) {
                        return Ok(Joining::NoSuchPerson);
                    }
                    if !is_at(1) || refusals.len() > 1 {
                        return Ok(Joining::Meanwhile);
                    }
                }
                Err(error) => return Err(error),
            }
        }
        Ok(Joining::Meanwhile)
    }

    /// The writes of an arrival: the person is there (0), the name is free (1), then row, entry, count, invitation and former name.
    fn arrival(
        &self,
        room: &Room,
        new: &NewMember<'_>,
        name: &str,
        now: Timestamp,
    ) -> Result<(Member, Vec<Write>), TableError> {
        let user = new.user;
        let member = row(new, name, now);
        let condition = match new.before {
            Some(before) => Condition::All(vec![
                is_as_read(before),
                Condition::Compare("since".to_owned(), Comparison::Equal, json!(before.since)),
            ]),
            None => Condition::Absent,
        };
        let is_in = new.status == Status::Approved;
        let mut writes = vec![Users::is_enabled(user.id)];
        let claim = MemberName { user: user.id, expires_at: user.expires_at };
        let own = Condition::Compare("user".to_owned(), Comparison::Equal, json!(user.id));
        let free = Condition::Any(vec![Condition::Absent, own]);
        let free = if planted!(UnclaimedNames) { Condition::Always } else { free };
        let folded = folded_name(name);
        writes.push(Write::Put(to_item(name_key(&room.code, &folded), &claim)?, free.clone()));
        writes.push(Write::Put(to_item(member_key(&room.code, user.id), &member)?, condition));
        let entry = PersonRoom {
            code: room.code.clone(),
            kind: room.kind,
            status: new.status,
            expires_at: user.expires_at,
        };
        writes.push(PersonRooms::noting(user.id, &entry)?);
        writes.extend(is_in.then(|| Rooms::count(&room.code, 1, room.capacity)));
        writes.extend(new.invitation.map(Invitation::usage));
        // An applicant's name may have had a number that it needs no more.
        let held = new.before.filter(|before| before.holds_name()).map(|before| folded_name(&before.name));
        let given_up = held.filter(|held| *held != folded);
        writes.extend(given_up.map(|held| Write::Delete(name_key(&room.code, &held), free)));
        Ok((member, writes))
    }

    /// Keeps somebody out who has never been in.
    pub async fn ban_stranger(&self, room: &Room, user: &User, now: Timestamp) -> Result<Moved, TableError> {
        let new = NewMember {
            user,
            status: Status::Banned,
            role: RoomRole::Member,
            before: None,
            invitation: None,
        };
        let (_, mut writes) = self.arrival(room, &new, &user.display_name, now)?;
        // Who is banned claims no name.
        writes.remove(1);
        self.moved(writes).await
    }

    /// Makes somebody who is in the host in the place of another: never two, never one who isn't in. They must be what they
    /// were when their row was read, as that is what somebody who stands in will be again.
    pub async fn pass_host(
        &self,
        before: &Room,
        after: &Room,
        to: &Member,
        former: Option<(UserId, RoomRole)>,
    ) -> Result<Moved, TableError> {
        let role = |user, role, condition| {
            let change = Change::Set("role".to_owned(), json!(role));
            Write::Update(member_key(&before.code, user), vec![change], condition)
        };
        let former = former.filter(|(user, _)| *user != to.user);
        let mut writes = Rooms::replacement(before, after)?;
        writes.push(role(to.user, RoomRole::Host, is_still(to.role)));
        writes.extend(former.map(|(user, former)| role(user, former, approved())));
        self.moved(writes).await
    }

    /// Whether the writes of a move went through.
    pub(in crate::store::rooms) async fn moved(&self, writes: Vec<Write>) -> Result<Moved, TableError> {
        match self.0.transact(writes).await {
            Ok(()) => Ok(Moved::Yes),
            Err(TableError::ConditionFailed(_) | TableError::Conflict) => Ok(Moved::Meanwhile),
            Err(error) => Err(error),
        }
    }
}

/// What a transaction of [`Membership::create`] came to, if it was refused; it claimed a pair by the write at that place.
fn created(result: Result<(), TableError>, claimed_at: Option<usize>) -> Result<Option<Created>, TableError> {
    match result {
        Ok(()) => Ok(None),
        Err(TableError::ConditionFailed(refusals)) => {
            let is_at = |index: Option<usize>| {
                index.is_some_and(|index| refusals.iter().any(|refusal| refusal.index == index))
            };
            Ok(Some(if is_at(claimed_at) {
                Created::PairTaken
            } else if is_at(Some(0)) {
                Created::CodeTaken
            } else {
                Created::NoSuchPerson
            }))
        }
        Err(TableError::Conflict) => Ok(Some(Created::CodeTaken)),
        Err(error) => Err(error),
    }
}

/// The names of people who come into a room together, numbered where two are the same.
fn distinct_names(people: &[&User]) -> Vec<String> {
    let mut taken = BTreeSet::new();
    let distinct = |user: &&User| {
        let mut attempt = 1;
        loop {
            let name = numbered_name(&user.display_name, attempt);
            if taken.insert(folded_name(&name)) {
                return name;
            }
            attempt += 1;
        }
    };
    people.iter().map(distinct).collect()
}

/// The row of somebody who arrives. Who has been there before keeps what they had read, and their silence.
fn row(new: &NewMember<'_>, name: &str, now: Timestamp) -> Member {
    let user = new.user;
    let read = |read: fn(&Member) -> u64| new.before.map_or(0, read);
    Member {
        user: user.id,
        status: new.status,
        since: now.as_micros(),
        role: new.role,
        name: name.to_owned(),
        picture: user.picture.as_ref().map(ToString::to_string),
        is_guest: user.is_guest,
        is_site_admin: user.role == crate::protocol::Role::Admin,
        muted_until: new.before.and_then(|before| before.muted_until),
        last_read: read(|before| before.last_read),
        last_read_count: read(|before| before.last_read_count),
        spoken: read(|before| before.spoken),
        spoken_at_mark: read(|before| before.spoken_at_mark),
        expires_at: user.expires_at,
    }
}
