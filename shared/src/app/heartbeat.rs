//! The feed's heartbeat: beats are planned ahead while anybody listens, each is sent by whoever wins its slot, and none
//! is sent while nobody does.

use super::{App, AppError};
use crate::domain::heartbeat::{HORIZON, is_stale, moment, slots};
use crate::ports::{Group, Job};
use crate::protocol::{Event, Timestamp};
use crate::store::HeartbeatPlan;

/// The minute's visit: plans on while anybody listens.
pub async fn every_minute(app: &App) -> Result<(), AppError> {
    if app.ports.channels.is_occupied(&Group::Feed).await? { plan(app).await } else { Ok(()) }
}

/// A listener came: unless beats are planned already, they begin now rather than with the minute's next visit.
pub(super) async fn listener_came(app: &App) -> Result<(), AppError> {
    let planned = HeartbeatPlan(&*app.ports.table).planned_until().await?;
    let next_beat = app.ports.clock.now().plus(app.settings.heartbeat);
    if planned.is_some_and(|until| until >= next_beat) { Ok(()) } else { plan(app).await }
}

/// Moves the end of the plan to the horizon and enqueues the beats in between; one planner wins.
async fn plan(app: &App) -> Result<(), AppError> {
    let plan = HeartbeatPlan(&*app.ports.table);
    let now = app.ports.clock.now();
    let (before, until) = (plan.planned_until().await?, now.plus(HORIZON));
    if before.is_some_and(|before| before >= until) || !plan.move_end(before, until).await? {
        return Ok(());
    }
    let from = before.map_or(now, |before| before.max(now));
    let enqueued = app.ports.jobs.enqueue(beats(app, from, until)).await;
    if enqueued.is_err() {
        // Nobody else plans this stretch as long as the plan says that it is planned.
        plan.move_end(Some(until), from).await?;
    }
    Ok(enqueued?)
}

fn beats(app: &App, from: Timestamp, until: Timestamp) -> Vec<(Job, std::time::Duration)> {
    let (interval, now) = (app.settings.heartbeat, app.ports.clock.now());
    let slots = slots(from, until, interval);
    slots.map(|slot| (Job::Tick { slot }, moment(slot, interval).since(now))).collect()
}

/// Sends the beat of a slot, unless somebody has or the next one has come.
pub async fn tick(app: &App, slot: i64) -> Result<(), AppError> {
    let stale = is_stale(slot, app.ports.clock.now(), app.settings.heartbeat);
    if stale || !HeartbeatPlan(&*app.ports.table).claim(slot).await? {
        return Ok(());
    }
    match Event::FeedHeartbeat.frame() {
        Ok(frame) => Ok(app.ports.channels.publish(&Group::Feed, &frame).await?),
        Err(error) => Err(AppError::Unavailable(Box::new(error))),
    }
}
