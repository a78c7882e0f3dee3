//! What every [`Table`] does.

#![expect(clippy::unwrap_used, reason = "a scenario is a test")]

pub mod concurrency;
pub mod conditions;
pub mod expiry;
pub mod index;
pub mod limits;
pub mod queries;
pub mod transactions;
pub mod writes;

use serde_json::Value;

use crate::ports::{
    Condition, Consistency, Cursor, Direction, Item, Key, Partition, Query, Refusal, SortRange, Table,
    TableError, Write,
};

/// One test for each scenario of the [`Table`] port.
#[macro_export]
macro_rules! table_contract_tests {
    (#$attribute:tt $make:expr) => {
        $crate::scenarios! { #$attribute $make, table_contract,
            writes {
                what_was_put_is_got,
                what_was_never_put_is_not_there,
                a_put_replaces_the_whole_item_and_answers_the_old_one,
                a_delete_answers_what_it_took_away,
                an_update_changes_what_it_names_and_answers_the_new_item,
                an_update_makes_an_item_that_is_not_there,
                adding_to_what_is_no_number_is_refused,
                whole_numbers_keep_64_bits,
                many_items_are_got_at_once,
            }
            conditions {
                every_condition_holds_where_it_should_and_nowhere_else,
                a_refusal_shows_the_item_as_it_stands,
                every_kind_of_write_minds_its_condition,
            }
            transactions {
                a_transaction_writes_everything,
                a_refused_transaction_writes_nothing_and_says_why,
                a_transaction_takes_a_hundred_writes_and_no_more,
                a_transaction_names_each_item_once,
                a_check_is_for_transactions_alone,
                a_transaction_with_a_bad_write_writes_nothing,
            }
            concurrency {
                fifty_adders_lose_nothing,
                exactly_one_of_fifty_takes_a_name,
                updates_on_condition_of_a_version_lose_nothing,
                transactions_keep_a_sum,
            }
            queries {
                a_partition_is_read_page_by_page_in_both_directions,
                a_prefix_selects_what_begins_with_it,
                a_range_includes_both_its_ends,
                keys_are_ordered_by_their_bytes,
                large_items_come_on_several_pages,
                a_cursor_goes_on_after_its_item_is_gone,
                a_query_that_makes_no_sense_is_refused,
            }
            index {
                an_item_is_in_the_index_while_it_has_both_attributes,
                an_item_moves_in_the_index,
                the_index_is_read_page_by_page_in_both_directions,
                the_index_knows_prefixes_and_ranges,
            }
            expiry {
                what_has_expired_is_not_read,
                what_has_expired_counts_as_absent,
                what_expires_later_is_there,
            }
            limits {
                an_item_may_have_400_kilobytes_and_no_more,
                an_item_does_not_grow_beyond_400_kilobytes,
                keys_have_a_length_that_is_allowed,
                an_attribute_is_changed_once_at_a_time,
            }
        }
    };
    ($make:expr) => {
        $crate::table_contract_tests! { #[cfg(test)] $make }
    };
}

/// A partition that nobody has used, not even an earlier run on the same table.
fn fresh(name: &str) -> String {
    format!("{name}~{:016x}", getrandom::u64().unwrap())
}

fn key(pk: &str, sk: impl Into<String>) -> Key {
    Key { pk: pk.to_owned(), sk: sk.into() }
}

fn item(key: &Key, attributes: Value) -> Item {
    let Value::Object(attributes) = attributes else { panic!("attributes are an object") };
    Item { key: key.clone(), attributes }
}

fn put(key: &Key, attributes: Value) -> Write {
    Write::Put(item(key, attributes), Condition::Always)
}

/// The attributes under a key; null if there is no item.
async fn read(table: &dyn Table, key: &Key) -> Value {
    let item = table.get(key, Consistency::Strong).await.unwrap();
    item.map_or(Value::Null, |item| Value::Object(item.attributes))
}

fn refusals<T: std::fmt::Debug>(result: Result<T, TableError>) -> Vec<Refusal> {
    match result {
        Err(TableError::ConditionFailed(refusals)) => refusals,
        other => panic!("a condition should have failed, but: {other:?}"),
    }
}

fn assert_invalid<T: std::fmt::Debug>(result: Result<T, TableError>) {
    assert!(matches!(result, Err(TableError::Invalid(_))), "should be invalid: {result:?}");
}

/// A question for everything in a partition.
fn all_of(partition: Partition) -> Query {
    Query {
        consistency: match partition {
            Partition::Table(_) => Consistency::Strong,
            Partition::Index(_) => Consistency::Eventual,
        },
        partition,
        range: SortRange::All,
        direction: Direction::Forward,
        limit: 1000,
        after: None,
    }
}

fn all_in(pk: &str) -> Query {
    all_of(Partition::Table(pk.to_owned()))
}

/// What all pages of a query hold, and how many items the largest page had.
async fn read_pages(table: &dyn Table, query: &Query) -> (Vec<Item>, usize) {
    let mut query = query.clone();
    let (mut items, mut largest) = (Vec::new(), 0);
    loop {
        let page = table.query(&query).await.unwrap();
        largest = largest.max(page.items.len());
        items.extend(page.items);
        query.after = page.next;
        if query.after.is_none() {
            return (items, largest);
        }
    }
}

/// The sort keys of what a query finds.
async fn found(table: &dyn Table, query: &Query) -> Vec<String> {
    let (items, _) = read_pages(table, query).await;
    items.into_iter().map(|item| item.key.sk).collect()
}

fn cursor_at(key: &Key) -> Cursor {
    Cursor { key: key.clone(), index_sk: None }
}
