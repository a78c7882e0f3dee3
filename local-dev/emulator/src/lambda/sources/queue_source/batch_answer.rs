//! What a function says of a batch.

use std::collections::HashSet;

use serde_json::Value;

/// What became of a batch.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum BatchAnswer {
    /// These failed, the others succeeded.
    Failed(HashSet<String>),
    /// Nobody can tell: all count as failed.
    Malformed(&'static str),
}

impl BatchAnswer {
    /// Reads an answer about messages of these names. Nothing, null and an empty list mean that all succeeded.
    pub(super) fn parse(answer: &[u8], ids: &HashSet<&str>) -> Self {
        if answer.iter().all(u8::is_ascii_whitespace) {
            return Self::Failed(HashSet::new());
        }
        let Ok(answer) = serde_json::from_slice::<Value>(answer) else {
            return Self::Malformed("it is not JSON");
        };
        let failures = match answer.as_object().map(|object| object.get("batchItemFailures")) {
            None if answer.is_null() => return Self::Failed(HashSet::new()),
            None => return Self::Malformed("it is no object"),
            Some(None | Some(Value::Null)) => return Self::Failed(HashSet::new()),
            Some(Some(failures)) => failures,
        };
        let Some(failures) = failures.as_array() else {
            return Self::Malformed("batchItemFailures is no list");
        };
        match failures.iter().map(|failure| failed_id(failure, ids)).collect() {
            Ok(failed) => Self::Failed(failed),
            Err(reason) => Self::Malformed(reason),
        }
    }
}

fn failed_id(failure: &Value, ids: &HashSet<&str>) -> Result<String, &'static str> {
    let id = failure.get("itemIdentifier").and_then(Value::as_str).filter(|id| !id.is_empty());
    let id = id.ok_or("a failure has no itemIdentifier")?;
    if ids.contains(id) { Ok(id.to_owned()) } else { Err("a failure names no message of the batch") }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(answer: &str) -> BatchAnswer {
        BatchAnswer::parse(answer.as_bytes(), &HashSet::from(["a", "b"]))
    }

    #[test]
    fn nothing_null_and_an_empty_list_mean_that_all_succeeded() {
        for answer in [
            "",
            " ",
            "null",
            "{}",
            r#"{"batchItemFailures":null}"#,
            r#"{"batchItemFailures":[]}"#,
            r#"{"x":1}"#,
        ] {
            assert_eq!(parse(answer), BatchAnswer::Failed(HashSet::new()), "{answer}");
        }
    }

    #[test]
    fn named_messages_failed() {
        let answer = r#"{"batchItemFailures":[{"itemIdentifier":"b"}]}"#;
        assert_eq!(parse(answer), BatchAnswer::Failed(HashSet::from(["b".to_owned()])));
    }

    #[test]
    fn what_cannot_be_understood_means_that_all_failed() {
        let table = [
            "no JSON",
            "[]",
            "\"ok\"",
            r#"{"batchItemFailures":{}}"#,
            r#"{"batchItemFailures":[{}]}"#,
            r#"{"batchItemFailures":["a"]}"#,
            r#"{"batchItemFailures":[{"itemIdentifier":null}]}"#,
            r#"{"batchItemFailures":[{"itemIdentifier":""}]}"#,
            r#"{"batchItemFailures":[{"id":"a"}]}"#,
            r#"{"batchItemFailures":[{"itemIdentifier":"a"},{"itemIdentifier":"unknown"}]}"#,
        ];
        for answer in table {
            assert!(matches!(parse(answer), BatchAnswer::Malformed(_)), "{answer}");
        }
    }
}
