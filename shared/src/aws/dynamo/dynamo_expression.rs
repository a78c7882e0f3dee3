//! Conditions, changes and queries in DynamoDB's expression language.

use std::collections::HashMap;

use aws_sdk_dynamodb::types::AttributeValue;
use serde_json::Value;

use crate::aws::dynamo_value::{Attributes, PK, SK, attribute};
use crate::ports::{Change, Comparison, Condition, EXPIRES_AT, INDEX_PK, INDEX_SK, Partition, SortRange};
use crate::protocol::Timestamp;

/// The names and values that the expressions of one request stand on. Every name is a placeholder: attributes may be
/// called like DynamoDB's hundreds of reserved words.
#[derive(Debug)]
pub(in crate::aws) struct Expressions {
    now: Timestamp,
    names: Vec<String>,
    values: Vec<AttributeValue>,
}

impl Expressions {
    /// No expressions yet; what counts as expired is judged by `now`.
    pub(in crate::aws) fn new(now: Timestamp) -> Self {
        Self { now, names: Vec::new(), values: Vec::new() }
    }

    /// What the placeholders of names stand for; none if there are none, as DynamoDB refuses an empty map.
    pub(in crate::aws) fn names(&self) -> Option<HashMap<String, String>> {
        let names = self.names.iter().enumerate();
        Some(names.map(|(i, name)| (format!("#n{i}"), name.clone())).collect())
            .filter(|_| !self.names.is_empty())
    }

    /// What the placeholders of values stand for; none if there are none.
    pub(in crate::aws) fn values(&self) -> Option<Attributes> {
        let values = self.values.iter().enumerate();
        Some(values.map(|(i, value)| (format!(":v{i}"), value.clone())).collect())
            .filter(|_| !self.values.is_empty())
    }

    /// The expression for a write's condition; none if it is none.
    pub(in crate::aws) fn condition(&mut self, condition: &Condition) -> Option<String> {
        (*condition != Condition::Always).then(|| self.boolean(condition))
    }

    /// An expression in exactly one pair of parentheses.
    fn boolean(&mut self, condition: &Condition) -> String {
        match condition {
            Condition::Always => self.always(),
            Condition::Exists => self.alive(),
            Condition::Absent => format!("(NOT {})", self.alive()),
            Condition::Has(attribute) => {
                let alive = self.alive();
                format!("({alive} AND attribute_exists({}))", self.name(attribute))
            }
            Condition::Compare(attribute, comparison, value) => {
                let alive = self.alive();
                let name = self.name(attribute);
                format!("({alive} AND {name} {} {})", operator(*comparison), self.value(value.clone()))
            }
            Condition::All(parts) => self.joined(parts, " AND ").unwrap_or_else(|| self.always()),
            Condition::Any(parts) => {
                self.joined(parts, " OR ").unwrap_or_else(|| format!("(NOT {})", self.always()))
            }
            Condition::Not(inner) => format!("(NOT {})", self.boolean(inner)),
        }
    }

    /// The item is there and has not expired, however late DynamoDB is with deleting it. What is no number compares with
    /// nothing, and so never expires.
    fn alive(&mut self) -> String {
        let (pk, expires_at) = (self.name(PK), self.name(EXPIRES_AT));
        let now = self.value(Value::from(self.now.as_secs()));
        format!("(attribute_exists({pk}) AND NOT {expires_at} <= {now})")
    }

    fn always(&mut self) -> String {
        let pk = self.name(PK);
        format!("(attribute_exists({pk}) OR attribute_not_exists({pk}))")
    }

    /// Puts parentheses around two and more: DynamoDB refuses redundant ones.
    fn joined(&mut self, parts: &[Condition], conjunction: &str) -> Option<String> {
        let mut parts: Vec<_> = parts.iter().map(|part| self.boolean(part)).collect();
        if parts.len() > 1 { Some(format!("({})", parts.join(conjunction))) } else { parts.pop() }
    }

    /// The expression for an update's changes; none if there are none.
    pub(in crate::aws) fn changes(&mut self, changes: Vec<Change>) -> Option<String> {
        let (mut sets, mut adds, mut removes) = (Vec::new(), Vec::new(), Vec::new());
        for change in changes {
            match change {
                Change::Set(attribute, value) => {
                    sets.push(format!("{} = {}", self.name(&attribute), self.value(value)));
                }
                Change::Add(attribute, number) => {
                    adds.push(format!("{} {}", self.name(&attribute), self.value(Value::from(number))));
                }
                Change::Remove(attribute) => removes.push(self.name(&attribute)),
            }
        }
        let clauses = [("SET", sets), ("ADD", adds), ("REMOVE", removes)];
        let clauses = clauses.iter().filter(|(_, changes)| !changes.is_empty());
        let clauses: Vec<_> =
            clauses.map(|(verb, changes)| format!("{verb} {}", changes.join(", "))).collect();
        (!clauses.is_empty()).then(|| clauses.join(" "))
    }

