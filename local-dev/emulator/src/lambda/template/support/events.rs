//! What calls functions, as SAM's events have it.

use super::table::{Table, not, not_unless};

pub(super) const HTTP_API: Table = Table {
    kind: "HttpApi",
    honoured: &["ApiId", "Method", "Path", "PayloadFormatVersion"],
    harmless: &["Auth.AuthorizationScopes", "RouteSettings"],
    not_emulated: &[
        not_unless(
            "Auth.Authorizer",
            &["NONE"],
            "authorizers of HTTP APIs are not asked here: everyone is let in",
        ),
        not("TimeoutInMillis", "an HTTP API waits for 30 seconds here"),
    ],
};

pub(super) const SQS: Table = Table {
    kind: "SQS",
    honoured: &[
        "BatchSize",
        "Enabled",
        "FunctionResponseTypes",
        "MaximumBatchingWindowInSeconds",
        "Queue",
        "ScalingConfig.MaximumConcurrency",
    ],
    harmless: &["KmsKeyArn", "MetricsConfig"],
    not_emulated: &[not("FilterCriteria", "messages are not filtered here")],
};

pub(super) const S3: Table = Table {
    kind: "S3",
    honoured: &["Bucket", "Events", "Filter.S3Key.Rules"],
    harmless: &[],
    not_emulated: &[],
};

pub(super) const SCHEDULE: Table = Table {
    kind: "Schedule",
    honoured: &[
        "Enabled",
        "Input",
        "Name",
        "RetryPolicy.MaximumEventAgeInSeconds",
        "RetryPolicy.MaximumRetryAttempts",
        "Schedule",
        "State",
    ],
    harmless: &["Description"],
    not_emulated: &[not("DeadLetterConfig", "what cannot be handed over is dropped here")],
};

pub(super) const SCHEDULE_V2: Table = Table {
    kind: "ScheduleV2",
    honoured: &[
        "Input",
        "Name",
        "RetryPolicy.MaximumEventAgeInSeconds",
        "RetryPolicy.MaximumRetryAttempts",
        "ScheduleExpression",
        "State",
    ],
    harmless: &[
        "Description",
        "FlexibleTimeWindow.MaximumWindowInMinutes",
        "GroupName",
        "KmsKeyArn",
        "OmitName",
        "PermissionsBoundary",
        "RoleArn",
        // It matters to cron(…) and at(…), which are never due here: the reader says so.
        "ScheduleExpressionTimezone",
    ],
    not_emulated: &[
        not("DeadLetterConfig", "what cannot be handed over is dropped here"),
        not("EndDate", "a schedule does not end here"),
        not_unless("FlexibleTimeWindow.Mode", &["OFF"], "a schedule is on time here"),
        not("StartDate", "a schedule begins at once here"),
    ],
};
