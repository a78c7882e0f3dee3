//! Many callers at once.

use std::collections::BTreeSet;
use std::sync::Arc;

use futures_util::future::join_all;
use serde_json::{Value, json};

use super::{fresh, item, key, put, read, refusals};
use crate::ports::{Change, Comparison, Condition, Consistency, Key, Table, TableError, Write};

fn add(key: &Key, amount: i64) -> Write {
    Write::Update(key.clone(), vec![Change::Add("n".into(), amount)], Condition::Always)
}

fn number(attributes: &Value) -> i64 {
    attributes["n"].as_i64().unwrap()
}

/// And each of them gets a number of its own.
pub async fn fifty_adders_lose_nothing(table: Arc<dyn Table>) {
    let key = key(&fresh("counter"), "x");
    let adders = (0..50).map(|_| {
        let (table, key) = (Arc::clone(&table), key.clone());
        tokio::spawn(async move {
            let mut numbers = Vec::new();
            for _ in 0..4 {
                let item = table.write(add(&key, 1)).await.unwrap().unwrap();
                numbers.push(number(&Value::Object(item.attributes)));
            }
            numbers
        })
    });
    let drawn: Vec<_> = join_all(adders).await.into_iter().flat_map(|numbers| numbers.unwrap()).collect();
    assert_eq!(drawn.iter().copied().collect::<BTreeSet<_>>(), (1..=200).collect());
    assert_eq!(number(&read(&*table, &key).await), 200);
}

/// The others see who it was.
pub async fn exactly_one_of_fifty_takes_a_name(table: Arc<dyn Table>) {
    let key = key(&fresh("name"), "x");
    let takers = (0..50).map(|taker| {
        let (table, key) = (Arc::clone(&table), key.clone());
        tokio::spawn(async move {
            let put = Write::Put(item(&key, json!({"taker": taker})), Condition::Absent);
            match table.write(put).await {
                Ok(_) => Ok(taker),
                refused => Err(refusals(refused).remove(0).current.unwrap()),
            }
        })
    });
    let answers: Vec<_> = join_all(takers).await.into_iter().map(Result::unwrap).collect();
    let winners: Vec<_> = answers.iter().filter_map(|answer| answer.as_ref().ok()).collect();
    let [winner] = winners[..] else { panic!("winners: {winners:?}") };
    let taken = item(&key, json!({"taker": winner}));
    assert!(answers.iter().filter_map(|answer| answer.as_ref().err()).all(|seen| *seen == taken));
    assert_eq!(table.get(&key, Consistency::Strong).await.unwrap(), Some(taken));
}

/// Read, decide, write if nobody else has: the way of all use cases.
pub async fn updates_on_condition_of_a_version_lose_nothing(table: Arc<dyn Table>) {
    let key = key(&fresh("version"), "x");
    table.write(put(&key, json!({"n": 0, "log": []}))).await.unwrap();
    let writers = (0..10).map(|writer| {
        let (table, key) = (Arc::clone(&table), key.clone());
        tokio::spawn(async move {
            for round in 0..3 {
                append(&*table, &key, json!([writer, round])).await;
            }
        })
    });
    join_all(writers).await.into_iter().for_each(|writer| writer.unwrap());
    let log = read(&*table, &key).await["log"].as_array().unwrap().clone();
    let distinct: BTreeSet<_> = log.iter().map(Value::to_string).collect();
    assert_eq!((log.len(), distinct.len()), (30, 30));
}

async fn append(table: &dyn Table, key: &Key, entry: Value) {
    loop {
        let mut item = table.get(key, Consistency::Strong).await.unwrap().unwrap();
        let seen = item.attributes["n"].clone();
        item.attributes["n"] = json!(seen.as_i64().unwrap() + 1);
        item.attributes["log"].as_array_mut().unwrap().push(entry.clone());
        let unchanged = Condition::Compare("n".into(), Comparison::Equal, seen);
        match table.write(Write::Put(item, unchanged)).await {
            Err(TableError::ConditionFailed(_) | TableError::Conflict) => {}
            written => return drop(written.unwrap()),
        }
    }
}

/// Money moves between two items and none is made or lost.
pub async fn transactions_keep_a_sum(table: Arc<dyn Table>) {
    let pk = fresh("accounts");
    let accounts = [key(&pk, "a"), key(&pk, "b")];
    for account in &accounts {
        table.write(add(account, 100)).await.unwrap();
    }
    let movers = (0..20).map(|mover| {
        let (table, [a, b]) = (Arc::clone(&table), accounts.clone());
        let (from, to) = if mover % 4 == 0 { (b, a) } else { (a, b) };
        tokio::spawn(async move { transfer(&*table, &from, &to).await })
    });
    join_all(movers).await.into_iter().for_each(|mover| mover.unwrap());
    assert_eq!(number(&read(&*table, &accounts[0]).await), 90);
    assert_eq!(number(&read(&*table, &accounts[1]).await), 110);
}

async fn transfer(table: &dyn Table, from: &Key, to: &Key) {
    loop {
        match table.transact(vec![add(from, -1), add(to, 1)]).await {
            Err(TableError::Conflict) => tokio::task::yield_now().await,
            moved => return moved.unwrap(),
        }
    }
}
