//! Transactions.

use std::sync::Arc;

use serde_json::{Value, json};

use super::{assert_invalid, fresh, item, key, put, read, refusals};
use crate::ports::{Change, Condition, Refusal, Table, Write};

/// Each of the four kinds.
pub async fn a_transaction_writes_everything(table: Arc<dyn Table>) {
    let pk = fresh("transaction");
    let keys = ["put", "update", "delete", "check"].map(|sk| key(&pk, sk));
    for key in &keys[1..] {
        table.write(put(key, json!({"n": 1}))).await.unwrap();
    }
    let [a, b, c, d] = keys.clone();
    let writes = vec![
        Write::Put(item(&a, json!({"n": 1})), Condition::Absent),
        Write::Update(b, vec![Change::Add("n".into(), 1)], Condition::Exists),
        Write::Delete(c, Condition::Exists),
        Write::Check(d, Condition::Exists),
    ];
    table.transact(writes).await.unwrap();
    for (key, expected) in keys.iter().zip([json!({"n": 1}), json!({"n": 2}), Value::Null, json!({"n": 1})]) {
        assert_eq!(read(&*table, key).await, expected, "{}", key.sk);
    }
}

/// It tells all the writes that were refused, each with its item, and none of the others.
pub async fn a_refused_transaction_writes_nothing_and_says_why(table: Arc<dyn Table>) {
    let pk = fresh("transaction");
    let keys = ["a", "b", "c", "d"].map(|sk| key(&pk, sk));
    let [a, b, c, d] = keys.clone();
    table.write(put(&b, json!({"n": 1}))).await.unwrap();
    table.write(put(&d, json!({"n": 1}))).await.unwrap();
    let writes = vec![
        put(&a, json!({"n": 2})),
        Write::Put(item(&b, json!({"n": 2})), Condition::Absent),
        Write::Check(c, Condition::Exists),
        Write::Update(d, vec![Change::Add("n".into(), 1)], Condition::Exists),
    ];
    let refused = refusals(table.transact(writes).await);
    let current = Some(item(&b, json!({"n": 1})));
    assert_eq!(refused, [Refusal { index: 1, current }, Refusal { index: 2, current: None }]);
    for (key, expected) in keys.iter().zip([Value::Null, json!({"n": 1}), Value::Null, json!({"n": 1})]) {
        assert_eq!(read(&*table, key).await, expected, "{}", key.sk);
    }
}

/// DynamoDB's limit.
pub async fn a_transaction_takes_a_hundred_writes_and_no_more(table: Arc<dyn Table>) {
    let pk = fresh("transaction");
    let writes = |count| (0..count).map(|n| put(&key(&pk, n.to_string()), json!({"count": count}))).collect();
    table.transact(writes(100)).await.unwrap();
    assert_invalid(table.transact(writes(101)).await);
    assert_eq!(read(&*table, &key(&pk, "99")).await, json!({"count": 100}));
}

/// Whatever the writes are.
pub async fn a_transaction_names_each_item_once(table: Arc<dyn Table>) {
    let key = key(&fresh("transaction"), "x");
    let check = Write::Check(key.clone(), Condition::Absent);
    assert_invalid(table.transact(vec![put(&key, json!({})), check]).await);
    assert_eq!(read(&*table, &key).await, Value::Null);
}

/// Alone it would write nothing.
pub async fn a_check_is_for_transactions_alone(table: Arc<dyn Table>) {
    let key = key(&fresh("check"), "x");
    assert_invalid(table.write(Write::Check(key, Condition::Absent)).await);
}

/// One that only the table's content makes bad.
pub async fn a_transaction_with_a_bad_write_writes_nothing(table: Arc<dyn Table>) {
    let pk = fresh("transaction");
    let (good, bad) = (key(&pk, "good"), key(&pk, "bad"));
    table.write(put(&bad, json!({"n": "text"}))).await.unwrap();
    let add = Write::Update(bad, vec![Change::Add("n".into(), 1)], Condition::Always);
    assert_invalid(table.transact(vec![put(&good, json!({})), add]).await);
    assert_eq!(read(&*table, &good).await, Value::Null);
}
