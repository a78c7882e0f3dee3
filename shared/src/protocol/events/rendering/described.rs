//! What clients hear, described: from the same table as the events themselves.

use utoipa::openapi::RefOr;
use utoipa::openapi::schema::Schema;
use utoipa::{PartialSchema, ToSchema};

use crate::protocol::Dialect;
use crate::protocol::events::action::Action;

/// A type of event.
#[derive(Clone)]
pub struct EventShape {
    /// Its type.
    pub name: &'static str,
    /// What has happened, in a sentence.
    pub about: String,
    /// Who is told.
    pub dialects: &'static [Dialect],
    /// Its fields beside the type.
    pub schema: RefOr<Schema>,
    /// What that refers to, by name.
    pub parts: Vec<(String, RefOr<Schema>)>,
}

impl EventShape {
    /// An event whose fields are those of a type, with the lines of its comment.
    pub(in crate::protocol::events) fn of<T: ToSchema>(
        name: &'static str,
        comment: &[&str],
        dialects: &'static [Dialect],
    ) -> Self {
        let mut parts = Vec::new();
        T::schemas(&mut parts);
        let about = comment.iter().map(|line| line.trim()).collect::<Vec<_>>().join(" ");
        Self { name, about, dialects, schema: <T as PartialSchema>::schema(), parts }
    }

    /// What apps whose rooms are numbers get in the place of some events.
    pub fn action() -> Self {
        Self::of::<Action<'static>>(
            "action",
            &["What somebody does, for apps whose rooms are numbers."],
            &[Dialect::Numbered],
        )
    }
}
