//! Conditions.

use std::sync::Arc;

use serde_json::{Value, json};

use super::{fresh, item, key, put, read, refusals};
use crate::ports::Comparison::{AtLeast, AtMost, Equal, Greater, Less};
use crate::ports::{Change, Comparison, Condition, Refusal, Table, Write};

fn compare(name: &str, comparison: Comparison, value: impl Into<Value>) -> Condition {
    Condition::Compare(name.to_owned(), comparison, value.into())
}

fn has(name: &str) -> Condition {
    Condition::Has(name.to_owned())
}

fn not(condition: Condition) -> Condition {
    Condition::Not(Box::new(condition))
}

/// Whether they hold of `{"n": 5, "t": "b", "yes": true, "nil": null}`, and of no item at all.
fn cases() -> Vec<(Condition, bool, bool)> {
    let mut cases = vec![
        (Condition::Always, true, true),
        (Condition::Exists, true, false),
        (Condition::Absent, false, true),
        (has("n"), true, false),
        (has("nil"), true, false),
        (has("m"), false, false),
        (not(has("m")), true, true),
        (not(Condition::Exists), false, true),
        (compare("m", Equal, 5), false, false),
        (not(compare("n", Equal, 5)), false, true),
        (Condition::All(vec![Condition::Exists, compare("n", Less, 6), has("t")]), true, false),
        (Condition::All(vec![Condition::Exists, compare("n", Less, 5), has("t")]), false, false),
        (Condition::Any(vec![Condition::Absent, compare("n", Less, 6)]), true, true),
        (Condition::Any(vec![Condition::Absent, compare("n", Less, 5)]), false, true),
        (not(Condition::Any(vec![has("m"), Condition::All(vec![has("n"), not(has("t"))])])), true, true),
    ];
    cases.extend(comparisons().into_iter().map(|(condition, holds)| (condition, holds, false)));
    cases
}

fn comparisons() -> Vec<(Condition, bool)> {
    vec![
        (compare("n", Equal, 5), true),
        (compare("n", Equal, 6), false),
        (compare("n", Less, 6), true),
        (compare("n", Less, 5), false),
        (compare("n", AtMost, 5), true),
        (compare("n", AtMost, 4), false),
        (compare("n", Greater, 4), true),
        (compare("n", Greater, 5), false),
        (compare("n", AtLeast, 5), true),
        (compare("n", AtLeast, 6), false),
        // As numbers, not as texts.
        (compare("n", Less, 10), true),
        (compare("n", Greater, -10), true),
        (compare("t", Equal, "b"), true),
        (compare("t", Equal, "B"), false),
        (compare("t", Less, "ba"), true),
        (compare("t", Greater, "az"), true),
        (compare("t", AtMost, "b"), true),
        (compare("t", AtLeast, "c"), false),
        // By bytes: an umlaut is beyond all of ASCII.
        (compare("t", Less, "ä"), true),
        (compare("yes", Equal, true), true),
        (compare("yes", Equal, false), false),
        (compare("nil", Equal, Value::Null), true),
        // A value of another type compares with nothing.
        (compare("n", Equal, "5"), false),
        (compare("t", Greater, 0), false),
        (compare("yes", Equal, "true"), false),
    ]
}

/// On an item that is there and on one that isn't.
pub async fn every_condition_holds_where_it_should_and_nowhere_else(table: Arc<dyn Table>) {
    let pk = fresh("conditions");
    let attributes = json!({"n": 5, "t": "b", "yes": true, "nil": null});
    for (number, (condition, holds, holds_of_nothing)) in cases().into_iter().enumerate() {
        let (there, absent) = (key(&pk, format!("there{number}")), key(&pk, format!("absent{number}")));
        table.write(put(&there, attributes.clone())).await.unwrap();
        for (key, holds) in [(there, holds), (absent, holds_of_nothing)] {
            let before = read(&*table, &key).await;
            let written = table.write(Write::Put(item(&key, json!({"new": 1})), condition.clone())).await;
            assert_eq!(written.is_ok(), holds, "{condition:?} on {before}");
            let after = if holds { json!({"new": 1}) } else { before };
            assert_eq!(read(&*table, &key).await, after, "{condition:?}");
        }
    }
}

/// So that nobody has to read it again.
pub async fn a_refusal_shows_the_item_as_it_stands(table: Arc<dyn Table>) {
    let key = key(&fresh("refusals"), "x");
    let put_if = |condition| Write::Put(item(&key, json!({"a": 2})), condition);
    let absent = refusals(table.write(put_if(Condition::Exists)).await);
    assert_eq!(absent, [Refusal { index: 0, current: None }]);
    table.write(put(&key, json!({"a": 1}))).await.unwrap();
    let there = refusals(table.write(put_if(Condition::Absent)).await);
    assert_eq!(there, [Refusal { index: 0, current: Some(item(&key, json!({"a": 1}))) }]);
}

/// Not puts alone.
pub async fn every_kind_of_write_minds_its_condition(table: Arc<dyn Table>) {
    let key = key(&fresh("conditions"), "x");
    table.write(put(&key, json!({"a": 1}))).await.unwrap();
    let update = |condition| Write::Update(key.clone(), vec![Change::Add("a".into(), 1)], condition);
    let delete = |condition| Write::Delete(key.clone(), condition);
    refusals(table.write(update(compare("a", Equal, 2))).await);
    refusals(table.write(delete(compare("a", Equal, 2))).await);
    assert_eq!(read(&*table, &key).await, json!({"a": 1}));
    table.write(update(compare("a", Equal, 1))).await.unwrap();
    table.write(delete(compare("a", Equal, 2))).await.unwrap();
    refusals(table.write(update(Condition::Exists)).await);
    refusals(table.write(delete(Condition::Exists)).await);
    assert_eq!(read(&*table, &key).await, Value::Null);
}
