//! One `App` on AWS, made once per process.
//!
//! Each method of [`Boot`] is the only code that names the SDK of its service: what a function doesn't ask for is not
//! linked into it.

#[cfg(test)]
mod tests;

use std::sync::Arc;
use std::time::Duration;

use aws_sdk_dynamodb::config::retry::RetryConfig;
use aws_sdk_dynamodb::config::timeout::TimeoutConfig;
use aws_types::SdkConfig;

use crate::app::{App, Ports, Settings};
use crate::aws::management_api::Post;
use crate::aws::silent_mailer::SilentMailer;
use crate::aws::warm_up::{self, Touch};
use crate::aws::{
    ApiGatewayChannelLayer, DynamoTable, Environment, EnvironmentError, ManagementApi, S3DropBox,
    S3MediaStore, SesMailer, SqsDeadLetters, SqsJobs, SqsRedelivery, sdk_config,
};
#[cfg(feature = "outbound")]
use crate::domain::outbound::Reach;
use crate::ports::Absent;
use crate::store::{TableLiveCounts, TableRoomLog};
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
    ports: Ports,
    sockets: Arc<dyn Post>,
    touches: Vec<Touch>,
}

impl Boot {
    /// Reads the environment of this process.
    pub fn of_process() -> Result<Self, EnvironmentError> {
        Ok(Self::new(Environment::of_process()?, sdk_config()?))
    }

    fn new(environment: Environment, sdk: SdkConfig) -> Self {
        Self {
            environment,
            sdk,
            ports: Ports::absent(Arc::new(SystemClock), Arc::new(OsRandom)),
            sockets: Arc::new(Absent),
            touches: Vec::new(),
        }
    }

    /// The function reads or writes the table.
    #[must_use]
    pub fn with_table(mut self) -> Self {
        let client = aws_sdk_dynamodb::Client::new(&small_requests(&self.sdk, 1));
        let name = &self.environment.table_name;
        self.touches.push(warm_up::table(&client, name));
        let (clock, random) = (self.ports.clock.clone(), self.ports.random.clone());
        let table = Arc::new(DynamoTable::new(client, name, clock.clone(), random.clone()));
        self.ports.live = Arc::new(TableLiveCounts::new(table.clone(), clock.clone()));
        self.ports.log = Arc::new(TableRoomLog::new(table.clone(), clock, random));
        self.ports.table = table;
        self
    }

    /// The function puts jobs into the queue.
    #[must_use]
    pub fn with_queue(mut self) -> Self {
        let client = aws_sdk_sqs::Client::new(&small_requests(&self.sdk, 3));
        let url = &self.environment.queue_url;
        self.touches.push(warm_up::queue(&client, url));
        self.ports.jobs =
            Arc::new(SqsJobs::new(client, url, self.ports.clock.clone(), self.ports.random.clone()));
        self
    }

    /// The function shows how much was given up on. No connection is made in advance: admins alone ask.
    #[must_use]
    pub fn with_dead_letters(mut self) -> Self {
        if let Some(url) = &self.environment.dead_letters_url {
            let client = aws_sdk_sqs::Client::new(&small_requests(&self.sdk, 3));
            self.ports.dead_letters = Arc::new(SqsDeadLetters::new(client, url));
        }
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
        self.ports.mailer = match &self.environment.mail_from {
            Some(from) => Arc::new(SesMailer::new(client, from)),
            None => Arc::new(SilentMailer::default()),
        };
        self
    }

    /// The function writes to sockets, or ends them.
    #[must_use]
    pub fn with_sockets(mut self) -> Self {
        let (sdk, url) = (small_requests(&self.sdk, 1), &self.environment.callback_url);
        let api = ManagementApi::new(&sdk, url, self.ports.clock.clone());
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
        self.ports.media = Arc::new(S3MediaStore::new(client, bucket, self.ports.clock.clone()));
        self
    }

    /// The function deals with dropped texts.
    #[must_use]
    pub fn with_drops(mut self) -> Self {
        let client = aws_sdk_s3::Client::new(&large_requests(&self.sdk));
        let bucket = &self.environment.bucket_name;
        self.touches.push(warm_up::bucket(&client, bucket));
        self.ports.drops = Arc::new(S3DropBox::new(client, bucket));
        self
    }

    /// The function signs people in on the word of Google and Facebook, as far as they are set up.
    #[cfg(feature = "oidc")]
    #[must_use]
    pub fn with_identity_providers(mut self) -> Self {
        let settings = crate::aws::environment::providers_of_process();
        self.ports.identities =
            Arc::new(crate::oidc::OpenIdProviders::new(settings, self.ports.clock.clone()));
        self
    }

    /// The function calls machines of other people: those of the public internet, whatever it runs in.
    #[cfg(feature = "outbound")]
    #[must_use]
    pub fn with_outbound(mut self) -> Self {
        self.ports.outbound = Arc::new(crate::outbound::HttpOutbound::new(Reach::Public));
        self
    }

    /// Makes the application, and connections to the services that it was given: what happens before the first event
    /// delays none.
    pub async fn app(mut self) -> App {
        warm_up::all(std::mem::take(&mut self.touches)).await;
        App::new(self.ports(), settings(self.environment))
    }

    fn ports(&self) -> Ports {
        let sockets = ApiGatewayChannelLayer::on(
            self.ports.table.clone(),
            self.ports.jobs.clone(),
            self.sockets.clone(),
            self.ports.clock.clone(),
            self.ports.random.clone(),
            self.environment.posts_per_second,
        );
        self.ports.clone().with_sockets(Arc::new(sockets))
    }
}

/// Requests that are answered at once or not at all, made so many times.
pub(in crate::aws) fn small_requests(sdk: &SdkConfig, attempts: u32) -> SdkConfig {
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
        host_grace: environment.host_grace,
        max_upload_bytes: MAX_BODY_BYTES,
        max_inline_bytes: Some(MAX_BODY_BYTES),
        ..Settings::new(environment.public_url)
    }
}
