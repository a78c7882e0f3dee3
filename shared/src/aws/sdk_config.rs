//! What the clients of all services have in common, as Lambda's environment says it.
//!
//! Lambda hands credentials and region to a function as environment variables, so none of the SDK's other ways to find
//! them is linked: no profiles, no metadata service, no sign-on. TLS is rustls on ring, about 2 MB smaller than on aws-lc.

use aws_sdk_dynamodb::config::{BehaviorVersion, Credentials, Region, SharedCredentialsProvider};
use aws_smithy_http_client::Builder;
use aws_smithy_http_client::tls::{Provider, rustls_provider::CryptoMode};
use aws_types::SdkConfig;
use aws_types::service_config::{LoadServiceConfig, ServiceConfigKey};

use super::EnvironmentError;

const REGION: &str = "AWS_REGION";
const KEY_ID: &str = "AWS_ACCESS_KEY_ID";
const SECRET_KEY: &str = "AWS_SECRET_ACCESS_KEY";
const SESSION_TOKEN: &str = "AWS_SESSION_TOKEN";

/// The configuration of this process.
pub fn sdk_config() -> Result<SdkConfig, EnvironmentError> {
    read(|name| std::env::var(name).ok())
}

fn read(
    variable: impl Fn(&str) -> Option<String> + Send + Sync + 'static,
) -> Result<SdkConfig, EnvironmentError> {
    let set = |name| variable(name).ok_or(EnvironmentError { name, problem: "is not set" });
    let credentials =
        Credentials::new(set(KEY_ID)?, set(SECRET_KEY)?, variable(SESSION_TOKEN), None, "environment");
    let region = Region::new(set(REGION)?);
    let http = Builder::new().tls_provider(Provider::Rustls(CryptoMode::Ring)).build_https();
    let config = SdkConfig::builder().behavior_version(BehaviorVersion::latest()).region(region);
    let config = config.credentials_provider(SharedCredentialsProvider::new(credentials)).http_client(http);
    Ok(config.service_config(ServiceVariables(variable)).build())
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
    use aws_sdk_dynamodb::config::ProvideCredentials;

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
