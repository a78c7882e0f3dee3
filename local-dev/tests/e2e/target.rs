//! What the scenarios run against.

pub mod drop_box;
pub mod functions;
pub mod process;
pub mod stack;

use std::env;
use std::path::PathBuf;
use std::process::Command;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

use reqwest::Url;

use self::drop_box::DropBox;
use self::functions::{Functions, Places};
use self::stack::{Stack, variable};
use crate::client::Refusal;
use crate::local_dev::LocalDev;

/// A Parlor that is up, as its clients know it. Others may use it at the same time.
pub struct Target {
    /// The HTTP API, without a slash at the end.
    pub http: String,
    /// The feed.
    pub feed: String,
    /// Where texts are dropped.
    pub drops: DropBox,
    /// The pause between two heartbeats.
    pub heartbeat: Duration,
    /// The largest file that may be uploaded in one request.
    pub max_upload: usize,
    /// How large a file it makes sense to put into its store directly.
    pub max_direct_upload: usize,
    /// How many sockets it makes sense to open at once.
    pub crowd: usize,
    sockets: Sockets,
    program: Program,
}

/// The program behind it, where it is ours alone.
enum Program {
    Local(LocalDev),
    Functions(Functions),
    Deployed,
}

/// How a socket's endpoint is named, and so how a handshake is refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Sockets {
    /// By a path; refusals close with a code.
    ByPath,
    /// By `?path=`, as API Gateway wants it; refusals have a status.
    ByParameter,
}

impl Target {
    /// The target that `PARLOR_TARGET` names: `local` (or nothing), an empty local-dev of the scenario's own; `deployed`, the
    /// stack that the environment tells of; `functions`, real functions behind a local-dev of the scenario's own.
    pub async fn start() -> Self {
        match env::var("PARLOR_TARGET").as_deref() {
            // Each further kind of target has one line here.
            Err(_) | Ok("" | "local") => Self::local(),
            Ok("deployed") => Self::deployed(),
            Ok("functions") => Self::functions(Functions::start().await),
            Ok(other) => panic!("PARLOR_TARGET is local, functions or deployed, not {other}"),
        }
    }

    /// A target of the scenario's own in which people sign in with these providers: options of local-dev, and what the
    /// functions know them by.
    pub async fn with_providers(providers: &[(&str, &str, String)]) -> Self {
        match env::var("PARLOR_TARGET").as_deref() {
            Err(_) | Ok("" | "local") => {
                let options = providers.iter().flat_map(|(option, _, value)| [*option, value]);
                Self::of(LocalDev::start_with(&options.collect::<Vec<_>>()))
            }
            Ok("functions") => {
                let variables = providers.iter().map(|(_, name, value)| format!("{name}={value}"));
                let variables: Vec<_> = variables.collect();
                let options: Vec<_> = variables.iter().flat_map(|text| ["--env", text]).collect();
                Self::functions(
                    Functions::start_with(&Places { options: &options, ..Places::default() }).await,
                )
            }
            Ok(other) => panic!("there are no providers for {other}"),
        }
    }

    /// A target of the scenario's own whose watch rooms wait so many seconds for a host who is gone.
    pub async fn with_host_grace(seconds: u32) -> Self {
        match env::var("PARLOR_TARGET").as_deref() {
            Err(_) | Ok("" | "local") => {
                Self::of(LocalDev::start_with(&["--host-grace-seconds", &seconds.to_string()]))
            }
            Ok("functions") => {
                let options = ["--parameter", &format!("HostGraceSeconds={seconds}")];
                Self::functions(
                    Functions::start_with(&Places { options: &options, ..Places::default() }).await,
                )
            }
            Ok(other) => panic!("the grace of {other} is as it is"),
        }
    }

    fn local() -> Self {
        let options = ["--heartbeat-seconds", "1", "--max-upload-mb", "1"];
        Self::of(LocalDev::start_with(&options))
    }

