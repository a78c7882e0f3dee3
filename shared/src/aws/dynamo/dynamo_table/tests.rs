//! The adapter's requests, word for word, and its reading of the answers.

mod repetition;

use aws_smithy_http_client::test_util::{ReplayEvent, StaticReplayClient};
use serde_json::{Map, Value, json};

use super::*;
use crate::aws::replay::{ConstantRandom, JumpingClock, answer, json_answer, json_bodies, sdk_config};
use crate::ports::{Change, Comparison, Condition, Cursor, SortRange};

const NOW: &str = "1800000000";
const ALIVE: &str = "(attribute_exists(#n0) AND NOT #n1 <= :v0)";

fn table(answers: Vec<ReplayEvent>) -> (StaticReplayClient, DynamoTable) {
    let (http, sdk) = sdk_config(answers);
    let clock = Arc::new(JumpingClock::default());
    let random = Arc::new(ConstantRandom(0x11));
    (http, DynamoTable::new(Client::new(&sdk), "parlor", clock, random))
}

fn key() -> Key {
    Key { pk: "p".into(), sk: "s".into() }
}

fn item(attributes: Value) -> Item {
    let Value::Object(attributes) = attributes else { panic!("{attributes}") };
    Item { key: key(), attributes }
}

/// An item as DynamoDB answers it.
fn stored(attributes: Value) -> Value {
    let mut stored = json!({"pk": {"S": "p"}, "sk": {"S": "s"}});
    let (Value::Object(all), Value::Object(more)) = (&mut stored, attributes) else { panic!() };
    all.extend(more);
    stored
}

fn error(name: &str, more: Value) -> ReplayEvent {
    let mut body =
        json!({"__type": format!("com.amazonaws.dynamodb.v20120810#{name}"), "message": "because"});
    let (Value::Object(all), Value::Object(more)) = (&mut body, more) else { panic!() };
    all.extend(more);
    json_answer(400, &body)
}

fn operations(http: &StaticReplayClient) -> Vec<String> {
    let target = |request: &aws_sdk_dynamodb::config::http::HttpRequest| {
        request.headers().get("x-amz-target").unwrap().trim_start_matches("DynamoDB_20120810.").to_owned()
    };
    http.actual_requests().map(target).collect()
}

fn invalid<T: std::fmt::Debug>(outcome: Result<T, TableError>) -> bool {
    matches!(outcome, Err(TableError::Invalid(_)))
}

#[tokio::test]
async fn a_read_names_its_consistency_and_drops_what_has_expired() {
    let (http, table) = table(vec![
        json_answer(
            200,
            &json!({"Item": stored(json!({"n": {"N": "9007199254740993"}, "b": {"BOOL": true}}))}),
        ),
        json_answer(200, &json!({"Item": stored(json!({"expires_at": {"N": NOW}}))})),
        json_answer(200, &json!({})),
    ]);
    let found = table.get(&key(), Consistency::Strong).await.unwrap();
    assert_eq!(found, Some(item(json!({"n": 9_007_199_254_740_993_i64, "b": true}))));
    assert_eq!(table.get(&key(), Consistency::Eventual).await.unwrap(), None);
    assert_eq!(table.get(&key(), Consistency::Eventual).await.unwrap(), None);
    let request = |consistent: bool| json!({"TableName": "parlor", "Key": {"pk": {"S": "p"}, "sk": {"S": "s"}}, "ConsistentRead": consistent});
    assert_eq!(json_bodies(&http), [request(true), request(false), request(false)]);
    assert_eq!(operations(&http), ["GetItem", "GetItem", "GetItem"]);
}

#[tokio::test]
async fn a_query_of_the_table_goes_on_where_the_page_before_ended() {
    let last = json!({"pk": {"S": "p"}, "sk": {"S": "b"}});
    let found = json!([stored(json!({})), stored(json!({"expires_at": {"N": "1"}}))]);
    let (http, table) = table(vec![
        json_answer(200, &json!({"Items": found, "LastEvaluatedKey": last})),
        json_answer(200, &json!({"Items": []})),
    ]);
    let mut query = Query {
        partition: Partition::Table("p".into()),
        range: SortRange::Prefix("m#".into()),
        direction: Direction::Backward,
        limit: 20,
        after: None,
        consistency: Consistency::Strong,
    };
    let page = table.query(&query).await.unwrap();
    assert_eq!(page.items, [item(json!({}))], "the expired one is dropped after reading");
    query.after = page.next;
    assert_eq!(table.query(&query).await.unwrap(), Page { items: vec![], next: None });
    let mut request = json!({
        "TableName": "parlor",
        "KeyConditionExpression": "#n0 = :v0 AND begins_with(#n1, :v1)",
        "ExpressionAttributeNames": {"#n0": "pk", "#n1": "sk"},
        "ExpressionAttributeValues": {":v0": {"S": "p"}, ":v1": {"S": "m#"}},
        "ScanIndexForward": false,
        "ConsistentRead": true,
        "Limit": 20,
    });
    assert_eq!(json_bodies(&http)[0], request);
    request["ExclusiveStartKey"] = last;
    assert_eq!(json_bodies(&http)[1], request);
}