    /// The expression for the part of a partition that a query reads.
    pub(in crate::aws) fn key_condition(&mut self, partition: &Partition, range: &SortRange) -> String {
        let (pk, sk, text) = match partition {
            Partition::Table(text) => (PK, SK, text),
            Partition::Index(text) => (INDEX_PK, INDEX_SK, text),
        };
        let partition = format!("{} = {}", self.name(pk), self.text(text));
        match range {
            SortRange::All => partition,
            SortRange::Prefix(prefix) => {
                format!("{partition} AND begins_with({}, {})", self.name(sk), self.text(prefix))
            }
            SortRange::Between(low, high) => {
                let (name, low, high) = (self.name(sk), self.text(low), self.text(high));
                format!("{partition} AND {name} BETWEEN {low} AND {high}")
            }
        }
    }

    fn text(&mut self, text: &str) -> String {
        self.value(Value::from(text))
    }

    fn name(&mut self, attribute: &str) -> String {
        let known = self.names.iter().position(|name| name == attribute);
        let index = known.unwrap_or_else(|| {
            self.names.push(attribute.to_owned());
            self.names.len() - 1
        });
        format!("#n{index}")
    }

    fn value(&mut self, value: Value) -> String {
        let value = attribute(value);
        let known = self.values.iter().position(|known| *known == value);
        let index = known.unwrap_or_else(|| {
            self.values.push(value);
            self.values.len() - 1
        });
        format!(":v{index}")
    }
}

fn operator(comparison: Comparison) -> &'static str {
    match comparison {
        Comparison::Equal => "=",
        Comparison::Less => "<",
        Comparison::AtMost => "<=",
        Comparison::Greater => ">",
        Comparison::AtLeast => ">=",
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    const ALIVE: &str = "(attribute_exists(#n0) AND NOT #n1 <= :v0)";

    fn written(condition: &Condition) -> Option<String> {
        Expressions::new(Timestamp::from_secs(7)).condition(condition)
    }

    #[test]
    fn every_condition_takes_an_expired_item_for_absent() {
        assert_eq!(written(&Condition::Always), None);
        assert_eq!(written(&Condition::Exists).as_deref(), Some(ALIVE));
        assert_eq!(written(&Condition::Absent), Some(format!("(NOT {ALIVE})")));
        let has = Condition::Has("a".into());
        assert_eq!(written(&has), Some(format!("({ALIVE} AND attribute_exists(#n2))")));
        let less = Condition::Compare("a".into(), Comparison::Less, json!(1));
        assert_eq!(written(&less), Some(format!("({ALIVE} AND #n2 < :v1)")));
        assert_eq!(written(&Condition::Not(Box::new(less))), Some(format!("(NOT ({ALIVE} AND #n2 < :v1))")));
    }

    #[test]
    fn lists_of_conditions_nest_and_empty_ones_have_a_meaning() {
        let nested = Condition::Any(vec![Condition::Absent, Condition::All(vec![Condition::Exists])]);
        assert_eq!(written(&nested), Some(format!("((NOT {ALIVE}) OR {ALIVE})")));
        let always = "(attribute_exists(#n0) OR attribute_not_exists(#n0))";
        assert_eq!(written(&Condition::All(vec![])).as_deref(), Some(always));
        assert_eq!(written(&Condition::Any(vec![])), Some(format!("(NOT {always})")));
    }

    #[test]
    fn changes_are_gathered_by_verb() {
        let mut expressions = Expressions::new(Timestamp::from_secs(7));
        let changes = vec![
            Change::Remove("c".into()),
            Change::Set("a".into(), json!("x")),
            Change::Add("n".into(), -1),
            Change::Set("b".into(), json!("x")),
        ];
        let written = expressions.changes(changes);
        assert_eq!(written.as_deref(), Some("SET #n1 = :v0, #n3 = :v0 ADD #n2 :v1 REMOVE #n0"));
        assert_eq!(expressions.changes(vec![]), None);
    }

    #[test]
    fn a_query_names_its_partition_and_a_range_of_its_order() {
        let written = |partition: &Partition, range| {
            Expressions::new(Timestamp::from_secs(7)).key_condition(partition, &range)
        };
        let (table, index) = (Partition::Table("p".into()), Partition::Index("p".into()));
        assert_eq!(written(&table, SortRange::All), "#n0 = :v0");
        let prefix = SortRange::Prefix("a".into());
        assert_eq!(written(&table, prefix), "#n0 = :v0 AND begins_with(#n1, :v1)");
        let between = SortRange::Between("a".into(), "b".into());
        assert_eq!(written(&index, between), "#n0 = :v0 AND #n1 BETWEEN :v1 AND :v2");
    }
}
