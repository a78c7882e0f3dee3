//! The feed's heartbeat: beats are planned ahead while anybody listens, each is sent by whoever claims its moment, and none
//! is sent while nobody does.

use std::time::Duration;

use crate::app::{App, AppError};
use crate::domain::heartbeat::{HORIZON, beats, is_due};
use crate::ports::{Broadcast, Group, Job};
use crate::protocol::{Dialect, Event, Timestamp};
use crate::store::{HeartbeatPlan, PlannerLease};

/// The minute's visit: plans on while anybody listens.
pub async fn every_minute(app: &App) -> Result<(), AppError> {
    if app.ports.groups.is_occupied(&Group::Feed).await? { plan(app).await } else { Ok(()) }
}

/// A listener came: unless beats are planned already, they begin now rather than with the minute's next visit.
pub(in crate::app) async fn listener_came(app: &App) -> Result<(), AppError> {
    let planned = plan_of(app).planned_until().await?;
    let next_beat = app.ports.clock.now().plus(app.settings.heartbeat);
    if planned.is_some_and(|until| until >= next_beat) { Ok(()) } else { plan(app).await }
}

fn plan_of(app: &App) -> HeartbeatPlan<'_> {
    HeartbeatPlan { table: &*app.ports.table, interval: app.settings.heartbeat }
}

/// Enqueues the beats up to the horizon, then says that they are planned: whoever dies in between leaves a lease that
/// ends soon and beats that are claimed once, however often they are planned. One plans, the others go on.
async fn plan(app: &App) -> Result<(), AppError> {
    let plan = plan_of(app);
    let now = app.ports.clock.now();
    let PlannerLease::Granted(before) = plan.lease(now).await? else { return Ok(()) };
    // A plan that reaches beyond the horizon was made by a clock that was wrong.
    let from = before.filter(|before| (now..=now.plus(HORIZON)).contains(before)).unwrap_or(now);
    let until = now.plus(HORIZON);
    let enqueued = app.ports.jobs.enqueue(ticks(from, until, now, app.settings.heartbeat)).await;
    plan.release(enqueued.is_ok().then_some(until)).await?;
    Ok(enqueued?)
}

fn ticks(from: Timestamp, until: Timestamp, now: Timestamp, interval: Duration) -> Vec<(Job, Duration)> {
    beats(from, until, interval).map(|at| (Job::Tick { at }, at.since(now))).collect()
}

/// Sends a beat, unless somebody has, the next one has come, or it was planned for another interval.
pub async fn tick(app: &App, beat: Timestamp) -> Result<(), AppError> {
    let is_due = is_due(beat, app.ports.clock.now(), app.settings.heartbeat);
    if !is_due || !plan_of(app).claim(beat).await? {
        return Ok(());
    }
    if let Some(frame) = Event::FeedHeartbeat.frame(Dialect::Feed) {
        app.ports.sender.publish(&Group::Feed, &Broadcast::same(frame)).await?;
    }
    Ok(())
}
