//! The ports on AWS.
//!
//! | port | adapter | stands on |
//! |---|---|---|
//! | `Table` | [`DynamoTable`] | one DynamoDB table: keys `pk`/`sk`, an index named `index` on `index_pk`/`index_sk`, time to live on `expires_at` |
//! | `Connections`, `Groups`, `Sender` | [`ApiGatewayChannelLayer`] | rows in the table, posts to `@connections`, the queue for what is large |
//! | `MediaStore` | [`S3MediaStore`] | objects below `media/` |
//! | `DropBox` | [`S3DropBox`] | objects below `messages/`, in a bucket that keeps versions |
//! | `Jobs` | [`SqsJobs`] | a standard queue |
//! | `DeadLetters` | [`SqsDeadLetters`] | the queue of what it gave up on |
//! | `IdentityProviders` | `OpenIdProviders` | with feature `oidc`: Google and Facebook themselves |
//! | `Mailer` | [`SesMailer`] | an identity that SES has verified |
//!
//! [`Boot`] makes those that a function needs from the [`Environment`], once per process.

mod backoff;
mod dynamo;
mod messages;
mod process;
mod s3;
mod sockets;

#[cfg(test)]
mod replay;
#[cfg(test)]
#[cfg(all(feature = "embedded", feature = "testing"))]
mod request_counts;

#[cfg(test)]
#[cfg(feature = "embedded")]
use self::dynamo::recording_table;
use self::dynamo::{
    deployed_table, dynamo_error, dynamo_expression, dynamo_table, dynamo_value, dynamo_write,
};
use self::messages::{ses_mailer, silent_mailer, sqs_dead_letters, sqs_jobs, sqs_redelivery};
use self::process::{boot, environment, peer, sdk_config, telemetry, warm_up};
use self::s3::{s3_drop_box, s3_error, s3_media_store, s3_upload};
use self::sockets::{api_gateway_channel_layer, management_api, pace, signed_posts};

pub use self::api_gateway_channel_layer::ApiGatewayChannelLayer;
pub use self::boot::Boot;
pub use self::deployed_table::deployed_table;
pub use self::dynamo_table::DynamoTable;
#[cfg(feature = "oidc")]
pub use self::environment::API_NAMES;
pub use self::environment::{Environment, EnvironmentError, NAMES};
pub use self::management_api::{ManagementApi, Post, Posted};
pub use self::peer::behind_http_api;
pub use self::s3_drop_box::S3DropBox;
pub use self::s3_media_store::S3MediaStore;
pub use self::sdk_config::sdk_config;
pub use self::ses_mailer::SesMailer;
pub use self::sqs_dead_letters::SqsDeadLetters;
pub use self::sqs_jobs::SqsJobs;
pub use self::sqs_redelivery::SqsRedelivery;
pub use self::telemetry::init_telemetry;
