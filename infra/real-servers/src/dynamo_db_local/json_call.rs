//! A call of DynamoDB's JSON protocol, without the SDK.

use std::error::Error;

use bytes::Bytes;
use http_body_util::{BodyExt, Full};
use hyper::{Request, StatusCode};
use hyper_util::rt::TokioIo;
use serde_json::Value;
use tokio::net::TcpStream;

/// The server wants to see a signature, and believes any.
const AUTHORIZATION: &str = "AWS4-HMAC-SHA256 Credential=AKIDTESTING/20260101/us-east-1/dynamodb/aws4_request, \
                             SignedHeaders=host, Signature=none";

/// One request on a connection of its own.
pub(super) async fn call(endpoint: &str, operation: &str, body: &Value) -> Result<Value, Box<dyn Error>> {
    let host = endpoint.trim_start_matches("http://");
    let stream = TcpStream::connect(host).await?;
    let (mut sender, connection) = hyper::client::conn::http1::handshake(TokioIo::new(stream)).await?;
    let request = Request::post("/")
        .header("host", host)
        .header("authorization", AUTHORIZATION)
        .header("content-type", "application/x-amz-json-1.0")
        .header("x-amz-target", format!("DynamoDB_20120810.{operation}"))
        .body(Full::new(Bytes::from(body.to_string())))?;
    let answer = async {
        let answer = sender.send_request(request).await?;
        Ok::<_, Box<dyn Error>>((answer.status(), answer.into_body().collect().await?.to_bytes()))
    };
    // The connection moves only while it is waited for; that it ends is nothing to wait for.
    let (status, answer) = tokio::select! {
        biased;
        answer = answer => answer?,
        ended = connection => return Err(format!("no answer: {ended:?}").into()),
    };
    match status {
        StatusCode::OK => Ok(serde_json::from_slice(&answer)?),
        _ => Err(format!("{status}: {}", String::from_utf8_lossy(&answer)).into()),
    }
}
