//! Media and messages with files in: requests, and word from the bucket that a direct upload has come to its end.

use std::sync::Arc;

use lambda_http::lambda_runtime::run;
use lambda_http::request::LambdaRequest;
use lambda_http::tower::ServiceExt as _;
use lambda_http::{Adapter, Error, LambdaEvent, service_fn};
use parlor::aws::{Boot, behind_http_api, init_telemetry};
use parlor::inbound::http::upload_router;
use parlor::inbound::object_event;
use parlor::inbound::upload_event::UploadEvent;
use serde_json::Value;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Error> {
    init_telemetry();
    let app =
        &Arc::new(Boot::of_process()?.with_table().with_queue().with_media().with_sockets().app().await);
    let requests = &Adapter::from(behind_http_api(upload_router(app.clone())));
    let handle = |LambdaEvent { payload, context }: LambdaEvent<Value>| async move {
        match UploadEvent::from(payload) {
            UploadEvent::Objects(event) => object_event::handle(app, event).await.map(|()| Value::Null),
            UploadEvent::Request(event) => {
                let request: LambdaRequest = serde_json::from_value(event)?;
                let response = requests.clone().oneshot(LambdaEvent::new(request, context)).await?;
                Ok(serde_json::to_value(response)?)
            }
        }
    };
    run(service_fn(handle)).await
}
