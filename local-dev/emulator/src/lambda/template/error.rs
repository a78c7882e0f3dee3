//! What is wrong with a template.

use std::io;
use std::path::PathBuf;

/// A template cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum TemplateError {
    /// There is no such file, or it cannot be read.
    #[error("the template {} cannot be read", file.display())]
    Unreadable {
        /// Which one.
        file: PathBuf,
        /// Why not.
        source: io::Error,
    },
    /// It is neither YAML nor JSON, or no template.
    #[error("the template cannot be read: {0}")]
    Malformed(String),
    /// A parameter was given that it does not have.
    #[error("the template has no parameter {0}")]
    NoSuchParameter(String),
    /// Something in it cannot be made sense of.
    #[error("{place} of the template: {problem}")]
    Property {
        /// The resource and the property.
        place: String,
        /// What is the matter.
        problem: String,
    },
}

impl TemplateError {
    pub(super) fn at(place: impl Into<String>, problem: impl Into<String>) -> Self {
        Self::Property { place: place.into(), problem: problem.into() }
    }
}
