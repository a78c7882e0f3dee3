//! What an event tells the function to do.

use std::time::Duration;

use lambda_runtime::{Context, Diagnostic, Error, LambdaEvent};
use serde_json::{Value, json};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;

/// How often those who meet look for each other.
const GLANCE: Duration = Duration::from_millis(5);

/// An order, and what came with it.
pub(crate) struct Order {
    order: Value,
    event: Value,
    context: Context,
}

impl Order {
    /// Finds the order in an event.
    pub(crate) fn of(event: LambdaEvent<Value>) -> Self {
        let LambdaEvent { payload, context } = event;
        let order = inner(&payload).unwrap_or_else(|| payload.clone());
        Self { order, event: payload, context }
    }

    /// Does it.
    pub(crate) async fn obey(self) -> Result<Value, Diagnostic> {
        match self.order["do"].as_str() {
            Some("answer") => Ok(self.order["answer"].clone()),
            Some("big") => Ok("x".repeat(self.number("bytes")).into()),
            Some("context") => Ok(json!(self.context)),
            Some("environment") => {
                Ok(Value::Object(std::env::vars().map(|(name, value)| (name, value.into())).collect()))
            }
            Some("fail") => Err(failure(self.order["message"].as_str().unwrap_or("as ordered"))),
            Some("panic") => panic!("as ordered"),
            Some("exit") => std::process::exit(3),
            Some("hang") => std::future::pending().await,
            Some("meet") => self.meet().await.map_err(|error| failure(&error.to_string())),
            Some("reflect") => Ok(json!({ "statusCode": 200, "body": self.event.to_string() })),
            _ => Ok(json!({ "pid": std::process::id(), "event": self.event })),
        }
    }

    fn number(&self, name: &str) -> usize {
        self.order[name].as_u64().and_then(|number| number.try_into().ok()).unwrap_or_default()
    }

    /// Waits in a folder until so many others have come.
    async fn meet(&self) -> std::io::Result<Value> {
        let folder = self.order["folder"].as_str().unwrap_or(".");
        let pid = std::process::id();
        tokio::fs::write(format!("{folder}/{pid}"), "").await?;
        while std::fs::read_dir(folder)?.count() < self.number("count") {
            tokio::time::sleep(GLANCE).await;
        }
        Ok(json!({ "pid": pid }))
    }
}

/// The order inside a gateway's event.
fn inner(event: &Value) -> Option<Value> {
    let texts = [&event["body"], &event["queryStringParameters"]["order"]];
    let mut inside = texts.into_iter().filter_map(|text| serde_json::from_str(text.as_str()?).ok());
    inside.find(Value::is_object)
}

fn failure(message: &str) -> Diagnostic {
    Diagnostic { error_type: "Sample.Error".to_owned(), error_message: message.to_owned() }
}

/// Tells Lambda that this process cannot start, by hand: the runtime has no call for it.
pub(crate) async fn report_init_error() -> Result<(), Error> {
    let body = r#"{"errorType":"Sample.InitError","errorMessage":"no start, as ordered"}"#;
    let api = std::env::var("AWS_LAMBDA_RUNTIME_API")?;
    let mut stream = TcpStream::connect(&api).await?;
    let length = body.len();
    let request = format!(
        "POST /2018-06-01/runtime/init/error HTTP/1.1\r\nHost: {api}\r\nContent-Length: {length}\r\nConnection: close\r\n\r\n{body}"
    );
    stream.write_all(request.as_bytes()).await?;
    stream.read_to_end(&mut Vec::new()).await?;
    Err("no start, as ordered".into())
}
