//! Whether a condition holds of an item.

use std::cmp::Ordering;

use serde_json::{Number, Value};

use super::{Attributes, Comparison, Condition, TableError};

/// Whether the condition holds of this item, or of its absence.
pub fn holds(condition: &Condition, item: Option<&Attributes>) -> Result<bool, TableError> {
    Ok(match condition {
        Condition::Always => true,
        Condition::Exists => item.is_some(),
        Condition::Absent => item.is_none(),
        Condition::Has(name) => item.is_some_and(|item| item.contains_key(name)),
        Condition::Compare(name, comparison, value) => {
            compares(item.and_then(|item| item.get(name)), *comparison, value)?
        }
        // All parts are looked at, so that a bad one is always found.
        Condition::All(parts) => parts.iter().try_fold(true, |all, part| Ok(holds(part, item)? && all))?,
        Condition::Any(parts) => parts.iter().try_fold(false, |any, part| Ok(holds(part, item)? || any))?,
        Condition::Not(part) => !holds(part, item)?,
    })
}

fn compares(actual: Option<&Value>, comparison: Comparison, expected: &Value) -> Result<bool, TableError> {
    let order = match (actual, expected) {
        (Some(Value::Number(actual)), Value::Number(expected)) => numeric_order(actual, expected),
        (Some(Value::String(actual)), Value::String(expected)) => Some(actual.cmp(expected)),
        (_, Value::Number(_) | Value::String(_)) => None,
        (actual, expected) if comparison == Comparison::Equal => return Ok(actual == Some(expected)),
        _ => return Err(TableError::Invalid("only numbers and texts have an order".into())),
    };
    Ok(order.is_some_and(|order| match comparison {
        Comparison::Equal => order.is_eq(),
        Comparison::Less => order.is_lt(),
        Comparison::AtMost => order.is_le(),
        Comparison::Greater => order.is_gt(),
        Comparison::AtLeast => order.is_ge(),
    }))
}

fn numeric_order(left: &Number, right: &Number) -> Option<Ordering> {
    match (left.as_i128(), right.as_i128()) {
        (Some(left), Some(right)) => Some(left.cmp(&right)),
        _ => left.as_f64()?.partial_cmp(&right.as_f64()?),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn compare(actual: Value, comparison: Comparison, expected: Value) -> Result<bool, TableError> {
        let item = Attributes::from_iter([("a".to_owned(), actual)]);
        holds(&Condition::Compare("a".into(), comparison, expected), Some(&item))
    }

    #[test]
    fn whole_numbers_compare_with_all_their_digits() {
        let (less, more) = (json!(9_007_199_254_740_992_i64), json!(9_007_199_254_740_993_i64));
        assert!(compare(less.clone(), Comparison::Less, more.clone()).unwrap());
        assert!(!compare(less, Comparison::Equal, more).unwrap());
        assert!(compare(json!(-1), Comparison::Less, json!(u64::MAX)).unwrap());
    }

    #[test]
    fn a_number_is_the_same_however_it_is_spelled() {
        assert!(compare(json!(1), Comparison::Equal, json!(1.0)).unwrap());
        assert!(compare(json!(1), Comparison::Less, json!(1.5)).unwrap());
    }

    #[test]
    fn values_of_different_types_compare_with_nothing() {
        for comparison in [Comparison::Equal, Comparison::Less, Comparison::AtLeast] {
            assert!(!compare(json!("1"), comparison, json!(1)).unwrap());
        }
    }

    #[test]
    fn an_order_of_things_without_one_is_refused_wherever_it_stands() {
        let bad = Condition::Compare("a".into(), Comparison::Less, json!(true));
        let hidden = Condition::Any(vec![Condition::Always, bad]);
        assert!(matches!(holds(&hidden, None), Err(TableError::Invalid(_))));
        assert!(compare(json!(true), Comparison::Equal, json!(true)).unwrap());
    }
}
