//! A SAM or CloudFormation template, read for what it wires to what.
//!
//! `tree` is YAML and JSON, `document` the template's sections, `evaluation` what its functions (`!Ref`, `!Sub` …) come to
//! here. `function_reader`, `socket_reader`, `http_reader`, `source_reader` and `queue_reader` each read one kind of resource.
//! `support` knows of every property of those whether it is honoured here, and says where it is not.

mod addresses;
mod api_parts;
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
mod support;
mod tree;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

pub use self::addresses::Addresses;
use self::document::Document;
pub use self::error::TemplateError;
use self::evaluation::Evaluation;
pub use self::function_names::FunctionNames;
use super::Wiring;

/// A template.
#[derive(Debug)]
pub struct Template {
    document: Document,
    /// What the paths in it are relative to.
    folder: PathBuf,
}

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
        let folder = file.parent().map(Path::to_owned).unwrap_or_default();
        Ok(Self { folder, ..Self::parse(&source)? })
    }

    /// Reads a text, YAML or JSON.
    pub fn parse(source: &str) -> Result<Self, TemplateError> {
        Ok(Self { document: Document::parse(source)?, folder: PathBuf::new() })
    }

    /// What it wires to what, with these values of its parameters.
    pub fn read(
        &self,
        parameters: &BTreeMap<String, String>,
        addresses: &Addresses,
        names: &FunctionNames,
    ) -> Result<Reading, TemplateError> {
        let evaluation = Evaluation::new(&self.document, parameters, addresses, names)?;
        let wiring = self.wiring(&evaluation)?;
        support::check(&evaluation);
        Ok(Reading { wiring, warnings: evaluation.warnings() })
    }

    fn wiring(&self, evaluation: &Evaluation<'_>) -> Result<Wiring, TemplateError> {
        let mut wiring = Wiring::default();
        function_reader::read(evaluation, &self.folder, &mut wiring)?;
        queue_reader::read(evaluation, &mut wiring)?;
        socket_reader::read(evaluation, &mut wiring)?;
        http_reader::read(evaluation, &mut wiring)?;
        source_reader::read(evaluation, &mut wiring)?;
        api_parts::strangers(evaluation);
        Ok(wiring)
    }
}
