//! The time of a job has come.

use super::{App, AppError, connect, heartbeat};
use crate::ports::Job;

/// Does a job. Doing it twice does no harm beyond what the job's documentation says.
pub async fn run_job(app: &App, job: Job) -> Result<(), AppError> {
    match job {
        Job::Welcome { connection } => connect::welcome(app, &connection).await,
        Job::Publish { group, frame } => Ok(app.ports.channels.publish(&group, &frame).await?),
        Job::FanOut { piece } => Ok(app.ports.channels.fan_out(piece).await?),
        Job::Tick { at } => heartbeat::tick(app, at).await,
    }
}
