//! Rooms and people as answers show them.

use crate::app::{ListedRoom, MadeRoom, OwnRoom, RoomDetails, Settings};
use crate::domain::rooms::{EntryMode, RoomRole, Status, WhoMayQueue};
use crate::ids::{EventId, StoredName, UserId};
use crate::inbound::http::accounts::sign_in::picture_url;
use crate::protocol::{
    MadeRoomBody, OwnRoomBody, ParticipantBody, PublicRoomBody, RetentionBody, RoomBody, Timestamp,
};
use crate::store::{Member, Room};

/// The name on the wire of a way in.
pub(in crate::inbound::http) fn entry_mode(mode: EntryMode) -> &'static str {
    match mode {
        EntryMode::Open => "OPEN",
        EntryMode::Password => "PASSWORD",
        EntryMode::Approval => "APPROVAL",
    }
}

/// A room that was made.
pub(super) fn made(made: MadeRoom) -> MadeRoomBody {
    let room = made.room;
    MadeRoomBody {
        room_id: room.code.to_string(),
        code: room.code.to_string(),
        name: room.name,
        is_private: room.is_private,
        entry_mode: entry_mode(room.entry_mode),
        room_password: made.generated_password,
    }
}

/// A room of the public list.
pub(super) fn listed(listed: ListedRoom) -> PublicRoomBody {
    PublicRoomBody {
        code: listed.room.code.to_string(),
        name: listed.room.name,
        host: listed.host,
        viewers: listed.viewers,
        entry_mode: entry_mode(listed.room.entry_mode),
        created_at: Timestamp::from_micros(listed.room.created_at),
    }
}

/// A room of one's own list, without what its log says.
pub(super) fn own(own: &OwnRoom, user: UserId) -> OwnRoomBody {
    OwnRoomBody {
        code: own.room.code.to_string(),
        room_id: own.room.code.to_string(),
        name: own.room.name.clone(),
        host: own.host.as_ref().map(|host| host.name.clone()),
        is_host: own.room.host == Some(user),
        status: own.member.status.name(),
        entry_mode: entry_mode(own.room.entry_mode),
        is_private: own.room.is_private,
        unread: 0,
        last_id: EventId::default(),
        last_read_id: EventId(own.member.last_read),
        last_message: None,
    }
}

/// A room in detail.
pub(super) fn details(details: RoomDetails, last_id: EventId, generated: Option<String>) -> RoomBody {
    let (standing, room) = (&details.standing, &details.standing.room);
    let muted_until = standing.member.as_ref().and_then(|member| member.muted_until);
    RoomBody {
        room_id: room.code.to_string(),
        code: room.code.to_string(),
        name: room.name.clone(),
        description: room.description.clone(),
        state: "ACTIVE",
        is_active: true,
        is_private: room.is_private,
        entry_mode: entry_mode(room.entry_mode),
        is_chat_enabled: room.is_chat_enabled,
        is_locked: room.is_locked,
        host: details.host.as_ref().map(|host| host.name.clone()),
        host_id: room.host,
        is_host: room.host == Some(standing.user.id),
        video_provider: details.item.as_ref().map(|item| item.provider.clone()),
        video_id: details.item.as_ref().map(|item| item.video_id.clone()),
        item: details.item,
        created_at: Timestamp::from_micros(room.created_at),
        capacity: room.capacity,
        members_count: details.members_count,
        slow_mode_seconds: room.slow_mode_seconds,
        retention: room.retention.map(|kept| RetentionBody { days: kept.days, messages: kept.messages }),
        who_may_queue: match room.who_may_queue {
            WhoMayQueue::Host => "HOST",
            WhoMayQueue::Members => "MEMBERS",
        },
        ready_gate: room.ready_gate,
        loop_queue: room.loop_queue,
        webhooks: room.webhooks,
        status: standing.status().map(Status::name),
        role: standing.member.as_ref().map_or("member", |member| role(room, member)),
        muted_until: muted_until.map(Timestamp::from_micros),
        last_id,
        room_password: generated,
    }
}

/// What somebody is called in a room: `admin` for host, co-hosts and admins of this Parlor.
pub(in crate::inbound::http) fn role(room: &Room, member: &Member) -> &'static str {
    let is_admin = room.host == Some(member.user) || member.role != RoomRole::Member || member.is_site_admin;
    if is_admin { "admin" } else { "member" }
}

/// Somebody in a room.
pub(super) fn participant(
    settings: &Settings,
    room: &Room,
    member: &Member,
    (is_present, tells_read): (bool, bool),
) -> ParticipantBody {
    let picture: Option<StoredName> = member.picture.as_ref().and_then(|name| name.parse().ok());
    ParticipantBody {
        id: member.user,
        display_name: member.name.clone(),
        photo: picture_url(settings, picture.as_ref()),
        role: role(room, member),
        is_host: room.host == Some(member.user),
        is_cohost: member.role == RoomRole::CoHost && room.host != Some(member.user),
        is_guest: member.is_guest,
        status: member.status.name(),
        present: is_present,
        muted_until: member.muted_until.map(Timestamp::from_micros),
        last_read_id: tells_read.then_some(EventId(member.last_read)),
    }
}
