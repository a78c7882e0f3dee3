//! Small applications.

use std::time::Duration;

use emulator::lambda::{Function, ObjectSource, Queue, QueueSource, Redrive, Schedule, Wiring};

/// A function with Lambda's defaults, whose failures go to `failures`.
pub(crate) fn function() -> Function {
    Function { on_failure: Some("failures".to_owned()), ..Function::default() }
}

fn queue(name: &str) -> Queue {
    Queue {
        name: name.to_owned(),
        visibility_timeout: Duration::from_secs(30),
        delay: Duration::ZERO,
        retention: Duration::from_secs(3600),
        redrive: None,
    }
}

/// The function `deliver` works off the queue `jobs`, in pairs.
pub(crate) fn jobs() -> QueueSource {
    QueueSource {
        queue: "jobs".to_owned(),
        function: "deliver".to_owned(),
        batch_size: 2,
        window: Duration::ZERO,
        reports_failures: true,
        max_concurrency: None,
    }
}

/// The function `broadcast` is told of texts in `messages/` of the bucket `b`.
pub(crate) fn objects() -> ObjectSource {
    ObjectSource {
        bucket: "b".to_owned(),
        function: "broadcast".to_owned(),
        events: vec!["s3:ObjectCreated:*".to_owned()],
        prefix: "messages/".to_owned(),
        suffix: ".txt".to_owned(),
    }
}

/// The function `beat` is called once a minute.
pub(crate) fn schedule() -> Schedule {
    Schedule {
        name: "Beat".to_owned(),
        function: "beat".to_owned(),
        every: Duration::from_secs(60),
        input: None,
        retries: 0,
        max_event_age: Duration::from_secs(60),
    }
}

/// Three functions and their queues; nothing calls them yet. After two receptions a job is a dead letter.
pub(crate) fn wiring() -> Wiring {
    let redrive = Some(Redrive { dead_letters: "dead".to_owned(), max_receive_count: 2 });
    let names = ["deliver", "broadcast", "beat"];
    Wiring {
        functions: names.map(|name| (name.to_owned(), function())).into(),
        queues: vec![queue("dead"), queue("failures"), queue("free"), Queue { redrive, ..queue("jobs") }],
        ..Wiring::default()
    }
}
