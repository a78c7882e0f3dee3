//! The schedule's visit, once a minute.

use crate::app::{self, App};
use crate::ports::Cause;

/// A minute has passed.
pub async fn minute(app: &App) -> Result<(), Cause> {
    Ok(app::every_minute(app).await?)
}
