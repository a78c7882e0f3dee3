//! Who is there: `ROOM_PARTICIPANTS`, `USER_JOINED`, `USER_LEFT`, `MEMBER_UPDATED`.

use serde::Serialize;

use super::fitting::{Budget, json_bytes};
use super::{NamedPerson, Place, ShownRole};
use crate::ids::UserId;
use crate::openapi_macros::ToSchema;
use crate::protocol::Timestamp;

/// Somebody, as others see them in a room.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct Person {
    /// Their number.
    pub id: UserId,
    /// Their name, unique in the room.
    pub display_name: String,
    /// URL of their picture.
    #[schema(required)]
    pub photo: Option<String>,
    /// `admin` for host, co-hosts and admins of the site.
    pub role: ShownRole,
    /// Whether they are the host.
    pub is_host: bool,
    /// Whether they are a co-host.
    pub is_cohost: bool,
    /// Whether they are a guest.
    pub is_guest: bool,
}

/// Who is present in a room.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct RoomParticipants {
    /// The names of those present: the host first, then by arrival; as many as fit.
    pub participants: Vec<String>,
    /// The host's name; none where there is no host.
    #[schema(required)]
    pub host: Option<String>,
    /// The host's number.
    #[schema(required)]
    pub host_id: Option<UserId>,
    /// How many are present.
    pub count: usize,
    /// Those of `participants`, with what others see of them.
    pub members: Vec<Person>,
    /// Where.
    #[serde(flatten)]
    pub place: Place,
}

/// Somebody came, or has gone. Not told to themselves.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct Passage {
    /// Their name.
    pub user: String,
    /// Their number.
    pub user_id: UserId,
    /// Where.
    #[serde(flatten)]
    pub place: Place,
}

/// What others see of a member has changed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct MemberUpdated {
    /// Their number.
    pub user_id: UserId,
    /// Their name.
    pub user: String,
    /// URL of their picture.
    #[schema(required)]
    pub photo: Option<String>,
    /// `admin` for host, co-hosts and admins of the site.
    pub role: ShownRole,
    /// Whether they are a co-host.
    pub is_cohost: bool,
    /// Until when they are muted; for somebody who is muted until further notice, a moment far away.
    #[schema(required)]
    pub muted_until: Option<Timestamp>,
    /// Where.
    #[serde(flatten)]
    pub place: Place,
}

impl RoomParticipants {
    /// As many of the people present as fit a frame: the host comes first, if they are present, then whoever came
    /// earlier. `count` is how many there are.
    pub fn fitting(place: Place, host: Option<NamedPerson>, mut present: Vec<Person>, count: usize) -> Self {
        let is_host = |person: &Person| host.as_ref().is_some_and(|host| host.id == person.id);
        present.sort_by_key(|person| !is_host(person));
        let mut budget = Budget::default();
        let bytes = |person: &Person| json_bytes(person) + 1 + json_bytes(&person.display_name);
        let kept = present.iter().take_while(|person| budget.takes(bytes(person))).count();
        present.truncate(kept);
        let (host_id, host) = host.map(|host| (host.id, host.name)).unzip();
        let participants = present.iter().map(|person| person.display_name.clone()).collect();
        Self { participants, host, host_id, count, members: present, place }
    }
}
