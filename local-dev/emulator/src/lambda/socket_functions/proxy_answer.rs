//! What a function behind a route answers, read as leniently as API Gateway does.

use std::collections::BTreeMap;

use parlor::inbound::gateway_event::GatewayResponse;
use serde_json::{Map, Value};

/// An answer that API Gateway would not take.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("its answer is no proxy response: {0}")]
pub(super) struct MalformedAnswer(&'static str);

/// Reads an answer. Without a status it is none.
pub(super) fn parse(answer: &[u8]) -> Result<GatewayResponse, MalformedAnswer> {
    let answer: Value = serde_json::from_slice(answer).map_err(|_| MalformedAnswer("it is not JSON"))?;
    let answer = answer.as_object().ok_or(MalformedAnswer("it is not an object"))?;
    Ok(GatewayResponse {
        status_code: status_code(answer)?,
        headers: headers(answer)?,
        body: match answer.get("body") {
            None | Some(Value::Null) => None,
            Some(Value::String(body)) => Some(body.clone()),
            Some(_) => return Err(MalformedAnswer("its body is not a text")),
        },
    })
}

/// A number, or a text that is one.
fn status_code(answer: &Map<String, Value>) -> Result<u16, MalformedAnswer> {
    let status = match answer.get("statusCode") {
        Some(Value::Number(number)) => number.as_u64().and_then(|number| u16::try_from(number).ok()),
        Some(Value::String(text)) => text.parse().ok(),
        Some(_) => None,
        None => return Err(MalformedAnswer("it has no statusCode")),
    };
    let status = status.filter(|status| (100..600).contains(status));
    status.ok_or(MalformedAnswer("its statusCode is not a status"))
}

fn headers(answer: &Map<String, Value>) -> Result<BTreeMap<String, String>, MalformedAnswer> {
    let malformed = MalformedAnswer("its headers are not texts");
    let of = |field| match answer.get(field) {
        None | Some(Value::Null) => Ok(Map::new()),
        Some(Value::Object(headers)) => Ok(headers.clone()),
        Some(_) => Err(malformed.clone()),
    };
    let last = |(name, values): (String, Value)| match values {
        Value::Array(values) => Some((name, values.last()?.clone())),
        _ => None,
    };
    let all = of("multiValueHeaders")?.into_iter().filter_map(last).chain(of("headers")?);
    let text = |(name, value)| Some((name, scalar(&value)?));
    all.map(|header| text(header).ok_or(malformed.clone())).collect()
}

/// A text, a number or a truth value, as a text.
pub(super) fn scalar(value: &Value) -> Option<String> {
    match value {
        Value::String(text) => Some(text.clone()),
        Value::Number(number) => Some(number.to_string()),
        Value::Bool(truth) => Some(truth.to_string()),
        Value::Null | Value::Array(_) | Value::Object(_) => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_status_may_be_a_number_or_a_text() {
        for answer in [r#"{"statusCode": 201}"#, r#"{"statusCode": "201", "body": null, "cookies": []}"#] {
            assert_eq!(parse(answer.as_bytes()), Ok(GatewayResponse::status(201)), "{answer}");
        }
    }

    #[test]
    fn what_has_no_status_is_no_answer() {
        let bad = ["", "null", "\"ok\"", "{}", r#"{"statusCode": 1000}"#, r#"{"statusCode": "x"}"#];
        for answer in bad {
            assert!(parse(answer.as_bytes()).is_err(), "{answer}");
        }
        assert!(parse(br#"{"statusCode": 200, "body": {}}"#).is_err());
    }

    #[test]
    fn headers_may_be_anything_that_is_a_text_in_the_end() {
        let answer = r#"{"statusCode": 200, "headers": {"A": 1}, "multiValueHeaders": {"B": ["x", "y"]}}"#;
        let headers = parse(answer.as_bytes()).unwrap().headers;
        let expected = [("A", "1"), ("B", "y")].map(|(name, value)| (name.to_owned(), value.to_owned()));
        assert_eq!(headers, expected.into());
    }
}
