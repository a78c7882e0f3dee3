//! Limits.

use std::sync::Arc;

use serde_json::{Value, json};

use super::{all_in, assert_invalid, found, fresh, key, put, read};
use crate::ports::{Change, Condition, Consistency, MAX_ITEM_BYTES, Table, Write};

/// Room for the key and for the names.
const ROOM: usize = 1024;

/// Counted in bytes, not in characters.
pub async fn an_item_may_have_400_kilobytes_and_no_more(table: Arc<dyn Table>) {
    let pk = fresh("size");
    let large = json!({"text": "é".repeat((MAX_ITEM_BYTES - ROOM) / 2)});
    table.write(put(&key(&pk, "large"), large.clone())).await.unwrap();
    assert_eq!(read(&*table, &key(&pk, "large")).await, large);
    for too_large in [json!({"text": "é".repeat(MAX_ITEM_BYTES / 2)}), json!({"x".repeat(MAX_ITEM_BYTES): 1})]
    {
        assert_invalid(table.write(put(&key(&pk, "too large"), too_large.clone())).await);
        assert_invalid(table.transact(vec![put(&key(&pk, "too large"), too_large)]).await);
    }
    assert_eq!(found(&*table, &all_in(&pk)).await, ["large"]);
}

/// By updates, each of which is small enough.
pub async fn an_item_does_not_grow_beyond_400_kilobytes(table: Arc<dyn Table>) {
    let key = key(&fresh("size"), "x");
    let half = || json!("x".repeat(MAX_ITEM_BYTES / 2));
    let grow = |name: &str| {
        let changes = vec![Change::Set(name.to_owned(), half())];
        Write::Update(key.clone(), changes, Condition::Always)
    };
    table.write(grow("a")).await.unwrap();
    assert_invalid(table.write(grow("b")).await);
    assert_eq!(read(&*table, &key).await, json!({"a": half()}));
}

/// Not empty, and not beyond 2,048 and 1,024 bytes.
pub async fn keys_have_a_length_that_is_allowed(table: Arc<dyn Table>) {
    let pk = fresh("keys");
    let longest = key(&format!("{pk}{}", "x".repeat(2048 - pk.len())), "y".repeat(1024));
    table.write(put(&longest, json!({"a": 1}))).await.unwrap();
    assert_eq!(read(&*table, &longest).await, json!({"a": 1}));
    for bad in [
        key("", "x"),
        key(&pk, ""),
        key(&"x".repeat(2049), "x"),
        key(&pk, "x".repeat(1025)),
        key(&pk, "é".repeat(513)),
    ] {
        assert_invalid(table.write(put(&bad, json!({}))).await);
        assert_invalid(table.write(Write::Update(bad.clone(), vec![], Condition::Always)).await);
        assert_invalid(table.write(Write::Delete(bad.clone(), Condition::Always)).await);
        assert_invalid(table.transact(vec![Write::Check(bad.clone(), Condition::Absent)]).await);
        assert_invalid(table.get(&bad, Consistency::Strong).await);
        assert_invalid(table.batch_get(&[bad], Consistency::Strong).await);
    }
}

/// Two changes to it have no order.
pub async fn an_attribute_is_changed_once_at_a_time(table: Arc<dyn Table>) {
    let key = key(&fresh("twice"), "x");
    let changes = vec![Change::Add("n".into(), 1), Change::Set("n".into(), json!(1))];
    assert_invalid(table.write(Write::Update(key.clone(), changes, Condition::Always)).await);
    assert_eq!(read(&*table, &key).await, Value::Null);
}
