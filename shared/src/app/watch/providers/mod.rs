//! Whoever has something to watch is asked what it is called, how long it is, and for a picture of it.

mod files;
mod lookup;
mod own_media;
mod ranges;

use async_trait::async_trait;

use self::files::Files;
pub(in crate::app) use self::lookup::look_up;
pub(super) use self::lookup::look_up_later;
use self::own_media::OwnMedia;
use crate::app::{App, AppError};
use crate::domain::watch::{Figures, Source};

/// Somebody who has things to watch.
#[async_trait]
trait MediaProvider: Sync {
    /// Whether this may be theirs.
    fn has(&self, source: &Source) -> bool;

    /// What they tell of it: nothing if they can't, however often they are asked. It takes seconds at most.
    async fn figures(&self, app: &App, source: &Source) -> Result<Figures, AppError>;
}

/// All that are asked. Nobody asks YouTube: it would learn what is watched here before anybody has chosen to play it.
const PROVIDERS: [&dyn MediaProvider; 2] = [&OwnMedia, &Files];

fn provider_of(source: &Source) -> Option<&'static dyn MediaProvider> {
    PROVIDERS.into_iter().find(|provider| provider.has(source))
}
