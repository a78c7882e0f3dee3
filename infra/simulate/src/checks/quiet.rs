//! What must hold once all work is done and every grace is over.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use super::book::{Attributes, Books, LogEntry, RoomBook, approved, is_alive, number, text};
use crate::clients::{Clients, Heard, Kind, Saying, Scene, Socket, SocketState, View};
use crate::kernel::World;

/// After how long the gateway ends a socket by which nothing comes, in microseconds.
const IDLE: i64 = 600_000_000;

/// Checks everything that can be told from the books.
pub(crate) fn check_all(world: &World, scene: &Scene) {
    let clients = scene.clients();
    let books = scene.ledger.books();
    for (code, room) in &books.rooms {
        check_members(world, code, room);
        check_folds(world, code, room);
        check_presence(world, code, room, &clients);
        check_host(world, code, room, &clients);
        check_told(world, code, room, &clients);
        check_gone(world, code, room, &books);
    }
    check_acknowledged(world, &books, &clients.sayings);
    check_sockets(world, &books, &clients);
    check_echoes(world, &books, &clients);
    for ((person, code), view) in &clients.views {
        let user = clients.people.get(*person).and_then(|person| person.user);
        let room = books.rooms.get(code);
        if let (Some(user), Some(room)) = (user, room)
            && view.is_complete
            && room.is_in(user, world.now())
            && room.is_active()
        {
            check_view(world, (code, user), room, view);
        }
    }
}

/// As many are counted as are in, and no two have one name.
fn check_members(world: &World, code: &str, room: &RoomBook) {
    let people = room.people(world.now());
    let counted = room.members.values().filter(|member| text(&member.row, "status") == approved());
    // Guests go without a word.
    let has_guests = counted.clone().any(|member| member.row.contains_key("expires_at"));
    let counted = i64::try_from(counted.count()).unwrap_or(0);
    if room.meta.is_some() && !has_guests && counted != room.count {
        let what = format_args!("{code}: {} instead of {counted}", room.count);
        world.violated("members are counted", what);
    }
    let mut names = BTreeMap::new();
    for user in people {
        let Some(name) = room.members.get(&user).map(|member| text(&member.row, "name").to_lowercase())
        else {
            continue;
        };
        if let Some(other) = names.insert(name.clone(), user).filter(|_| !name.is_empty()) {
            world.violated(
                "a name in a room is one person's",
                format_args!("{code}: {name} of {user} and {other}"),
            );
        }
    }
}

/// What the log says was done to a message was done.
fn check_folds(world: &World, code: &str, room: &RoomBook) {
    let mut reactions: BTreeMap<u64, BTreeMap<String, i64>> = BTreeMap::new();
    let mut last_edit: BTreeMap<u64, u64> = BTreeMap::new();
    for (id, entry) in &room.log {
        let Some(stored) = entry.at(world.now()) else { continue };
        for target in &entry.targets {
            match entry.kind.as_str() {
                "r" => {
                    let step = if stored.get("un") == Some(&Value::Bool(true)) { -1 } else { 1 };
                    *reactions
                        .entry(*target)
                        .or_default()
                        .entry(text(stored, "re").to_owned())
                        .or_default() += step;
                }
                "e" => drop(last_edit.insert(*target, *id)),
                _ => check_deleted(world, code, room, *target),
            }
        }
    }
    let is_whole = |from: u64| room.log.range(from..).all(|(_, entry)| entry.at(world.now()).is_some());
    for (target, counts) in reactions.into_iter().filter(|(target, _)| is_whole(*target)) {
        check_reactions(world, (code, target), live(room, target), counts);
    }
    for (target, edit) in last_edit {
        if let Some(message) = live(room, target)
            && number(message, "f").unwrap_or(0) < edit
        {
            world.violated("an edit changes its message", format_args!("{code}: {target} not by {edit}"));
        }
    }
}

/// A message that is stored and not deleted.
fn live(room: &RoomBook, id: u64) -> Option<&Attributes> {
    let stored = room.log.get(&id)?.stored.as_ref()?;
    (stored.get("d") != Some(&Value::Bool(true))).then_some(stored)
}

/// Neither a message is there any more, nor in which words somebody reacted.
fn check_deleted(world: &World, code: &str, room: &RoomBook, target: u64) {
    let is_reaction = room.log.get(&target).is_some_and(|entry| entry.kind == "r");
    if live(room, target).is_some_and(|stored| !is_reaction || stored.contains_key("re")) {
        world.violated("what is deleted is gone", format_args!("{code}: {target}"));
    }
}

