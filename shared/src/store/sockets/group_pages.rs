//! A group, read a page at a time.

use std::collections::VecDeque;

use crate::ports::{Cursor, Group, SortRange, TableError};
use crate::store::sockets::group_row::GroupRow;
use crate::store::sockets::groups::{StoredGroups, partition, partitions, row_key};

/// How many rows are read at once.
pub(in crate::store) const PAGE: usize = 1000;

/// The rows of a group, from some row on. Any row is a bookmark: it says itself in which partition it lies.
#[derive(Debug)]
pub struct GroupPages<'a> {
    groups: &'a StoredGroups,
    /// The partitions that are not read to their end.
    left: VecDeque<String>,
    /// Where to go on in the first of them.
    after: Option<Cursor>,
}

impl StoredGroups {
    /// All rows of a group, or those after one of them. Who joins or leaves meanwhile may be among them or not.
    pub fn pages(&self, group: &Group, after: Option<&GroupRow>) -> GroupPages<'_> {
        let bookmark = after.and_then(|row| row.connection().map(|id| (row, id)));
        let mut left: VecDeque<_> = partitions(group).into();
        if let Some((_, id)) = &bookmark {
            let of_row = partition(group, Some(id));
            left = left.into_iter().skip_while(|partition| *partition != of_row).collect();
        }
        let after = bookmark.map(|(row, id)| Cursor { key: row_key(group, row, &id), index_sk: None });
        GroupPages { groups: self, left, after }
    }
}

impl GroupPages<'_> {
    /// Whether there is nothing more to be read.
    pub fn are_read(&self) -> bool {
        self.left.is_empty()
    }

    /// The next rows: none at the end, and now and then before it. After a failure, the same ones can be asked for again.
    pub async fn next(&mut self) -> Result<Vec<GroupRow>, TableError> {
        let Some(partition) = self.left.front() else {
            return Ok(Vec::new());
        };
        let (rows, next) = self.groups.page(partition, SortRange::All, self.after.clone(), PAGE).await?;
        if next.is_none() {
            self.left.pop_front();
        }
        self.after = next;
        Ok(rows)
    }
}
