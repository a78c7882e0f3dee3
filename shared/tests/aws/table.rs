//! The table's contract on Amazon's own DynamoDB Local.

use std::sync::Arc;

use parlor::aws::DynamoTable;
use parlor::ports::Table;
use parlor::system::{OsRandom, SystemClock};
use real_servers::DynamoDbLocal;

use crate::servers::dynamo;

async fn make() -> (Arc<dyn Table>, ()) {
    let server = DynamoDbLocal::shared().await;
    let name = server.make_table().await;
    let table = DynamoTable::new(dynamo(server), name, Arc::new(SystemClock), Arc::new(OsRandom));
    (Arc::new(table), ())
}

parlor::table_contract_tests!(
    #[ignore = "needs Java and DynamoDB Local: cargo xtask e2e"]
    make()
);
