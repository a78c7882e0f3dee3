//! The fields of a line of the log, as text. Names and errors come from anybody: no character of theirs begins another line,
//! or speaks to the terminal.

use std::error::Error;
use std::fmt::{self, Debug};

use tracing::field::{Field, Visit};
use tracing_subscriber::field::RecordFields;
use tracing_subscriber::fmt::FormatFields;
use tracing_subscriber::fmt::format::Writer;

/// Writes fields without control characters.
#[derive(Debug, Clone, Copy)]
pub(crate) struct LogFields;

impl<'writer> FormatFields<'writer> for LogFields {
    fn format_fields<R: RecordFields>(&self, writer: Writer<'writer>, fields: R) -> fmt::Result {
        let mut line = Line { writer, is_empty: true, written: Ok(()) };
        fields.record(&mut line);
        line.written
    }
}

/// A line that is being written.
struct Line<'writer> {
    writer: Writer<'writer>,
    is_empty: bool,
    written: fmt::Result,
}

impl Line<'_> {
    fn write(&mut self, name: &str, value: &str) {
        let space = if std::mem::take(&mut self.is_empty) { "" } else { " " };
        let value = visible(value);
        self.written = self.written.and(match name {
            "message" => write!(self.writer, "{space}{value}"),
            name => write!(self.writer, "{space}{name}={value}"),
        });
    }
}

impl Visit for Line<'_> {
    fn record_debug(&mut self, field: &Field, value: &dyn Debug) {
        self.write(field.name().trim_start_matches("r#"), &format!("{value:?}"));
    }

    fn record_str(&mut self, field: &Field, value: &str) {
        match field.name() {
            "message" => self.write("message", value),
            _ => self.record_debug(field, &value),
        }
    }

    /// With all that led to it.
    fn record_error(&mut self, field: &Field, value: &(dyn Error + 'static)) {
        self.write(field.name(), &value.to_string());
        let causes = std::iter::successors(value.source(), |&cause| cause.source());
        let causes: Vec<String> = causes.map(ToString::to_string).collect();
        if !causes.is_empty() {
            self.write(&format!("{}.sources", field.name()), &format!("[{}]", causes.join(", ")));
        }
    }
}

/// Control characters as they would be escaped in a program, and so those that turn the direction of a text.
fn visible(text: &str) -> String {
    let is_harmful =
        |c: char| c.is_control() || matches!(c, '\u{2028}'..='\u{202E}' | '\u{2066}'..='\u{2069}');
    let mut shown = String::with_capacity(text.len());
    for c in text.chars() {
        if is_harmful(c) { shown.extend(c.escape_default()) } else { shown.push(c) }
    }
    shown
}

#[cfg(test)]
mod tests {
    use std::io;
    use std::sync::{Arc, Mutex, PoisonError};

    use super::*;

    #[derive(Clone, Default)]
    struct Kept(Arc<Mutex<Vec<u8>>>);

    impl io::Write for Kept {
        fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
            self.0.lock().unwrap_or_else(PoisonError::into_inner).extend_from_slice(bytes);
            Ok(bytes.len())
        }

        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }

    fn logged(say: impl FnOnce()) -> String {
        let kept = Kept::default();
        let writer = kept.clone();
        let subscriber = tracing_subscriber::fmt()
            .fmt_fields(LogFields)
            .with_ansi(false)
            .with_target(false)
            .without_time()
            .with_writer(move || writer.clone())
            .finish();
        tracing::subscriber::with_default(subscriber, say);
        let bytes = kept.0.lock().unwrap_or_else(PoisonError::into_inner).clone();
        String::from_utf8(bytes).unwrap()
    }

    #[test]
    fn no_name_begins_another_line_or_speaks_to_the_terminal() {
        let name = "a.txt\n2026-01-01 ERROR forged\r\u{1b}[2J\u{9b}\u{202e}";
        let escaped = "a.txt\\n2026-01-01 ERROR forged\\r\\u{1b}[2J\\u{9b}\\u{202e}";
        let line = logged(|| tracing::info!(file = %name, name, "{name}"));
        assert_eq!(line.matches(escaped).count(), 3, "{line}");
        assert_eq!(line.trim_end().lines().count(), 1, "{line}");
        assert!(!line.trim_end().chars().any(char::is_control), "{line:?}");
        let span = logged(|| tracing::info_span!("request", path = %name).in_scope(|| tracing::info!("x")));
        assert!(span.contains(escaped) && span.lines().count() == 1, "{span}");
    }

    #[test]
    fn an_error_is_told_with_what_led_to_it() {
        let error = io::Error::other(io::Error::other("deep\ndown"));
        let line = logged(|| tracing::warn!(error = &error as &dyn Error, count = 2, "it failed"));
        assert!(line.contains("it failed error=deep\\ndown"), "{line}");
        assert!(line.contains("count=2"), "{line}");
    }
}
