//! One `App` on AWS, made once per process.
//!
//! Each method of [`Boot`] is the only code that names the SDK of its service: what a function doesn't ask for is not
//! linked into it.

use std::sync::Arc;
use std::time::Duration;

use aws_sdk_dynamodb::config::retry::RetryConfig;
use aws_sdk_dynamodb::config::timeout::TimeoutConfig;
use aws_types::SdkConfig;

use super::absent::Absent;
use super::management_api::Post;
use super::silent_mailer::SilentMailer;
use super::warm_up::{self, Touch};
use super::{
    ApiGatewayChannelLayer, DynamoTable, Environment, EnvironmentError, ManagementApi, S3DropBox,
    S3MediaStore, SesMailer, SqsJobs, SqsRedelivery, sdk_config,
};
use crate::app::{App, Ports, Settings};
use crate::ports::{Clock, DropBox, IdentityProviders, Jobs, Mailer, MediaStore, Random, Table};
use crate::system::{OsRandom, SystemClock};

/// What fits a Lambda answer of 6 MB once it is base64, and so the largest body in either direction.
const MAX_BODY_BYTES: u64 = 4_500_000;

/// How long a connection may take to come about: all services are in the same region.
const CONNECT_TIMEOUT: Duration = Duration::from_secs(2);
/// How long one small request may take. Behind a frozen process lie dead connections; it is quicker to try anew.
const ATTEMPT_TIMEOUT: Duration = Duration::from_secs(4);

/// What a function is made from: the services that it was given. The ports of all others refuse.
#[derive(Debug)]
pub struct Boot {
    environment: Environment,
    sdk: SdkConfig,
    clock: Arc<dyn Clock>,
    random: Arc<dyn Random>,
    table: Arc<dyn Table>,
    jobs: Arc<dyn Jobs>,
    mailer: Arc<dyn Mailer>,
    sockets: Arc<dyn Post>,
    media: Arc<dyn MediaStore>,
    drops: Arc<dyn DropBox>,
    identities: Arc<dyn IdentityProviders>,
    touches: Vec<Touch>,
}

impl Boot {
    /// Reads the environment of this process.
    pub fn of_process() -> Result<Self, EnvironmentError> {
        Ok(Self::new(Environment::of_process()?, sdk_config()?))
    }

    fn new(environment: Environment, sdk: SdkConfig) -> Self {
        let absent = Arc::new(Absent);
        Self {
            environment,
            sdk,
            clock: Arc::new(SystemClock),
            random: Arc::new(OsRandom),
            table: absent.clone(),
            jobs: absent.clone(),
            mailer: absent.clone(),
            sockets: absent.clone(),
            media: absent.clone(),
            drops: absent.clone(),
            identities: absent,
            touches: Vec::new(),
        }
    }

    /// The function reads or writes the table.
    #[must_use]
    pub fn with_table(mut self) -> Self {
        let client = aws_sdk_dynamodb::Client::new(&small_requests(&self.sdk, 1));
        let name = &self.environment.table_name;
        self.touches.push(warm_up::table(&client, name));
        self.table = Arc::new(DynamoTable::new(client, name, self.clock.clone(), self.random.clone()));
        self
    }

    /// The function puts jobs into the queue.
    #[must_use]
    pub fn with_queue(mut self) -> Self {
        let client = aws_sdk_sqs::Client::new(&small_requests(&self.sdk, 3));
        let url = &self.environment.queue_url;
        self.touches.push(warm_up::queue(&client, url));
        self.jobs = Arc::new(SqsJobs::new(client, url, self.clock.clone(), self.random.clone()));
        self
    }

    /// The queue that calls the function, which is told when what failed is to come again.
    pub fn redelivery(&self) -> SqsRedelivery {
        let client = aws_sdk_sqs::Client::new(&small_requests(&self.sdk, 3));
        SqsRedelivery::new(client, &self.environment.queue_url)
    }

    /// The function sends mail. No connection is made in advance: few of its events have anything to do with mail.
    #[must_use]
    pub fn with_mailer(mut self) -> Self {
        let client = aws_sdk_sesv2::Client::new(&small_requests(&self.sdk, 1));
        self.mailer = match &self.environment.mail_from {
            Some(from) => Arc::new(SesMailer::new(client, from)),
            None => Arc::new(SilentMailer::default()),
        };
        self
    }

    /// The function writes to sockets, or ends them.
    #[must_use]
    pub fn with_sockets(mut self) -> Self {
        let (sdk, url) = (small_requests(&self.sdk, 1), &self.environment.callback_url);
        let api = ManagementApi::new(&sdk, url, self.clock.clone());
        self.touches.push(warm_up::sockets(&api));
        self.sockets = Arc::new(api);
        self
    }

    /// The function stores media, or hands them out.
    #[must_use]
    pub fn with_media(mut self) -> Self {
        let client = aws_sdk_s3::Client::new(&large_requests(&self.sdk));
        let bucket = &self.environment.bucket_name;
        self.touches.push(warm_up::bucket(&client, bucket));
        self.media = Arc::new(S3MediaStore::new(client, bucket, self.clock.clone()));
        self
    }

    /// The function deals with dropped texts.
    #[must_use]
    pub fn with_drops(mut self) -> Self {
        let client = aws_sdk_s3::Client::new(&large_requests(&self.sdk));
        let bucket = &self.environment.bucket_name;
        self.touches.push(warm_up::bucket(&client, bucket));
        self.drops = Arc::new(S3DropBox::new(client, bucket));
        self
    }

