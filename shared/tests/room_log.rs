//! The logs of rooms: the contract, on each adapter that needs no server.
#![cfg(all(feature = "embedded", feature = "testing"))]
#![expect(clippy::unwrap_used, reason = "a test's helpers may fail as the test may")]

use std::sync::Arc;

use parlor::embedded::SqliteTable;
use parlor::store::TableRoomLog;
use parlor::system::OsRandom;
use parlor::testing::ShiftedClock;
use parlor::testing::room_log_contract::LogUnderTest;

mod on_any_table {
    use super::*;

    async fn make() -> (LogUnderTest, ()) {
        let clock = Arc::new(ShiftedClock::default());
        let table = Arc::new(SqliteTable::in_memory(clock.clone()).unwrap());
        let log = Arc::new(TableRoomLog::new(table.clone(), clock.clone(), Arc::new(OsRandom)));
        (LogUnderTest { log, table, clock }, ())
    }

    parlor::room_log_contract_tests!(make());
}
