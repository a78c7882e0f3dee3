//! SDK clients for the servers.

use std::sync::Arc;

use aws_sdk_s3::config::retry::RetryConfig;
use aws_sdk_s3::config::{BehaviorVersion, Credentials, Region, SharedCredentialsProvider};
use aws_types::SdkConfig;
use parlor::aws::{S3DropBox, S3MediaStore};
use parlor::ports::Clock;
use real_servers::{DynamoDbLocal, S3Server};

/// The bucket of every S3 server here.
pub(crate) const BUCKET: &str = "bucket";

/// As the functions have it: repeating is the adapter's business, not the SDK's.
pub(crate) fn sdk(endpoint: &str) -> SdkConfig {
    let credentials = Credentials::new(S3Server::ACCESS_KEY, S3Server::SECRET_KEY, None, None, "test");
    SdkConfig::builder()
        .behavior_version(BehaviorVersion::latest())
        .region(Region::new(S3Server::REGION))
        .credentials_provider(SharedCredentialsProvider::new(credentials))
        .http_client(aws_smithy_http_client::Builder::new().build_http())
        .retry_config(RetryConfig::disabled())
        .endpoint_url(endpoint)
        .build()
}

/// A client of DynamoDB Local.
pub(crate) fn dynamo(server: &DynamoDbLocal) -> aws_sdk_dynamodb::Client {
    aws_sdk_dynamodb::Client::new(&sdk(server.endpoint()))
}

/// A server with a bucket, and a client that addresses it by path.
pub(crate) async fn s3() -> (S3Server, aws_sdk_s3::Client) {
    let server = S3Server::start().await;
    server.make_bucket(BUCKET);
    let config = aws_sdk_s3::config::Builder::from(&sdk(server.endpoint())).force_path_style(true).build();
    (server, aws_sdk_s3::Client::from_conf(config))
}

pub(crate) async fn media_store(clock: Arc<dyn Clock>) -> (S3Server, S3MediaStore) {
    let (server, client) = s3().await;
    (server, S3MediaStore::new(client, BUCKET, clock))
}

pub(crate) async fn drop_box() -> (S3Server, aws_sdk_s3::Client, S3DropBox) {
    let (server, client) = s3().await;
    (server, client.clone(), S3DropBox::new(client, BUCKET))
}
