//! One `App` on AWS, made once per process.
//!
//! Of the SDK only what is needed is compiled in: one HTTP stack (hyper 1, rustls), no sign-on by SSO or helper
//! processes, no crates of services that are not called.

use std::sync::Arc;
use std::time::Duration;

use aws_config::retry::RetryConfig;
use aws_config::timeout::TimeoutConfig;
use aws_config::{BehaviorVersion, SdkConfig};

use super::{
    ApiGatewayChannelLayer, DynamoTable, Environment, EnvironmentError, ManagementApi, S3DropBox,
    S3MediaStore, SqsJobs,
};
use crate::app::{App, Ports, Settings};
use crate::ports::{Clock, Jobs, Random, Table};
use crate::system::{OsRandom, SystemClock};

/// What fits a Lambda answer of 6 MB once it is base64, and so the largest body in either direction.
const MAX_BODY_BYTES: u64 = 4_500_000;

/// How long a connection may take to come about: all services are in the same region.
const CONNECT_TIMEOUT: Duration = Duration::from_secs(2);
/// How long one small request may take. Behind a frozen process lie dead connections; it is quicker to try anew.
const ATTEMPT_TIMEOUT: Duration = Duration::from_secs(4);

/// The process cannot start.
#[derive(Debug, thiserror::Error)]
pub enum BootError {
    /// An environment variable is missing or wrong.
    #[error(transparent)]
    Environment(#[from] EnvironmentError),
    /// The SDK doesn't know in which region it is.
    #[error("no AWS region is configured")]
    NoRegion,
}

/// Makes the application from the environment of this process. Nothing is sent anywhere yet.
pub async fn boot() -> Result<App, BootError> {
    let environment = Environment::of_process()?;
    let sdk = aws_config::defaults(BehaviorVersion::latest()).load().await;
    if sdk.region().is_none() {
        return Err(BootError::NoRegion);
    }
    Ok(App::new(ports(&environment, &sdk), settings(environment)))
}

fn ports(environment: &Environment, sdk: &SdkConfig) -> Ports {
    let clock: Arc<dyn Clock> = Arc::new(SystemClock);
    let random: Arc<dyn Random> = Arc::new(OsRandom);
    let client = aws_sdk_dynamodb::Client::new(&small_requests(sdk, 1));
    let table: Arc<dyn Table> =
        Arc::new(DynamoTable::new(client, &environment.table_name, clock.clone(), random.clone()));
    let client = aws_sdk_sqs::Client::new(&small_requests(sdk, 3));
    let jobs: Arc<dyn Jobs> =
        Arc::new(SqsJobs::new(client, &environment.queue_url, clock.clone(), random.clone()));
    let channels = ApiGatewayChannelLayer::new(
        table.clone(),
        jobs.clone(),
        ManagementApi::new(&small_requests(sdk, 1), &environment.callback_url),
        clock.clone(),
        random.clone(),
        environment.posts_per_second,
    );
    let s3 = aws_sdk_s3::Client::new(&large_requests(sdk));
    Ports {
        table,
        channels: Arc::new(channels),
        media: Arc::new(S3MediaStore::new(s3.clone(), &environment.bucket_name)),
        drops: Arc::new(S3DropBox::new(s3, &environment.bucket_name)),
        jobs,
        clock,
        random,
    }
}

/// Requests that are answered at once or not at all, made so many times.
fn small_requests(sdk: &SdkConfig, attempts: u32) -> SdkConfig {
    let timeouts = TimeoutConfig::builder().connect_timeout(CONNECT_TIMEOUT);
    let timeouts = timeouts.operation_attempt_timeout(ATTEMPT_TIMEOUT).build();
    let retries = RetryConfig::standard().with_max_attempts(attempts);
    sdk.to_builder().retry_config(retries).timeout_config(timeouts).build()
}

/// Requests that take as long as their bodies are; the SDK itself gives up bodies that stall.
fn large_requests(sdk: &SdkConfig) -> SdkConfig {
    let timeouts = TimeoutConfig::builder().connect_timeout(CONNECT_TIMEOUT).build();
    sdk.to_builder().retry_config(RetryConfig::standard()).timeout_config(timeouts).build()
}

fn settings(environment: Environment) -> Settings {
    Settings {
        allowed_origins: environment.allowed_origins,
        heartbeat: environment.heartbeat,
        max_upload_bytes: MAX_BODY_BYTES,
        max_inline_bytes: Some(MAX_BODY_BYTES),
        ..Settings::new(environment.public_url)
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::aws::replay::{answer, json_answer, json_bodies, sdk_config};
    use crate::ids::StoredName;
    use crate::ports::{Consistency, Job, Key};
    use crate::protocol::{Frame, Timestamp};

    fn environment() -> Environment {
        let value = |name: &str| match name {
            "HEARTBEAT_SECONDS" => "10".to_owned(),
            "POSTS_PER_SECOND" => "6000".to_owned(),
            "DELIVER_CONCURRENCY" => "10".to_owned(),
            "ALLOWED_ORIGINS" => "https://app.test".to_owned(),
            name if name.ends_with("_URL") => {
                format!("https://{}.test/x", name.replace('_', "-").to_lowercase())
            }
            name => name.to_lowercase(),
        };
        Environment::read(|name| Some(value(name))).unwrap()
    }

    #[tokio::test]
    async fn every_port_talks_to_what_the_environment_names() {
        let (http, sdk) = sdk_config(vec![
            json_answer(200, &json!({})),
            json_answer(200, &json!({"Successful": [], "Failed": []})),
            answer(200, &[("content-length", "1")], ""),
            answer(200, &[], ""),
        ]);
        let ports = ports(&environment(), &sdk);
        let key = Key { pk: "p".into(), sk: "s".into() };
        ports.table.get(&key, Consistency::Strong).await.unwrap();
        ports
            .jobs
            .enqueue(vec![(Job::Tick { at: Timestamp::from_micros(1) }, Duration::ZERO)])
            .await
            .unwrap();
        let bodies = json_bodies(&http);
        assert_eq!(bodies[0]["TableName"], "table_name");
        assert_eq!(bodies[1]["QueueUrl"], "https://queue-url.test/x");

        ports.media.size(&StoredName::from_random([7; 16], "")).await.unwrap();
        let socket = "TXzPWdnOjoECGjA=".parse().unwrap();
        ports.channels.send(&socket, &Frame::new("hi").unwrap()).await.unwrap();
        let uris: Vec<_> = http.actual_requests().map(|request| request.uri().to_owned()).collect();
        assert!(uris[2].contains("bucket_name"), "{}", uris[2]);
        assert!(uris[3].starts_with("https://callback-url.test/x/@connections/"), "{}", uris[3]);
    }

    #[test]
    fn bodies_are_no_larger_than_a_function_can_take() {
        let settings = settings(environment());
        assert_eq!(settings.max_upload_bytes, 4_500_000);
        assert_eq!(settings.max_inline_bytes, Some(4_500_000));
        assert_eq!(settings.heartbeat, Duration::from_secs(10));
        assert_eq!(settings.allowed_origins, ["https://app.test"]);
        assert!(!settings.allow_local_origins);
        assert_eq!(settings.public_url, "https://public-url.test/x");
    }
}
