//! What can be chosen on the command line, or by environment variables of the same names.

use std::net::IpAddr;
use std::path::PathBuf;

use clap::{Args, Parser, ValueEnum};

/// Parlor on your laptop: accounts, rooms, a broadcast feed and media, with everything that lasts in one folder.
///
/// Connect a WebSocket client to the feed, drop text files into the drop folder, upload and download media over HTTP. The
/// same handlers run on AWS as Lambda functions.
#[derive(Debug, Clone, Parser)]
#[command(name = "local-dev", version, max_term_width = 100, args_override_self = true)]
pub struct Options {
    /// Where to listen.
    #[command(flatten)]
    pub network: Network,
    /// What to keep, and how.
    #[command(flatten)]
    pub storage: Storage,
    /// How the server behaves.
    #[command(flatten)]
    pub behaviour: Behaviour,
    /// What to say.
    #[command(flatten)]
    pub logging: Logging,
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
    /// Address to listen on, such as 0.0.0.0 for all [default: 127.0.0.1 and ::1].
    #[arg(long, env = "PARLOR_HOST")]
    pub host: Option<IpAddr>,
    /// Where clients reach this server [default: http://localhost:PORT].
    #[arg(long, env = "PARLOR_PUBLIC_URL", value_name = "URL")]
    pub public_url: Option<String>,
    /// Origin of a web page that may use this server; repeat for more. Every port of localhost may.
    #[arg(long = "allow-origin", env = "PARLOR_ALLOW_ORIGIN", value_name = "ORIGIN", value_delimiter = ',')]
    pub allowed_origins: Vec<String>,
}

/// What to keep, and how.
#[derive(Debug, Clone, Args)]
#[command(next_help_heading = "Storage")]
pub struct Storage {
    /// Folder of everything that lasts: accounts, media, dropped messages.
    #[arg(long, env = "PARLOR_STORE", default_value = "store", value_name = "FOLDER")]
    pub store: PathBuf,
    /// Also survive a power cut, not just a crash of this process: every write waits for the disk.
    #[arg(long, env = "PARLOR_DURABLE")]
    pub durable: bool,
    /// Largest file that is taken, in megabytes.
    #[arg(long, env = "PARLOR_MAX_UPLOAD_MB", default_value_t = 4096, value_name = "MB")]
    pub max_upload_mb: u64,
}

/// How the server behaves.
#[derive(Debug, Clone, Args)]
#[command(next_help_heading = "Behaviour")]
pub struct Behaviour {
    /// Seconds between two heartbeats on the feed.
    #[arg(long, env = "PARLOR_HEARTBEAT_SECONDS", default_value_t = 10, value_name = "SECONDS",
          value_parser = clap::value_parser!(u64).range(1..=60))]
    pub heartbeat_seconds: u64,
    /// How a handshake is refused.
    #[arg(long, env = "PARLOR_REFUSE_WITH", value_enum, default_value_t = RefuseWith::Close)]
    pub refuse_with: RefuseWith,
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
    /// What to log: error, warn, info, debug, trace, or a filter such as info,local_dev=debug.
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
    use clap::CommandFactory as _;

    use super::*;

    #[test]
    fn the_command_line_is_well_formed() {
        Options::command().debug_assert();
    }

    #[test]
    fn nothing_need_be_said() {
        let options = Options::parse_from(["local-dev"]);
        assert_eq!((options.network.port, options.network.feed_port), (8000, 8765));
        assert_eq!(options.storage.store, PathBuf::from("store"));
    }
}
