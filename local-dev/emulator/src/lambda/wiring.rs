//! What is wired to what: the part of a SAM template that says when which function is called.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::time::Duration;

use super::executable;

/// An application of functions, and what calls them.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Wiring {
    /// The functions, by their names: those of their binaries.
    pub functions: BTreeMap<String, Function>,
    /// The WebSocket API.
    pub sockets: Option<SocketApi>,
    /// The HTTP APIs.
    pub http: Vec<WebApi>,
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
    /// What its binary may be called besides its name, the likeliest first.
    pub names: Vec<String>,
    /// The folder of its code, if the template names one.
    pub code: Option<PathBuf>,
    /// What runs its code, if that is no binary: `nodejs22.x`, or an image.
    pub foreign_runtime: Option<String>,
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

/// As Lambda has it where nothing is said.
impl Default for Function {
    fn default() -> Self {
        Self {
            names: Vec::new(),
            code: None,
            foreign_runtime: None,
            timeout: Duration::from_secs(3),
            memory_mb: 128,
            environment: BTreeMap::new(),
            async_retries: 2,
            max_event_age: Duration::from_secs(6 * 3600),
            on_failure: None,
        }
    }
}

impl Function {
    /// Its binary: in a folder of binaries by one of its names, or else in the folder of its code.
    pub fn binary(&self, folder: &Path, name: &str) -> Option<PathBuf> {
        let names = [name].into_iter().chain(self.names.iter().map(String::as_str));
        let mut built = names.filter_map(|name| executable(folder, name));
        built.next().or_else(|| Some(self.code.as_ref()?.join("bootstrap")).filter(|path| path.is_file()))
    }
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

/// An HTTP API.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WebApi {
    /// Its stage: `$default`, or the first part of every path.
    pub stage: String,
    /// Its routes.
    pub routes: Vec<HttpRoute>,
    /// What it tells browsers; none if that is the functions' business.
    pub cors: Option<Cors>,
}

/// What an API answers to pages of other origins, on behalf of its functions.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Cors {
    /// Who may: origins, `*`, `https://*` or `http://*`.
    pub origins: Vec<String>,
    /// The methods that they may use.
    pub methods: Vec<String>,
    /// The headers that they may send.
    pub headers: Vec<String>,
    /// The headers that they may read.
    pub exposed: Vec<String>,
    /// For how many seconds that may be remembered.
    pub max_age: Option<u64>,
    /// Whether cookies may be sent along.
    pub credentials: bool,
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
