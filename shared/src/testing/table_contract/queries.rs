//! Queries of a partition.

use std::sync::Arc;

use serde_json::json;

use super::{all_in, assert_invalid, cursor_at, found, fresh, key, put, read_pages};
use crate::ports::{Condition, Direction, Query, SortRange, Table, Write};

async fn fill(table: &dyn Table, pk: &str, keys: impl IntoIterator<Item = impl Into<String>>) {
    for sk in keys {
        table.write(put(&key(pk, sk), json!({"a": 1}))).await.unwrap();
    }
}

fn backward(query: Query) -> Query {
    Query { direction: Direction::Backward, ..query }
}

/// 250 items, each once, and no page longer than was asked for.
pub async fn a_partition_is_read_page_by_page_in_both_directions(table: Arc<dyn Table>) {
    let pk = fresh("pages");
    let mut expected: Vec<_> = (0..250).map(|n| format!("{n:04}")).collect();
    // In an order that is not the one they are read in.
    fill(&*table, &pk, (0..250).map(|n| format!("{:04}", n * 83 % 250))).await;
    fill(&*table, &format!("{pk}0"), ["0100"]).await;
    for direction in [Direction::Forward, Direction::Backward] {
        for limit in [1, 40, 250, 1000] {
            let (items, largest) = read_pages(&*table, &Query { limit, direction, ..all_in(&pk) }).await;
            let keys: Vec<_> = items.into_iter().map(|item| item.key.sk).collect();
            assert_eq!(keys, expected, "{direction:?} by {limit}");
            assert!(largest <= limit);
        }
        expected.reverse();
    }
    assert!(found(&*table, &all_in(&fresh("pages"))).await.is_empty());
}

/// Page by page too.
pub async fn a_prefix_selects_what_begins_with_it(table: Arc<dyn Table>) {
    let pk = fresh("prefix");
    fill(&*table, &pk, ["A", "B", "B#", "B#1", "B#2", "B#\u{10ffff}", "B$", "C", "b#1"]).await;
    for limit in [2, 100] {
        let query = Query { range: SortRange::Prefix("B#".into()), limit, ..all_in(&pk) };
        let mut expected = vec!["B#", "B#1", "B#2", "B#\u{10ffff}"];
        assert_eq!(found(&*table, &query).await, expected);
        expected.reverse();
        assert_eq!(found(&*table, &backward(query)).await, expected);
    }
}

/// Also if nothing lies at them.
pub async fn a_range_includes_both_its_ends(table: Arc<dyn Table>) {
    let pk = fresh("between");
    fill(&*table, &pk, ["a", "b", "b\u{0}", "c", "d"]).await;
    for (first, last, expected) in [
        ("b", "c", &["b", "b\u{0}", "c"][..]),
        ("aa", "b", &["b"]),
        ("b", "b", &["b"]),
        ("0", "z", &["a", "b", "b\u{0}", "c", "d"]),
        ("e", "z", &[]),
    ] {
        let range = SortRange::Between(first.into(), last.into());
        let query = Query { range, limit: 1, ..all_in(&pk) };
        assert_eq!(found(&*table, &query).await, expected, "{first:?} to {last:?}");
        let reversed: Vec<_> = expected.iter().rev().collect();
        assert_eq!(found(&*table, &backward(query)).await.iter().collect::<Vec<_>>(), reversed);
    }
}

/// Control characters and characters beyond the first plane included.
pub async fn keys_are_ordered_by_their_bytes(table: Arc<dyn Table>) {
    let pk = fresh("order");
    let ordered = [
        "\u{0}",
        "\u{0}\u{0}",
        "\u{1}",
        " ",
        "0",
        "00",
        "10",
        "9",
        "A",
        "a",
        "a\u{0}",
        "a\u{0}b",
        "a\u{1}",
        "ab",
        "\u{7f}",
        "é",
        "\u{d7ff}",
        "\u{e000}",
        "\u{ffff}",
        "\u{10000}",
        "𝄞",
        "\u{10ffff}",
        "\u{10ffff}x",
    ];
    let (odd, even): (Vec<_>, Vec<_>) = ordered.iter().enumerate().partition(|(place, _)| place % 2 == 1);
    fill(&*table, &pk, odd.into_iter().rev().chain(even).map(|(_, sk)| *sk)).await;
    for limit in [1, 100] {
        let query = Query { limit, ..all_in(&pk) };
        assert_eq!(found(&*table, &query).await, ordered);
        assert!(found(&*table, &backward(query)).await.iter().rev().eq(ordered));
    }
    let astral = Query { range: SortRange::Prefix("\u{10ffff}".into()), ..all_in(&pk) };
    assert_eq!(found(&*table, &astral).await, ["\u{10ffff}", "\u{10ffff}x"]);
    let nul = Query { range: SortRange::Prefix("a\u{0}".into()), ..all_in(&pk) };
    assert_eq!(found(&*table, &nul).await, ["a\u{0}", "a\u{0}b"]);
}

/// A page has about a megabyte at most, whatever was asked for.
pub async fn large_items_come_on_several_pages(table: Arc<dyn Table>) {
    let pk = fresh("large");
    let keys: Vec<_> = (0..8).map(|n| n.to_string()).collect();
    for sk in &keys {
        table.write(put(&key(&pk, sk.as_str()), json!({"text": "x".repeat(300_000)}))).await.unwrap();
    }
    let (items, largest) = read_pages(&*table, &all_in(&pk)).await;
    assert!(items.iter().map(|item| &item.key.sk).eq(&keys));
    assert!(items.iter().all(|item| item.attributes["text"].as_str().unwrap().len() == 300_000));
    assert!(largest <= 4, "{largest} items on a page");
}

/// Its place is in the order, not in the item.
pub async fn a_cursor_goes_on_after_its_item_is_gone(table: Arc<dyn Table>) {
    let pk = fresh("cursor");
    fill(&*table, &pk, ["a", "b", "c"]).await;
    table.write(Write::Delete(key(&pk, "b"), Condition::Always)).await.unwrap();
    let query = Query { after: Some(cursor_at(&key(&pk, "b"))), ..all_in(&pk) };
    assert_eq!(found(&*table, &query).await, ["c"]);
    assert_eq!(found(&*table, &backward(query)).await, ["a"]);
}

/// Rather than answered with nothing, which would hide a slip until it reaches AWS.
pub async fn a_query_that_makes_no_sense_is_refused(table: Arc<dyn Table>) {
    let pk = fresh("nonsense");
    for query in [
        Query { limit: 0, ..all_in(&pk) },
        Query { range: SortRange::Between("b".into(), "a".into()), ..all_in(&pk) },
        Query { range: SortRange::Prefix(String::new()), ..all_in(&pk) },
        all_in(""),
    ] {
        assert_invalid(table.query(&query).await);
    }
}
