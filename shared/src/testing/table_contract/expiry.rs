//! Expiry. The moments lie far in the past and the future, so that any clock will do.

use std::sync::Arc;

use serde_json::{Value, json};

use super::{all_in, all_of, found, fresh, item, key, put, read, refusals};
use crate::ports::{
    Comparison, Condition, Consistency, EXPIRES_AT, INDEX_PK, INDEX_SK, Partition, Refusal, Table, Write,
};

/// In 2001.
const PAST: i64 = 1_000_000_000;
/// In 2100.
const FUTURE: i64 = 4_102_444_800;

/// By none of the ways to read.
pub async fn what_has_expired_is_not_read(table: Arc<dyn Table>) {
    let (pk, list) = (fresh("expired"), fresh("list"));
    let key = key(&pk, "x");
    let attributes = json!({EXPIRES_AT: PAST, INDEX_PK: list, INDEX_SK: "1"});
    table.write(put(&key, attributes)).await.unwrap();
    assert_eq!(read(&*table, &key).await, Value::Null);
    assert_eq!(table.get(&key, Consistency::Eventual).await.unwrap(), None);
    assert_eq!(table.batch_get(&[key], Consistency::Strong).await.unwrap(), vec![]);
    assert!(found(&*table, &all_in(&pk)).await.is_empty());
    assert!(found(&*table, &all_of(Partition::Index(list))).await.is_empty());
}

/// For every condition, in transactions too, and a refusal does not show it.
pub async fn what_has_expired_counts_as_absent(table: Arc<dyn Table>) {
    let pk = fresh("expired");
    let expired = key(&pk, "x");
    let put_if = |condition| Write::Put(item(&expired, json!({"new": true})), condition);
    table.write(put(&expired, json!({EXPIRES_AT: PAST, "n": 1}))).await.unwrap();
    for condition in [
        Condition::Exists,
        Condition::Has("n".into()),
        Condition::Compare("n".into(), Comparison::Equal, json!(1)),
        Condition::Not(Box::new(Condition::Absent)),
    ] {
        let refused = [Refusal { index: 0, current: None }];
        assert_eq!(refusals(table.write(put_if(condition.clone())).await), refused, "{condition:?}");
        let check = Write::Check(expired.clone(), condition.clone());
        assert_eq!(refusals(table.transact(vec![check]).await), refused, "{condition:?}");
    }
    assert_eq!(table.write(put_if(Condition::Absent)).await.unwrap(), None);
    assert_eq!(read(&*table, &expired).await, json!({"new": true}));
}

/// And a text in the place of a moment is none.
pub async fn what_expires_later_is_there(table: Arc<dyn Table>) {
    let pk = fresh("expires");
    for (sk, moment) in [("later", json!(FUTURE)), ("text", json!("1000000000"))] {
        let key = key(&pk, sk);
        table.write(put(&key, json!({EXPIRES_AT: moment}))).await.unwrap();
        assert_eq!(read(&*table, &key).await, json!({EXPIRES_AT: moment}));
        let again = Write::Put(item(&key, json!({})), Condition::Absent);
        refusals(table.write(again).await);
    }
    assert_eq!(found(&*table, &all_in(&pk)).await, ["later", "text"]);
}