fn check_reactions(
    world: &World,
    (code, target): (&str, u64),
    message: Option<&Attributes>,
    mut counts: BTreeMap<String, i64>,
) {
    let Some(message) = message else { return };
    counts.retain(|_, count| *count != 0);
    let stored = message.get("r").and_then(Value::as_object);
    let stored: BTreeMap<String, i64> = stored
        .into_iter()
        .flatten()
        .filter_map(|(name, count)| Some((name.clone(), count.as_i64()?)))
        .collect();
    if stored != counts {
        world.violated(
            "reactions are counted",
            format_args!("{code}: {target} has {stored:?}, not {counts:?}"),
        );
    }
}

/// Who is marked as present has a socket, and who has one is marked; no row belongs to a socket that is gone.
fn check_presence(world: &World, code: &str, room: &RoomBook, clients: &Clients) {
    let mut with_rows = BTreeSet::new();
    for (user, id) in &room.rows {
        let is_open = clients.sockets.get(id).is_some_and(|socket| socket.state == SocketState::Open);
        if !is_open {
            world.violated("no row outlives its socket", format_args!("{code}: {id}"));
        }
        if *user > 0 && !room.is_in(*user, world.now()) {
            world.violated("no row outlives the right to it", format_args!("{code}: {id} of {user}"));
        }
        with_rows.insert(*user);
    }
    let here =
        room.here.iter().filter(|(_, mark)| !mark.contains_key("left_by") && is_alive(mark, world.now()));
    let here: BTreeSet<u64> = here.map(|(user, _)| *user).collect();
    with_rows.remove(&0);
    if here != with_rows {
        world.violated(
            "who is present has a socket",
            format_args!("{code}: {here:?}, with sockets {with_rows:?}"),
        );
    }
}

/// A room in use has one host, who is in; if anybody watches, the host does.
fn check_host(world: &World, code: &str, room: &RoomBook, clients: &Clients) {
    let is_hosted = room
        .meta
        .as_ref()
        .is_some_and(|meta| !["pair", "notes", "conversation", "lobby"].contains(&text(meta, "kind")));
    if !room.is_active() || !is_hosted {
        return;
    }
    let hosts: Vec<u64> = room
        .people(world.now())
        .into_iter()
        .filter(|user| room.members.get(user).is_some_and(|member| text(&member.row, "role") == "host"))
        .collect();
    let watches = |user: u64| {
        let rows = room.rows.iter().filter(|(owner, _)| *owner == user);
        rows.filter_map(|(_, id)| clients.sockets.get(id)).any(|socket| socket.kind == Kind::Watch)
    };
    let watching: Vec<u64> = room.people(world.now()).into_iter().filter(|user| watches(*user)).collect();
    // A guest's time may be over; whoever comes next finds it out.
    let is_over =
        |host: &u64| room.members.get(host).is_some_and(|member| !is_alive(&member.row, world.now()));
    if watching.is_empty() && hosts.is_empty() && room.host().as_ref().is_some_and(is_over) {
        return;
    }
    if room.host().is_none_or(|host| hosts != [host]) {
        let what = format_args!("{code}: {:?}, by rows {hosts:?}", room.host());
        return world.violated("a room has one host, who is a member", what);
    }
    if let Some(host) = room.host()
        && !watching.is_empty()
        && !watching.contains(&host)
    {
        let what = format_args!("{code}: {host} is away while {watching:?} are there");
        world.violated("a host who stays away is replaced", what);
    }
}

/// What is in the log reached every socket that was there.
fn check_told(world: &World, code: &str, room: &RoomBook, clients: &Clients) {
    for (id, entry) in &room.log {
        if entry.is_excused || entry.deleted_at.is_some() || entry.at(world.now()).is_none() {
            continue;
        }
        for name in &entry.due {
            let Some(socket) = clients.sockets.get(name) else { continue };
            let is_told = socket.told.get(code).is_some_and(|told| told.contains(id))
                || socket.to_read.get(code).is_some_and(|last| id <= last);
            if is_due(room, entry, socket, name) && !is_told {
                world.violated(
                    "what is in the log is told to all",
                    format_args!("{code}: {id} not to {name}"),
                );
            }
        }
    }
}

fn is_due(room: &RoomBook, entry: &LogEntry, socket: &Socket, name: &str) -> bool {
    let gets = entry.kind == "m" || socket.kind.gets_all();
    let has_row = socket.user.is_some_and(|user| room.rows.contains(&(user, name.to_owned())));
    let is_inbox =
        socket.kind == Kind::Inbox && socket.user.is_some_and(|user| room.listed_people().contains(&user));
    socket.state == SocketState::Open && gets && (has_row || is_inbox)
}

