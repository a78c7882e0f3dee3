//! Media: found by id, and by the secret name of their bytes.

use std::time::Duration;

use serde::{Deserialize, Serialize};

use super::owned_media;
use crate::domain::media::Medium;
use crate::ids::{MediaId, StoredName, UserId};
use crate::ports::{Change, Condition, Consistency, EXPIRES_AT, Item, Key, Table, TableError, Write};
use crate::store::record::{from_item, key, refused, to_item};

/// How long an `Idempotency-Key` is remembered.
pub(in crate::store) const REQUEST_LIFE: Duration = Duration::from_secs(24 * 3600);
const ANNOUNCED: &str = "announced";

#[derive(Serialize, Deserialize)]
struct Pointer {
    id: MediaId,
}

/// The media in a table.
#[derive(Debug)]
pub struct Media<'a>(pub &'a dyn Table);

impl Media<'_> {
    /// The medium of that id.
    pub async fn get(&self, id: MediaId) -> Result<Option<Medium>, TableError> {
        let item = self.0.get(&meta(id), Consistency::Strong).await?;
        item.map(from_item).transpose()
    }

    /// Those of some media that are there, in any order.
    pub async fn of(&self, ids: &[MediaId]) -> Result<Vec<Medium>, TableError> {
        let mut media = Vec::with_capacity(ids.len());
        for ids in ids.chunks(100) {
            let keys: Vec<Key> = ids.iter().map(|id| meta(*id)).collect();
            let found = self.0.batch_get(&keys, Consistency::Strong).await?;
            media.extend(found.into_iter().map(from_item).collect::<Result<Vec<Medium>, _>>()?);
        }
        Ok(media)
    }

    /// The medium whose bytes have that name.
    pub async fn named(&self, name: &StoredName) -> Result<Option<Medium>, TableError> {
        match self.0.get(&by_name(name), Consistency::Strong).await? {
            Some(item) => self.get(from_item::<Pointer>(item)?.id).await,
            None => Ok(None),
        }
    }

    /// The medium that this person's request with that `Idempotency-Key` made, if it is remembered.
    pub async fn made_by(&self, owner: UserId, request: &str) -> Result<Option<Medium>, TableError> {
        match self.0.get(&by_request(owner, request), Consistency::Strong).await? {
            Some(item) => self.get(from_item::<Pointer>(item)?.id).await,
            None => Ok(None),
        }
    }

    /// Adds a medium; tells whether no other one was made by the same request before.
    pub async fn add(&self, medium: &Medium, request: Option<&str>) -> Result<bool, TableError> {
        let mut writes = additions(medium)?;
        if let Some(request) = request {
            let expires_at = medium.created_at.plus(REQUEST_LIFE).as_secs();
            let pointer = Pointer { id: medium.id };
            let Item { key, mut attributes } = to_item(by_request(medium.owner, request), &pointer)?;
            attributes.insert(EXPIRES_AT.to_owned(), expires_at.into());
            writes.push(Write::Put(Item { key, attributes }, Condition::Absent));
        }
        Ok(refused(self.0.transact(writes).await)?.is_none())
    }

    /// Takes a medium away, and the memory of the request that made it.
    pub async fn remove(&self, medium: &Medium, request: Option<&str>) -> Result<(), TableError> {
        let owned = owned_media::owned(medium.owner, medium.id);
        let places = [meta(medium.id), by_name(&medium.stored_name), owned];
        let request = request.map(|request| by_request(medium.owner, request));
        let places = places.into_iter().chain(request);
        self.0.transact(places.map(|place| Write::Delete(place, Condition::Always)).collect()).await
    }

    /// Notes that the medium has been announced on the feed.
    pub async fn mark_announced(&self, id: MediaId) -> Result<(), TableError> {
        let change = Change::Set(ANNOUNCED.to_owned(), true.into());
        self.0.write(Write::Update(meta(id), vec![change], Condition::Exists)).await.map(drop)
    }

    /// Whether the medium has been announced on the feed.
    pub async fn is_announced(&self, id: MediaId) -> Result<bool, TableError> {
        let item = self.0.get(&meta(id), Consistency::Strong).await?;
        Ok(item.is_some_and(|item| item.attributes.contains_key(ANNOUNCED)))
    }
}

/// The writes that make a medium known: by its id, by the name of its bytes, and to be its owner's.
pub(in crate::store) fn additions(medium: &Medium) -> Result<Vec<Write>, TableError> {
    let pointer = Pointer { id: medium.id };
    Ok(vec![
        Write::Put(to_item(meta(medium.id), medium)?, Condition::Absent),
        Write::Put(to_item(by_name(&medium.stored_name), &pointer)?, Condition::Absent),
        owned_media::noting(medium)?,
    ])
}

fn meta(id: MediaId) -> Key {
    key(partition(id), "META")
}

/// Where a medium lies, and what belongs to it.
pub(in crate::store) fn partition(id: MediaId) -> String {
    format!("MEDIA#{id}")
}

fn by_name(name: &StoredName) -> Key {
    key(format!("MEDIANAME#{name}"), "MEDIA")
}

/// What a request made, by its `Idempotency-Key`.
pub(in crate::store) fn by_request(owner: UserId, request: &str) -> Key {
    key(format!("USER#{owner}"), format!("UPLOAD#{request}"))
}
