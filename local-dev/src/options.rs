//! What can be chosen on the command line, or by environment variables of the same names.

mod command;
mod functions;
mod providers;
mod web_address;

use std::fmt;
use std::path::PathBuf;

pub use self::command::{AdminCommand, Command, CreateAdmin, KeysCommand, Place};
pub use self::functions::FunctionOptions;
pub use self::providers::ProviderOptions;
use clap::builder::{BoolishValueParser, Resettable};
use clap::{Arg, ArgAction, Args, CommandFactory as _, FromArgMatches as _, Parser, ValueEnum};
use parlor::domain::outbound::Reach;

/// Parlor on your laptop: accounts, rooms, watching together, a broadcast feed and media. All data is in one folder.
///
/// Connect a WebSocket client to the feed, drop text files into the drop folder, upload and download media over HTTP. The
/// same handlers run on AWS as Lambda functions. With --functions or --lambda, real Lambda functions answer instead: those of
/// Parlor or of any other SAM template.
#[derive(Debug, Clone, Parser)]
#[command(name = "local-dev", version, max_term_width = 100, args_override_self = true)]
pub struct Options {
    /// What to do instead of serving.
    #[command(subcommand)]
    pub command: Option<Command>,
    /// Where to listen.
    #[command(flatten)]
    pub network: Network,
    /// What to keep, and how.
    #[command(flatten)]
    pub storage: Storage,
    /// Real Lambda functions instead of the handlers in this process.
    #[command(flatten)]
    pub functions: FunctionOptions,
    /// Who vouches for people besides us.
    #[command(flatten)]
    pub providers: ProviderOptions,
    /// How the server behaves.
    #[command(flatten)]
    pub behaviour: Behaviour,
    /// What to say.
    #[command(flatten)]
    pub logging: Logging,
}

impl Options {
    /// What this process was told. Ends it with a message where that makes no sense.
    ///
    /// An environment variable that is empty counts as not set: so `.env` files and docker-compose write it.
    pub fn of_this_process() -> Self {
        let matches = Self::command().mut_args(without_empty_variable).get_matches();
        Self::from_arg_matches(&matches).unwrap_or_else(|error| error.exit())
    }
}

fn without_empty_variable(option: Arg) -> Arg {
    let value = option.get_env().and_then(std::env::var_os);
    if value.is_some_and(|value| value.is_empty()) { option.env(Resettable::Reset) } else { option }
}

/// Where to listen.
#[derive(Debug, Clone, Args)]
#[command(next_help_heading = "Network")]
pub struct Network {
    /// Port of the web page, the HTTP API and all sockets; 0 takes a free one.
    #[arg(long, env = "PARLOR_PORT", default_value_t = 8000)]
    pub port: u16,
    /// Port of the feed alone, whatever the path; 0 takes a free one.
    #[arg(long, env = "PARLOR_FEED_PORT", default_value_t = 8765)]
    pub feed_port: u16,
    /// Address to listen on, such as 0.0.0.0 for all [default: localhost, that is 127.0.0.1 and ::1].
    #[arg(long, env = "PARLOR_HOST")]
    pub host: Option<String>,
    /// Where clients reach this server [default: http://localhost:PORT, or the address of --host].
    #[arg(long, env = "PARLOR_PUBLIC_URL", value_name = "URL", value_parser = web_address::url)]
    pub public_url: Option<String>,
    /// Origin of a web page that may use this server; repeat for more. Every port of localhost may while the public URL is
    /// local.
    #[arg(long = "allow-origin", env = "PARLOR_ALLOW_ORIGIN", value_name = "ORIGIN", value_delimiter = ',',
          value_parser = web_address::origin)]
    pub allowed_origins: Vec<String>,
    /// Secret of a reverse proxy in front: with it, in the header Parlor-Edge-Secret, the proxy is believed what it writes
    /// into Parlor-Client-Address. At least 32 characters.
    #[arg(long, env = "PARLOR_EDGE_SECRET", value_name = "SECRET", hide_env_values = true)]
    pub edge_secret: Option<Hidden>,
}

