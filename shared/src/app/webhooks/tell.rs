//! What happens in a room is passed on to whoever is told of it.

use std::time::Duration;

use super::known::is_any;
use crate::app::{App, AppError};
use crate::domain::webhooks::{Happening, News, WebhookCall};
use crate::ports::Job;
use crate::store::{Room, Webhooks};

/// Has other programs told what happened in a room, if it lets them listen. Who did it is not kept waiting, and is not told
/// if that can't be.
pub(in crate::app) async fn tell_webhooks(app: &App, room: &Room, happening: Happening) {
    if !room.webhooks {
        return;
    }
    if let Err(error) = tell_later(app, room, happening).await {
        tracing::warn!(room = %room.code, %error, "other programs are not told what happened in a room");
    }
}

async fn tell_later(app: &App, room: &Room, happening: Happening) -> Result<(), AppError> {
    if !is_any(app).await? {
        return Ok(());
    }
    let news = News::new(&room.code, happening, app.ports.clock.now(), app.ports.random.bytes());
    Ok(app.ports.jobs.enqueue(vec![(Job::TellWebhooks { news }, Duration::ZERO)]).await?)
}

/// Has each receiver called that wants to hear of it. The job.
pub(in crate::app) async fn tell_each(app: &App, news: &News) -> Result<(), AppError> {
    let mut hooks = Webhooks(&*app.ports.table).all().await?;
    hooks.retain(|hook| hook.is_enabled && hook.topics.contains(&news.happening.topic()));
    let since = app.ports.clock.now();
    let call = |hook| Job::CallWebhook { call: WebhookCall { hook, news: news.clone(), since } };
    let jobs: Vec<_> = hooks.into_iter().map(|hook| (call(hook.id), Duration::ZERO)).collect();
    match jobs.is_empty() {
        true => Ok(()),
        false => Ok(app.ports.jobs.enqueue(jobs).await?),
    }
}
