//! What the clock calls, as EventBridge Scheduler does.

use std::collections::BTreeMap;
use std::sync::Arc;

use bytes::Bytes;
use parlor::ports::Clock;
use parlor::protocol::Timestamp;
use serde_json::json;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

use super::async_invocations::{AsyncInvocations, EventsFull};
use super::backoff::pause_after;
use super::names::{ACCOUNT, REGION, new_uuid, schedule_arn};
use crate::gateway::event_times::iso;
use crate::lambda::wiring::Schedule;

/// Schedules at fixed rates. Each one calls for the first time when it starts, since a schedule without a start date
/// begins at once on AWS too, then after each interval. Calls that were missed, because the machine slept, are not made
/// up for. A call is handed over asynchronously: what the function makes of it is its own retries' business.
#[derive(Debug, Clone)]
pub struct Schedules {
    shared: Arc<Shared>,
}

#[derive(Debug)]
struct Shared {
    schedules: BTreeMap<String, Schedule>,
    invocations: AsyncInvocations,
    clock: Arc<dyn Clock>,
    tasks: TaskTracker,
    stop: CancellationToken,
}

/// There is no schedule of that name.
#[derive(Debug, thiserror::Error)]
#[error("there is no schedule named {0}")]
pub struct NoSuchSchedule(pub String);

impl Schedules {
    /// Starts them all, until `stop` is cancelled.
    pub fn start(
        schedules: &[Schedule],
        invocations: AsyncInvocations,
        clock: Arc<dyn Clock>,
        stop: CancellationToken,
    ) -> Self {
        let schedules = schedules.iter().map(|schedule| (schedule.name.clone(), schedule.clone())).collect();
        let shared = Arc::new(Shared { schedules, invocations, clock, tasks: TaskTracker::new(), stop });
        for schedule in shared.schedules.values() {
            shared.tasks.spawn(Arc::clone(&shared).keep(schedule.clone()));
        }
        Self { shared }
    }

    /// Fires a schedule out of turn; its rhythm stays as it is.
    pub fn fire_now(&self, name: &str) -> Result<(), NoSuchSchedule> {
        let schedule = self.shared.schedules.get(name).ok_or_else(|| NoSuchSchedule(name.to_owned()))?;
        self.shared.fire(schedule, self.shared.clock.now());
        Ok(())
    }

    /// Waits until no schedule fires any more.
    pub async fn finish(&self) {
        self.shared.tasks.close();
        self.shared.tasks.wait().await;
    }
}

impl Shared {
    async fn keep(self: Arc<Self>, schedule: Schedule) {
        let mut planned = self.clock.now();
        while !self.stop.is_cancelled() {
            self.fire(&schedule, planned);
            planned = self.next(&schedule, planned);
            tokio::select! {
                () = self.clock.sleep_until(planned) => {}
                () = self.stop.cancelled() => {}
            }
        }
    }

    /// One interval later, and not in the past.
    fn next(&self, schedule: &Schedule, planned: Timestamp) -> Timestamp {
        let now = self.clock.now();
        let next = planned.plus(schedule.every);
        if next > now { next } else { now.plus(schedule.every) }
    }

    fn fire(self: &Arc<Self>, schedule: &Schedule, planned: Timestamp) {
        self.tasks.spawn(Arc::clone(self).hand_over(schedule.clone(), planned));
    }

    /// Hands a call over; as often as the schedule's policy says, if it isn't taken.
    async fn hand_over(self: Arc<Self>, schedule: Schedule, planned: Timestamp) {
        let id = new_uuid();
        for attempt in 1.. {
            let event = event(&schedule, planned, &id, attempt);
            let Err(error) = self.invocations.try_submit(&schedule.function, event) else { return };
            let age = self.clock.now().since(planned);
            if attempt > schedule.retries || age > schedule.max_event_age || !self.pause(attempt).await {
                let EventsFull = error;
                tracing::error!(schedule = schedule.name, attempt, %error, "a scheduled call was given up on");
                return;
            }
        }
    }

    async fn pause(&self, attempt: u32) -> bool {
        tokio::select! {
            () = self.clock.sleep_until(self.clock.now().plus(pause_after(attempt))) => true,
            () = self.stop.cancelled() => false,
        }
    }
}

/// What the function gets: the schedule's own input with its placeholders filled, or the scheduler's event.
fn event(schedule: &Schedule, planned: Timestamp, id: &str, attempt: u32) -> Bytes {
    let (arn, time) = (schedule_arn(&schedule.name), seconds(planned));
    let text = match &schedule.input {
        Some(input) => input
            .replace("<aws.scheduler.schedule-arn>", &arn)
            .replace("<aws.scheduler.scheduled-time>", &time)
            .replace("<aws.scheduler.execution-id>", id)
            .replace("<aws.scheduler.attempt-number>", &attempt.to_string()),
        None => json!({
            "version": "0",
            "id": id,
            "detail-type": "Scheduled Event",
            "source": "aws.scheduler",
            "account": ACCOUNT,
            "time": time,
            "region": REGION,
            "resources": [arn],
            "detail": "{}",
        })
        .to_string(),
    };
    Bytes::from(text)
}

/// ISO 8601 to the second.
fn seconds(moment: Timestamp) -> String {
    iso(Timestamp::from_secs(moment.as_secs())).replace(".000Z", "Z")
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use serde_json::Value;

    use super::*;

    fn schedule(input: Option<&str>) -> Schedule {
        Schedule {
            name: "Visit".to_owned(),
            function: "heartbeat".to_owned(),
            every: Duration::from_secs(60),
            input: input.map(str::to_owned),
            retries: 0,
            max_event_age: Duration::from_secs(60),
        }
    }

    #[test]
    fn without_an_input_the_event_is_the_schedulers_own() {
        let event = event(&schedule(None), Timestamp::from_secs(1_708_355_492), "id", 1);
        let expected = json!({
            "version": "0",
            "id": "id",
            "detail-type": "Scheduled Event",
            "source": "aws.scheduler",
            "account": "000000000000",
            "time": "2024-02-19T15:11:32Z",
            "region": "us-east-1",
            "resources": ["arn:aws:scheduler:us-east-1:000000000000:schedule/default/Visit"],
            "detail": "{}",
        });
        assert_eq!(serde_json::from_slice::<Value>(&event).unwrap(), expected);
    }

    #[test]
    fn an_input_is_sent_as_it_stands_with_its_placeholders_filled() {
        let input = r#"{"at":"<aws.scheduler.scheduled-time>","n":"<aws.scheduler.attempt-number>"}"#;
        let event = event(&schedule(Some(input)), Timestamp::from_secs(0), "id", 2);
        assert_eq!(&event[..], br#"{"at":"1970-01-01T00:00:00Z","n":"2"}"#);
    }
}
