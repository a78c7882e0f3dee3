//! Functions, and what they are mapped to.

use super::table::{Table, not};

const LAYERS: &str = "layers are not there: what is in them is missing";
const FILE_SYSTEMS: &str = "no file system is mounted here";
const GIVEN_UP: &str =
    "what is given up on goes nowhere from here; a queue in EventInvokeConfig.DestinationConfig gets it";

pub(super) const SERVERLESS: Table = Table {
    kind: "AWS::Serverless::Function",
    honoured: &[
        "AutoPublishAlias",
        "CodeUri",
        "Environment.Variables",
        "EventInvokeConfig.DestinationConfig.OnFailure.Destination",
        "EventInvokeConfig.MaximumEventAgeInSeconds",
        "EventInvokeConfig.MaximumRetryAttempts",
        "Events.*",
        "FunctionName",
        "MemorySize",
        "PackageType",
        "Runtime",
        "Timeout",
    ],
    harmless: &[
        "Architectures",
        "AssumeRolePolicyDocument",
        "AutoPublishAliasAllProperties",
        "AutoPublishCodeSha256",
        "CapacityProviderConfig",
        "CodeSigningConfigArn",
        "DeploymentPreference",
        "Description",
        "EphemeralStorage",
        "EventInvokeConfig.DestinationConfig.OnFailure.Type",
        "FunctionScalingConfig",
        "Handler",
        "ImageConfig",
        "ImageUri",
        "InlineCode",
        "KmsKeyArn",
        "LoggingConfig",
        "PermissionsBoundary",
        "Policies",
        "PropagateTags",
        "ProvisionedConcurrencyConfig",
        "PublishToLatestPublished",
        "RecursiveLoop",
        "ReservedConcurrentExecutions",
        "Role",
        "RolePath",
        "RuntimeManagementConfig",
        "SnapStart",
        "SourceKMSKeyArn",
        "Tags",
        "Tracing",
        "VersionDeletionPolicy",
        "VersionDescription",
        "VpcConfig",
    ],
    not_emulated: &[
        not("DeadLetterQueue", GIVEN_UP),
        not("DurableConfig", "functions are not durable here"),
        not("EventInvokeConfig.DestinationConfig.OnSuccess", "nobody is told here of what succeeded"),
        not("FileSystemConfigs", FILE_SYSTEMS),
        not("FunctionUrlConfig", "function URLs are not served here: HttpApi events are"),
        not("Layers", LAYERS),
        not("TenancyConfig", "tenants share processes here"),
    ],
};

pub(super) const PLAIN: Table = Table {
    kind: "AWS::Lambda::Function",
    honoured: &[
        "Code",
        "Environment.Variables",
        "FunctionName",
        "MemorySize",
        "PackageType",
        "Runtime",
        "Timeout",
    ],
    harmless: &[
        "Architectures",
        "CapacityProviderConfig",
        "CodeSigningConfigArn",
        "Description",
        "EphemeralStorage",
        "FunctionScalingConfig",
        "Handler",
        "ImageConfig",
        "KmsKeyArn",
        "LoggingConfig",
        "PublishToLatestPublished",
        "RecursiveLoop",
        "ReservedConcurrentExecutions",
        "Role",
        "RuntimeManagementConfig",
        "SnapStart",
        "Tags",
        "TracingConfig",
        "VpcConfig",
    ],
    not_emulated: &[
        not("DeadLetterConfig", "what is given up on goes nowhere from here"),
        not("DurableConfig", "functions are not durable here"),
        not("FileSystemConfigs", FILE_SYSTEMS),
        not("Layers", LAYERS),
        not("TenancyConfig", "tenants share processes here"),
    ],
};

pub(super) const ALIAS: Table = Table {
    kind: "AWS::Lambda::Alias",
    honoured: &["FunctionName", "Name"],
    harmless: &["Description", "FunctionVersion", "ProvisionedConcurrencyConfig"],
    not_emulated: &[not("RoutingConfig", "there is one version of a function here")],
};

pub(super) const VERSION: Table = Table {
    kind: "AWS::Lambda::Version",
    honoured: &["FunctionName"],
    harmless: &[
        "CodeSha256",
        "Description",
        "FunctionScalingConfig",
        "ProvisionedConcurrencyConfig",
        "RuntimePolicy",
    ],
    not_emulated: &[],
};

pub(super) const MAPPING: Table = Table {
    kind: "AWS::Lambda::EventSourceMapping",
    honoured: &[
        "BatchSize",
        "Enabled",
        "EventSourceArn",
        "FunctionName",
        "FunctionResponseTypes",
        "MaximumBatchingWindowInSeconds",
        "ScalingConfig.MaximumConcurrency",
    ],
    // Most are about streams, which call nothing here: the reader says so of each mapping.
    harmless: &[
        "AmazonManagedKafkaEventSourceConfig",
        "BisectBatchOnFunctionError",
        "DestinationConfig",
        "DocumentDBEventSourceConfig",
        "KmsKeyArn",
        "LoggingConfig",
        "MaximumRecordAgeInSeconds",
        "MaximumRetryAttempts",
        "MetricsConfig",
        "ParallelizationFactor",
        "ProvisionedPollerConfig",
        "Queues",
        "SelfManagedEventSource",
        "SelfManagedKafkaEventSourceConfig",
        "SourceAccessConfigurations",
        "StartingPosition",
        "StartingPositionTimestamp",
        "Tags",
        "Topics",
        "TumblingWindowInSeconds",
    ],
    not_emulated: &[not("FilterCriteria", "messages are not filtered here")],
};
