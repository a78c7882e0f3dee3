//! What tests stand on: a clock that is set by hand, chance that repeats itself, faults on demand, and for every port
//! the suite of scenarios that each of its adapters passes.
//!
//! A suite is a macro: `table_contract_tests!(make())` writes one test for each scenario. The expression answers, in
//! a future, the port and something that lives as long as the test, such as a temporary folder. An attribute in front of
//! the expression is put before each test: `table_contract_tests!(#[ignore = "needs Java"] make())`.

mod faulty_table;
mod seeded_random;
mod settable_clock;
mod shifted_clock;
mod soon;

pub mod channel_contract;
pub mod direct_upload_contract;
pub mod jobs_contract;
pub mod mailer_contract;
pub mod media_store_contract;
pub mod room_log_contract;
pub mod table_contract;

pub use faulty_table::{Fault, FaultyTable};
pub use seeded_random::SeededRandom;
pub use settable_clock::SettableClock;
pub use shifted_clock::ShiftedClock;
pub use soon::soon;

/// Writes a module for each group of scenarios and a test for each scenario of a contract.
#[doc(hidden)]
#[macro_export]
macro_rules! scenarios {
    (#$attribute:tt $make:expr, $contract:ident, $($group:ident { $($scenario:ident,)* })*) => {
        $(
            mod $group {
                use super::*;

                $(
                    #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
                    #$attribute
                    async fn $scenario() {
                        let (port, _kept_alive) = $make.await;
                        $crate::testing::$contract::$group::$scenario(port).await;
                    }
                )*
            }
        )*
    };
}

#[cfg(test)]
mod tests {
    /// The scenarios that a group defines, and the text of its suite.
    fn missing(suite: &str, group: &str) -> Vec<String> {
        let names = group.split("pub async fn ").skip(1);
        let names = names.filter_map(|rest| rest.split(['(', '<']).next());
        names.filter(|name| !suite.contains(&format!("{name},"))).map(str::to_owned).collect()
    }

    fn assert_complete(suite: &str, groups: &[&str]) {
        for group in groups {
            assert!(group.contains("pub async fn "));
            assert_eq!(missing(suite, group), [""; 0]);
        }
    }

    #[test]
    fn every_scenario_is_in_its_suite() {
        for suite in [
            include_str!("media_store_contract.rs"),
            include_str!("direct_upload_contract.rs"),
            include_str!("jobs_contract.rs"),
            include_str!("mailer_contract.rs"),
        ] {
            let (macros, scenarios) = suite.split_once("pub mod scenarios").unwrap();
            assert_complete(macros, &[scenarios]);
        }
    }

    #[test]
    fn every_scenario_of_tables_is_in_its_suite() {
        assert_complete(
            include_str!("table_contract.rs"),
            &[
                include_str!("table_contract/concurrency.rs"),
                include_str!("table_contract/conditions.rs"),
                include_str!("table_contract/expiry.rs"),
                include_str!("table_contract/index.rs"),
                include_str!("table_contract/limits.rs"),
                include_str!("table_contract/queries.rs"),
                include_str!("table_contract/transactions.rs"),
                include_str!("table_contract/writes.rs"),
            ],
        );
    }

    #[test]
    fn every_scenario_of_channels_is_in_its_suite() {
        assert_complete(
            include_str!("channel_contract.rs"),
            &[
                include_str!("channel_contract/absence.rs"),
                include_str!("channel_contract/broadcasts.rs"),
                include_str!("channel_contract/messages.rs"),
                include_str!("channel_contract/presence.rs"),
                include_str!("channel_contract/sockets.rs"),
            ],
        );
    }

    #[test]
    fn every_scenario_of_logs_is_in_its_suite() {
        assert_complete(
            include_str!("room_log_contract.rs"),
            &[
                include_str!("room_log_contract/appending.rs"),
                include_str!("room_log_contract/charging.rs"),
                include_str!("room_log_contract/expiring.rs"),
                include_str!("room_log_contract/folding.rs"),
                include_str!("room_log_contract/reading.rs"),
                include_str!("room_log_contract/repeating.rs"),
            ],
        );
    }
}
