//! What a function logs: a line of JSON for each event, on standard output, where Lambda takes it from.

use std::io;

use tracing_subscriber::filter::LevelFilter;

/// Set by Lambda from the function's `ApplicationLogLevel`.
const LOG_LEVEL: &str = "AWS_LAMBDA_LOG_LEVEL";

/// Logs from now on. There are no filters but the level: those that can name targets would bring a regular expression
/// engine along, which is larger than all of our own code.
pub fn init_telemetry() {
    let least = least(std::env::var(LOG_LEVEL).ok().as_deref());
    let lines = tracing_subscriber::fmt().json().without_time().with_target(false);
    // Fails only where somebody logs already, which is as good.
    let _ =
        tracing::subscriber::set_global_default(lines.with_max_level(least).with_writer(io::stdout).finish());
}

/// The least that is logged: what Lambda's level means to us.
fn least(level: Option<&str>) -> LevelFilter {
    match level.map(str::to_ascii_uppercase).as_deref() {
        Some("TRACE") => LevelFilter::TRACE,
        Some("DEBUG") => LevelFilter::DEBUG,
        Some("WARN") => LevelFilter::WARN,
        Some("ERROR" | "FATAL") => LevelFilter::ERROR,
        _ => LevelFilter::INFO,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_level_that_lambda_knows_is_understood() {
        let levels = ["TRACE", "DEBUG", "INFO", "WARN", "ERROR", "FATAL"].map(|level| least(Some(level)));
        let [trace, debug, info, warn, error, fatal] = levels;
        assert!(trace > debug && debug > info && info > warn && warn > error && error == fatal);
        assert_eq!(least(Some("warn")), warn);
    }

    #[test]
    fn without_a_level_that_is_understood_the_log_says_what_matters_and_no_more() {
        assert_eq!([least(None), least(Some("")), least(Some("parlor=trace"))], [LevelFilter::INFO; 3]);
    }
}
