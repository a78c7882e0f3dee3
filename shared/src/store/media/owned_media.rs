//! Whose media are whose: `USER#<id>`, `MEDIUM#<media id>`, so that they can go with their owner.

use serde::{Deserialize, Serialize};

use crate::domain::media::Medium;
use crate::ids::{MediaId, UserId};
use crate::ports::{
    Condition, Consistency, Cursor, Direction, Key, Partition, Query, SortRange, Table, TableError, Write,
};
use crate::store::record::{from_item, key, to_item};

const MEDIUM: &str = "MEDIUM#";

#[derive(Serialize, Deserialize)]
struct Entry {
    id: MediaId,
}

/// The media of people in a table.
#[derive(Debug)]
pub struct OwnedMedia<'a>(pub &'a dyn Table);

impl OwnedMedia<'_> {
    /// Some of somebody's media, at most so many.
    pub async fn some(&self, owner: UserId, limit: usize) -> Result<Vec<MediaId>, TableError> {
        let query = Query {
            partition: Partition::Table(format!("USER#{owner}")),
            range: SortRange::Prefix(MEDIUM.to_owned()),
            direction: Direction::Forward,
            limit,
            after: None,
            consistency: Consistency::Strong,
        };
        let page = self.0.query(&query).await?;
        page.items.into_iter().map(|item| Ok(from_item::<Entry>(item)?.id)).collect()
    }

    /// A page of somebody's media that come after one, and whether there are more.
    pub async fn after(
        &self,
        owner: UserId,
        after: Option<MediaId>,
        limit: usize,
    ) -> Result<(Vec<MediaId>, bool), TableError> {
        let query = Query {
            partition: Partition::Table(format!("USER#{owner}")),
            range: SortRange::Prefix(MEDIUM.to_owned()),
            direction: Direction::Forward,
            limit,
            after: after.map(|after| Cursor { key: owned(owner, after), index_sk: None }),
            consistency: Consistency::Strong,
        };
        let page = self.0.query(&query).await?;
        let ids = page.items.into_iter().map(|item| Ok(from_item::<Entry>(item)?.id));
        Ok((ids.collect::<Result<_, TableError>>()?, page.next.is_some()))
    }

    /// Forgets that somebody owned a medium that isn't there any more.
    pub async fn forget(&self, owner: UserId, id: MediaId) -> Result<(), TableError> {
        self.0.write(Write::Delete(owned(owner, id), Condition::Always)).await.map(drop)
    }
}

/// The write that notes whose a new medium is.
pub(super) fn noting(medium: &Medium) -> Result<Write, TableError> {
    Ok(Write::Put(to_item(owned(medium.owner, medium.id), &Entry { id: medium.id })?, Condition::Always))
}

pub(super) fn owned(owner: UserId, id: MediaId) -> Key {
    key(format!("USER#{owner}"), format!("{MEDIUM}{id}"))
}
