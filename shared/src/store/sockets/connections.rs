//! The rows of open sockets: `CONN#<connection>`.

use std::sync::Arc;
use std::time::Duration;

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::open_sockets::OpenSockets;
use crate::ids::{ConnectionId, RoomCode, SessionId, UserId};
use crate::ports::{
    Change, Clock, Comparison, Condition, Connection, Consistency, Endpoint, Identity, Item, Key, Table,
    TableError, WelcomeLease, Write,
};
use crate::protocol::{Dialect, Timestamp};
use crate::store::record::{from_item, key, refused, to_item};

/// How long a row lives: API Gateway's two hours of a socket and some slack. It bounds what a lost disconnect leaves.
pub(in crate::store) const LIFETIME: Duration = Duration::from_secs(2 * 60 * 60 + 10 * 60);

const PREFIX: &str = "CONN#";
/// How many rows are read at once by their names.
const BATCH: usize = 100;

/// How long one worker has the sole right to greet a socket.
const LEASE: Duration = Duration::from_secs(30);

/// Until when somebody has that right, in microseconds since 1970.
const LEASED_UNTIL: &str = "leased_until";
/// What the attributes that name rooms begin with.
const ROOM: &str = "room#";
/// How often it joined a room; missing before the first time.
const JOINS: &str = "joins";
/// Present once the socket was greeted.
const WELCOMED: &str = "welcomed";

/// The open sockets.
#[derive(Debug, Clone)]
pub struct StoredConnections {
    table: Arc<dyn Table>,
    clock: Arc<dyn Clock>,
}

/// A socket and the rooms in which it may have rows, as they stood when it had joined rooms so often.
#[derive(Debug)]
pub struct RoomsOfSocket {
    /// The socket.
    pub connection: Connection,
    /// Where it may have rows.
    pub rooms: Vec<RoomCode>,
    joins: Option<Value>,
}

/// What became of the removal of a socket.
#[derive(Debug)]
pub enum SocketRemoval {
    /// It is gone: by this, or before.
    Gone(Option<Connection>),
    /// It has joined a room meanwhile, and is still stored.
    Joined(RoomsOfSocket),
}

#[derive(Serialize, Deserialize)]
struct Row {
    endpoint: Endpoint,
    dialect: Dialect,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    since: Option<u64>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    user: Option<UserId>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    session: Option<SessionId>,
    /// In microseconds since 1970.
    connected_at: i64,
    /// In whole seconds since 1970; the attribute is [`crate::ports::EXPIRES_AT`].
    expires_at: i64,
}

impl StoredConnections {
    /// The sockets that this table knows.
    pub fn new(table: Arc<dyn Table>, clock: Arc<dyn Clock>) -> Self {
        Self { table, clock }
    }

    /// Stores a socket and counts it meanwhile; one that is stored already stays as it is.
    pub async fn put(&self, connection: &Connection) -> Result<(), TableError> {
        let now = self.clock.now();
        let item = item(connection, now.plus(LIFETIME))?;
        let put = self.table.write(Write::Put(item, Condition::Absent));
        let counted = async { OpenSockets(&*self.table).opened(connection, now).await };
        let (put, counted) = futures_util::future::join(put, counted).await;
        warn_if_not_counted(counted);
        refused(put).map(drop)
    }

    /// The socket of that name.
    pub async fn get(&self, id: &ConnectionId) -> Result<Option<Connection>, TableError> {
        let item = self.table.get(&connection_key(id), Consistency::Strong).await?;
        item.map(|item| connection(id, item)).transpose()
    }

    /// Takes the right to greet a socket, if it is free.
    pub async fn lease_welcome(&self, id: &ConnectionId) -> Result<WelcomeLease, TableError> {
        let now = self.clock.now();
        let until = json!(now.plus(LEASE).as_micros());
        let is_free = Condition::Any(vec![
            Condition::Not(Box::new(Condition::Has(LEASED_UNTIL.into()))),
            Condition::Compare(LEASED_UNTIL.into(), Comparison::AtMost, json!(now.as_micros())),
        ]);
        let is_due = Condition::Not(Box::new(Condition::Has(WELCOMED.into())));
        let condition = Condition::All(vec![Condition::Exists, is_due, is_free]);
        let changes = vec![Change::Set(LEASED_UNTIL.into(), until)];
        match self.table.write(Write::Update(connection_key(id), changes, condition)).await {
            Ok(Some(item)) => connection(id, item).map(WelcomeLease::Granted),
            Ok(None) => Ok(WelcomeLease::Gone),
            Err(TableError::ConditionFailed(refusals)) => {
                Ok(refused_lease(refusals.into_iter().find_map(|refusal| refusal.current)))
            }
            Err(error) => Err(error),
        }
    }

    /// Gives that right back, if the socket still exists.
    pub async fn release_welcome(&self, id: &ConnectionId) -> Result<(), TableError> {
        let changes = vec![Change::Remove(LEASED_UNTIL.into())];
        refused(self.table.write(Write::Update(connection_key(id), changes, Condition::Exists)).await)
            .map(drop)
    }

    /// Notes that a socket was greeted, if it still exists.
    pub async fn welcomed(&self, id: &ConnectionId) -> Result<(), TableError> {
        let changes =
            vec![Change::Set(WELCOMED.into(), Value::Bool(true)), Change::Remove(LEASED_UNTIL.into())];
        refused(self.table.write(Write::Update(connection_key(id), changes, Condition::Exists)).await)
            .map(drop)
    }

