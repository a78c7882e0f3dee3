//! Requests that are made again: after conflicts and refusals, and for what a batch has left out.

use super::*;

#[tokio::test]
async fn a_conflict_is_tried_again_for_a_while_with_the_same_token() {
    let conflict = || cancelled(json!([{"Code": "None"}, {"Code": "TransactionConflict"}]));
    let (http, one) = table(vec![conflict(), json_answer(200, &json!({}))]);
    one.transact(two_writes()).await.unwrap();
    let bodies = json_bodies(&http);
    assert_eq!(bodies[0], bodies[1]);

    let (http, other) = table((0..ATTEMPTS).map(|_| conflict()).collect());
    let outcome = other.transact(two_writes()).await;
    assert!(matches!(outcome, Err(TableError::Conflict)), "{outcome:?}");
    assert_eq!(http.actual_requests().count(), 6);

    let (_, single) =
        table((0..ATTEMPTS).map(|_| error("TransactionConflictException", json!({}))).collect());
    let outcome = single.write(Write::Delete(key(), Condition::Always)).await;
    assert!(matches!(outcome, Err(TableError::Conflict)), "{outcome:?}");
}

#[tokio::test]
async fn a_throttled_request_is_made_again_and_an_unclear_write_is_not() {
    let throttled = || error("ProvisionedThroughputExceededException", json!({}));
    let (http, one) = table(vec![throttled(), throttled(), json_answer(200, &json!({}))]);
    one.write(Write::Delete(key(), Condition::Always)).await.unwrap();
    assert_eq!(http.actual_requests().count(), 3);

    let fault = || answer(500, &[], "");
    let (http, one) = table(vec![fault(), json_answer(200, &json!({}))]);
    let outcome = one.write(Write::Update(key(), vec![Change::Add("n".into(), 1)], Condition::Always)).await;
    assert!(matches!(outcome, Err(TableError::Unavailable(_))), "{outcome:?}");
    assert_eq!(http.actual_requests().count(), 1, "it may have happened: adding twice would count twice");

    let (http, one) = table(vec![fault(), json_answer(200, &json!({}))]);
    assert_eq!(one.get(&key(), Consistency::Strong).await.unwrap(), None);
    assert_eq!(http.actual_requests().count(), 2, "reading twice does no harm");

    let reasons = json!([{"Code": "ThrottlingError"}, {"Code": "None"}]);
    let (http, one) = table(vec![cancelled(reasons), json_answer(200, &json!({}))]);
    one.transact(two_writes()).await.unwrap();
    assert_eq!(http.actual_requests().count(), 2);
}

#[tokio::test]
async fn what_breaks_a_rule_is_called_invalid_and_not_repeated() {
    let (http, one) = table(vec![error("ValidationException", json!({})), answer(400, &[], "")]);
    assert!(invalid(one.write(Write::Put(item(json!({})), Condition::Always)).await));
    assert_eq!(http.actual_requests().count(), 1);
    let outcome = one.get(&key(), Consistency::Strong).await;
    assert!(
        matches!(outcome, Err(TableError::Unavailable(_))),
        "a foreign error is not our caller's: {outcome:?}"
    );

    let (_, one) = table(vec![cancelled(json!([{"Code": "ValidationError", "Message": "too large"}]))]);
    let outcome = one.transact(two_writes()).await;
    assert!(matches!(&outcome, Err(TableError::Invalid(why)) if why == "too large"), "{outcome:?}");

    let (http, one) = table(vec![]);
    one.transact(vec![]).await.unwrap();
    let twice = vec![Write::Delete(key(), Condition::Always), Write::Check(key(), Condition::Exists)];
    assert!(invalid(one.transact(twice).await));
    let nowhere = Key { pk: String::new(), sk: "s".into() };
    assert!(invalid(one.get(&nowhere, Consistency::Strong).await));
    assert!(invalid(one.write(Write::Check(key(), Condition::Exists)).await));
    assert!(invalid(one.transact(vec![Write::Delete(key(), Condition::Always); 101]).await));
    assert_eq!(http.actual_requests().count(), 0);
}

fn many_keys(count: usize) -> Vec<Key> {
    (0..count).map(|number| Key { pk: "p".into(), sk: format!("{number:03}") }).collect()
}

fn stored_keys(keys: &[Key]) -> Vec<Value> {
    keys.iter().map(|key| json!({"pk": {"S": key.pk}, "sk": {"S": key.sk}})).collect()
}

#[tokio::test]
async fn a_batch_is_split_by_a_hundred_and_what_is_left_out_is_asked_for_again() {
    let keys = many_keys(150);
    let items = |keys: &[Key], left: &[Key]| {
        let unprocessed = json!({"parlor": {"Keys": stored_keys(left), "ConsistentRead": true}});
        let unprocessed = if left.is_empty() { json!({}) } else { unprocessed };
        json_answer(200, &json!({"Responses": {"parlor": stored_keys(keys)}, "UnprocessedKeys": unprocessed}))
    };
    let (http, table) =
        table(vec![items(&keys[..60], &keys[60..100]), items(&keys[60..100], &[]), items(&keys[100..], &[])]);
    let mut found = table.batch_get(&keys, Consistency::Strong).await.unwrap();
    found.sort_by(|one, other| one.key.cmp(&other.key));
    let expected = keys.iter().map(|key| Item { key: key.clone(), attributes: Map::new() });
    assert_eq!(found, expected.collect::<Vec<_>>());
    let asked = json_bodies(&http);
    let asked: Vec<_> = asked.iter().map(|body| body["RequestItems"]["parlor"]["Keys"].clone()).collect();
    let expected = [&keys[..100], &keys[60..100], &keys[100..]].map(|keys| Value::from(stored_keys(keys)));
    assert_eq!(asked, expected);
    assert_eq!(table.batch_get(&[], Consistency::Strong).await.unwrap(), []);
}

#[tokio::test]
async fn a_batch_that_is_never_finished_is_an_error_and_not_a_short_answer() {
    let keys = many_keys(2);
    let left = json!({"Responses": {}, "UnprocessedKeys": {"parlor": {"Keys": stored_keys(&keys)}}});
    let (_, table) = table((0..ATTEMPTS).map(|_| json_answer(200, &left)).collect());
    let outcome = table.batch_get(&keys, Consistency::Eventual).await;
    assert!(matches!(outcome, Err(TableError::Unavailable(_))), "{outcome:?}");
}