/// A text that is not shown.
#[derive(Clone)]
pub struct Hidden(pub String);

impl fmt::Debug for Hidden {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Hidden").finish_non_exhaustive()
    }
}

impl From<String> for Hidden {
    fn from(text: String) -> Self {
        Self(text)
    }
}

/// What to keep, and how.
#[derive(Debug, Clone, Args)]
#[command(next_help_heading = "Storage")]
pub struct Storage {
    /// Folder of everything that lasts: accounts, media, dropped messages.
    #[arg(long, env = "PARLOR_STORE", default_value = "store", value_name = "FOLDER", global = true)]
    pub store: PathBuf,
    /// Also survive a power cut, not just a crash of this process: every write waits for the disk.
    #[arg(long, env = "PARLOR_DURABLE", action = ArgAction::SetTrue, value_parser = BoolishValueParser::new())]
    pub durable: bool,
    /// Largest file that is taken, in megabytes.
    #[arg(long, env = "PARLOR_MAX_UPLOAD_MB", default_value_t = 4096, value_name = "MB",
          value_parser = clap::value_parser!(u64).range(1..))]
    pub max_upload_mb: u64,
}

/// The folder, in that of everything that lasts, of what is sent by mail.
pub(crate) const MAILS: &str = "mail";

/// How the server behaves.
#[derive(Debug, Clone, Args)]
#[command(next_help_heading = "Behaviour")]
pub struct Behaviour {
    /// Seconds between two heartbeats on the feed.
    #[arg(long, env = "PARLOR_HEARTBEAT_SECONDS", default_value_t = 10, value_name = "SECONDS",
          value_parser = clap::value_parser!(u64).range(1..=60))]
    pub heartbeat_seconds: u64,
    /// Seconds that a watch room waits for a host who is gone.
    #[arg(long, env = "PARLOR_HOST_GRACE_SECONDS", default_value_t = 30, value_name = "SECONDS",
          value_parser = clap::value_parser!(u64).range(1..=86_400))]
    pub host_grace_seconds: u64,
    /// How a handshake is refused.
    #[arg(long, env = "PARLOR_REFUSE_WITH", value_enum, default_value_t = RefuseWith::Close)]
    pub refuse_with: RefuseWith,
    /// What becomes of $disconnect events, which AWS delivers with best effort only.
    #[arg(long, env = "PARLOR_DISCONNECTS", value_enum, default_value_t = DisconnectEvents::Deliver)]
    pub disconnects: DisconnectEvents,
    /// Whom this server calls: webhooks, and what is to be watched by its URL.
    #[arg(long, env = "PARLOR_REACH", value_enum, default_value_t = ReachOption::Public)]
    pub reach: ReachOption,
    /// Whether signing in, registering and the like are refused when done too often.
    #[arg(long, env = "PARLOR_RATE_LIMITS", value_enum, default_value_t = RateLimits::Keep)]
    pub rate_limits: RateLimits,
}

/// Whom this server calls.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum ReachOption {
    /// Addresses of the public internet alone, by https.
    Public,
    /// These and this very machine, by http, too: for tests and for developers.
    Loopback,
}

impl From<ReachOption> for Reach {
    fn from(option: ReachOption) -> Self {
        match option {
            ReachOption::Public => Self::Public,
            ReachOption::Loopback => Self::Loopback,
        }
    }
}

/// Whether what is done too often is refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum RateLimits {
    /// As on AWS, but for callers on this very machine, who are not counted by their address.
    Keep,
    /// Never: for tests that do in seconds what people do in days.
    Lift,
}

/// What becomes of `$disconnect` events.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum DisconnectEvents {
    /// They come at once.
    Deliver,
    /// They never come.
    Lose,
}

