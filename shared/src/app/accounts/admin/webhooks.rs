//! Which other programs are told what happens in rooms.

use std::time::Duration;

use super::{ADMINS_ONLY, AdminRequest};
use crate::app::{App, AppError};
use crate::domain::outbound::Target;
use crate::domain::webhooks::{Topic, WebhookCall, WebhookSecret};
use crate::ids::WebhookId;
use crate::ports::{Job, Write};
use crate::store::{
    AdminDeed, Admins, AuditAction, AuditRecord, MOST_WEBHOOKS, Undelivered, UndeliveredCalls, Webhook,
    Webhooks,
};

/// How much of what was put aside is read at a time.
const AT_ONCE: usize = 100;

/// A receiver that an admin wants.
#[derive(Debug, Clone)]
pub struct NewWebhook {
    /// Where it is called.
    pub url: String,
    /// What it is told of.
    pub topics: Vec<Topic>,
    /// Whether it is told anything yet.
    pub is_enabled: bool,
}

/// A receiver that was made. Its secret is told this once.
#[derive(Debug, Clone)]
pub struct MadeWebhook {
    /// The receiver.
    pub webhook: Webhook,
    /// What it knows us by.
    pub secret: String,
}

/// What an admin wants changed about a receiver; the rest stays.
#[derive(Debug, Clone, Default)]
pub struct WebhookChange {
    /// Where it is called.
    pub url: Option<String>,
    /// What it is told of.
    pub topics: Option<Vec<Topic>>,
    /// Whether it is told anything.
    pub is_enabled: Option<bool>,
}

/// All receivers.
pub async fn webhooks(app: &App) -> Result<Vec<Webhook>, AppError> {
    Ok(Webhooks(&*app.ports.table).all().await?)
}

/// Adds a receiver.
pub async fn add_webhook(app: &App, by: &AdminRequest, new: NewWebhook) -> Result<MadeWebhook, AppError> {
    let url = callable(app, &new.url)?;
    if webhooks(app).await?.len() >= MOST_WEBHOOKS {
        return Err(AppError::Conflict("There are 20 webhooks: delete one first."));
    }
    let secret = WebhookSecret::new(app.ports.random.bytes());
    let webhook = Webhook {
        id: new_id(app)?,
        url,
        secret: secret.clone(),
        topics: sorted(new.topics)?,
        is_enabled: new.is_enabled,
        created_by: by.admin,
        created_at: app.ports.clock.now().as_micros(),
        failures: 0,
        paused_until: 0,
        last_error: None,
        last_error_at: None,
        revision: 1,
    };
    carry_out(app, by, AuditAction::WebhookCreated, &webhook.id, Webhooks::addition(&webhook)?).await?;
    Ok(MadeWebhook { webhook, secret: secret.text() })
}

/// Changes a receiver. It begins anew: how often it failed is forgotten.
pub async fn change_webhook(
    app: &App,
    by: &AdminRequest,
    id: &WebhookId,
    change: WebhookChange,
) -> Result<Webhook, AppError> {
    let before = webhook(app, id).await?;
    let mut after = Webhook { failures: 0, paused_until: 0, ..before.clone() };
    if let Some(url) = change.url {
        after.url = callable(app, &url)?;
    }
    if let Some(topics) = change.topics {
        after.topics = sorted(topics)?;
    }
    after.is_enabled = change.is_enabled.unwrap_or(before.is_enabled);
    if after == before {
        return Ok(before);
    }
    let (write, after) = Webhooks::replacement(&before, after)?;
    carry_out(app, by, AuditAction::WebhookChanged, id, write).await?;
    Ok(after)
}

/// Takes a receiver away, and what could not be told it.
pub async fn remove_webhook(app: &App, by: &AdminRequest, id: &WebhookId) -> Result<(), AppError> {
    webhook(app, id).await?;
    // First, so that what breaks off half-way can be done again.
    let calls = UndeliveredCalls(&*app.ports.table);
    loop {
        let some = calls.some(id, AT_ONCE).await?;
        for undelivered in &some {
            calls.forget(&undelivered.call).await?;
        }
        if some.len() < AT_ONCE {
            break;
        }
    }
    carry_out(app, by, AuditAction::WebhookDeleted, id, Webhooks::removal(id)).await
}

/// Up to a hundred things that a receiver could not be told, the oldest first.
pub async fn undelivered(app: &App, id: &WebhookId) -> Result<Vec<Undelivered>, AppError> {
    webhook(app, id).await?;
    Ok(UndeliveredCalls(&*app.ports.table).some(id, AT_ONCE).await?)
}

/// Has a receiver told up to a hundred of these, for another day; answers how many.
pub async fn resend_undelivered(app: &App, by: &AdminRequest, id: &WebhookId) -> Result<usize, AppError> {
    let before = webhook(app, id).await?;
    let some = UndeliveredCalls(&*app.ports.table).some(id, AT_ONCE).await?;
    // It is tried at once, whatever it did before.
    let fresh = Webhook { failures: 0, paused_until: 0, ..before.clone() };
    let (write, _) = Webhooks::replacement(&before, fresh)?;
    carry_out(app, by, AuditAction::WebhookResent, id, write).await?;
    let since = app.ports.clock.now();
    let calls: Vec<WebhookCall> = some.into_iter().map(|kept| WebhookCall { since, ..kept.call }).collect();
    let job = |call: &WebhookCall| (Job::CallWebhook { call: call.clone() }, Duration::ZERO);
    app.ports.jobs.enqueue(calls.iter().map(job).collect()).await?;
    for call in &calls {
        UndeliveredCalls(&*app.ports.table).forget(call).await?;
    }
    Ok(calls.len())
}

async fn webhook(app: &App, id: &WebhookId) -> Result<Webhook, AppError> {
    Webhooks(&*app.ports.table).get(id).await?.ok_or(AppError::NotFound)
}

/// The URL as it was given, if it may be called as far as it tells by itself; what its name leads to is looked at with
/// each call.
fn callable(app: &App, url: &str) -> Result<String, AppError> {
    let url = url.trim();
    Target::parse(url, app.settings.reach)
        .map(|_| url.to_owned())
        .map_err(|why| AppError::InvalidInput { field: "url", why: why.sentence() })
}

fn sorted(mut topics: Vec<Topic>) -> Result<Vec<Topic>, AppError> {
    topics.sort_unstable();
    topics.dedup();
    if topics.is_empty() {
        return Err(AppError::InvalidInput { field: "events", why: "Any of message, member and room." });
    }
    Ok(topics)
}

fn new_id(app: &App) -> Result<WebhookId, AppError> {
    let chance: [u8; 6] = app.ports.random.bytes();
    let id: String = chance.iter().map(|byte| format!("{byte:02x}")).collect();
    id.parse().map_err(|_| AppError::Busy)
}

async fn carry_out(
    app: &App,
    by: &AdminRequest,
    action: AuditAction,
    id: &WebhookId,
    write: Write,
) -> Result<(), AppError> {
    let record = AuditRecord {
        at: app.ports.clock.now().as_micros(),
        action,
        admin: Some(by.admin),
        user: None,
        webhook: Some(id.clone()),
        request_id: Some(by.request_id.clone()),
    };
    let writes = vec![write, record.addition(&*app.ports.random)?];
    let done = Admins(&*app.ports.table).carry_out(by.admin, writes).await?;
    app.webhooks.forget();
    match done {
        AdminDeed::Done => Ok(()),
        AdminDeed::ByNoAdmin => Err(ADMINS_ONLY),
        AdminDeed::Overtaken => Err(AppError::Busy),
    }
}
