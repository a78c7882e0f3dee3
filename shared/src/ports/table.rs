//! What goes in and out of the [`Table`](super::Table) port, and what it means to adapters that decide by themselves.

mod change;
mod condition;
pub mod rules;

use serde_json::{Map, Value};

pub use self::change::changed;
pub use self::condition::holds;
use super::Cause;

/// Where an item lies: a partition, and a place in its order (by the bytes of the UTF-8 text). Neither may be empty.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Key {
    /// Partition, at most 2,048 bytes.
    pub pk: String,
    /// Place in the partition, at most 1,024 bytes.
    pub sk: String,
}

/// The attribute that says from when on an item does not exist any more: whole seconds since 1970.
pub const EXPIRES_AT: &str = "expires_at";
/// The attribute that puts an item into a partition of the index.
pub const INDEX_PK: &str = "index_pk";
/// The attribute that gives an item its place in the index's partition.
pub const INDEX_SK: &str = "index_sk";

/// The largest item, in bytes of names and values.
pub const MAX_ITEM_BYTES: usize = 400 * 1024;

/// What an item holds, by name.
pub type Attributes = Map<String, Value>;

/// Whether an item's moment has come, at so many seconds since 1970.
pub fn is_expired(attributes: &Attributes, now: i64) -> bool {
    attributes.get(EXPIRES_AT).and_then(Value::as_i64).is_some_and(|moment| moment <= now)
}

/// What is stored under a key: JSON attributes. Whole numbers keep 64 bits.
#[derive(Debug, Clone, PartialEq)]
pub struct Item {
    /// Where it lies.
    pub key: Key,
    /// Its attributes, the key's own not among them.
    pub attributes: Attributes,
}

/// How fresh a read must be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Consistency {
    /// Sees every write that was answered before the read began.
    Strong,
    /// May miss the newest writes; half the price on AWS.
    Eventual,
}

/// Which partition a query reads.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Partition {
    /// A partition of the table.
    Table(String),
    /// A partition of the index; always read with [`Consistency::Eventual`].
    Index(String),
}

/// Which part of a partition's order a query reads.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum SortRange {
    /// All of it.
    All,
    /// What begins with this text.
    Prefix(String),
    /// What lies between two texts, both included.
    Between(String, String),
}

/// The order in which a query answers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Direction {
    /// Smallest first.
    Forward,
    /// Largest first.
    Backward,
}

/// Where a query goes on: the last item that the page before looked at.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Cursor {
    /// Its key in the table.
    pub key: Key,
    /// Its place in the index, for queries of the index.
    pub index_sk: Option<String>,
}

/// A question to one partition.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Query {
    /// Which partition.
    pub partition: Partition,
    /// Which part of it.
    pub range: SortRange,
    /// In which order.
    pub direction: Direction,
    /// How many items to look at, at most.
    pub limit: usize,
    /// Where to go on.
    pub after: Option<Cursor>,
    /// How fresh.
    pub consistency: Consistency,
}

/// One page of an answer. It may be short, even empty, and still have a next one.
#[derive(Debug, Clone, PartialEq)]
pub struct Page {
    /// What was found, in the order asked for.
    pub items: Vec<Item>,
    /// Where to go on; none at the end.
    pub next: Option<Cursor>,
}

/// How an attribute must compare with a value of the same type. A missing attribute compares with nothing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[expect(missing_docs, reason = "the names say it all")]
pub enum Comparison {
    Equal,
    Less,
    AtMost,
    Greater,
    AtLeast,
}

/// What must hold of the item under a write's key for the write to happen. An expired item counts as absent.
#[derive(Debug, Clone, PartialEq)]
pub enum Condition {
    /// Nothing.
    Always,
    /// The item is there.
    Exists,
    /// The item is not there.
    Absent,
    /// The item is there and has the attribute.
    Has(String),
    /// The attribute compares so with the value.
    Compare(String, Comparison, Value),
    /// All of these.
    All(Vec<Condition>),
    /// At least one of these.
    Any(Vec<Condition>),
    /// Not this.
    Not(Box<Condition>),
}

/// One change to an item's attributes.
#[derive(Debug, Clone, PartialEq)]
pub enum Change {
    /// Give the attribute this value.
    Set(String, Value),
    /// Add to a whole number; a missing one counts as 0.
    Add(String, i64),
    /// Take the attribute away.
    Remove(String),
}

/// One write.
#[derive(Debug, Clone, PartialEq)]
pub enum Write {
    /// Put a whole item in the place of what was there.
    Put(Item, Condition),
    /// Change some attributes of an item; it is made if it isn't there. Changes build on what is stored: an item that
    /// has expired but is not deleted yet keeps its old attributes, so name a condition where that matters.
    Update(Key, Vec<Change>, Condition),
    /// Take the item away. It need not be there.
    Delete(Key, Condition),
    /// Only insist on a condition. In transactions alone.
    Check(Key, Condition),
}

/// A write of a call that was refused by its condition.
#[derive(Debug, Clone, PartialEq)]
pub struct Refusal {
    /// Its place among the writes of the transaction, from 0.
    pub index: usize,
    /// The item as it stood, if there was one that had not expired.
    pub current: Option<Item>,
}

/// Why a call of [`Table`](super::Table) failed.
#[derive(Debug, thiserror::Error)]
pub enum TableError {
    /// A condition did not hold; nothing was changed.
    #[error("a condition did not hold")]
    ConditionFailed(Vec<Refusal>),
    /// Another transaction had hold of an item; nothing was changed. Trying again is safe.
    #[error("a transaction conflicts with another one")]
    Conflict,
    /// The call breaks a rule of this port (size, empty key, number of writes …).
    #[error("invalid table call: {0}")]
    Invalid(String),
    /// The store did not answer, or refuses for now. Whether the write happened is unknown.
    #[error("the table is unavailable")]
    Unavailable(#[source] Cause),
}
