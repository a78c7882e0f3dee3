//! The index.

use std::collections::BTreeSet;
use std::sync::Arc;
use std::time::Duration;

use serde_json::{Value, json};

use super::{all_of, found, fresh, key, put, read_pages};
use crate::ports::{
    Change, Condition, Direction, INDEX_PK, INDEX_SK, Key, Partition, Query, SortRange, Table, Write,
};
use crate::testing::soon;

/// How long to leave an index that lags before looking again.
const LAG: Duration = Duration::from_millis(50);

fn all_under(index_pk: &str) -> Query {
    all_of(Partition::Index(index_pk.to_owned()))
}

/// The index may lag behind the table, so that an answer which is not the expected one is asked for again.
async fn assert_found(table: &dyn Table, query: &Query, expected: &[&str]) {
    let matching = async {
        while found(table, query).await != expected {
            tokio::time::sleep(LAG).await;
        }
    };
    soon(&format!("the index to answer {expected:?}"), matching).await;
}

async fn change(table: &dyn Table, key: &Key, changes: Vec<Change>) {
    table.write(Write::Update(key.clone(), changes, Condition::Exists)).await.unwrap();
}

fn set(name: &str, value: impl Into<Value>) -> Change {
    Change::Set(name.to_owned(), value.into())
}

/// One of them alone is not enough; the items come whole.
pub async fn an_item_is_in_the_index_while_it_has_both_attributes(table: Arc<dyn Table>) {
    let (list, key) = (fresh("list"), key(&fresh("item"), "x"));
    table.write(put(&key, json!({INDEX_PK: list, "a": 1}))).await.unwrap();
    assert_found(&*table, &all_under(&list), &[]).await;
    change(&*table, &key, vec![set(INDEX_SK, "1")]).await;
    assert_found(&*table, &all_under(&list), &["x"]).await;
    let (items, _) = read_pages(&*table, &all_under(&list)).await;
    assert_eq!(Value::Object(items[0].attributes.clone()), json!({INDEX_PK: list, INDEX_SK: "1", "a": 1}));
    assert_eq!(items[0].key, key);
    change(&*table, &key, vec![Change::Remove(INDEX_PK.into())]).await;
    assert_found(&*table, &all_under(&list), &[]).await;
    change(&*table, &key, vec![set(INDEX_PK, list.as_str())]).await;
    assert_found(&*table, &all_under(&list), &["x"]).await;
    table.write(Write::Delete(key, Condition::Always)).await.unwrap();
    assert_found(&*table, &all_under(&list), &[]).await;
}

/// Within a partition and to another one.
pub async fn an_item_moves_in_the_index(table: Arc<dyn Table>) {
    let (list, other, pk) = (fresh("list"), fresh("list"), fresh("item"));
    for (sk, place) in [("x", "1"), ("y", "2")] {
        table.write(put(&key(&pk, sk), json!({INDEX_PK: list, INDEX_SK: place}))).await.unwrap();
    }
    assert_found(&*table, &all_under(&list), &["x", "y"]).await;
    change(&*table, &key(&pk, "x"), vec![set(INDEX_SK, "3")]).await;
    assert_found(&*table, &all_under(&list), &["y", "x"]).await;
    change(&*table, &key(&pk, "x"), vec![set(INDEX_PK, other.as_str())]).await;
    assert_found(&*table, &all_under(&list), &["y"]).await;
    assert_found(&*table, &all_under(&other), &["x"]).await;
    table.write(put(&key(&pk, "x"), json!({"a": 1}))).await.unwrap();
    assert_found(&*table, &all_under(&other), &[]).await;
}

/// Also where many items, of many partitions, share a place.
pub async fn the_index_is_read_page_by_page_in_both_directions(table: Arc<dyn Table>) {
    let (list, pks) = (fresh("list"), [fresh("item"), fresh("item")]);
    for n in 0..30 {
        let place = format!("{}", n % 3);
        let key = key(&pks[n % 2], format!("{n:02}"));
        table.write(put(&key, json!({INDEX_PK: list, INDEX_SK: place}))).await.unwrap();
    }
    let all_there = async {
        while found(&*table, &all_under(&list)).await.len() < 30 {
            tokio::time::sleep(LAG).await;
        }
    };
    soon("the index to list 30 items", all_there).await;
    for direction in [Direction::Forward, Direction::Backward] {
        for limit in [1, 7, 100] {
            let (items, _) = read_pages(&*table, &Query { direction, limit, ..all_under(&list) }).await;
            let places: Vec<_> =
                items.iter().map(|item| item.attributes[INDEX_SK].as_str().unwrap()).collect();
            match direction {
                Direction::Forward => assert!(places.is_sorted()),
                Direction::Backward => assert!(places.iter().rev().is_sorted()),
            }
            let distinct: BTreeSet<_> = items.iter().map(|item| &item.key).collect();
            assert_eq!((items.len(), distinct.len()), (30, 30), "{direction:?} by {limit}");
        }
    }
}

/// In both directions and page by page.
pub async fn the_index_knows_prefixes_and_ranges(table: Arc<dyn Table>) {
    let (list, pk) = (fresh("list"), fresh("item"));
    for place in ["a", "b", "b1", "b2", "c"] {
        table.write(put(&key(&pk, place), json!({INDEX_PK: list, INDEX_SK: place}))).await.unwrap();
    }
    assert_found(&*table, &all_under(&list), &["a", "b", "b1", "b2", "c"]).await;
    for (range, expected) in [
        (SortRange::Prefix("b".into()), ["b", "b1", "b2"]),
        (SortRange::Between("b1".into(), "c".into()), ["b1", "b2", "c"]),
    ] {
        let query = Query { range, limit: 2, ..all_under(&list) };
        assert_found(&*table, &query, &expected).await;
        let backward = Query { direction: Direction::Backward, ..query };
        let reversed: Vec<_> = expected.into_iter().rev().collect();
        assert_found(&*table, &backward, &reversed).await;
    }
}