#[tokio::test]
async fn a_query_of_the_index_is_never_consistent_and_its_cursor_has_four_parts() {
    let last = json!({"pk": {"S": "p"}, "sk": {"S": "s"}, "index_pk": {"S": "i"}, "index_sk": {"S": "7"}});
    let (http, table) = table(vec![
        json_answer(200, &json!({"Items": [], "LastEvaluatedKey": last})),
        json_answer(200, &json!({"Items": []})),
    ]);
    let mut query = Query {
        partition: Partition::Index("i".into()),
        range: SortRange::Between("0".into(), "9".into()),
        direction: Direction::Forward,
        limit: usize::MAX,
        after: None,
        consistency: Consistency::Strong,
    };
    query.after = table.query(&query).await.unwrap().next;
    assert_eq!(query.after, Some(Cursor { key: key(), index_sk: Some("7".into()) }));
    table.query(&query).await.unwrap();
    let request = json!({
        "TableName": "parlor",
        "IndexName": "index",
        "KeyConditionExpression": "#n0 = :v0 AND #n1 BETWEEN :v1 AND :v2",
        "ExpressionAttributeNames": {"#n0": "index_pk", "#n1": "index_sk"},
        "ExpressionAttributeValues": {":v0": {"S": "i"}, ":v1": {"S": "0"}, ":v2": {"S": "9"}},
        "ScanIndexForward": true,
        "ConsistentRead": false,
        "Limit": i32::MAX,
        "ExclusiveStartKey": last,
    });
    assert_eq!(json_bodies(&http)[1], request);
}

#[tokio::test]
async fn a_put_asks_for_what_was_there() {
    let old = stored(json!({"v": {"N": "1"}}));
    let (http, table) =
        table(vec![json_answer(200, &json!({"Attributes": old})), json_answer(200, &json!({}))]);
    let put = |condition| Write::Put(item(json!({"v": [null, "x"]})), condition);
    assert_eq!(table.write(put(Condition::Absent)).await.unwrap(), Some(item(json!({"v": 1}))));
    assert_eq!(table.write(put(Condition::Always)).await.unwrap(), None);
    let plain = json!({
        "TableName": "parlor",
        "Item": {"pk": {"S": "p"}, "sk": {"S": "s"}, "v": {"L": [{"NULL": true}, {"S": "x"}]}},
        "ReturnValues": "ALL_OLD",
        "ReturnValuesOnConditionCheckFailure": "ALL_OLD",
    });
    let mut conditional = plain.clone();
    conditional["ConditionExpression"] = json!(format!("(NOT {ALIVE})"));
    conditional["ExpressionAttributeNames"] = json!({"#n0": "pk", "#n1": "expires_at"});
    conditional["ExpressionAttributeValues"] = json!({":v0": {"N": NOW}});
    assert_eq!(json_bodies(&http), [conditional, plain]);
}

#[tokio::test]
async fn an_update_asks_for_what_is_there_now() {
    let new = stored(json!({"n": {"N": "5"}}));
    let (http, table) = table(vec![json_answer(200, &json!({"Attributes": new}))]);
    let changes = vec![
        Change::Add("n".into(), 2),
        Change::Set("name".into(), json!("x")),
        Change::Remove("old".into()),
    ];
    let below = Condition::Compare("n".into(), Comparison::Less, json!(4));
    let now = table.write(Write::Update(key(), changes, below)).await.unwrap();
    assert_eq!(now, Some(item(json!({"n": 5}))));
    assert_eq!(
        json_bodies(&http),
        [json!({
            "TableName": "parlor",
            "Key": {"pk": {"S": "p"}, "sk": {"S": "s"}},
            "UpdateExpression": "SET #n1 = :v1 ADD #n0 :v0 REMOVE #n2",
            "ConditionExpression":
                "((attribute_exists(#n3) AND NOT #n4 <= :v2) AND #n0 < :v3)",
            "ExpressionAttributeNames": {"#n0": "n", "#n1": "name", "#n2": "old", "#n3": "pk", "#n4": "expires_at"},
            "ExpressionAttributeValues": {
                ":v0": {"N": "2"}, ":v1": {"S": "x"}, ":v2": {"N": NOW}, ":v3": {"N": "4"},
            },
            "ReturnValues": "ALL_NEW",
            "ReturnValuesOnConditionCheckFailure": "ALL_OLD",
        })]
    );
}

