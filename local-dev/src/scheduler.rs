//! What happens once a minute: the schedule's visit, as EventBridge pays it on AWS, and the table's clean-up, as
//! DynamoDB does by itself.

use std::sync::Arc;
use std::time::Duration;

use parlor::app::App;
use parlor::embedded::SqliteTable;
use parlor::inbound::schedule;

const MINUTE: Duration = Duration::from_secs(60);

/// Pays its visits for ever.
pub(crate) async fn run(app: Arc<App>, table: Arc<SqliteTable>) {
    loop {
        if let Err(error) = schedule::minute(&app).await {
            tracing::error!(error = &*error, "the minute's visit failed");
        }
        if let Err(error) = table.sweep().await {
            tracing::error!(%error, "expired items could not be removed");
        }
        let clock = &app.ports().clock;
        clock.sleep_until(clock.now().plus(MINUTE)).await;
    }
}
