//! One `App` on AWS, made once per process.
//!
//! Of the SDK only what is needed is compiled in: one HTTP stack (hyper 1, rustls), no sign-on by SSO or helper
//! processes, no crates of services that are not called.

use std::sync::Arc;
use std::time::Duration;

use aws_config::retry::RetryConfig;
use aws_config::timeout::TimeoutConfig;
use aws_config::{BehaviorVersion, SdkConfig};

use super::warm_up::{Service, warm_up};
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

/// The clients of all services. Copies of a client share its connections.
#[derive(Debug)]
pub(super) struct Clients {
    pub(super) table: aws_sdk_dynamodb::Client,
    pub(super) queue: aws_sdk_sqs::Client,
    pub(super) sockets: ManagementApi,
    pub(super) bucket: aws_sdk_s3::Client,
}

/// Makes the application from the environment of this process, and connections to the services that the function talks
/// to: what happens before the first event delays none.
pub async fn boot(services: &[Service]) -> Result<App, BootError> {
    let environment = Environment::of_process()?;
    let sdk = aws_config::defaults(BehaviorVersion::latest()).load().await;
    if sdk.region().is_none() {
        return Err(BootError::NoRegion);
    }
    let clients = clients(&environment, &sdk);
    warm_up(services, &environment, &clients).await;
    Ok(App::new(ports(&environment, clients), settings(environment)))
}

fn clients(environment: &Environment, sdk: &SdkConfig) -> Clients {
    Clients {
        table: aws_sdk_dynamodb::Client::new(&small_requests(sdk, 1)),
        queue: aws_sdk_sqs::Client::new(&small_requests(sdk, 3)),
        sockets: ManagementApi::new(&small_requests(sdk, 1), &environment.callback_url),
        bucket: aws_sdk_s3::Client::new(&large_requests(sdk)),
    }
}

fn ports(environment: &Environment, clients: Clients) -> Ports {
    let clock: Arc<dyn Clock> = Arc::new(SystemClock);
    let random: Arc<dyn Random> = Arc::new(OsRandom);
    let Clients { table, queue, sockets, bucket } = clients;
    let table: Arc<dyn Table> =
        Arc::new(DynamoTable::new(table, &environment.table_name, clock.clone(), random.clone()));
    let jobs: Arc<dyn Jobs> =
        Arc::new(SqsJobs::new(queue, &environment.queue_url, clock.clone(), random.clone()));
    let channels = ApiGatewayChannelLayer::new(
        table.clone(),
        jobs.clone(),
        sockets,
        clock.clone(),
        random.clone(),
        environment.posts_per_second,
    );
    Ports {
        table,
        channels: Arc::new(channels),
        media: Arc::new(S3MediaStore::new(bucket.clone(), &environment.bucket_name, clock.clone())),
        drops: Arc::new(S3DropBox::new(bucket, &environment.bucket_name)),
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
        edge_secret: environment.edge_secret,
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
            "EDGE_SECRET" => "0123456789abcdef0123456789abcdef".to_owned(),
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
        let environment = environment();
        let ports = ports(&environment, clients(&environment, &sdk));
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

        ports.media.head(&StoredName::from_random([7; 16], "")).await.unwrap();
        let socket = "TXzPWdnOjoECGjA=".parse().unwrap();
        ports.channels.send(&socket, &Frame::new("hi").unwrap()).await.unwrap();
        let uris: Vec<_> = http.actual_requests().map(|request| request.uri().to_owned()).collect();
        assert!(uris[2].contains("bucket_name"), "{}", uris[2]);
        assert!(uris[3].starts_with("https://callback-url.test/x/@connections/"), "{}", uris[3]);
    }

    #[tokio::test]
    async fn connections_are_made_to_what_a_function_talks_to_and_a_refusal_is_no_harm() {
        let refused = || json_answer(403, &json!({"__type": "AccessDeniedException"}));
        let (http, sdk) = sdk_config(vec![refused(), refused(), answer(403, &[], ""), answer(410, &[], "")]);
        let environment = environment();
        let clients = clients(&environment, &sdk);
        let all = [Service::Table, Service::Queue, Service::Bucket, Service::Sockets];
        warm_up(&all, &environment, &clients).await;
        let requests =
            http.actual_requests().map(|request| format!("{} {}", request.method(), request.uri()));
        let requests: Vec<_> = requests.collect();
        assert_eq!(requests.len(), 4, "{requests:?}");
        let begins =
            ["POST https://dynamodb.", "POST https://sqs.", "HEAD https://", "POST https://callback-url"];
        let made = |begin: &&str| requests.iter().any(|request| request.starts_with(begin));
        assert!(begins.iter().all(made), "{requests:?}");
        // There is no answer left, which is like a service that does not answer.
        warm_up(&[Service::Table], &environment, &clients).await;
    }

    #[test]
    fn bodies_are_no_larger_than_a_function_can_take() {
        let settings = settings(environment());
        assert_eq!(settings.max_upload_bytes, 4_500_000);
        assert_eq!(settings.max_direct_upload_bytes, 5 << 30);
        assert_eq!(settings.max_inline_bytes, Some(4_500_000));
        assert_eq!(settings.heartbeat, Duration::from_secs(10));
        assert_eq!(settings.allowed_origins, ["https://app.test"]);
        assert!(!settings.allow_local_origins);
        assert!(settings.edge_secret.unwrap().is(b"0123456789abcdef0123456789abcdef"));
        assert_eq!(settings.public_url, "https://public-url.test/x");
    }
}
