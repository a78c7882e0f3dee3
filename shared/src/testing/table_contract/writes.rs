//! Single writes and reads.

use std::collections::BTreeSet;
use std::sync::Arc;

use serde_json::{Value, json};

use super::{assert_invalid, fresh, item, key, put, read};
use crate::ports::{Change, Condition, Consistency, Table, Write};

/// All kinds of values come back as they were.
pub async fn what_was_put_is_got(table: Arc<dyn Table>) {
    let key = key(&fresh("round trip"), "x");
    let attributes = json!({
        "text": "ünï\u{0}𝄞", "empty": "", "whole": -7, "fraction": 0.25, "yes": true, "no": false, "null": null,
        "list": [1, "two", [3], {}, []], "map": {"a": {"b": [null]}}, "a.b": 1, "größe": 2, "size": 3, "#x": 4,
    });
    assert_eq!(table.write(put(&key, attributes.clone())).await.unwrap(), None);
    let expected = item(&key, attributes);
    assert_eq!(table.get(&key, Consistency::Strong).await.unwrap(), Some(expected));
}

/// Neither beside an item nor in an empty partition.
pub async fn what_was_never_put_is_not_there(table: Arc<dyn Table>) {
    let pk = fresh("nothing");
    table.write(put(&key(&pk, "x"), json!({}))).await.unwrap();
    assert_eq!(read(&*table, &key(&pk, "x")).await, json!({}));
    for absent in [key(&pk, "y"), key(&pk, "xx"), key(&fresh("nothing"), "x")] {
        assert_eq!(read(&*table, &absent).await, Value::Null);
    }
}

/// Nothing of the old item remains.
pub async fn a_put_replaces_the_whole_item_and_answers_the_old_one(table: Arc<dyn Table>) {
    let key = key(&fresh("put"), "x");
    table.write(put(&key, json!({"a": 1, "b": 2}))).await.unwrap();
    let old = table.write(put(&key, json!({"b": 3}))).await.unwrap();
    assert_eq!(old, Some(item(&key, json!({"a": 1, "b": 2}))));
    assert_eq!(read(&*table, &key).await, json!({"b": 3}));
}

/// And nothing the second time.
pub async fn a_delete_answers_what_it_took_away(table: Arc<dyn Table>) {
    let key = key(&fresh("delete"), "x");
    table.write(put(&key, json!({"a": 1}))).await.unwrap();
    let delete = Write::Delete(key.clone(), Condition::Always);
    assert_eq!(table.write(delete.clone()).await.unwrap(), Some(item(&key, json!({"a": 1}))));
    assert_eq!(read(&*table, &key).await, Value::Null);
    assert_eq!(table.write(delete).await.unwrap(), None);
}

/// All three changes at once.
pub async fn an_update_changes_what_it_names_and_answers_the_new_item(table: Arc<dyn Table>) {
    let key = key(&fresh("update"), "x");
    table.write(put(&key, json!({"set": 1, "add": 40, "gone": 3, "kept": [4]}))).await.unwrap();
    let changes = vec![
        Change::Set("set".into(), json!({"now": "a map"})),
        Change::Add("add".into(), 2),
        Change::Add("new".into(), -5),
        Change::Remove("gone".into()),
        Change::Remove("never there".into()),
    ];
    let updated = table.write(Write::Update(key.clone(), changes, Condition::Always)).await.unwrap();
    let expected = json!({"set": {"now": "a map"}, "add": 42, "new": -5, "kept": [4]});
    assert_eq!(updated, Some(item(&key, expected.clone())));
    assert_eq!(read(&*table, &key).await, expected);
}

/// With changes and without any.
pub async fn an_update_makes_an_item_that_is_not_there(table: Arc<dyn Table>) {
    let pk = fresh("update");
    for (sk, changes, made) in
        [("x", vec![Change::Add("count".into(), 1)], json!({"count": 1})), ("y", vec![], json!({}))]
    {
        let key = key(&pk, sk);
        let answer = table.write(Write::Update(key.clone(), changes, Condition::Always)).await.unwrap();
        assert_eq!(answer, Some(item(&key, made.clone())));
        assert_eq!(read(&*table, &key).await, made);
    }
}

/// And the item stays as it is.
pub async fn adding_to_what_is_no_number_is_refused(table: Arc<dyn Table>) {
    let key = key(&fresh("add"), "x");
    let attributes = json!({"text": "1", "null": null, "list": [1]});
    table.write(put(&key, attributes.clone())).await.unwrap();
    for name in ["text", "null", "list"] {
        let changes = vec![Change::Set("other".into(), json!(1)), Change::Add(name.into(), 1)];
        assert_invalid(table.write(Write::Update(key.clone(), changes, Condition::Always)).await);
    }
    assert_eq!(read(&*table, &key).await, attributes);
}

/// A double has only 53.
pub async fn whole_numbers_keep_64_bits(table: Arc<dyn Table>) {
    let key = key(&fresh("numbers"), "x");
    let attributes = json!({
        "smallest": i64::MIN, "largest": i64::MAX, "unsigned": u64::MAX, "odd": 9_007_199_254_740_993_i64,
    });
    table.write(put(&key, attributes.clone())).await.unwrap();
    assert_eq!(read(&*table, &key).await, attributes);
    let add = |amount| Write::Update(key.clone(), vec![Change::Add("odd".into(), amount)], Condition::Always);
    table.write(add(i64::MAX - 9_007_199_254_740_993)).await.unwrap();
    assert_eq!(read(&*table, &key).await["odd"], json!(i64::MAX));
    table.write(add(-1)).await.unwrap();
    assert_eq!(read(&*table, &key).await["odd"], json!(i64::MAX - 1));
}

/// More than DynamoDB answers at once, half of them not there.
pub async fn many_items_are_got_at_once(table: Arc<dyn Table>) {
    let pk = fresh("batch");
    for n in 0..65 {
        table.write(put(&key(&pk, format!("{n:03}")), json!({"n": n}))).await.unwrap();
    }
    let keys: Vec<_> = (0..130).map(|n| key(&pk, format!("{n:03}"))).collect();
    let items = table.batch_get(&keys, Consistency::Strong).await.unwrap();
    assert_eq!(items.len(), 65);
    let found: BTreeSet<_> =
        items.iter().map(|item| (item.key.sk.clone(), item.attributes["n"].as_i64())).collect();
    assert_eq!(found, (0..65).map(|n| (format!("{n:03}"), Some(n))).collect());
    assert_eq!(table.batch_get(&[], Consistency::Strong).await.unwrap(), vec![]);
}
