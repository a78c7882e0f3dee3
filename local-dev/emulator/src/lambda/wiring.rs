//! What is wired to what: the part of a SAM template that says when which function is called.

use std::collections::BTreeMap;
use std::time::Duration;

/// An application of functions, and what calls them.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Wiring {
    /// The functions, by their names: those of their binaries.
    pub functions: BTreeMap<String, Function>,
    /// The WebSocket API.
    pub sockets: Option<SocketApi>,
    /// The routes of the HTTP API.
    pub http: Vec<HttpRoute>,
    /// The queues.
    pub queues: Vec<Queue>,
    /// Which queues feed which functions.
    pub queue_sources: Vec<QueueSource>,
    /// Which objects of which buckets call which functions.
    pub object_sources: Vec<ObjectSource>,
    /// What is called by the clock.
    pub schedules: Vec<Schedule>,
}

/// One function.
#[derive(Debug, Clone, PartialEq)]
pub struct Function {
    /// The longest time that one invocation may take.
    pub timeout: Duration,
    /// Its memory, in megabytes: told to it, not enforced.
    pub memory_mb: u32,
    /// Its environment variables.
    pub environment: BTreeMap<String, String>,
    /// How often an asynchronous invocation that failed is repeated: 0 to 2.
    pub async_retries: u32,
    /// For how long an asynchronous event is kept for that.
    pub max_event_age: Duration,
    /// The queue of asynchronous events that were given up on, by name.
    pub on_failure: Option<String>,
}

/// A WebSocket API.
#[derive(Debug, Clone, PartialEq)]
pub struct SocketApi {
    /// Its stage.
    pub stage: String,
    /// Which route a message takes: `$request.body.action` or the like.
    pub selection: String,
    /// Its routes, by their keys.
    pub routes: BTreeMap<String, SocketRoute>,
    /// The function that authorizes `$connect`.
    pub authorizer: Option<String>,
    /// What a handshake must have for the authorizer to be asked: `route.request.header.Host` or the like.
    pub identity_sources: Vec<String>,
}

/// One route of a WebSocket API.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SocketRoute {
    /// The function behind it.
    pub function: String,
    /// Whether what the function returns is sent to the client.
    pub responds: bool,
}

/// One route of an HTTP API.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HttpRoute {
    /// `$default`, or a method (or `ANY`) and a path, as in `GET /media/{filename}`.
    pub key: String,
    /// The function behind it.
    pub function: String,
}

/// A queue.
#[derive(Debug, Clone, PartialEq)]
pub struct Queue {
    /// Its name.
    pub name: String,
    /// For how long a received message is hidden from others.
    pub visibility_timeout: Duration,
    /// How late a message comes that does not say so itself.
    pub delay: Duration,
    /// For how long messages are kept.
    pub retention: Duration,
    /// Where messages go that fail too often.
    pub redrive: Option<Redrive>,
}

/// When a message is given up on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Redrive {
    /// The queue of dead letters, by name.
    pub dead_letters: String,
    /// How often a message is received before.
    pub max_receive_count: u32,
}

/// A queue whose messages a function works off.
#[derive(Debug, Clone, PartialEq)]
pub struct QueueSource {
    /// The queue.
    pub queue: String,
    /// The function.
    pub function: String,
    /// The most messages in one event.
    pub batch_size: u32,
    /// For how long a batch is waited for to fill.
    pub window: Duration,
    /// Whether the function names the messages that failed (`ReportBatchItemFailures`); else they fail together.
    pub reports_failures: bool,
    /// The most events under way at the same time.
    pub max_concurrency: Option<u32>,
}

/// New objects of a bucket that call a function.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ObjectSource {
    /// The bucket's name.
    pub bucket: String,
    /// The function.
    pub function: String,
    /// Which events: `s3:ObjectCreated:*` or the like.
    pub events: Vec<String>,
    /// How the keys begin.
    pub prefix: String,
    /// How the keys end.
    pub suffix: String,
}

/// A function that the clock calls.
#[derive(Debug, Clone, PartialEq)]
pub struct Schedule {
    /// Its name.
    pub name: String,
    /// The function.
    pub function: String,
    /// The time between two calls.
    pub every: Duration,
    /// The event; what the scheduler itself would send if none.
    pub input: Option<String>,
    /// How often a call that could not be handed over is repeated.
    pub retries: u32,
    /// For how long a call is worth repeating.
    pub max_event_age: Duration,
}
