//! How long objects are that are uploaded in parts.

use std::collections::BTreeMap;
use std::sync::{Mutex, MutexGuard, PoisonError};

/// The most uploads that are remembered; of the others the size stays unknown.
const MAX_UPLOADS: usize = 1000;

/// The sizes of parts, by upload and number.
#[derive(Debug, Default)]
pub(super) struct UploadSizes {
    uploads: Mutex<BTreeMap<String, Upload>>,
}

/// A part whose bytes were copied from elsewhere has no known size.
type Upload = BTreeMap<u32, Option<u64>>;

impl UploadSizes {
    /// Notes a part; the same number again replaces it.
    pub(super) fn note(&self, upload: &str, number: u32, bytes: Option<u64>) {
        let mut uploads = self.lock();
        if uploads.len() >= MAX_UPLOADS && !uploads.contains_key(upload) {
            tracing::warn!(limit = MAX_UPLOADS, "too many uploads in parts; the size of one will be unknown");
            return;
        }
        uploads.entry(upload.to_owned()).or_default().insert(number, bytes);
    }

    /// Forgets an upload.
    pub(super) fn forget(&self, upload: &str) {
        self.lock().remove(upload);
    }

    /// Forgets an upload; answers the size of an object of these parts of it, if that is known.
    pub(super) fn take(&self, upload: &str, parts: &[u32]) -> Option<u64> {
        let known = self.lock().remove(upload)?;
        parts.iter().map(|number| known.get(number).copied().flatten()).sum()
    }

    fn lock(&self) -> MutexGuard<'_, BTreeMap<String, Upload>> {
        self.uploads.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The numbers of the parts that a `CompleteMultipartUpload` lists.
pub(super) fn listed_parts(request: &str) -> Vec<u32> {
    let texts = request.split("<PartNumber>").skip(1);
    texts.filter_map(|text| text.split_once("</")?.0.trim().parse().ok()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_object_is_as_long_as_its_parts() {
        let sizes = UploadSizes::default();
        for (number, bytes) in [(1, 5), (2, 7), (2, 8), (3, 100)] {
            sizes.note("u", number, Some(bytes));
        }
        sizes.note("v", 1, None);
        let listed = listed_parts(
            "<C><Part><PartNumber>1</PartNumber></Part><Part><ETag>x</ETag><PartNumber> 2 </PartNumber></Part></C>",
        );
        assert_eq!(listed, [1, 2]);
        assert_eq!(sizes.take("u", &listed), Some(13));
        assert_eq!(sizes.take("u", &listed), None);
        assert_eq!(sizes.take("v", &[1]), None);
    }
}
