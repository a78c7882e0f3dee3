//! Waiting in tests.

use std::time::Duration;

/// Long enough for a busy machine, short enough for whoever waits for a test that fails.
const PATIENCE: Duration = Duration::from_secs(20);

/// What the future answers; a test that waits in vain for `what` fails.
pub async fn soon<T>(what: &str, future: impl Future<Output = T>) -> T {
    match tokio::time::timeout(PATIENCE, future).await {
        Ok(answer) => answer,
        Err(_) => panic!("waited in vain for {what}"),
    }
}
