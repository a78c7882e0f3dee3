//! What a function logs: a line of JSON for each event, on standard output, where Lambda takes it from.

use std::io;

use tracing::Subscriber;
use tracing_subscriber::filter::LevelFilter;
use tracing_subscriber::fmt::MakeWriter;

/// Set by Lambda from the function's `ApplicationLogLevel`.
const LOG_LEVEL: &str = "AWS_LAMBDA_LOG_LEVEL";

/// Logs from now on. There are no filters but the level: those that can name targets would bring a regular expression
/// engine along, which is larger than all of our own code.
pub fn init_telemetry() {
    let least = least(std::env::var(LOG_LEVEL).ok().as_deref());
    // Fails only where somebody logs already, which is as good.
    let _ = tracing::subscriber::set_global_default(lines(least, io::stdout));
}

/// Lines with a `level` and a `timestamp` (RFC 3339), under the names that Lambda looks for: it takes a line that lacks one
/// of them for INFO, and drops it where `ApplicationLogLevel` is higher.
fn lines<W>(least: LevelFilter, writer: W) -> impl Subscriber + Send + Sync
where
    W: for<'writer> MakeWriter<'writer> + Send + Sync + 'static,
{
    tracing_subscriber::fmt().json().with_target(false).with_max_level(least).with_writer(writer).finish()
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
    use std::sync::{Arc, Mutex};

    use serde_json::Value;

    use super::*;

    /// What was written, for all who hold it.
    #[derive(Clone, Default)]
    struct Written(Arc<Mutex<Vec<u8>>>);

    impl io::Write for Written {
        fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
            self.0.lock().unwrap().write(bytes)
        }

        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }

    #[test]
    fn a_line_names_its_level_and_its_time_as_lambda_reads_them() {
        let written = Written::default();
        let writer = written.clone();
        let subscriber = lines(LevelFilter::WARN, move || writer.clone());
        tracing::subscriber::with_default(subscriber, || {
            tracing::info!("hidden");
            tracing::warn!(job = "Tick", "shown");
        });
        let line: Value = serde_json::from_slice(&written.0.lock().unwrap()).unwrap();
        assert_eq!((&line["level"], &line["fields"]["message"]), (&"WARN".into(), &"shown".into()));
        let timestamp = line["timestamp"].as_str().expect("a timestamp");
        let shape = timestamp.replace(|c: char| c.is_ascii_digit(), "0");
        assert_eq!(shape, "0000-00-00T00:00:00.000000Z", "RFC 3339: {timestamp}");
    }

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
