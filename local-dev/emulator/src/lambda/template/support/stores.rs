//! Queues and buckets.

use super::table::{Table, not, not_unless};

const CALLS_NOTHING: &str = "a bucket calls nothing but functions here";

pub(super) const QUEUE: Table = Table {
    kind: "AWS::SQS::Queue",
    honoured: &[
        "DelaySeconds",
        "MessageRetentionPeriod",
        "QueueName",
        "RedrivePolicy.deadLetterTargetArn",
        "RedrivePolicy.maxReceiveCount",
        "VisibilityTimeout",
    ],
    harmless: &[
        "DeduplicationScope",
        "FifoThroughputLimit",
        "KmsDataKeyReusePeriodSeconds",
        "KmsMasterKeyId",
        "RedriveAllowPolicy",
        "SqsManagedSseEnabled",
        "Tags",
    ],
    not_emulated: &[
        not_unless("ContentBasedDeduplication", &["false"], "what is sent twice comes twice here"),
        not_unless("FifoQueue", &["false"], "queues keep no order here"),
        not("MaximumMessageSize", "a message may have 1 MiB here"),
        not("ReceiveMessageWaitTimeSeconds", "who receives waits as long as they say themselves here"),
    ],
};

/// What objects are kept in is the S3 server's business; here is what they call.
pub(super) const BUCKET: Table = Table {
    kind: "AWS::S3::Bucket",
    honoured: &[
        "BucketName",
        "NotificationConfiguration.LambdaConfigurations.[].Event",
        "NotificationConfiguration.LambdaConfigurations.[].Filter.S3Key.Rules",
        "NotificationConfiguration.LambdaConfigurations.[].Function",
    ],
    harmless: &[
        "AbacStatus",
        "AccelerateConfiguration",
        "AccessControl",
        "AnalyticsConfigurations",
        "BucketEncryption",
        "BucketNamePrefix",
        "BucketNamespace",
        "CorsConfiguration",
        "IntelligentTieringConfigurations",
        "InventoryConfigurations",
        "LifecycleConfiguration",
        "LoggingConfiguration",
        "MetadataConfiguration",
        "MetadataTableConfiguration",
        "MetricsConfigurations",
        "ObjectLockConfiguration",
        "ObjectLockEnabled",
        "OwnershipControls",
        "PublicAccessBlockConfiguration",
        "ReplicationConfiguration",
        "Tags",
        "VersioningConfiguration",
        "WebsiteConfiguration",
    ],
    not_emulated: &[
        not("NotificationConfiguration.EventBridgeConfiguration", CALLS_NOTHING),
        not("NotificationConfiguration.QueueConfigurations", CALLS_NOTHING),
        not("NotificationConfiguration.TopicConfigurations", CALLS_NOTHING),
    ],
};