/// Of who is gone for good nothing is left but a number.
fn check_gone(world: &World, code: &str, room: &RoomBook, books: &Books) {
    for user in &books.gone {
        let row = room.members.get(user).map(|member| &member.row);
        if let Some(row) =
            row.filter(|row| !text(row, "name").is_empty() || text(row, "status") == approved())
        {
            world.violated("nothing is left of who is gone", format_args!("{code}: {user}: {row:?}"));
        }
    }
    for (name, claim) in &room.names {
        let owner = number(claim, "user").unwrap_or(0);
        if books.gone.contains(&owner) {
            world.violated(
                "nothing is left of who is gone",
                format_args!("{code}: the name {name} of {owner}"),
            );
        }
    }
}

/// What was acknowledged is in the log under its number.
fn check_acknowledged(world: &World, books: &Books, sayings: &[Saying]) {
    for saying in sayings {
        let Heard::Acknowledged(id) = saying.heard else { continue };
        let entry = books.said.get(&saying.text).and_then(|(room, at)| {
            (*at == id).then_some(())?;
            books.rooms.get(room)?.log.get(at)
        });
        if entry.is_none() {
            world.violated(
                "what was acknowledged is in the log",
                format_args!("{}: {id}: {}", saying.room, saying.text),
            );
        }
    }
}

/// The socket by which something was said hears of it, whatever it is a member of.
fn check_echoes(world: &World, books: &Books, clients: &Clients) {
    for (name, room, id) in &clients.owed {
        let entry = books.rooms.get(room).and_then(|room| room.log.get(id));
        if entry.is_none_or(|entry| entry.is_excused || entry.deleted_at.is_some()) {
            continue;
        }
        let socket = clients.sockets.get(name).filter(|socket| socket.state == SocketState::Open);
        let is_told = |socket: &Socket| socket.told.get(room).is_some_and(|told| told.contains(id));
        if socket.is_some_and(|socket| !is_told(socket)) {
            world.violated("who says something hears of it", format_args!("{room}: {id} not by {name}"));
        }
    }
}

/// Sockets of sessions that have ended are closed, and those of watch rooms were greeted once.
fn check_sockets(world: &World, books: &Books, clients: &Clients) {
    for (id, socket) in &clients.sockets {
        if socket.greetings > 1 && !socket.is_greeting_disturbed {
            world.violated("a socket is greeted once", format_args!("{id}: {} times", socket.greetings));
        }
        // The gateway ends what nothing has come by for so long.
        if socket.state != SocketState::Open || world.now() - socket.used_at > IDLE {
            continue;
        }
        if socket.kind == Kind::Watch && socket.greetings == 0 {
            world.violated("a socket is greeted once", format_args!("{id}: never"));
        }
        let (Some(user), Some(session)) = (socket.user, socket.context.get("session")) else { continue };
        if !books.sessions.contains(&(user, session.clone())) {
            world.violated("a session that ends takes its sockets along", format_args!("{id} of {user}"));
        }
        check_row(world, books, (id, user), socket);
    }
}

/// A socket that is open is heard and told.
fn check_row(world: &World, books: &Books, (id, user): (&str, u64), socket: &Socket) {
    let row = (user, id.to_owned());
    let has_row = match (socket.kind, &socket.room) {
        (Kind::Feed, _) => true,
        (Kind::Inbox, _) => books.inboxes.get(&user).is_some_and(|inbox| inbox.contains(id)),
        (_, Some(room)) => books.rooms.get(room).is_some_and(|room| room.rows.contains(&row)),
        (_, None) => true,
    };
    if !has_row {
        world.violated("an open socket has a row", format_args!("{id} of {user}"));
    }
}

/// A client that keeps the three-line rule has exactly the log.
fn check_view(world: &World, (code, user): (&str, u64), room: &RoomBook, view: &View) {
    let shown = view.shown();
    for (id, entry) in room.log.range(view.base + 1..) {
        let Some(stored) = entry.at(world.now()) else { continue };
        if !view.events.contains_key(id) {
            return world
                .violated("a client that asks has the log", format_args!("{code}: {user} lacks {id}"));
        }
        if entry.kind != "m" {
            continue;
        }
        let Some(shown) = shown.get(id) else {
            return world.violated(
                "a client that asks has the log",
                format_args!("{code}: {user}: {id} is no message"),
            );
        };
        let is_deleted = stored.get("d") == Some(&Value::Bool(true));
        if shown.is_deleted != is_deleted || (!is_deleted && shown.text != text(stored, "x")) {
            let what = format_args!("{code}: {user} shows {id} as {shown:?}, not {stored:?}");
            return world.violated("a client that asks has the log", what);
        }
    }
}
