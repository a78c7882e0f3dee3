//! What comes with a file and is kept with its medium.

use std::collections::BTreeMap;
use std::collections::btree_map::Entry;

use axum::http::HeaderMap;

use crate::inbound::http::error::HttpError;

/// How many fields may come with a file, and how long they may be together, in bytes.
const MAX_FIELDS: usize = 64;
pub(in crate::inbound::http) const MAX_FIELDS_BYTES: usize = 64 * 1024;
/// The longest `Idempotency-Key`, in bytes.
const MAX_KEY: usize = 200;

/// Fields that come with a file, within bounds.
#[derive(Debug, Default)]
pub(in crate::inbound::http) struct UploadFields {
    fields: BTreeMap<String, String>,
    bytes: usize,
}

impl UploadFields {
    /// How long the value of this field may be.
    pub(in crate::inbound::http) fn room_for(&self, name: &str) -> Result<usize, HttpError> {
        MAX_FIELDS_BYTES.checked_sub(self.bytes + name.len()).ok_or_else(Self::too_long)
    }

    /// Fields that take more room than there is.
    pub(in crate::inbound::http) fn too_long() -> HttpError {
        HttpError::too_large("The fields beside the file are longer than 64 KB.")
    }

    /// Keeps a field, which may come once.
    pub(in crate::inbound::http) fn keep(&mut self, name: String, value: String) -> Result<(), HttpError> {
        if self.room_for(&name)? < value.len() {
            return Err(Self::too_long());
        }
        if self.fields.len() == MAX_FIELDS {
            return Err(HttpError::too_large("There are more than 64 fields beside the file."));
        }
        self.bytes += name.len() + value.len();
        match self.fields.entry(name) {
            Entry::Vacant(place) => place.insert(value),
            Entry::Occupied(known) => {
                return Err(HttpError::field(known.key().clone(), "Each field may come once."));
            }
        };
        Ok(())
    }

    /// All of them.
    pub(in crate::inbound::http) fn into_map(self) -> BTreeMap<String, String> {
        self.fields
    }
}

/// What makes an upload safe to repeat.
pub(in crate::inbound::http) fn idempotency_key(headers: &HeaderMap) -> Result<Option<&str>, HttpError> {
    let Some(value) = headers.get("idempotency-key") else {
        return Ok(None);
    };
    let key = value.to_str().ok().filter(|key| (1..=MAX_KEY).contains(&key.len()));
    key.map(Some).ok_or_else(|| HttpError::field("Idempotency-Key", "Between 1 and 200 visible characters."))
}
