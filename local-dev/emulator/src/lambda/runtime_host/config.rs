//! How functions are run.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::time::Duration;

/// Where the functions' binaries are, and how they are run.
#[derive(Debug, Clone)]
pub struct RuntimeConfig {
    /// The folder of the binaries.
    pub folder: PathBuf,
    /// The environment that functions inherit: this process's own.
    pub inherited: BTreeMap<String, String>,
    /// What is set where neither the template nor the environment says anything: where the services are.
    pub defaults: BTreeMap<String, String>,
    /// What a person has set for the functions; it goes before everything else.
    pub variables: BTreeMap<String, String>,
    /// How many processes there may be, and for how long.
    pub limits: RuntimeLimits,
}

/// How many processes there may be, and for how long.
#[derive(Debug, Clone, Copy)]
pub struct RuntimeLimits {
    /// The most processes of one function.
    pub processes_per_function: usize,
    /// The most processes of all functions together.
    pub processes: usize,
    /// The most invocations that wait for a process; more are throttled.
    pub waiting: usize,
    /// How long an invocation waits for a process before it is throttled.
    pub patience: Duration,
    /// How long a process may take, besides the function's timeout, until it asks for its first event.
    pub init: Duration,
    /// A process without work for so long is ended.
    pub idle: Duration,
}

impl Default for RuntimeLimits {
    fn default() -> Self {
        Self {
            processes_per_function: 16,
            processes: 64,
            waiting: 1000,
            patience: Duration::from_secs(30),
            init: Duration::from_secs(10),
            idle: Duration::from_secs(300),
        }
    }
}
