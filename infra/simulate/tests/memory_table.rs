//! The table that the simulation stands on keeps the contract of its port.
#![expect(clippy::unused_async, reason = "a suite waits for what it is to test")]

use std::sync::Arc;

use parlor::ports::Table;
use parlor::testing::SettableClock;
use simulate::table::MemoryTable;

async fn make() -> (Arc<dyn Table>, ()) {
    (Arc::new(MemoryTable::new(Arc::new(SettableClock::default()))), ())
}

parlor::table_contract_tests!(make());
