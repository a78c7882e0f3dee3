//! What a function answers to an HTTP request: payload format 2.0.

use axum::body::Body;
use axum::http::{HeaderName, HeaderValue, Method, Response, StatusCode, header};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Map, Value};

/// An answer that API Gateway would not take.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("the answer's {0}")]
pub(super) struct MalformedResponse(&'static str);

/// Reads an answer to a request of this method. One without a status is a body.
pub(super) fn response(answer: &[u8], to: &Method) -> Result<Response<Body>, MalformedResponse> {
    let answer: Value = serde_json::from_slice(answer).map_err(|_| MalformedResponse("text is not JSON"))?;
    match answer.as_object().and_then(|fields| Some((fields, fields.get("statusCode")?))) {
        Some((fields, status)) => stated(fields, status, to),
        None => Ok(inferred(&answer)),
    }
}

fn stated(
    fields: &Map<String, Value>,
    status: &Value,
    to: &Method,
) -> Result<Response<Body>, MalformedResponse> {
    let number = status.as_u64().or_else(|| status.as_str()?.parse().ok());
    let status = number.and_then(|number| u16::try_from(number).ok());
    let status = status.filter(|status| (200..600).contains(status));
    let status = status.ok_or(MalformedResponse("statusCode is not a status"))?;
    let mut response = Response::new(body(fields)?);
    *response.status_mut() = StatusCode::from_u16(status).unwrap_or_default();
    for (name, value) in headers(fields, to)? {
        response.headers_mut().append(name, value);
    }
    let plain = HeaderValue::from_static("text/plain;charset=UTF-8");
    response.headers_mut().entry(header::CONTENT_TYPE).or_insert(plain);
    for cookie in cookies(fields)? {
        response.headers_mut().append(header::SET_COOKIE, cookie);
    }
    Ok(response)
}

/// A text is the body itself, everything else its JSON.
fn inferred(answer: &Value) -> Response<Body> {
    let body = answer.as_str().map_or_else(|| answer.to_string(), str::to_owned);
    let mut response = Response::new(Body::from(body));
    response.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static("application/json"));
    response
}

fn body(fields: &Map<String, Value>) -> Result<Body, MalformedResponse> {
    let is_base64 = fields.get("isBase64Encoded").is_some_and(|flag| flag == &Value::Bool(true));
    match fields.get("body") {
        None | Some(Value::Null) => Ok(Body::empty()),
        Some(Value::String(text)) if is_base64 => {
            STANDARD.decode(text).map(Body::from).map_err(|_| MalformedResponse("body is not base64"))
        }
        Some(Value::String(text)) => Ok(Body::from(text.clone())),
        Some(_) => Err(MalformedResponse("body is not a text")),
    }
}

fn headers(
    fields: &Map<String, Value>,
    to: &Method,
) -> Result<Vec<(HeaderName, HeaderValue)>, MalformedResponse> {
    let malformed = MalformedResponse("headers are not texts");
    let headers = match fields.get("headers") {
        None | Some(Value::Null) => return Ok(Vec::new()),
        Some(Value::Object(headers)) => headers.iter(),
        Some(_) => return Err(malformed),
    };
    let parse = |(name, value): (&String, &Value)| {
        let text = value.as_str().map_or_else(|| value.to_string(), str::to_owned);
        Some((HeaderName::try_from(name).ok()?, HeaderValue::try_from(text).ok()?))
    };
    // The length and the framing are ours to say, but for the length of a body that is not sent.
    let ours = |name: &HeaderName| match *name {
        header::CONTENT_LENGTH => to != Method::HEAD,
        header::TRANSFER_ENCODING | header::CONNECTION => true,
        _ => false,
    };
    let headers: Option<Vec<_>> = headers.map(parse).collect();
    let headers = headers.ok_or(malformed)?;
    Ok(headers.into_iter().filter(|(name, _)| !ours(name)).collect())
}

fn cookies(fields: &Map<String, Value>) -> Result<Vec<HeaderValue>, MalformedResponse> {
    let malformed = MalformedResponse("cookies are not a list of texts");
    match fields.get("cookies") {
        None | Some(Value::Null) => Ok(Vec::new()),
        Some(Value::Array(cookies)) => {
            let cookies = cookies.iter().map(|cookie| HeaderValue::try_from(cookie.as_str()?).ok());
            cookies.collect::<Option<_>>().ok_or(malformed)
        }
        Some(_) => Err(malformed),
    }
}

#[cfg(test)]
mod tests {
    use axum::body::to_bytes;

    use super::*;

    async fn read(answer: &str) -> (u16, String, Vec<u8>) {
        let response = response(answer.as_bytes(), &Method::GET).unwrap();
        let kind = response.headers()[header::CONTENT_TYPE].to_str().unwrap().to_owned();
        (response.status().as_u16(), kind, to_bytes(response.into_body(), 1000).await.unwrap().to_vec())
    }

    #[tokio::test]
    async fn an_answer_without_a_status_is_a_body() {
        let json = |body: &str| (200, "application/json".to_owned(), body.as_bytes().to_vec());
        assert_eq!(read(r#"{"a": 1}"#).await, json(r#"{"a":1}"#));
        assert_eq!(read(r#""Hello""#).await, json("Hello"));
        assert_eq!(read("null").await, json("null"));
    }

    #[tokio::test]
    async fn bytes_come_in_base64() {
        let answer = r#"{"statusCode": 206, "headers": {"Content-Type": "image/png"}, "body": "AP8=", "isBase64Encoded": true}"#;
        assert_eq!(read(answer).await, (206, "image/png".to_owned(), vec![0, 255]));
    }

    #[tokio::test]
    async fn a_body_without_a_kind_is_text() {
        assert_eq!(
            read(r#"{"statusCode": "201", "body": "x"}"#).await,
            (201, "text/plain;charset=UTF-8".to_owned(), vec![b'x'])
        );
    }

    #[test]
    fn each_cookie_has_a_header_of_its_own() {
        let answer =
            r#"{"statusCode": 200, "cookies": ["a=1; Path=/", "b=2"], "headers": {"content-length": "9"}}"#;
        let response = response(answer.as_bytes(), &Method::GET).unwrap();
        let cookies: Vec<_> = response.headers().get_all(header::SET_COOKIE).iter().collect();
        assert_eq!(cookies, ["a=1; Path=/", "b=2"]);
        assert!(!response.headers().contains_key(header::CONTENT_LENGTH));
    }

    #[test]
    fn the_length_of_a_body_that_is_only_asked_about_is_the_functions_to_say() {
        let answer = br#"{"statusCode": 200, "headers": {"content-length": "9"}}"#;
        let response = response(answer, &Method::HEAD).unwrap();
        assert_eq!(response.headers()[header::CONTENT_LENGTH], "9");
    }

    #[test]
    fn what_cannot_be_sent_is_refused() {
        let bad = [
            "",
            r#"{"statusCode": 20}"#,
            r#"{"statusCode": {}}"#,
            r#"{"statusCode": 200, "body": {}}"#,
            r#"{"statusCode": 200, "headers": {"a b": "x"}}"#,
            r#"{"statusCode": 200, "headers": {"a": "x\ny"}}"#,
            r#"{"statusCode": 200, "cookies": "a=1"}"#,
            r#"{"statusCode": 200, "body": "?", "isBase64Encoded": true}"#,
        ];
        for answer in bad {
            assert!(response(answer.as_bytes(), &Method::GET).is_err(), "{answer}");
        }
    }
}
