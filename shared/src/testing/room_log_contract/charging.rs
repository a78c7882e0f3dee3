//! Appending on a condition that an item outside the log fulfils.

use futures_util::FutureExt;
use serde_json::{Value, json};

use super::{ANN, LogUnderTest, at_once, fresh_room, ids, message, new_id};
use crate::domain::chat::{FoldRefused, NewEvent};
use crate::ids::{EventId, RoomCode};
use crate::ports::{Appended, Change, Comparison, Condition, Consistency, Item, Key, NewEntry, Write};

fn purse(room: &RoomCode) -> Key {
    Key { pk: format!("TEST#{room}"), sk: "purse".into() }
}

/// Spends one of so many, and notes what for; what it was spent for last is not paid for again.
fn spend_one_of(room: &RoomCode, limit: u64, what_for: &str) -> Write {
    let is_less = Condition::Compare("spent".into(), Comparison::Less, json!(limit));
    let is_new =
        Condition::Not(Box::new(Condition::Compare("last".into(), Comparison::Equal, json!(what_for))));
    let none = Condition::Not(Box::new(Condition::Has("spent".into())));
    let changes = vec![Change::Add("spent".into(), 1), Change::Set("last".into(), json!(what_for))];
    Write::Update(purse(room), changes, Condition::All(vec![is_new, Condition::Any(vec![none, is_less])]))
}

impl LogUnderTest {
    fn paid(&self, room: &RoomCode, limit: u64, name: &str) -> NewEntry {
        let entry = self.named(ANN, name, message(name));
        NewEntry { charge: Some(spend_one_of(room, limit, name)), ..entry }
    }

    async fn purse(&self, room: &RoomCode) -> Option<Item> {
        self.table.get(&purse(room), Consistency::Strong).await.unwrap()
    }

    async fn spent(&self, room: &RoomCode) -> Value {
        self.purse(room).await.map_or(Value::Null, |item| item.attributes["spent"].clone())
    }
}

/// That is how whoever appends learns the author's name.
pub async fn a_charge_answers_the_item_as_it_is_now(under_test: LogUnderTest) {
    let room = fresh_room();
    let charge = Write::Update(
        purse(&room),
        vec![Change::Set("name".into(), json!("Ann")), Change::Add("spent".into(), 1)],
        Condition::Always,
    );
    let entry = NewEntry { charge: Some(charge), ..under_test.entry(ANN, message("hello")) };
    let Appended::New { charged, .. } = under_test.append(&room, entry).await else { panic!("not new") };
    let item = charged.unwrap();
    assert_eq!(item.attributes["name"], json!("Ann"));
    assert_eq!(item.attributes["spent"], json!(1));
    assert_eq!(under_test.purse(&room).await, Some(item));
}

/// No entry, no client id, and nothing spent.
pub async fn what_is_refused_leaves_nothing_behind(under_test: LogUnderTest) {
    let room = fresh_room();
    let first = under_test.append(&room, under_test.paid(&room, 1, "x")).await;
    assert_eq!(new_id(&first), EventId(1));
    let before = under_test.purse(&room).await;
    let refused = under_test.append(&room, under_test.paid(&room, 1, "y")).await;
    assert_eq!(refused, Appended::Refused { current: before.clone() });
    assert_eq!((ids(&under_test.all(&room).await), under_test.purse(&room).await), (vec![1], before));
    let appended = under_test.append(&room, under_test.paid(&room, 2, "y")).await;
    assert_eq!(new_id(&appended), EventId(2), "its client id is free still");
    let nothing = NewEvent::Deleted { message_id: EventId(99) };
    let refused = under_test.append(&room, under_test.named(ANN, "z", nothing)).await;
    assert_eq!(refused, Appended::NotFolded(FoldRefused::NoSuchMessage));
    let appended = under_test.append(&room, under_test.named(ANN, "z", message("z"))).await;
    assert_eq!(new_id(&appended), EventId(3), "and that one, too");
}

/// Whatever has been spent since.
pub async fn a_repetition_passes_a_charge_that_refuses(under_test: LogUnderTest) {
    let room = fresh_room();
    for name in ["x", "y"] {
        new_id(&under_test.append(&room, under_test.paid(&room, 2, name)).await);
    }
    for (name, id) in [("x", EventId(1)), ("y", EventId(2))] {
        let again = under_test.append(&room, under_test.paid(&room, 2, name)).await;
        assert_eq!(again, Appended::Repeated { id });
    }
    assert_eq!(under_test.spent(&room).await, json!(2));
}

/// As far as the charged item shows that it is one.
pub async fn a_repetition_is_not_charged(under_test: LogUnderTest) {
    let room = fresh_room();
    for _ in 0..3 {
        under_test.append(&room, under_test.paid(&room, 9, "x")).await;
    }
    assert_eq!(under_test.spent(&room).await, json!(1));
    assert_eq!(ids(&under_test.all(&room).await), [1]);
}

/// Not one more is said than was paid for.
pub async fn a_budget_holds_under_32_writers(under_test: LogUnderTest) {
    let room = fresh_room();
    let (log, code) = (under_test.clone(), room.clone());
    let say = move |number: u64| {
        let (log, code) = (log.clone(), code.clone());
        // Whoever gives up has paid, so that nobody may begin again: too busy is told apart from refused.
        async move { log.log.append(&code, log.paid(&code, 10, &number.to_string())).await.unwrap() }.boxed()
    };
    let appended = at_once(32, say).await;
    let refused = appended.iter().filter(|one| matches!(one, Appended::Refused { .. })).count();
    let busy = appended.iter().filter(|one| **one == Appended::Busy).count();
    assert_eq!((refused, under_test.spent(&room).await), (22, json!(10)));
    assert_eq!(under_test.all(&room).await.len(), 10 - busy);
}