#[tokio::test]
async fn a_delete_answers_what_was_there_unless_it_had_expired() {
    let old = stored(json!({"expires_at": {"N": NOW}}));
    let (http, table) = table(vec![json_answer(200, &json!({"Attributes": old}))]);
    assert_eq!(table.write(Write::Delete(key(), Condition::Always)).await.unwrap(), None);
    assert_eq!(
        json_bodies(&http),
        [json!({
            "TableName": "parlor",
            "Key": {"pk": {"S": "p"}, "sk": {"S": "s"}},
            "ReturnValues": "ALL_OLD",
            "ReturnValuesOnConditionCheckFailure": "ALL_OLD",
        })]
    );
}

#[tokio::test]
async fn a_refused_write_tells_what_stands_there() {
    let refusal = |attributes: Value| error("ConditionalCheckFailedException", attributes);
    let (_, table) = table(vec![
        refusal(json!({"Item": stored(json!({"v": {"N": "1"}}))})),
        refusal(json!({"Item": stored(json!({"expires_at": {"N": NOW}}))})),
        refusal(json!({})),
    ]);
    let expected = [Some(item(json!({"v": 1}))), None, None];
    for current in expected {
        let outcome = table.write(Write::Delete(key(), Condition::Exists)).await;
        let Err(TableError::ConditionFailed(refusals)) = outcome else { panic!("{outcome:?}") };
        assert_eq!(refusals, [crate::ports::Refusal { index: 0, current }]);
    }
}

#[tokio::test]
async fn a_transaction_names_every_write_and_has_a_token() {
    let (http, table) = table(vec![json_answer(200, &json!({}))]);
    let other = Key { pk: "q".into(), sk: "s".into() };
    let writes = vec![
        Write::Put(item(json!({"v": 1})), Condition::Always),
        Write::Update(other.clone(), vec![Change::Set("v".into(), json!(2))], Condition::Always),
        Write::Delete(Key { sk: "t".into(), ..other.clone() }, Condition::Always),
        Write::Check(Key { sk: "u".into(), ..other }, Condition::Exists),
    ];
    table.transact(writes).await.unwrap();
    let on = |pk: &str, sk: &str| json!({"pk": {"S": pk}, "sk": {"S": sk}});
    let fail = "ALL_OLD";
    assert_eq!(
        json_bodies(&http),
        [json!({
            "ClientRequestToken": "11111111-1111-4111-9111-111111111111",
            "TransactItems": [
                {"Put": {
                    "TableName": "parlor", "Item": {"pk": {"S": "p"}, "sk": {"S": "s"}, "v": {"N": "1"}},
                    "ReturnValuesOnConditionCheckFailure": fail,
                }},
                {"Update": {
                    "TableName": "parlor", "Key": on("q", "s"), "UpdateExpression": "SET #n0 = :v0",
                    "ExpressionAttributeNames": {"#n0": "v"}, "ExpressionAttributeValues": {":v0": {"N": "2"}},
                    "ReturnValuesOnConditionCheckFailure": fail,
                }},
                {"Delete": {
                    "TableName": "parlor", "Key": on("q", "t"), "ReturnValuesOnConditionCheckFailure": fail,
                }},
                {"ConditionCheck": {
                    "TableName": "parlor", "Key": on("q", "u"), "ConditionExpression": ALIVE,
                    "ExpressionAttributeNames": {"#n0": "pk", "#n1": "expires_at"},
                    "ExpressionAttributeValues": {":v0": {"N": NOW}},
                    "ReturnValuesOnConditionCheckFailure": fail,
                }},
            ],
        })]
    );
}

fn two_writes() -> Vec<Write> {
    let other = Key { pk: "q".into(), sk: "s".into() };
    vec![Write::Delete(key(), Condition::Exists), Write::Delete(other, Condition::Exists)]
}

fn cancelled(reasons: Value) -> ReplayEvent {
    error("TransactionCanceledException", json!({"CancellationReasons": reasons}))
}

#[tokio::test]
async fn a_cancelled_transaction_tells_which_conditions_did_not_hold() {
    let reasons = json!([
        {"Code": "TransactionConflict"},
        {"Code": "ConditionalCheckFailed", "Item": stored(json!({"v": {"N": "1"}}))},
    ]);
    let (http, table) = table(vec![cancelled(reasons)]);
    let outcome = table.transact(two_writes()).await;
    let Err(TableError::ConditionFailed(refusals)) = outcome else { panic!("{outcome:?}") };
    assert_eq!(refusals, [crate::ports::Refusal { index: 1, current: Some(item(json!({"v": 1}))) }]);
    assert_eq!(http.actual_requests().count(), 1);
}
