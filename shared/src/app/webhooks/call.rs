//! A receiver is called. One that fails is left alone for a while, and what could not be told for a day is put aside.

use std::time::Duration;

use bytes::Bytes;

use super::payload::payload;
use crate::app::{App, AppError};
use crate::domain::webhooks::{GIVEN_UP_AFTER, News, WebhookCall, pause};
use crate::ports::{Job, MAX_JOB_DELAY, OutboundCall, OutboundError, OutboundMethod};
use crate::protocol::Timestamp;
use crate::store::{Undelivered, UndeliveredCalls, Webhook, Webhooks};

/// How long a receiver may take.
const PATIENCE: Duration = Duration::from_secs(10);
/// How long the others wait for the one that tries a receiver whose pause is over.
const TRIAL: Duration = Duration::from_secs(15);
/// The status of a receiver that never wants to be called again.
const GONE: u16 = 410;

/// Calls a receiver, or comes again later. The job.
pub(in crate::app) async fn call_webhook(app: &App, call: WebhookCall) -> Result<(), AppError> {
    let hooks = Webhooks(&*app.ports.table);
    let Some(hook) = hooks.get(&call.hook).await?.filter(|hook| hook.is_enabled) else { return Ok(()) };
    let Some(body) = payload(app, &call.news).await? else { return Ok(()) };
    if let Some(later) = not_yet(app, &hook).await? {
        let why = hook.last_error.as_deref().unwrap_or_default();
        return come_again(app, call, later, why).await;
    }
    match attempt(app, &hook, &call.news, body).await {
        Ok(()) if hook.failures == 0 => Ok(()),
        Ok(()) => Ok(hooks.recovered(&hook).await?),
        Err(failure) => failed(app, &hook, call, &failure).await,
    }
}

/// When to come again, if the receiver is left alone now. When its pause is over, one of all that wait tries it.
async fn not_yet(app: &App, hook: &Webhook) -> Result<Option<Timestamp>, AppError> {
    let now = app.ports.clock.now();
    let paused_until = Timestamp::from_micros(hook.paused_until);
    if paused_until > now {
        return Ok(Some(paused_until));
    }
    let trial = now.plus(TRIAL);
    if hook.failures == 0 || Webhooks(&*app.ports.table).try_again(hook, trial).await? {
        return Ok(None);
    }
    Ok(Some(trial))
}

/// Why a receiver was not told.
struct Failure {
    why: String,
    is_gone: bool,
}

async fn attempt(app: &App, hook: &Webhook, news: &News, body: String) -> Result<(), Failure> {
    let now = app.ports.clock.now();
    let headers = vec![
        ("content-type", "application/json".to_owned()),
        ("webhook-id", news.id.clone()),
        ("webhook-timestamp", now.as_secs().to_string()),
        ("webhook-signature", hook.secret.signature(&news.id, now, &body)),
    ];
    let (url, body) = (hook.url.clone(), Bytes::from(body));
    let method = OutboundMethod::Post;
    let call = OutboundCall { method, url, headers, body, within: PATIENCE, max_answer: 0 };
    let failure = |why: String| Failure { why, is_gone: false };
    match app.ports.outbound.call(&call).await {
        Ok(answer) if (200..300).contains(&answer.status) => Ok(()),
        Ok(answer) => Err(Failure {
            is_gone: answer.status == GONE,
            ..failure(format!("It answers {}.", answer.status))
        }),
        Err(OutboundError::NotAllowed(why)) => Err(failure(why.sentence().to_owned())),
        Err(OutboundError::Late) => Err(failure("It does not answer within 10 seconds.".to_owned())),
        Err(OutboundError::Unreachable(_)) => Err(failure("It cannot be reached.".to_owned())),
    }
}

/// What is to be told comes again before the receiver's failure is noted: a crash in between loses nothing.
async fn failed(app: &App, hook: &Webhook, call: WebhookCall, failure: &Failure) -> Result<(), AppError> {
    let now = app.ports.clock.now();
    let paused_until = now.plus(pause(hook.failures.saturating_add(1)));
    tracing::warn!(hook = %hook.id, news = call.news.id, why = failure.why, "a webhook failed");
    if !failure.is_gone {
        come_again(app, call, paused_until, &failure.why).await?;
    }
    let hooks = Webhooks(&*app.ports.table);
    Ok(hooks.failed(hook, &failure.why, now, paused_until, failure.is_gone).await?)
}

/// Enqueues a call for a moment, or puts it aside once it was tried for a day.
async fn come_again(app: &App, call: WebhookCall, at: Timestamp, why: &str) -> Result<(), AppError> {
    let now = app.ports.clock.now();
    if now.since(call.since) >= GIVEN_UP_AFTER {
        let undelivered = Undelivered::new(call, why, now);
        return Ok(UndeliveredCalls(&*app.ports.table).keep(&undelivered).await?);
    }
    let delay = (at.since(now) + scattered(app)).min(MAX_JOB_DELAY);
    Ok(app.ports.jobs.enqueue(vec![(Job::CallWebhook { call }, delay)]).await?)
}

/// Up to a quarter of a second: what waits for one receiver does not come in one instant.
fn scattered(app: &App) -> Duration {
    Duration::from_millis(u64::from(u8::from_be_bytes(app.ports.random.bytes())))
}
