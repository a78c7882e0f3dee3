//! How far people have watched what: `USER#<id>`, `PROGRESS#<hash of its name>`.

use std::time::Duration;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde::{Deserialize, Serialize};
use serde_json::json;
use sha2::{Digest, Sha256};

use crate::domain::watch::Progress;
use crate::ids::{RoomCode, UserId};
use crate::ports::{
    Comparison, Condition, Consistency, Cursor, Direction, Key, Partition, Query, SortRange, Table,
    TableError, Write,
};
use crate::protocol::Timestamp;
use crate::store::record::{from_item, key, refused, to_item};

/// How long it is remembered.
const KEPT: Duration = Duration::from_secs(365 * 24 * 3600);
const PREFIX: &str = "PROGRESS#";

/// The progress of people in a table.
#[derive(Debug)]
pub struct ProgressNotes<'a>(pub &'a dyn Table);

/// What is watched, as its player names it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Watchable {
    /// Its id.
    pub media_id: String,
    /// Where that id comes from, or what it is: `url`, `youtube`, `movie` …
    pub media_type: String,
    /// The season, of a series.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub season: Option<u32>,
    /// The episode, of a series.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub episode: Option<u32>,
}

/// How far somebody has watched something.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ProgressNote {
    /// What.
    #[serde(flatten)]
    pub what: Watchable,
    /// How far.
    #[serde(flatten)]
    pub progress: Progress,
    /// Its title, if that is known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub title: Option<String>,
    /// Where it was watched last.
    pub room: RoomCode,
    /// When, in microseconds since 1970.
    pub saved_at: i64,
    /// In whole seconds since 1970.
    expires_at: i64,
}

impl ProgressNote {
    /// What is known now.
    pub fn new(
        what: Watchable,
        progress: Progress,
        title: Option<String>,
        room: RoomCode,
        now: Timestamp,
    ) -> Self {
        let expires_at = now.plus(KEPT).as_secs();
        Self { what, progress, title, room, saved_at: now.as_micros(), expires_at }
    }
}

impl ProgressNotes<'_> {
    /// Writes down how far somebody is, unless that was done since a moment.
    pub async fn save(
        &self,
        user: UserId,
        note: &ProgressNote,
        unless_since: Option<Timestamp>,
    ) -> Result<(), TableError> {
        let is_due = unless_since.map_or(Condition::Always, |moment| {
            let before = json!(moment.as_micros());
            let is_old = Condition::Compare("saved_at".to_owned(), Comparison::AtMost, before);
            Condition::Any(vec![Condition::Absent, is_old])
        });
        let item = to_item(note_key(user, &note.what), note)?;
        refused(self.0.write(Write::Put(item, is_due)).await).map(drop)
    }

    /// How far somebody is.
    pub async fn get(&self, user: UserId, what: &Watchable) -> Result<Option<ProgressNote>, TableError> {
        self.0.get(&note_key(user, what), Consistency::Strong).await?.map(from_item).transpose()
    }

    /// A page of all that somebody has watched, in no particular order, and where the next one begins.
    pub async fn page(
        &self,
        user: UserId,
        after: Option<&str>,
        limit: usize,
    ) -> Result<(Vec<ProgressNote>, Option<String>), TableError> {
        let partition = format!("USER#{user}");
        let query = Query {
            after: after.map(|after| Cursor {
                key: key(partition.as_str(), format!("{PREFIX}{after}")),
                index_sk: None,
            }),
            partition: Partition::Table(partition.clone()),
            range: SortRange::Prefix(PREFIX.to_owned()),
            direction: Direction::Forward,
            limit,
            consistency: Consistency::Strong,
        };
        let page = self.0.query(&query).await?;
        let notes = page.items.into_iter().map(from_item).collect::<Result<_, _>>()?;
        let next = page.next.and_then(|cursor| cursor.key.sk.strip_prefix(PREFIX).map(str::to_owned));
        Ok((notes, next))
    }
}

/// Ids may be long; a key may not.
fn note_key(user: UserId, what: &Watchable) -> Key {
    let Watchable { media_id, media_type, season, episode } = what;
    let number = |number: &Option<u32>| number.map(|number| number.to_string()).unwrap_or_default();
    let name = format!("{media_type}\n{}\n{}\n{media_id}", number(season), number(episode));
    key(format!("USER#{user}"), format!("{PREFIX}{}", URL_SAFE_NO_PAD.encode(Sha256::digest(name))))
}
