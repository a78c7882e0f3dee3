//! A deployed table, for a program beside the functions.

use std::sync::Arc;

use crate::aws::boot::small_requests;
use crate::aws::{DynamoTable, EnvironmentError, sdk_config::sdk_config_for_tools};
use crate::ports::{Clock, Random};

/// The table of that name, with the credentials and in the region that the environment names as for AWS's own tools.
pub fn deployed_table(
    name: &str,
    clock: Arc<dyn Clock>,
    random: Arc<dyn Random>,
) -> Result<DynamoTable, EnvironmentError> {
    let client = aws_sdk_dynamodb::Client::new(&small_requests(&sdk_config_for_tools()?, 1));
    Ok(DynamoTable::new(client, name, clock, random))
}