    fn of(local: LocalDev) -> Self {
        Self {
            http: local.http.clone(),
            feed: local.feed.clone(),
            drops: local.drops(),
            heartbeat: Duration::from_secs(1),
            max_upload: 1 << 20,
            max_direct_upload: 1 << 20,
            crowd: 200,
            sockets: Sockets::ByPath,
            program: Program::Local(local),
        }
    }

    fn functions(functions: Functions) -> Self {
        Self {
            http: functions.http.clone(),
            feed: functions.sockets.clone(),
            drops: functions.drops(),
            heartbeat: functions::HEARTBEAT,
            max_upload: 4_500_000,
            max_direct_upload: 6_000_000,
            // Each handshake is a process of its own while it lasts.
            crowd: 50,
            sockets: Sockets::ByPath,
            program: Program::Functions(functions),
        }
    }

    fn deployed() -> Self {
        let stack = Stack::of_environment();
        Self {
            http: stack.http,
            feed: stack.sockets,
            drops: stack.drops,
            heartbeat: stack.heartbeat,
            max_upload: 4_500_000,
            max_direct_upload: 6_000_000,
            // Each handshake is a function of its own while it lasts.
            crowd: 20,
            sockets: Sockets::ByParameter,
            program: Program::Deployed,
        }
    }

    /// Where what it sends by mail lies.
    pub fn mails(&self) -> PathBuf {
        match &self.program {
            Program::Local(local) => local.mails(),
            Program::Functions(functions) => functions.mails(),
            Program::Deployed => panic!("a stack's mails are sent"),
        }
    }

    /// The URL of the socket at this path, which may have a query.
    pub fn ws(&self, path: &str) -> String {
        let Sockets::ByParameter = self.sockets else {
            return format!("{}{path}", self.http.replace("http", "ws"));
        };
        let (path, query) = path.split_once('?').unwrap_or((path, ""));
        let mut url: Url = self.feed.parse().unwrap();
        url.set_query(Some(query).filter(|query| !query.is_empty()));
        url.query_pairs_mut().append_pair("path", path);
        url.into()
    }

    /// How a socket is refused here: by a close code and its name, or by a status.
    pub fn refusal(&self, status: u16, code: u16, name: &str) -> Refusal {
        match self.sockets {
            Sockets::ByPath => Refusal::Close(code, name.to_owned()),
            Sockets::ByParameter => Refusal::Status(status),
        }
    }

    /// How endpoints are named here.
    pub fn sockets(&self) -> Sockets {
        self.sockets
    }

    /// Whether handlers and gateway are one process: sockets can then be closed with any code, and nothing has to start first.
    pub fn is_one_process(&self) -> bool {
        matches!(self.program, Program::Local(_))
    }

    /// A command of the program local-dev on its data, as somebody types it at a terminal.
    pub fn at_a_terminal(&self, words: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_local-dev"));
        command.args(words);
        match &self.program {
            Program::Local(local) => command.arg("--store").arg(local.store()),
            Program::Functions(functions) => functions.name_table(&mut command),
            // The environment names endpoint and credentials, as for AWS's own tools.
            Program::Deployed => command.args(["--table", &variable("STACK_TABLE")]),
        };
        command
    }

    /// Ends it; answers what it has logged, where that is one log.
    pub fn stop(self) -> Option<String> {
        match self.program {
            Program::Local(local) => Some(local.stop().1),
            Program::Functions(_) | Program::Deployed => None,
        }
    }

    /// Fails unless so many uploads lie in its store. Where others upload at the same time nobody can tell.
    pub fn assert_stores(&self, files: usize, after: &str) {
        let stored = match &self.program {
            Program::Local(local) => local.stored_files(),
            Program::Functions(functions) => functions.stored_files(),
            Program::Deployed => return,
        };
        assert_eq!(stored, files, "files after {after}");
    }
}

/// A text that nobody else says: others may be heard on the same feed.
pub fn unique(text: &str) -> String {
    static COUNT: AtomicU32 = AtomicU32::new(0);
    format!("{text}-{}-{}", std::process::id(), COUNT.fetch_add(1, Ordering::Relaxed))
}
