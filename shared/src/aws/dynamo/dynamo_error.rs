//! What DynamoDB's errors mean.

use std::error::Error as StdError;

use aws_sdk_dynamodb::error::{ProvideErrorMetadata, SdkError};
use aws_sdk_dynamodb::operation::delete_item::DeleteItemError;
use aws_sdk_dynamodb::operation::put_item::PutItemError;
use aws_sdk_dynamodb::operation::transact_write_items::TransactWriteItemsError;
use aws_sdk_dynamodb::operation::update_item::UpdateItemError;
use aws_sdk_dynamodb::types::CancellationReason;

use crate::aws::dynamo_value::{Attributes, living_item};
use crate::ports::{Cause, Refusal, TableError};
use crate::protocol::Timestamp;

/// Why a request to DynamoDB failed.
#[derive(Debug)]
pub(in crate::aws) enum Failure {
    /// Conditions did not hold: of which writes, and what stood in their places.
    Refused(Vec<(usize, Option<Attributes>)>),
    /// A transaction had hold of an item; nothing was changed.
    Conflict,
    /// Too many requests for now; nothing was changed.
    Throttled(Cause),
    /// No answer, or one that doesn't tell what happened.
    Unknown(Cause),
    /// The same request will fail each time.
    Invalid(String),
    /// Set up wrongly: no such table, no permission.
    Refusing(Cause),
}

impl Failure {
    /// Whether the same request may be made again: always if nothing was changed, and where making it twice does no
    /// harm also if that is unknown.
    pub(in crate::aws) fn allows_repeat(&self, harmless_twice: bool) -> bool {
        match self {
            Self::Conflict | Self::Throttled(_) => true,
            Self::Unknown(_) => harmless_twice,
            Self::Refused(_) | Self::Invalid(_) | Self::Refusing(_) => false,
        }
    }

    /// What this is called at the port.
    pub(in crate::aws) fn into_table_error(self, now: Timestamp) -> TableError {
        match self {
            Self::Refused(refused) => refusals(refused, now).map_or_else(|e| e, TableError::ConditionFailed),
            Self::Conflict => TableError::Conflict,
            Self::Invalid(message) => TableError::Invalid(message),
            Self::Throttled(cause) | Self::Unknown(cause) | Self::Refusing(cause) => {
                TableError::Unavailable(cause)
            }
        }
    }
}

fn refusals(refused: Vec<(usize, Option<Attributes>)>, now: Timestamp) -> Result<Vec<Refusal>, TableError> {
    let refusal = |(index, stood): (usize, Option<Attributes>)| {
        // DynamoDB answers an empty map where there was no item.
        let stood = stood.filter(|attributes| !attributes.is_empty());
        let current = stood.map(|attributes| living_item(attributes, now)).transpose()?.flatten();
        Ok(Refusal { index, current })
    };
    refused.into_iter().map(refusal).collect()
}

/// An error of an operation whose answer may say that a condition did not hold.
pub(in crate::aws) trait WriteError:
    ProvideErrorMetadata + StdError + Send + Sync + 'static
{
    /// If so: of which writes, and what stood in their places.
    fn refused(&self) -> Option<Vec<(usize, Option<Attributes>)>>;
}

macro_rules! single_write_error {
    ($error:ident) => {
        impl WriteError for $error {
            fn refused(&self) -> Option<Vec<(usize, Option<Attributes>)>> {
                match self {
                    Self::ConditionalCheckFailedException(refusal) => {
                        Some(vec![(0, refusal.item().cloned())])
                    }
                    _ => None,
                }
            }
        }
    };
}

single_write_error!(PutItemError);
single_write_error!(UpdateItemError);
single_write_error!(DeleteItemError);

impl WriteError for TransactWriteItemsError {
    fn refused(&self) -> Option<Vec<(usize, Option<Attributes>)>> {
        let reasons = reasons(self).iter().enumerate();
        let refused = reasons.filter(|(_, reason)| reason.code() == Some("ConditionalCheckFailed"));
        let refused: Vec<_> = refused.map(|(index, reason)| (index, reason.item().cloned())).collect();
        (!refused.is_empty()).then_some(refused)
    }
}

fn reasons(error: &TransactWriteItemsError) -> &[CancellationReason] {
    match error {
        TransactWriteItemsError::TransactionCanceledException(cancelled) => cancelled.cancellation_reasons(),
        _ => &[],
    }
}

/// What the error of a single write means.
pub(in crate::aws) fn write_failure<E: WriteError>(error: SdkError<E>) -> Failure {
    match error.as_service_error().and_then(WriteError::refused) {
        Some(refused) => Failure::Refused(refused),
        None => failure(error),
    }
}

/// What the error of a transaction means. A refused condition says more than the conflicts beside it.
pub(in crate::aws) fn transaction_failure(error: SdkError<TransactWriteItemsError>) -> Failure {
    let reasons = error.as_service_error().map(reasons).unwrap_or_default();
    let message = |code: &str| {
        let reason = reasons.iter().find(|reason| reason.code() == Some(code));
        reason.map(|reason| reason.message().unwrap_or(code).to_owned())
    };
    if let Some(message) = message("ValidationError") {
        return Failure::Invalid(message);
    }
    let conflict = message("TransactionConflict").is_some();
    let throttled =
        ["ThrottlingError", "ProvisionedThroughputExceeded"].into_iter().any(|c| message(c).is_some());
    match write_failure(error) {
        refused @ Failure::Refused(_) => refused,
        _ if conflict => Failure::Conflict,
        Failure::Refusing(cause) if throttled => Failure::Throttled(cause),
        other => other,
    }
}

/// What an error means that is none of the write's own.
pub(in crate::aws) fn failure<E>(error: SdkError<E>) -> Failure
where
    E: ProvideErrorMetadata + StdError + Send + Sync + 'static,
{
    let SdkError::ServiceError(service) = &error else {
        return match error {
            SdkError::ConstructionFailure(_) => Failure::Refusing(Box::new(error)),
            _ => Failure::Unknown(Box::new(error)),
        };
    };
    let server_fault = service.raw().status().is_server_error();
    match service.err().code().unwrap_or_default() {
        "TransactionConflictException" => Failure::Conflict,
        // The same transaction, sent before, is still at work: its token makes asking again harmless.
        "TransactionInProgressException"
        | "ProvisionedThroughputExceededException"
        | "RequestLimitExceeded"
        | "ThrottlingException" => Failure::Throttled(Box::new(error)),
        "ValidationException" | "ItemCollectionSizeLimitExceededException" => {
            Failure::Invalid(service.err().message().unwrap_or("refused by DynamoDB").to_owned())
        }
        _ if server_fault => Failure::Unknown(Box::new(error)),
        _ => Failure::Refusing(Box::new(error)),
    }
}
