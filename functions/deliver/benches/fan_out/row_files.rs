//! A table that is files, one for each partition: the rows of a group are nobody's memory, as in DynamoDB.

use std::collections::BTreeMap;
use std::fs::{File, OpenOptions};
use std::io::{BufRead, BufReader, Write as _};
use std::path::PathBuf;
use std::process::Command;
use std::sync::{Mutex, PoisonError};

use async_trait::async_trait;
use parlor::ports::{
    Consistency, Cursor, Item, Key, Page, Partition, Query, SortRange, Table, TableError, Write,
};
use serde_json::{Map, Value};

use crate::Failure;

/// Items that are put and then read by partition, in the order of their keys. It can do nothing else.
#[derive(Debug)]
pub(crate) struct RowFiles {
    folder: PathBuf,
    /// Each partition's file, by the partition's name.
    files: Mutex<BTreeMap<String, (PathBuf, File)>>,
}

impl RowFiles {
    /// An empty table in that folder.
    pub(crate) fn create(folder: PathBuf) -> Result<Self, Failure> {
        std::fs::create_dir(&folder)?;
        Ok(Self { folder, files: Mutex::default() })
    }

    /// Brings the rows into order, by another program: this one's memory is what is measured.
    pub(crate) fn sort(&self) -> Result<(), Failure> {
        let files = self.files.lock().unwrap_or_else(PoisonError::into_inner);
        for (path, _) in files.values() {
            let sorted = Command::new("sort").env("LC_ALL", "C").arg("-o").arg(path).arg(path).status()?;
            if !sorted.success() {
                return Err(format!("{}: {sorted}", path.display()).into());
            }
        }
        Ok(())
    }

    fn put(&self, item: &Item) -> Result<(), Failure> {
        let mut files = self.files.lock().unwrap_or_else(PoisonError::into_inner);
        if !files.contains_key(&item.key.pk) {
            let path = self.folder.join(files.len().to_string());
            let file = OpenOptions::new().create(true).append(true).open(&path)?;
            files.insert(item.key.pk.clone(), (path, file));
        }
        if let Some((_, file)) = files.get_mut(&item.key.pk) {
            file.write_all(line(item)?.as_bytes())?;
        }
        Ok(())
    }

    /// The first rows of a query, in the order of their keys.
    fn page(&self, pk: &str, query: &Query) -> Result<Page, Failure> {
        let path = {
            let files = self.files.lock().unwrap_or_else(PoisonError::into_inner);
            files.get(pk).map(|(path, _)| path.clone())
        };
        let mut items = Vec::new();
        if let Some(path) = path {
            for line in BufReader::new(File::open(path)?).lines() {
                let line = line?;
                let (sk, attributes) = line.split_once('\t').ok_or("a line without a tabulator")?;
                if !is_asked_for(query, sk) {
                    continue;
                }
                if items.len() == query.limit {
                    let next =
                        items.last().map(|item: &Item| Cursor { key: item.key.clone(), index_sk: None });
                    return Ok(Page { items, next });
                }
                let attributes: Map<String, Value> = serde_json::from_str(attributes)?;
                items.push(Item { key: Key { pk: pk.to_owned(), sk: sk.to_owned() }, attributes });
            }
        }
        Ok(Page { items, next: None })
    }
}

fn is_asked_for(query: &Query, sk: &str) -> bool {
    let is_in_range = match &query.range {
        SortRange::All => true,
        SortRange::Prefix(prefix) => sk.starts_with(prefix.as_str()),
        SortRange::Between(first, last) => (first.as_str()..=last.as_str()).contains(&sk),
    };
    is_in_range && query.after.as_ref().is_none_or(|after| sk > after.key.sk.as_str())
}

fn line(item: &Item) -> Result<String, Failure> {
    Ok(format!("{}\t{}\n", item.key.sk, serde_json::to_string(&item.attributes)?))
}

fn not_here<T>() -> Result<T, TableError> {
    Err(TableError::Unavailable("this table puts items and reads partitions, nothing else".into()))
}

#[async_trait]
impl Table for RowFiles {
    async fn get(&self, _key: &Key, _consistency: Consistency) -> Result<Option<Item>, TableError> {
        not_here()
    }

    async fn batch_get(&self, _keys: &[Key], _consistency: Consistency) -> Result<Vec<Item>, TableError> {
        not_here()
    }

    async fn query(&self, query: &Query) -> Result<Page, TableError> {
        match &query.partition {
            Partition::Table(pk) => self.page(pk, query).map_err(TableError::Unavailable),
            Partition::Index(_) => not_here(),
        }
    }

    async fn write(&self, write: Write) -> Result<Option<Item>, TableError> {
        match write {
            Write::Put(item, _) => self.put(&item).map(|()| None).map_err(TableError::Unavailable),
            _ => not_here(),
        }
    }

    async fn transact(&self, _writes: Vec<Write>) -> Result<(), TableError> {
        not_here()
    }
}
