//! What the clients of all services have in common, as Lambda's environment says it.
//!
//! Lambda hands credentials and region to a function as environment variables, so none of the SDK's other ways to find
//! them is linked: no profiles, no metadata service, no sign-on. TLS is rustls on ring, about 2 MB smaller than on aws-lc.
//!
//! Certificates are held against Amazon's own roots, which are linked: to read the system's 140 took 3.4 ms of each start.
//! The system's are taken where somebody names their file, and where AWS has other roots.

mod amazon_roots;

use amazon_roots::AMAZON_ROOTS;
use aws_sdk_dynamodb::config::{
    BehaviorVersion, Credentials, Region, SharedCredentialsProvider, SharedHttpClient,
};
use aws_smithy_http_client::Builder;
use aws_smithy_http_client::tls::rustls_provider::CryptoMode;
use aws_smithy_http_client::tls::{Provider, TlsContext, TrustStore};
use aws_types::SdkConfig;
use aws_types::service_config::{LoadServiceConfig, ServiceConfigKey};

use crate::aws::EnvironmentError;

const REGION: &str = "AWS_REGION";
const DEFAULT_REGION: &str = "AWS_DEFAULT_REGION";
const KEY_ID: &str = "AWS_ACCESS_KEY_ID";
const SECRET_KEY: &str = "AWS_SECRET_ACCESS_KEY";
const SESSION_TOKEN: &str = "AWS_SESSION_TOKEN";

/// OpenSSL's variables, which the system's certificates are looked up by.
const CERTIFICATES: [&str; 2] = ["SSL_CERT_FILE", "SSL_CERT_DIR"];

/// The configuration of this process.
pub fn sdk_config() -> Result<SdkConfig, EnvironmentError> {
    read(|name| std::env::var(name).ok())
}

/// The same for a program that is no function: AWS's own tools know another name for the region, too.
pub(in crate::aws) fn sdk_config_for_tools() -> Result<SdkConfig, EnvironmentError> {
    read(|name| variable_for_tools(name, |name| std::env::var(name).ok()))
}

fn variable_for_tools(name: &str, variable: impl Fn(&str) -> Option<String>) -> Option<String> {
    let set = |name| variable(name).filter(|value| !value.is_empty());
    set(name).or_else(|| set(DEFAULT_REGION).filter(|_| name == REGION))
}

fn read(
    variable: impl Fn(&str) -> Option<String> + Send + Sync + 'static,
) -> Result<SdkConfig, EnvironmentError> {
    let set = |name| variable(name).ok_or(EnvironmentError { name, problem: "is not set" });
    let credentials =
        Credentials::new(set(KEY_ID)?, set(SECRET_KEY)?, variable(SESSION_TOKEN), None, "environment");
    let region = set(REGION)?;
    let own_roots = CERTIFICATES.iter().any(|name| variable(name).is_some());
    let http = https(if own_roots { TrustStore::default() } else { trusted_in(&region) });
    let config = SdkConfig::builder().behavior_version(BehaviorVersion::latest());
    let config = config.region(Region::new(region));
    let config = config.credentials_provider(SharedCredentialsProvider::new(credentials)).http_client(http);
    Ok(config.service_config(ServiceVariables(variable)).build())
}

fn https(trusted: TrustStore) -> SharedHttpClient {
    let client = Builder::new().tls_provider(Provider::Rustls(CryptoMode::Ring));
    match TlsContext::builder().with_trust_store(trusted).build() {
        Ok(context) => client.tls_context(context).build_https(),
        // It has nothing to fail by; if it ever does, the system's certificates are as good.
        Err(_) => client.build_https(),
    }
}

/// AWS in China and in closed networks has roots of its own, which are the system's business.
fn trusted_in(region: &str) -> TrustStore {
    if region.starts_with("cn-") || region.contains("-iso") {
        TrustStore::default()
    } else {
        TrustStore::empty().with_pem_certificate(AMAZON_ROOTS)
    }
}

/// Settings of one service or of all: `AWS_ENDPOINT_URL_DYNAMODB`, `AWS_ENDPOINT_URL`.
struct ServiceVariables<F>(F);

impl<F> std::fmt::Debug for ServiceVariables<F> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("ServiceVariables").finish_non_exhaustive()
    }
}

impl<F: Fn(&str) -> Option<String> + Send + Sync> LoadServiceConfig for ServiceVariables<F> {
    fn load_config(&self, key: ServiceConfigKey<'_>) -> Option<String> {
        let service = key.service_id().to_uppercase().replace(' ', "_");
        let Self(variable) = self;
        let value = variable(&format!("{}_{service}", key.env())).or_else(|| variable(key.env()));
        value.filter(|value| !value.is_empty())
    }
}

