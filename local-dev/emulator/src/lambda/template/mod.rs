//! A SAM or CloudFormation template, read for what it wires to what.
//!
//! `document` is the template as a tree, `evaluation` what its functions (`!Ref`, `!Sub` …) come to here. The others each
//! read one kind of resource: `function_reader`, `socket_reader`, `http_reader`, `source_reader`, `queue_reader`.

mod addresses;
mod document;
mod error;
mod evaluation;
mod function_names;
mod function_reader;
mod http_reader;
mod properties;
mod queue_reader;
mod socket_reader;
mod source_reader;

use std::collections::BTreeMap;
use std::path::Path;

pub use self::addresses::Addresses;
use self::document::Document;
pub use self::error::TemplateError;
use self::evaluation::Evaluation;
pub use self::function_names::FunctionNames;
pub(in crate::lambda) use self::function_names::spellings;
use super::Wiring;

/// A template.
#[derive(Debug)]
pub struct Template(Document);

/// What a template comes to.
#[derive(Debug, Clone, PartialEq)]
pub struct Reading {
    /// What is wired to what.
    pub wiring: Wiring,
    /// What the template says that is not so here.
    pub warnings: Vec<String>,
}

impl Template {
    /// Reads a file, YAML or JSON.
    pub fn load(file: &Path) -> Result<Self, TemplateError> {
        let unreadable = |source| TemplateError::Unreadable { file: file.to_owned(), source };
        let source = std::fs::read_to_string(file).map_err(unreadable)?;
        Self::parse(&source)
    }

    /// Reads a text, YAML or JSON.
    pub fn parse(source: &str) -> Result<Self, TemplateError> {
        Document::parse(source).map(Self)
    }

    /// What it wires to what, with these values of its parameters.
    pub fn read(
        &self,
        parameters: &BTreeMap<String, String>,
        addresses: &Addresses,
        names: &FunctionNames,
    ) -> Result<Reading, TemplateError> {
        let evaluation = Evaluation::new(&self.0, parameters, addresses, names)?;
        let mut wiring = Wiring::default();
        function_reader::read(&evaluation, &mut wiring)?;
        queue_reader::read(&evaluation, &mut wiring)?;
        socket_reader::read(&evaluation, &mut wiring)?;
        http_reader::read(&evaluation, &mut wiring)?;
        source_reader::read(&evaluation, &mut wiring)?;
        Ok(Reading { wiring, warnings: evaluation.warnings() })
    }
}
