//! What is watched next: the order of items by their ids.

use serde::{Deserialize, Serialize};

/// The most items of a queue.
pub const MAX_QUEUE: usize = 500;

/// Items in the order in which they are watched, by their ids.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct QueueOrder(Vec<String>);

/// Why the order stays as it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum QueueRefused {
    /// There are as many items as there may be.
    Full,
    /// An item that was named is not there.
    NoSuchItem,
}

impl QueueOrder {
    /// The ids, the next one first.
    pub fn ids(&self) -> &[String] {
        &self.0
    }

    /// With one more at the end.
    pub fn with(&self, id: &str) -> Result<Self, QueueRefused> {
        if self.0.len() >= MAX_QUEUE {
            return Err(QueueRefused::Full);
        }
        Ok(Self([self.0.clone(), vec![id.to_owned()]].concat()))
    }

    /// Without one.
    pub fn without(&self, id: &str) -> Result<Self, QueueRefused> {
        let mut ids = self.0.clone();
        ids.remove(self.place(id)?);
        Ok(Self(ids))
    }

    /// With one of them before another one, or at the end.
    pub fn moved(&self, id: &str, before: Option<&str>) -> Result<Self, QueueRefused> {
        if before == Some(id) {
            return self.place(id).map(|_| self.clone());
        }
        let mut rest = self.without(id)?;
        let place = before.map_or(Ok(rest.0.len()), |before| rest.place(before))?;
        rest.0.insert(place, id.to_owned());
        Ok(rest)
    }

    /// The next one, and the order without it, in which what has been watched comes last, if it is to come again.
    pub fn next(&self, again: Option<&str>) -> Option<(String, Self)> {
        let mut ids = self.0.clone();
        ids.extend(again.map(str::to_owned));
        let (first, rest) = ids.split_first()?;
        Some((first.clone(), Self(rest.to_vec())))
    }

    fn place(&self, id: &str) -> Result<usize, QueueRefused> {
        self.0.iter().position(|known| known == id).ok_or(QueueRefused::NoSuchItem)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn order(ids: &str) -> QueueOrder {
        QueueOrder(ids.chars().map(String::from).collect())
    }

    #[test]
    fn items_are_added_at_the_end_and_moved_before_others() {
        let queue = order("abc").with("d").unwrap();
        assert_eq!(queue, order("abcd"));
        assert_eq!(queue.moved("d", Some("a")), Ok(order("dabc")));
        assert_eq!(queue.moved("a", Some("c")), Ok(order("bacd")));
        assert_eq!(queue.moved("a", None), Ok(order("bcda")));
        assert_eq!(queue.moved("b", Some("b")), Ok(queue.clone()));
        assert_eq!(queue.without("b"), Ok(order("acd")));
        assert_eq!(queue.next(None), Some(("a".into(), order("bcd"))));
        assert_eq!(order("").next(None), None);
    }

    #[test]
    fn what_is_to_come_again_comes_last_and_alone_it_is_the_next() {
        assert_eq!(order("ab").next(Some("x")), Some(("a".into(), order("bx"))));
        assert_eq!(order("").next(Some("x")), Some(("x".into(), order(""))));
    }

    #[test]
    fn what_is_not_there_changes_nothing() {
        let queue = order("ab");
        for refused in [queue.without("x"), queue.moved("x", None), queue.moved("a", Some("x"))] {
            assert_eq!(refused, Err(QueueRefused::NoSuchItem));
        }
    }

    #[test]
    fn a_queue_is_bounded() {
        let mut queue = QueueOrder::default();
        for number in 0..MAX_QUEUE {
            queue = queue.with(&number.to_string()).unwrap();
        }
        assert_eq!(queue.with("one more"), Err(QueueRefused::Full));
        assert_eq!(queue.next(Some("again")).unwrap().1.ids().len(), MAX_QUEUE);
    }

    /// Whatever is moved, nothing is lost and nothing doubled.
    #[test]
    fn moving_keeps_every_item_once() {
        let ids = "abcdefgh";
        let mut queue = order(ids);
        for step in 0..10_000_usize {
            let named = |number: usize| &ids[number % 8..=number % 8];
            let before = (!step.is_multiple_of(9)).then(|| named(step * 13 / 7));
            queue = queue.moved(named(step * 31 / 5), before).unwrap();
            let mut sorted: Vec<&str> = queue.ids().iter().map(String::as_str).collect();
            sorted.sort_unstable();
            assert_eq!(sorted.concat(), ids);
        }
    }
}
