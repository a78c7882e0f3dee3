//! The table: DynamoDB.

pub(in crate::aws) mod deployed_table;
pub(in crate::aws) mod dynamo_error;
pub(in crate::aws) mod dynamo_expression;
pub(in crate::aws) mod dynamo_table;
pub(in crate::aws) mod dynamo_value;
pub(in crate::aws) mod dynamo_write;
#[cfg(test)]
#[cfg(feature = "embedded")]
pub(in crate::aws) mod recording_table;
