//! A clock that stands still until it is told.

use std::collections::BTreeMap;
use std::time::Duration;

use async_trait::async_trait;
use tokio::sync::watch;

use crate::ports::Clock;
use crate::protocol::Timestamp;

/// A [`Clock`] that stands still until it is told; whoever sleeps wakes when their moment has been set.
#[derive(Debug)]
pub struct SettableClock {
    face: watch::Sender<Face>,
}

#[derive(Debug)]
struct Face {
    now: Timestamp,
    /// For when the sleepers wait, and how many of them.
    alarms: BTreeMap<Timestamp, usize>,
}

impl Face {
    fn next_alarm(&self) -> Option<Timestamp> {
        self.alarms.keys().copied().find(|moment| *moment > self.now)
    }
}

impl SettableClock {
    /// A clock that shows this moment.
    pub fn at(now: Timestamp) -> Self {
        Self { face: watch::Sender::new(Face { now, alarms: BTreeMap::new() }) }
    }

    /// Shows another moment, earlier or later.
    pub fn set(&self, now: Timestamp) {
        self.face.send_modify(|face| face.now = now);
    }

    /// Lets time pass.
    pub fn advance(&self, by: Duration) {
        self.face.send_modify(|face| face.now = face.now.plus(by));
    }

    /// Waits until somebody sleeps, then answers the earliest moment that a sleeper waits for.
    pub async fn next_alarm(&self) -> Timestamp {
        let mut face = self.face.subscribe();
        let shown = face.wait_for(|face| face.next_alarm().is_some()).await;
        // The sender lives in `self`, so that the wait ends only by an alarm.
        shown.ok().and_then(|face| face.next_alarm()).unwrap_or_else(|| self.now())
    }

    /// Waits until somebody sleeps, then lets time pass until the first sleeper wakes; answers that moment.
    pub async fn skip_to_next_alarm(&self) -> Timestamp {
        let moment = self.next_alarm().await;
        self.set(moment);
        moment
    }
}

/// A moment in 2027, at a whole second.
impl Default for SettableClock {
    fn default() -> Self {
        Self::at(Timestamp::from_secs(1_800_000_000))
    }
}

#[async_trait]
impl Clock for SettableClock {
    fn now(&self) -> Timestamp {
        self.face.borrow().now
    }

    async fn sleep_until(&self, moment: Timestamp) {
        let _alarm = Alarm::set(self, moment);
        // The sender lives in `self`, so that this ends only by the moment's coming.
        let _ = self.face.subscribe().wait_for(|face| face.now >= moment).await;
    }
}

/// A sleeper's entry on the face, which goes when they wake or give up.
struct Alarm<'a> {
    clock: &'a SettableClock,
    moment: Timestamp,
}

impl<'a> Alarm<'a> {
    fn set(clock: &'a SettableClock, moment: Timestamp) -> Self {
        clock.face.send_modify(|face| *face.alarms.entry(moment).or_default() += 1);
        Self { clock, moment }
    }
}

impl Drop for Alarm<'_> {
    fn drop(&mut self) {
        self.clock.face.send_modify(|face| {
            if let Some(sleepers) = face.alarms.get_mut(&self.moment) {
                *sleepers -= 1;
            }
            face.alarms.retain(|_, sleepers| *sleepers > 0);
        });
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;

    #[tokio::test]
    async fn a_sleeper_wakes_when_its_moment_has_come_and_not_before() {
        let clock = Arc::new(SettableClock::default());
        let moment = clock.now().plus(Duration::from_secs(2));
        let sleeper = tokio::spawn({
            let clock = Arc::clone(&clock);
            async move {
                clock.sleep_until(moment).await;
                clock.now()
            }
        });
        assert_eq!(clock.next_alarm().await, moment);
        clock.advance(Duration::from_secs(1));
        tokio::task::yield_now().await;
        assert!(!sleeper.is_finished());
        assert_eq!(clock.skip_to_next_alarm().await, moment);
        assert_eq!(sleeper.await.unwrap(), moment);
    }

    #[tokio::test]
    async fn a_moment_that_has_passed_is_not_waited_for() {
        let clock = SettableClock::default();
        clock.sleep_until(clock.now()).await;
        clock.sleep_until(Timestamp::from_secs(0)).await;
    }

    #[tokio::test]
    async fn a_sleeper_that_gives_up_leaves_no_alarm() {
        let clock = SettableClock::default();
        let (soon, later) =
            (clock.now().plus(Duration::from_secs(1)), clock.now().plus(Duration::from_secs(2)));
        tokio::select! {
            biased;
            () = clock.sleep_until(soon) => {}
            () = std::future::ready(()) => {}
        }
        let (alarm, ()) = tokio::join!(clock.skip_to_next_alarm(), clock.sleep_until(later));
        assert_eq!(alarm, later);
    }
}