    /// The function signs people in on the word of Google and Facebook, as far as they are set up.
    #[cfg(feature = "oidc")]
    #[must_use]
    pub fn with_identity_providers(mut self) -> Self {
        let settings = super::environment::providers_of_process();
        self.identities = Arc::new(crate::oidc::OpenIdProviders::new(settings, self.clock.clone()));
        self
    }

    /// Makes the application, and connections to the services that it was given: what happens before the first event
    /// delays none.
    pub async fn app(mut self) -> App {
        warm_up::all(std::mem::take(&mut self.touches)).await;
        App::new(self.ports(), settings(self.environment))
    }

    fn ports(&self) -> Ports {
        let channels = ApiGatewayChannelLayer::on(
            self.table.clone(),
            self.jobs.clone(),
            self.sockets.clone(),
            self.clock.clone(),
            self.random.clone(),
            self.environment.posts_per_second,
        );
        Ports {
            table: self.table.clone(),
            channels: Arc::new(channels),
            media: self.media.clone(),
            drops: self.drops.clone(),
            jobs: self.jobs.clone(),
            identities: self.identities.clone(),
            mailer: self.mailer.clone(),
            clock: self.clock.clone(),
            random: self.random.clone(),
        }
    }
}

/// Requests that are answered at once or not at all, made so many times.
pub(super) fn small_requests(sdk: &SdkConfig, attempts: u32) -> SdkConfig {
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
    use std::error::Error as StdError;

    use serde_json::json;

    use super::*;
    use crate::aws::replay::{answer, json_answer, json_bodies, sdk_config};
    use crate::domain::email_address::EmailAddress;
    use crate::domain::provider::Provider;
    use crate::ids::StoredName;
    use crate::ports::{Consistency, DropRef, Job, Key, Mail};
    use crate::protocol::{Frame, Timestamp};

    fn environment() -> Environment {
        let value = |name: &str| match name {
            "MAIL_FROM" => "parlor@example.org".to_owned(),
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
        let boot = Boot::new(environment(), sdk);
        let ports = boot.with_table().with_queue().with_sockets().with_media().ports();
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
    async fn mail_comes_from_the_address_that_the_environment_names_and_without_one_there_is_none() {
        let to = EmailAddress::parse("ann@example.org").unwrap();
        let mail = Mail { to, subject: "Hello".into(), text: "Hello\n".into() };
        let (http, sdk) = sdk_config(vec![json_answer(200, &json!({"MessageId": "1"}))]);
        Boot::new(environment(), sdk.clone()).with_mailer().ports().mailer.send(&mail).await.unwrap();
        assert_eq!(json_bodies(&http)[0]["FromEmailAddress"], "parlor@example.org");
        let without = Environment { mail_from: None, ..environment() };
        let mailer = Boot::new(without, sdk).with_mailer().ports().mailer;
        for _ in 0..2 {
            mailer.send(&mail).await.unwrap();
        }
        assert_eq!(http.actual_requests().count(), 1);
    }

    #[tokio::test]
    async fn connections_are_made_to_what_a_function_talks_to_and_a_refusal_is_no_harm() {
        let refused = || json_answer(403, &json!({"__type": "AccessDeniedException"}));
        let (http, sdk) = sdk_config(vec![refused(), refused(), answer(403, &[], ""), answer(410, &[], "")]);
        let boot = Boot::new(environment(), sdk.clone());
        boot.with_table().with_queue().with_sockets().with_media().app().await;
        let requests =
            http.actual_requests().map(|request| format!("{} {}", request.method(), request.uri()));
        let requests: Vec<_> = requests.collect();
        assert_eq!(requests.len(), 4, "{requests:?}");
        let begins =
            ["POST https://dynamodb.", "POST https://sqs.", "HEAD https://", "POST https://callback-url"];
        let made = |begin: &&str| requests.iter().any(|request| request.starts_with(begin));
        assert!(begins.iter().all(made), "{requests:?}");
        // There is no answer left, which is like a service that does not answer.
        Boot::new(environment(), sdk).with_table().app().await;
    }

    #[tokio::test]
    async fn a_service_that_a_function_was_not_given_is_named() {
        let (http, sdk) = sdk_config(Vec::new());
        let ports = Boot::new(environment(), sdk).app().await.ports().clone();
        let key = Key { pk: "p".into(), sk: "s".into() };
        let job = (Job::Tick { at: Timestamp::from_micros(1) }, Duration::ZERO);
        let socket = "TXzPWdnOjoECGjA=".parse().unwrap();
        let drop = DropRef { path: "a.txt".into(), version: "1".into() };
        let to = EmailAddress::parse("ann@example.org").unwrap();
        let mail = Mail { to, subject: "Hello".into(), text: "Hello\n".into() };
        let refusals: [Box<dyn StdError>; 7] = [
            Box::new(ports.table.get(&key, Consistency::Strong).await.unwrap_err()),
            Box::new(ports.jobs.enqueue(vec![job]).await.unwrap_err()),
            Box::new(ports.channels.send(&socket, &Frame::new("hi").unwrap()).await.unwrap_err()),
            Box::new(ports.media.head(&StoredName::from_random([7; 16], "")).await.unwrap_err()),
            Box::new(ports.drops.read(&drop, 1).await.unwrap_err()),
            Box::new(ports.identities.verify_id_token(Provider::Google, "").await.unwrap_err()),
            Box::new(ports.mailer.send(&mail).await.unwrap_err()),
        ];
        let causes = refusals.map(|refusal| refusal.source().unwrap().to_string());
        let missing =
            ["table", "queue", "sockets", "media store", "drop box", "identity providers", "mailer"];
        assert_eq!(causes, missing.map(|service| format!("this function was given no {service}")));
        assert_eq!(http.actual_requests().count(), 0);
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
