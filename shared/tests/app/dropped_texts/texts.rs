//! A drop box in memory, which fails when it is told to.

use std::collections::HashMap;
use std::sync::{Mutex, MutexGuard};

use async_trait::async_trait;
use bytes::Bytes;
use parlor::ports::{DropBox, DropBoxError, DropRef};

/// How a fake feels.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Mood {
    #[default]
    Well,
    Failing,
    /// It does what it is asked to, but never answers.
    Hanging,
}

#[derive(Debug, Default)]
pub(crate) struct Texts {
    texts: Mutex<HashMap<(String, String), Vec<u8>>>,
    pub(crate) rejected: Mutex<Vec<String>>,
    pub(crate) reads: Mutex<Mood>,
    pub(crate) removals: Mutex<Mood>,
}

impl Texts {
    pub(crate) fn put(&self, path: &str, version: &str, text: impl AsRef<[u8]>) -> DropRef {
        let text = text.as_ref().to_owned();
        self.texts.lock().unwrap().insert((path.to_owned(), version.to_owned()), text);
        DropRef { path: path.to_owned(), version: version.to_owned() }
    }

    pub(crate) fn holds(&self, text: &DropRef) -> bool {
        self.all().contains_key(&key(text))
    }

    fn all(&self) -> MutexGuard<'_, HashMap<(String, String), Vec<u8>>> {
        self.texts.lock().unwrap()
    }
}

fn key(text: &DropRef) -> (String, String) {
    (text.path.clone(), text.version.clone())
}

fn answer(mood: &Mutex<Mood>) -> Result<(), DropBoxError> {
    let is_well = *mood.lock().unwrap() == Mood::Well;
    is_well.then_some(()).ok_or_else(|| DropBoxError("out of order".into()))
}

#[async_trait]
impl DropBox for Texts {
    async fn read(&self, drop: &DropRef, limit: usize) -> Result<Option<Bytes>, DropBoxError> {
        answer(&self.reads)?;
        let cut = |bytes: &Vec<u8>| bytes[..bytes.len().min(limit)].to_vec().into();
        Ok(self.all().get(&key(drop)).map(cut))
    }

    async fn remove(&self, drop: &DropRef) -> Result<(), DropBoxError> {
        answer(&self.removals)?;
        self.all().remove(&key(drop));
        Ok(())
    }

    async fn reject(&self, drop: &DropRef) -> Result<(), DropBoxError> {
        self.all().remove(&key(drop));
        self.rejected.lock().unwrap().push(drop.path.clone());
        Ok(())
    }
}
