//! Who is where.

use std::time::Duration;

use super::ApiGatewayChannelLayer;
use crate::ids::{PresenceToken, RoomCode, UserId};
use crate::ports::{
    ABSENCE_GRACE, Absence, AbsenceCheck, Admission, ChannelError, Connection, Group, Job, Joined, Refusal,
    TableError, Write,
};
use crate::protocol::Timestamp;
use crate::store::StoredConnections;

use futures_util::future::try_join_all;

/// How much less than the grace the removal of a row may take, by clocks that are never the same.
const MARGIN: Duration = Duration::from_secs(2);
/// How often a join is tried while the person comes and goes.
const ATTEMPTS: usize = 8;

/// The writes of a join into a room, all of which happen or none.
struct Join {
    writes: Vec<Write>,
    has_guard: bool,
}

/// Which of them was refused.
enum Obstacle {
    Guard,
    Connection,
    Mark,
}

impl Join {
    /// Guard and connection come first: where several conditions don't hold, theirs is the answer.
    fn new(admission: Option<&Admission>, connection: Write, row: Write, mark: Option<Write>) -> Self {
        let guard = admission.map(|admission| admission.guard.clone());
        let has_guard = guard.is_some();
        Self { writes: guard.into_iter().chain([connection, row]).chain(mark).collect(), has_guard }
    }

    fn obstacle(has_guard: bool, refusals: &[Refusal]) -> Obstacle {
        let first = refusals.iter().map(|refusal| refusal.index).min();
        match first.map(|index| index + usize::from(!has_guard)) {
            Some(0) => Obstacle::Guard,
            Some(1) => Obstacle::Connection,
            _ => Obstacle::Mark,
        }
    }
}

impl ApiGatewayChannelLayer {
    /// Whoever is admitted, and whoever joins a room, does so in one transaction with the check that the socket is known
    /// and, in a room, with the note of it by which it is taken out again, and with the mark of the person. All else is
    /// a row that goes with the socket.
    pub(super) async fn join_group(
        &self,
        group: &Group,
        connection: &Connection,
        admission: Option<&Admission>,
    ) -> Result<Joined, TableError> {
        match (group.room(), group.person(connection)) {
            (None, _) if admission.is_none() => {
                self.groups.add(group, connection).await?;
                Ok(Joined::Already)
            }
            (Some(room), Some(user)) => self.join_in_person(room, user, connection, admission).await,
            _ => Ok(match self.try_join(group, connection, admission, None).await? {
                None => Joined::Already,
                Some(Obstacle::Guard) => Joined::Refused,
                Some(Obstacle::Connection | Obstacle::Mark) => Joined::Gone,
            }),
        }
    }

    /// Most people who join are not present yet.
    async fn join_in_person(
        &self,
        room: &RoomCode,
        user: UserId,
        connection: &Connection,
        admission: Option<&Admission>,
    ) -> Result<Joined, TableError> {
        let name = admission.map_or("", |admission| &admission.name);
        let token = PresenceToken::from_random(self.random.bytes());
        let group = Group::Room(room.clone());
        for attempt in 0..ATTEMPTS {
            let arrives = attempt % 2 == 0;
            let mark = match arrives {
                true => self.marks.arriving(room, user, name, &token)?,
                false => self.marks.returning(room, user, &token),
            };
            match self.try_join(&group, connection, admission, Some(mark)).await? {
                None => return Ok(if arrives { Joined::Arrived } else { Joined::Already }),
                Some(Obstacle::Guard) => return Ok(Joined::Refused),
                Some(Obstacle::Connection) => return Ok(Joined::Gone),
                Some(Obstacle::Mark) => {}
            }
        }
        Err(TableError::Conflict)
    }

    async fn try_join(
        &self,
        group: &Group,
        connection: &Connection,
        admission: Option<&Admission>,
        mark: Option<Write>,
    ) -> Result<Option<Obstacle>, TableError> {
        let admission = admission.filter(|_| !planted!(RowWithoutCheck));
        let known = match group.room() {
            Some(room) => StoredConnections::joining_room(&connection.id, room),
            None => StoredConnections::existing(&connection.id),
        };
        let Join { writes, has_guard } =
            Join::new(admission, known, self.groups.adding(group, connection), mark);
        match self.table.transact(writes).await {
            Ok(()) => Ok(None),
            Err(TableError::ConditionFailed(refusals)) => Ok(Some(Join::obstacle(has_guard, &refusals))),
            Err(error) => Err(error),
        }
    }

    pub(super) async fn leave_group(
        &self,
        group: &Group,
        connection: &Connection,
    ) -> Result<(), ChannelError> {
        let began = self.expect_absence(group.room(), group.person(connection)).await?;
        self.groups.remove(group, connection).await?;
        self.expect_absence_again(group.room(), group.person(connection), began).await?;
        if let Some(room) = group.room() {
            self.connections.drop_room(&connection.id, room).await?;
        }
        Ok(())
    }

    /// Sees to it that somebody looks in some seconds whether a person has left these rooms. That comes first: whoever
    /// dies over the removal of their row leaves a look at a row that is still there, and not a person who never goes.
    /// It is not asked whether the row is their last one: of two that go at once, each would see the other's.
    pub(super) async fn expect_absence(
        &self,
        rooms: impl IntoIterator<Item = &RoomCode>,
        user: Option<UserId>,
    ) -> Result<Timestamp, ChannelError> {
        let began = self.clock.now();
        let Some(user) = user else { return Ok(began) };
        let looks = rooms.into_iter().map(|room| self.look_at(room, user));
        let looks: Vec<_> = try_join_all(looks).await?.into_iter().flatten().collect();
        if !looks.is_empty() {
            self.jobs.enqueue(looks).await?;
        }
        Ok(began)
    }

    /// The same once the row is gone, if that took so long that somebody may have looked while it was still there.
    pub(super) async fn expect_absence_again(
        &self,
        rooms: impl IntoIterator<Item = &RoomCode>,
        user: Option<UserId>,
        began: Timestamp,
    ) -> Result<(), ChannelError> {
        if self.clock.now().since(began) + MARGIN > ABSENCE_GRACE {
            self.expect_absence(rooms, user).await?;
        }
        Ok(())
    }

    async fn look_at(&self, room: &RoomCode, user: UserId) -> Result<Option<(Job, Duration)>, TableError> {
        let token = self.marks.token(room, user).await?;
        Ok(token.map(|token| {
            let check = AbsenceCheck { token, id: PresenceToken::from_random(self.random.bytes()) };
            (Job::CheckAbsence { room: room.clone(), user, check }, ABSENCE_GRACE)
        }))
    }

    /// A row never comes without a new token: who has no row, and then still the token that the check knows, has left.
    pub(super) async fn confirm_absence(
        &self,
        group: &Group,
        user: UserId,
        check: Option<&AbsenceCheck>,
    ) -> Result<Absence, TableError> {
        let Some(room) = group.room() else {
            return Ok(Absence::LeftBefore);
        };
        let check = match check {
            Some(check) => check.clone(),
            None => {
                let Some(token) = self.marks.token(room, user).await? else {
                    return Ok(Absence::LeftBefore);
                };
                AbsenceCheck { token, id: PresenceToken::from_random(self.random.bytes()) }
            }
        };
        if self.groups.has_user(group, user).await? {
            return Ok(Absence::StillHere);
        }
        self.marks.leave(room, user, &check).await
    }
}
