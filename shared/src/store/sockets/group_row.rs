//! What the name of a group's row tells.

use serde::{Deserialize, Serialize};

use crate::ids::{ConnectionId, UserId};
use crate::ports::Connection;
use crate::protocol::Dialect;

/// The row of one member: the connection's id stands in its name.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(transparent)]
pub struct GroupRow(pub String);

impl GroupRow {
    /// The row that a connection has in each of its groups.
    pub fn of(connection: &Connection) -> Self {
        let user = connection.user().map_or(0, |user| user.0);
        Self(format!("{user}#{}#{}", connection.id, connection.dialect.letter()))
    }

    /// The socket whose row it is; none if it is not a row that we wrote.
    pub fn connection(&self) -> Option<ConnectionId> {
        self.parts()?.1.parse().ok()
    }

    /// The person whose row it is, if it is anybody's.
    pub fn user(&self) -> Option<UserId> {
        self.parts()?.0.parse().ok()
    }

    /// What the socket speaks.
    pub fn dialect(&self) -> Option<Dialect> {
        self.parts()?.2.parse::<char>().ok()?.try_into().ok()
    }

    fn parts(&self) -> Option<(&str, &str, &str)> {
        let (user, rest) = self.0.split_once('#')?;
        let (connection, dialect) = rest.split_once('#')?;
        Some((user, connection, dialect))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_row_tells_whose_it_is_and_what_its_socket_speaks() {
        let row = GroupRow("17#TXzPWdnOjoECGjA=#w".into());
        assert_eq!(row.connection(), Some("TXzPWdnOjoECGjA=".parse().unwrap()));
        assert_eq!((row.user(), row.dialect()), (Some(UserId(17)), Some(Dialect::Watch)));
        assert_eq!(GroupRow("0#a=#f".into()).user(), None);
        for foreign in ["HERE", "17#", "17#a=", "17#a b#f"] {
            assert_eq!(GroupRow(foreign.into()).connection(), None, "{foreign:?}");
        }
        assert_eq!(GroupRow("17#a=#x".into()).dialect(), None);
    }
}
