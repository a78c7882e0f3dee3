//! The ports on AWS.
//!
//! | port | adapter | stands on |
//! |---|---|---|
//! | `Table` | [`DynamoTable`] | one DynamoDB table: keys `pk`/`sk`, an index named `index` on `index_pk`/`index_sk`, time to live on `expires_at` |
//! | `Connections`, `Groups`, `Sender` | [`ApiGatewayChannelLayer`] | rows in the table, posts to `@connections`, the queue for what is large |
//! | `MediaStore` | [`S3MediaStore`] | objects below `media/` |
//! | `DropBox` | [`S3DropBox`] | objects below `messages/`, in a bucket that keeps versions |
//! | `Jobs` | [`SqsJobs`] | a standard queue |
//! | `IdentityProviders` | `OpenIdProviders` | with feature `oidc`: Google and Facebook themselves |
//! | `Mailer` | [`SesMailer`] | an identity that SES has verified |
//!
//! [`Boot`] makes those that a function needs from the [`Environment`], once per process.

mod api_gateway_channel_layer;
mod backoff;
mod boot;
mod deployed_table;
mod dynamo_error;
mod dynamo_expression;
mod dynamo_table;
mod dynamo_value;
mod dynamo_write;
mod environment;
mod management_api;
mod pace;
mod peer;
mod s3_drop_box;
mod s3_error;
mod s3_media_store;
mod s3_upload;
mod sdk_config;
mod ses_mailer;
mod signed_posts;
mod silent_mailer;
mod sqs_jobs;
mod sqs_redelivery;
mod telemetry;
mod warm_up;

#[cfg(test)]
#[cfg(feature = "embedded")]
mod recording_table;
#[cfg(test)]
mod replay;
#[cfg(test)]
#[cfg(all(feature = "embedded", feature = "testing"))]
mod request_counts;

pub use self::api_gateway_channel_layer::ApiGatewayChannelLayer;
pub use self::boot::Boot;
pub use self::deployed_table::deployed_table;
pub use self::dynamo_table::DynamoTable;
#[cfg(feature = "oidc")]
pub use self::environment::API_NAMES;
pub use self::environment::{Environment, EnvironmentError, NAMES};
pub use self::management_api::ManagementApi;
pub use self::peer::behind_http_api;
pub use self::s3_drop_box::S3DropBox;
pub use self::s3_media_store::S3MediaStore;
pub use self::sdk_config::sdk_config;
pub use self::ses_mailer::SesMailer;
pub use self::sqs_jobs::SqsJobs;
pub use self::sqs_redelivery::SqsRedelivery;
pub use self::telemetry::init_telemetry;
