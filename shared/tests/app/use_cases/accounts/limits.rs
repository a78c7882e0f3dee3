//! Limits that hold for all processes together.

use std::sync::Arc;
use std::time::Duration;

use parlor::app::{self, AppError, FromAddress};
use parlor::domain::client_address::ClientAddress;
use parlor::embedded::SqliteTable;

use crate::use_cases::bench::*;

#[tokio::test]
async fn two_processes_count_together_and_a_new_window_begins_at_nothing() {
    let first = Bench::new();
    let table = Arc::new(SqliteTable::in_memory(first.clock.clone()).unwrap());
    let houses = [0, 1].map(|_| Bench::on(table.clone(), first.clock.clone()));
    let client = ClientAddress::parse("192.0.2.7");
    let times = houses[0].app.settings().limits.sign_ins_per_address.times;
    let attempt = async |number: u32| {
        let bench = &houses[number as usize % 2];
        app::limit_address(&bench.app, FromAddress::SignIn, client).await
    };
    for number in 0..times {
        attempt(number).await.unwrap();
    }
    for number in [0, 1] {
        let refused = attempt(number).await.unwrap_err();
        // Five seconds into a window of five minutes that began at 999,999,900.
        assert!(matches!(refused, AppError::TooMany { retry_after: 195, .. }), "{refused:?}");
    }
    first.clock.advance(Duration::from_secs(195));
    attempt(0).await.unwrap();
}
