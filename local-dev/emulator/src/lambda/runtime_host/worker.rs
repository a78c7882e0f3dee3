//! One process of a function.

use std::io;
use std::path::PathBuf;
use std::process::{ExitStatus, Stdio};
use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use parlor::ports::Clock;
use parlor::protocol::Timestamp;
use tokio::process::{Child, Command};
use tokio_util::sync::{CancellationToken, DropGuard};

use super::api;
use super::exchange::{Exchange, Phase, Task};
use super::invocation_id::new_request_id;
use super::{RuntimeConfig, environment, output};
use crate::arn;
use crate::gateway::new_trace;
use crate::lambda::{Failure, Function};
use crate::listener::{BodyPace, Listener, Places, ServerLimits};

/// What is needed to start a process of a function.
#[derive(Debug)]
pub(super) struct Launch<'a> {
    pub(super) name: &'a Arc<str>,
    pub(super) function: &'a Function,
    pub(super) executable: PathBuf,
    pub(super) config: &'a RuntimeConfig,
}

/// A process and its Runtime API. Both end when this is dropped.
#[derive(Debug)]
pub(super) struct Worker {
    pub(super) function: Arc<str>,
    pub(super) idle_since: Timestamp,
    process: Child,
    exchange: Arc<Exchange>,
    _api: DropGuard,
}

/// Why a process did not answer.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Trouble {
    /// Its handler failed; the process is well.
    Handler(Failure),
    /// The process is of no use any more.
    Process(Failure),
}

impl Worker {
    /// Starts a process.
    pub(super) async fn start(launch: &Launch<'_>, now: Timestamp) -> Result<Self, Failure> {
        let exchange = Arc::new(Exchange::new());
        let region = launch.config.region();
        let routes = api::router(Arc::clone(&exchange), &arn::function(region, launch.name));
        let listener = Listener::bind("127.0.0.1", 0).await.map_err(|error| no_start(&error.to_string()))?;
        let runtime_api = format!("127.0.0.1:{}", listener.port());
        let stop = CancellationToken::new();
        tokio::spawn(listener.serve(routes, limits(), stop.clone()));
        let api = stop.drop_guard();
        let process = spawn(launch, &runtime_api).map_err(|error| no_start(&error.to_string()))?;
        tracing::debug!(function = &**launch.name, process = process.id(), "a function's process started");
        Ok(Self { function: Arc::clone(launch.name), idle_since: now, process, exchange, _api: api })
    }

    /// Whether it has ended by itself.
    pub(super) fn has_ended(&mut self) -> bool {
        !matches!(self.process.try_wait(), Ok(None))
    }

    /// Waits until it asks for its first event.
    pub(super) async fn ready(&mut self, clock: &dyn Clock, patience: Duration) -> Result<(), Failure> {
        let mut phase = self.exchange.phase();
        let deadline = clock.now().plus(patience);
        let request_id = new_request_id();
        let started = phase.wait_for(|phase| *phase != Phase::Starting);
        let reached = tokio::select! {
            // A process that has said why it cannot start also ends: what it said comes first.
            biased;
            reached = started => reached.map(|phase| phase.clone()).unwrap_or(Phase::Starting),
            status = self.process.wait() => return Err(exited(&request_id, status)),
            () = clock.sleep_until(deadline) => return Err(timed_out(&request_id, patience)),
        };
        match reached {
            Phase::InitFailed(failure) => Err(failure),
            Phase::Starting | Phase::Ready => Ok(()),
        }
    }

    /// Hands it an event. A process that takes too long is killed.
    pub(super) async fn invoke(
        &mut self,
        event: Bytes,
        timeout: Duration,
        clock: &dyn Clock,
    ) -> Result<Bytes, Trouble> {
        let (request_id, now) = (new_request_id(), clock.now());
        let deadline = now.plus(timeout);
        let trace = new_trace(now);
        let task = Task { request_id: request_id.clone(), event, deadline: deadline.as_millis(), trace };
        let answered = self.exchange.offer(task);
        tokio::select! {
            // An answer counts, even if the process ends right after it.
            biased;
            Ok(answer) = answered => answer.map_err(Trouble::Handler),
            status = self.process.wait() => Err(Trouble::Process(exited(&request_id, status))),
            () = clock.sleep_until(deadline) => {
                let _ = self.process.start_kill();
                Err(Trouble::Process(timed_out(&request_id, timeout)))
            }
        }
    }
}

fn spawn(launch: &Launch<'_>, runtime_api: &str) -> io::Result<Child> {
    let Launch { name, function, executable, config } = launch;
    let mut command = Command::new(std::path::absolute(executable)?);
    command
        .env_clear()
        .envs(environment::variables(config, name, function, runtime_api))
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .kill_on_drop(true);
    // Ctrl-C is for us: functions still have sockets to say goodbye to.
    #[cfg(unix)]
    command.process_group(0);
    let mut process = command.spawn()?;
    if let Some(stdout) = process.stdout.take() {
        tokio::spawn(output::log_lines(Arc::clone(name), stdout));
    }
    if let Some(stderr) = process.stderr.take() {
        tokio::spawn(output::log_lines(Arc::clone(name), stderr));
    }
    Ok(process)
}

/// Between two calls a process may think for as long as its timeout lets it.
fn limits() -> ServerLimits {
    let day = Duration::from_secs(86_400);
    ServerLimits {
        places: Places::of(16),
        header_timeout: day,
        body_pace: BodyPace { patience: day, ..BodyPace::default() },
        answer_timeout: day,
        grace: Duration::ZERO,
        ..ServerLimits::default()
    }
}

fn no_start(reason: &str) -> Failure {
    Failure { error_type: "Runtime.InvalidEntrypoint".to_owned(), error_message: reason.to_owned() }
}

fn exited(request_id: &str, status: io::Result<ExitStatus>) -> Failure {
    let how = match status {
        Ok(status) if status.success() => "Runtime exited without providing a reason".to_owned(),
        Ok(status) => format!("Runtime exited with error: {}", ending(status)),
        Err(error) => format!("Runtime exited with error: {error}"),
    };
    let error_message = format!("RequestId: {request_id} Error: {how}");
    Failure { error_type: "Runtime.ExitError".to_owned(), error_message }
}

/// As AWS, whose host is written in Go, spells it.
fn ending(status: ExitStatus) -> String {
    #[cfg(unix)]
    if let Some(signal) = std::os::unix::process::ExitStatusExt::signal(&status) {
        return match signal {
            6 => "signal: aborted".to_owned(),
            9 => "signal: killed".to_owned(),
            11 => "signal: segmentation fault".to_owned(),
            15 => "signal: terminated".to_owned(),
            other => format!("signal: signal {other}"),
        };
    }
    format!("exit status {}", status.code().unwrap_or_default())
}

fn timed_out(request_id: &str, after: Duration) -> Failure {
    let seconds = after.as_secs_f64();
    let error_message = format!("RequestId: {request_id} Error: Task timed out after {seconds:.2} seconds");
    Failure { error_type: "Sandbox.Timedout".to_owned(), error_message }
}
