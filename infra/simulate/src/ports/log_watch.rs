//! Reads every line of the log: none may hold a secret.

use std::fmt::Write as _;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use tracing::field::{Field, Visit};
use tracing::span::{Attributes, Id, Record};
use tracing::{Event, Level, Metadata, Subscriber};

use crate::kernel::World;

/// How secrets begin: tokens by what they are, and whatever clients of the simulation call a secret by this word.
const SECRETS: [&str; 7] = ["eyJ", "pls_", "plr_", "plt_", "plv_", "plp_", CHOSEN];
/// What the secrets have in common that the simulation's people choose.
pub(crate) const CHOSEN: &str = "Zq7mopsig";

/// A subscriber that searches for secrets.
#[derive(Debug)]
pub(crate) struct LogWatch {
    world: Arc<World>,
    spans: AtomicU64,
}

impl LogWatch {
    pub(crate) fn new(world: Arc<World>) -> Self {
        Self { world, spans: AtomicU64::new(1) }
    }

    fn look_at(&self, level: Level, line: &Line) {
        if SECRETS.iter().any(|secret| line.0.contains(secret)) {
            self.world.violated("no line of the log holds a secret", format_args!("{}", line.0));
        }
        if level <= Level::WARN {
            self.world.note(format_args!("log {level}:{}", line.0));
        }
    }
}

/// A line of the log as a text.
#[derive(Default)]
struct Line(String);

impl Visit for Line {
    fn record_debug(&mut self, field: &Field, value: &dyn std::fmt::Debug) {
        // Writing to a text never fails.
        let _ = write!(self.0, " {field}={value:?}");
    }
}

impl Subscriber for LogWatch {
    fn enabled(&self, metadata: &Metadata<'_>) -> bool {
        metadata.target().starts_with("parlor")
    }

    fn new_span(&self, span: &Attributes<'_>) -> Id {
        let mut line = Line::default();
        span.record(&mut line);
        self.look_at(Level::TRACE, &line);
        Id::from_u64(self.spans.fetch_add(1, Ordering::Relaxed))
    }

    fn record(&self, _: &Id, values: &Record<'_>) {
        let mut line = Line::default();
        values.record(&mut line);
        self.look_at(Level::TRACE, &line);
    }

    fn record_follows_from(&self, _: &Id, _: &Id) {}

    fn event(&self, event: &Event<'_>) {
        let mut line = Line::default();
        event.record(&mut line);
        self.look_at(*event.metadata().level(), &line);
    }

    fn enter(&self, _: &Id) {}

    fn exit(&self, _: &Id) {}
}