/// How a handshake is refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum RefuseWith {
    /// Open the socket and close it with a 4xxx code, which browsers can read.
    Close,
    /// Answer with an HTTP status, as API Gateway does.
    Status,
}

/// What to say.
#[derive(Debug, Clone, Args)]
#[command(next_help_heading = "Logging")]
pub struct Logging {
    /// What to log: error, warn, info, debug, trace, or a filter such as info,emulator=debug.
    #[arg(long, env = "PARLOR_LOG", default_value = "info", value_name = "FILTER")]
    pub log: String,
    /// How to log.
    #[arg(long, env = "PARLOR_LOG_FORMAT", value_enum, default_value_t = LogFormat::Text)]
    pub log_format: LogFormat,
}

/// How to log.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum LogFormat {
    /// Lines for a person.
    Text,
    /// A JSON object per line.
    Json,
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(options: &[&str]) -> Result<Options, String> {
        let command_line = ["local-dev"].iter().chain(options);
        Options::try_parse_from(command_line).map_err(|error| error.to_string())
    }

    #[test]
    fn the_command_line_is_well_formed() {
        Options::command().debug_assert();
    }

    #[test]
    fn nothing_need_be_said() {
        let options = parse(&[]).unwrap();
        assert_eq!((options.network.port, options.network.feed_port), (8000, 8765));
        assert_eq!(options.storage.store, PathBuf::from("store"));
        assert!(!options.storage.durable);
    }

    #[test]
    fn a_store_is_named_before_a_command_or_after_it() {
        let create = ["admin", "create", "--email", "ann@example.org"];
        for options in
            [[&["--store", "there"], &create[..]].concat(), [&create, &["--store", "there"][..]].concat()]
        {
            let options = parse(&options).unwrap();
            assert_eq!(options.storage.store, PathBuf::from("there"));
            let Some(Command::Admin(AdminCommand::Create(admin))) = options.command else {
                panic!("a command")
            };
            assert_eq!((admin.email.as_str(), admin.password_stdin), ("ann@example.org", false));
        }
        assert!(parse(&["admin"]).is_err() && parse(&["keys", "burn"]).is_err());
    }

    #[test]
    fn origins_are_taken_with_or_without_a_slash_one_by_one_or_as_a_list() {
        let options = parse(&[
            "--allow-origin",
            "https://a.test/,http://b.test:81",
            "--allow-origin",
            "http://[::1]:1",
        ]);
        let origins = options.unwrap().network.allowed_origins;
        assert_eq!(origins, ["https://a.test", "http://b.test:81", "http://[::1]:1"]);
    }

    #[test]
    fn functions_are_either_run_or_called() {
        let functions = |options| parse(options).map(|options| options.functions);
        let run = functions(&["--functions", "target/debug", "--env", "A=b=c", "--env", "D="]).unwrap();
        assert_eq!(run.variables, [("A".to_owned(), "b=c".to_owned()), ("D".to_owned(), String::new())]);
        assert!(run.is_wanted() && functions(&["--lambda", "http://localhost:9000/"]).unwrap().is_wanted());
        assert!(!functions(&[]).unwrap().is_wanted());
        assert!(functions(&["--functions", "x", "--lambda", "http://localhost:9000"]).is_err());
    }

    #[test]
    fn what_makes_no_sense_is_named_with_its_option() {
        let table = [
            ("--allow-origin", "app.example.org"),
            ("--allow-origin", "*"),
            ("--allow-origin", "https://a.test/path"),
            ("--public-url", "localhost:8000"),
            ("--public-url", "ftp://a.test"),
            ("--lambda", "https://a.test"),
            ("--env", "NAME"),
            ("--parameter", "=value"),
            ("--max-upload-mb", "0"),
            ("--heartbeat-seconds", "0"),
            ("--host-grace-seconds", "0"),
        ];
        for (option, value) in table {
            let said = parse(&[option, value]).unwrap_err();
            assert!(said.contains(option) && said.contains(value), "{said}");
        }
    }
}
