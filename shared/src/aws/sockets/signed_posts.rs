//! Posts to sockets by the SDK's own signature and connections, without what it does for each of its operations besides:
//! in a fan-out that took more than half of a worker's time.

use std::sync::{Arc, OnceLock};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use aws_credential_types::provider::error::CredentialsError;
use aws_credential_types::provider::{ProvideCredentials as _, SharedCredentialsProvider};
use aws_sigv4::http_request::{SignableBody, SignableRequest, SigningSettings, sign};
use aws_sigv4::sign::v4::SigningParams;
use aws_smithy_runtime_api::client::http::{
    HttpClient, HttpConnector as _, HttpConnectorSettings, SharedHttpClient, SharedHttpConnector,
};
use aws_smithy_runtime_api::client::identity::Identity;
use aws_smithy_runtime_api::client::orchestrator::HttpRequest;
use aws_smithy_runtime_api::client::runtime_components::RuntimeComponents;
use aws_smithy_types::body::SdkBody;
use aws_types::SdkConfig;
use axum::http;
use http_body_util::BodyExt as _;
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use tokio::sync::OnceCell;

use crate::ids::ConnectionId;
use crate::ports::{Cause, Clock};
use crate::protocol::Frame;

const SERVICE: &str = "execute-api";
const CONTENT_TYPE: &str = "application/octet-stream";
/// What stands in a path as it is.
const PLAIN: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~');
/// How long a post may take, where the configuration does not say.
const PATIENCE: Duration = Duration::from_secs(4);

/// Posts through the connections of an SDK client, once that has made some.
#[derive(Debug, Clone)]
pub(in crate::aws) struct SignedPosts {
    /// `…/@connections/`.
    url: String,
    region: String,
    credentials: SharedCredentialsProvider,
    patience: Duration,
    clock: Arc<dyn Clock>,
    /// Credentials live as long as the process: Lambda hands a function new ones by starting another.
    identity: Arc<OnceCell<Identity>>,
    connector: Arc<OnceLock<SharedHttpConnector>>,
}

/// An HTTP client that remembers its connections, which are made as the SDK wants them.
#[derive(Debug)]
struct Remembering {
    client: SharedHttpClient,
    connector: Arc<OnceLock<SharedHttpConnector>>,
}

impl HttpClient for Remembering {
    fn http_connector(
        &self,
        settings: &HttpConnectorSettings,
        components: &RuntimeComponents,
    ) -> SharedHttpConnector {
        let connector = self.client.http_connector(settings, components);
        self.connector.get_or_init(|| connector.clone());
        connector
    }
}

impl SignedPosts {
    /// Posts to the API under that URL, and the configuration for the SDK client that shares its connections with them.
    /// None, if the configuration is not whole: the client says what is missing.
    pub(in crate::aws) fn beside(
        sdk: &SdkConfig,
        callback_url: &str,
        clock: Arc<dyn Clock>,
    ) -> Option<(Self, SdkConfig)> {
        let connector = Arc::new(OnceLock::new());
        let client = Remembering { client: sdk.http_client()?, connector: connector.clone() };
        let timeout = sdk.timeout_config().and_then(|timeouts| timeouts.operation_attempt_timeout());
        let posts = Self {
            url: format!("{}/@connections/", callback_url.trim_end_matches('/')),
            region: sdk.region()?.to_string(),
            credentials: sdk.credentials_provider()?,
            patience: timeout.unwrap_or(PATIENCE),
            identity: Arc::default(),
            clock,
            connector,
        };
        Some((posts, sdk.to_builder().http_client(client).build()))
    }

    /// The connections that it shares, once the SDK has made some.
    pub(in crate::aws) fn connector(&self) -> Option<&SharedHttpConnector> {
        self.connector.get()
    }

    /// Posts a frame; answers the status, or none if no answer came.
    pub(in crate::aws) async fn post(
        &self,
        connector: &SharedHttpConnector,
        id: &ConnectionId,
        frame: &Frame,
    ) -> Result<Option<u16>, Cause> {
        let request = self.request(id, frame).await?;
        Ok(tokio::time::timeout(self.patience, answer(connector, request)).await.ok().flatten())
    }

    fn now(&self) -> SystemTime {
        let micros = u64::try_from(self.clock.now().as_micros()).unwrap_or_default();
        UNIX_EPOCH + Duration::from_micros(micros)
    }

    async fn request(&self, id: &ConnectionId, frame: &Frame) -> Result<HttpRequest, Cause> {
        let url = format!("{}{}", self.url, utf8_percent_encode(id.as_str(), PLAIN));
        let identity = self.identity.get_or_try_init(|| identity(&self.credentials)).await?;
        let parameters = SigningParams::builder().identity(identity).region(&self.region).name(SERVICE);
        let parameters = parameters.time(self.now()).settings(settings()).build()?.into();
        let body = SignableBody::Bytes(frame.as_str().as_bytes());
        let headers = std::iter::once((http::header::CONTENT_TYPE.as_str(), CONTENT_TYPE));
        let signable = SignableRequest::new("POST", url.as_str(), headers, body)?;
        let (signature, _) = sign(signable, &parameters)?.into_parts();
        let request = http::Request::post(url).header(http::header::CONTENT_TYPE, CONTENT_TYPE);
        let mut request = request.body(SdkBody::from(frame.as_str()))?;
        signature.apply_to_request_http1x(&mut request);
        Ok(request.try_into()?)
    }
}

async fn identity(credentials: &SharedCredentialsProvider) -> Result<Identity, CredentialsError> {
    Ok(credentials.provide_credentials().await?.into())
}

/// What is signed holds no header that must be left out.
fn settings() -> SigningSettings {
    let mut settings = SigningSettings::default();
    settings.excluded_headers = None;
    settings
}

/// The status of the answer, whose body is read to its end so that the connection can be used again.
async fn answer(connector: &SharedHttpConnector, request: HttpRequest) -> Option<u16> {
    let response = connector.call(request).await.ok()?;
    let status = response.status().as_u16();
    response.into_body().collect().await.ok()?;
    Some(status)
}
