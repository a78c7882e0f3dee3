//! The log: on standard error, so that what is meant for a person stays alone on standard output.

mod log_fields;

use std::io::{self, IsTerminal as _};

use tracing_subscriber::EnvFilter;

use self::log_fields::LogFields;
use crate::options::{LogFormat, Logging};

/// Why logging could not be set up.
#[derive(Debug, thiserror::Error)]
pub enum TelemetryError {
    /// `--log` makes no sense.
    #[error("--log cannot be read: {0}")]
    Filter(#[from] tracing_subscriber::filter::ParseError),
    /// Somebody else has set it up.
    #[error("logging is set up already")]
    SetUpAlready,
}

/// Starts to log as the options say.
pub fn start(logging: &Logging) -> Result<(), TelemetryError> {
    let filter = EnvFilter::try_new(&logging.log)?;
    let builder = tracing_subscriber::fmt().with_env_filter(filter).with_writer(io::stderr);
    let started = match logging.log_format {
        LogFormat::Text => {
            let builder = builder.fmt_fields(LogFields).with_ansi(io::stderr().is_terminal());
            builder.with_target(false).try_init()
        }
        LogFormat::Json => builder.json().flatten_event(true).try_init(),
    };
    started.map_err(|_| TelemetryError::SetUpAlready)
}
