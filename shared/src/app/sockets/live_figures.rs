//! What is going on at the moment, for admins.

use futures_util::future::try_join;

use crate::app::{App, AppError};
use crate::ports::LiveFigures;

/// What is going on, and what was given up on.
#[derive(Debug, Clone)]
pub struct Live {
    /// What is going on.
    pub figures: LiveFigures,
    /// How many jobs and events lie among the dead letters.
    pub dead_letters: u64,
}

/// The figures of now, without a search for anything.
pub async fn live_figures(app: &App) -> Result<Live, AppError> {
    let figures = async { app.ports.live.figures().await.map_err(AppError::from) };
    let dead_letters = async { app.ports.dead_letters.count().await.map_err(AppError::from) };
    let (figures, dead_letters) = try_join(figures, dead_letters).await?;
    Ok(Live { figures, dead_letters })
}
