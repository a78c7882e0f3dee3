//! Whether everything that is wired to something exists.

use crate::lambda::wiring::Wiring;

/// A wiring contradicts itself.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum WiringError {
    /// Something calls a function that there isn't.
    #[error("{by} calls the function {function}, which does not exist")]
    NoFunction {
        /// What calls.
        by: String,
        /// Whom.
        function: String,
    },
    /// Something uses a queue that there isn't.
    #[error("{by} uses the queue {queue}, which does not exist")]
    NoQueue {
        /// What uses it.
        by: String,
        /// Which one.
        queue: String,
    },
    /// A schedule without a pause between its calls.
    #[error("the schedule {0} has no interval")]
    NoInterval(String),
}

/// Refuses wirings that contradict themselves, and warns of what will never happen.
pub(super) fn check(wiring: &Wiring) -> Result<(), WiringError> {
    for (name, function) in &wiring.functions {
        if let Some(queue) = &function.on_failure {
            has_queue(wiring, &format!("the function {name}"), queue)?;
        }
    }
    for queue in &wiring.queues {
        if let Some(redrive) = &queue.redrive {
            has_queue(wiring, &format!("the queue {}", queue.name), &redrive.dead_letters)?;
        }
    }
    for source in &wiring.queue_sources {
        let by = format!("the event source of {}", source.function);
        has_queue(wiring, &by, &source.queue)?;
        has_function(wiring, &format!("the queue {}", source.queue), &source.function)?;
    }
    check_objects(wiring)?;
    for schedule in &wiring.schedules {
        has_function(wiring, &format!("the schedule {}", schedule.name), &schedule.function)?;
        if schedule.every.is_zero() {
            return Err(WiringError::NoInterval(schedule.name.clone()));
        }
    }
    Ok(())
}

fn check_objects(wiring: &Wiring) -> Result<(), WiringError> {
    for source in &wiring.object_sources {
        has_function(wiring, &format!("the bucket {}", source.bucket), &source.function)?;
        for event in source.events.iter().filter(|event| !event.contains("ObjectCreated")) {
            tracing::warn!(function = source.function, event, "this event of a bucket is never sent here");
        }
    }
    Ok(())
}

fn has_function(wiring: &Wiring, by: &str, function: &str) -> Result<(), WiringError> {
    let error = || WiringError::NoFunction { by: by.to_owned(), function: function.to_owned() };
    wiring.functions.get(function).map(|_| ()).ok_or_else(error)
}

fn has_queue(wiring: &Wiring, by: &str, queue: &str) -> Result<(), WiringError> {
    let error = || WiringError::NoQueue { by: by.to_owned(), queue: queue.to_owned() };
    wiring.queues.iter().find(|known| known.name == queue).map(|_| ()).ok_or_else(error)
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;
    use crate::lambda::wiring::{ObjectSource, Queue, QueueSource, Redrive, Schedule};

    fn queue(dead_letters: &str) -> Queue {
        let redrive = Some(Redrive { dead_letters: dead_letters.to_owned(), max_receive_count: 1 });
        let second = Duration::from_secs(1);
        let name = "jobs".to_owned();
        Queue { name, visibility_timeout: second, delay: second, retention: second, redrive }
    }

    fn source(queue: &str) -> QueueSource {
        QueueSource {
            queue: queue.to_owned(),
            function: "nobody".to_owned(),
            batch_size: 1,
            window: Duration::ZERO,
            reports_failures: false,
            max_concurrency: None,
        }
    }

    fn refused(wiring: &Wiring) -> String {
        check(wiring).unwrap_err().to_string()
    }

    #[test]
    fn queues_that_are_used_exist() {
        let wiring = Wiring { queues: vec![queue("dead")], ..Wiring::default() };
        assert_eq!(refused(&wiring), "the queue jobs uses the queue dead, which does not exist");
        let wiring = Wiring { queue_sources: vec![source("none")], ..Wiring::default() };
        assert_eq!(refused(&wiring), "the event source of nobody uses the queue none, which does not exist");
    }

    #[test]
    fn functions_that_are_called_exist() {
        let queues = vec![queue("jobs")];
        let wiring = Wiring { queues, queue_sources: vec![source("jobs")], ..Wiring::default() };
        assert_eq!(refused(&wiring), "the queue jobs calls the function nobody, which does not exist");
        let object = ObjectSource {
            bucket: "b".to_owned(),
            function: "nobody".to_owned(),
            events: vec![],
            prefix: String::new(),
            suffix: String::new(),
        };
        let wiring = Wiring { object_sources: vec![object], ..Wiring::default() };
        assert_eq!(refused(&wiring), "the bucket b calls the function nobody, which does not exist");
        let schedule = Schedule {
            name: "S".to_owned(),
            function: "nobody".to_owned(),
            every: Duration::ZERO,
            input: None,
            retries: 0,
            max_event_age: Duration::ZERO,
        };
        let wiring = Wiring { schedules: vec![schedule], ..Wiring::default() };
        assert_eq!(refused(&wiring), "the schedule S calls the function nobody, which does not exist");
    }
}