    /// The write by which a socket that still exists joins a room: it is noted, so that it can be taken out again.
    pub fn joining_room(id: &ConnectionId, code: &RoomCode) -> Write {
        let changes = vec![Change::Set(room_attribute(code), json!(code)), Change::Add(JOINS.into(), 1)];
        Write::Update(connection_key(id), changes, Condition::Exists)
    }

    /// The write that insists on a socket that still exists.
    pub fn existing(id: &ConnectionId) -> Write {
        Write::Check(connection_key(id), Condition::Exists)
    }

    /// Notes that a socket has left a room.
    pub async fn drop_room(&self, id: &ConnectionId, code: &RoomCode) -> Result<(), TableError> {
        let change = Change::Remove(room_attribute(code));
        let write = Write::Update(connection_key(id), vec![change], Condition::Exists);
        refused(self.table.write(write).await).map(drop)
    }

    /// Those of some sockets that are stored, in any order.
    pub async fn get_all(&self, ids: &[ConnectionId]) -> Result<Vec<Connection>, TableError> {
        let mut found = Vec::new();
        for ids in ids.chunks(BATCH) {
            let keys: Vec<_> = ids.iter().map(connection_key).collect();
            for item in self.table.batch_get(&keys, Consistency::Strong).await? {
                let id = item.key.pk.strip_prefix(PREFIX).and_then(|id| id.parse().ok());
                found.extend(id.map(|id| connection(&id, item)).transpose()?);
            }
        }
        Ok(found)
    }

    /// The socket of that name, and the rooms that it may be in.
    pub async fn get_with_rooms(&self, id: &ConnectionId) -> Result<Option<RoomsOfSocket>, TableError> {
        let item = self.table.get(&connection_key(id), Consistency::Strong).await?;
        item.map(|item| with_rooms(id, item)).transpose()
    }

    /// Takes a socket out unless it has joined a room since it was looked at; answers it to the one who did.
    pub async fn remove(&self, socket: &RoomsOfSocket) -> Result<SocketRemoval, TableError> {
        let id = &socket.connection.id;
        let as_seen = match &socket.joins {
            Some(joins) => Condition::Compare(JOINS.into(), Comparison::Equal, joins.clone()),
            None => Condition::Not(Box::new(Condition::Has(JOINS.into()))),
        };
        let removed = match self.table.write(Write::Delete(connection_key(id), as_seen)).await {
            Ok(removed) => removed.map(|item| connection(id, item)).transpose()?,
            Err(TableError::ConditionFailed(refusals)) => {
                let current = refusals.into_iter().find_map(|refusal| refusal.current);
                return current.map_or(Ok(SocketRemoval::Gone(None)), |item| {
                    with_rooms(id, item).map(SocketRemoval::Joined)
                });
            }
            Err(error) => return Err(error),
        };
        if let Some(connection) = &removed {
            warn_if_not_counted(OpenSockets(&*self.table).closed(connection).await);
        }
        Ok(SocketRemoval::Gone(removed))
    }
}

/// The figures of the moment are for looking at: no socket depends on them.
fn warn_if_not_counted(counted: Result<(), TableError>) {
    if let Err(error) = counted {
        tracing::warn!(%error, "a socket is not counted");
    }
}

fn connection_key(id: &ConnectionId) -> Key {
    key(format!("{PREFIX}{id}"), "META")
}

/// An attribute of its own for each room: rooms can be noted at the same time.
fn room_attribute(code: &RoomCode) -> String {
    format!("{ROOM}{}", code.folded())
}

fn with_rooms(id: &ConnectionId, item: Item) -> Result<RoomsOfSocket, TableError> {
    let noted = item.attributes.iter().filter(|(name, _)| name.starts_with(ROOM));
    let rooms = noted.filter_map(|(_, code)| code.as_str()?.parse().ok()).collect();
    let joins = item.attributes.get(JOINS).cloned();
    Ok(RoomsOfSocket { connection: connection(id, item)?, rooms, joins })
}

fn refused_lease(current: Option<Item>) -> WelcomeLease {
    match current {
        None => WelcomeLease::Gone,
        Some(item) if item.attributes.contains_key(WELCOMED) => WelcomeLease::Done,
        Some(_) => WelcomeLease::Busy,
    }
}

fn item(connection: &Connection, expires: Timestamp) -> Result<Item, TableError> {
    let identity = connection.identity.as_ref();
    let row = Row {
        endpoint: connection.endpoint.clone(),
        dialect: connection.dialect,
        since: connection.since,
        user: identity.map(|identity| identity.user),
        session: identity.map(|identity| identity.session.clone()),
        connected_at: connection.connected_at.as_micros(),
        expires_at: expires.as_secs(),
    };
    to_item(connection_key(&connection.id), &row)
}

fn connection(id: &ConnectionId, item: Item) -> Result<Connection, TableError> {
    let row: Row = from_item(item)?;
    Ok(Connection {
        id: id.clone(),
        endpoint: row.endpoint,
        dialect: row.dialect,
        since: row.since,
        identity: row.user.zip(row.session).map(|(user, session)| Identity { user, session }),
        connected_at: Timestamp::from_micros(row.connected_at),
    })
}