#[cfg(test)]
mod tests {
    use std::net::TcpListener;

    use aws_sdk_dynamodb::config::ProvideCredentials;
    use aws_sdk_dynamodb::config::retry::RetryConfig;
    use aws_sdk_dynamodb::error::SdkError;

    use super::*;

    fn of(variables: &'static [(&str, &str)]) -> Result<SdkConfig, EnvironmentError> {
        read(move |name| {
            variables.iter().find(|(known, _)| *known == name).map(|(_, value)| (*value).to_owned())
        })
    }

    const WHOLE: &[(&str, &str)] = &[
        (REGION, "eu-central-1"),
        (KEY_ID, "AKID"),
        (SECRET_KEY, "s3cret"),
        (SESSION_TOKEN, "s3cret token"),
        ("AWS_ENDPOINT_URL", "http://all.test"),
        ("AWS_ENDPOINT_URL_SQS", "http://queues.test"),
    ];

    #[tokio::test]
    async fn credentials_and_region_are_those_of_the_environment() {
        let config = of(WHOLE).unwrap();
        assert_eq!(config.region().unwrap().as_ref(), "eu-central-1");
        let credentials = config.credentials_provider().unwrap().provide_credentials().await.unwrap();
        assert_eq!((credentials.access_key_id(), credentials.secret_access_key()), ("AKID", "s3cret"));
        assert_eq!(credentials.session_token(), Some("s3cret token"));
        assert!(!format!("{config:?}").contains("s3cret"));
    }

    #[test]
    fn an_endpoint_is_the_services_own_or_that_of_all() {
        let config = of(WHOLE).unwrap();
        let endpoint = |service_id| {
            let key = ServiceConfigKey::builder().service_id(service_id).env("AWS_ENDPOINT_URL");
            let key = key.profile("endpoint_url").build().unwrap();
            config.service_config().unwrap().load_config(key)
        };
        assert_eq!(endpoint("SQS").as_deref(), Some("http://queues.test"));
        assert_eq!(endpoint("DynamoDB").as_deref(), Some("http://all.test"));
    }

    #[tokio::test]
    async fn amazons_roots_are_certificates_and_the_services_are_called() {
        let address = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
        let roots = String::from_utf8(AMAZON_ROOTS.to_vec()).unwrap();
        assert_eq!(roots.matches("BEGIN CERTIFICATE").count(), 5);
        for scheme in ["http", "https"] {
            let config = aws_sdk_dynamodb::config::Builder::from(&of(WHOLE).unwrap());
            let config =
                config.endpoint_url(format!("{scheme}://{address}")).retry_config(RetryConfig::disabled());
            // A certificate that cannot be read would be a panic, since that comes before the connection.
            let error = aws_sdk_dynamodb::Client::from_conf(config.build()).list_tables().send().await;
            let error = error.unwrap_err();
            assert!(matches!(&error, SdkError::DispatchFailure(failure) if failure.is_io()), "{error:?}");
        }
    }

    #[test]
    fn where_aws_has_other_roots_the_systems_are_trusted() {
        let is_system =
            |region| format!("{:?}", trusted_in(region)) == format!("{:?}", TrustStore::default());
        assert_eq!(["cn-north-1", "us-iso-east-1", "eu-isoe-west-1"].map(is_system), [true; 3]);
        assert_eq!(["us-east-1", "eu-central-1", "us-gov-west-1"].map(is_system), [false; 3]);
    }

    #[test]
    fn beside_the_functions_the_region_has_two_names() {
        let of = |set: &'static [(&str, &str)]| {
            let variable = move |name: &str| {
                set.iter().find(|(known, _)| *known == name).map(|(_, value)| (*value).to_owned())
            };
            ["AWS_REGION", "AWS_ACCESS_KEY_ID"].map(|name| variable_for_tools(name, variable))
        };
        let us = Some("us-east-1".to_owned());
        assert_eq!(of(&[("AWS_DEFAULT_REGION", "us-east-1")]), [us.clone(), None]);
        assert_eq!(of(&[("AWS_REGION", "us-east-1"), ("AWS_DEFAULT_REGION", "eu-west-1")])[0], us);
        assert_eq!(of(&[("AWS_REGION", ""), ("AWS_DEFAULT_REGION", "us-east-1")])[0], us);
        assert_eq!(of(&[]), [None, None]);
    }

    #[test]
    fn what_is_missing_is_named() {
        for (missing, variables) in [(REGION, &WHOLE[1..]), (KEY_ID, &WHOLE[..1]), (SECRET_KEY, &WHOLE[..2])]
        {
            assert_eq!(
                of(variables).unwrap_err().to_string(),
                format!("the environment variable {missing} is not set")
            );
        }
    }
}
