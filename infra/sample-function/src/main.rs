//! A Lambda function that does as its event says.
//!
//! The order is a JSON object: the event itself, or the body of a gateway's event, or its parameter `order`. Whatever
//! else comes is answered with the process's id and the event.

mod order;

use lambda_runtime::{Error, LambdaEvent, run, service_fn};
use serde_json::Value;

use crate::order::Order;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Error> {
    match std::env::var("SAMPLE_INIT").as_deref() {
        Ok("report") => order::report_init_error().await?,
        Ok("exit") => std::process::exit(4),
        _ => {}
    }
    run(service_fn(|event: LambdaEvent<Value>| async move { Order::of(event).obey().await })).await
}
