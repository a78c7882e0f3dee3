//! Real Lambda functions instead of the handlers in this process.

use std::path::PathBuf;

use clap::builder::BoolishValueParser;
use clap::{ArgAction, Args};

use super::web_address;

/// Real Lambda functions instead of the handlers in this process.
#[derive(Debug, Clone, Args)]
#[command(next_help_heading = "Lambda functions")]
pub struct FunctionOptions {
    /// Run a template's functions behind the gateway: a folder with FOLDER/NAME/bootstrap (cargo lambda build) or
    /// FOLDER/NAME (cargo build). NAME is Metadata.BuildProperties.Binary, FunctionName, the function's id in the template
    /// (EchoFunction, echo-function, echo_function) or the last part of its CodeUri.
    #[arg(long = "functions", env = "PARLOR_FUNCTIONS", value_name = "FOLDER", conflicts_with = "endpoint")]
    pub folder: Option<PathBuf>,
    /// Call a template's functions where they already run: `cargo lambda watch`, or whatever else answers Lambda's Invoke.
    #[arg(long = "lambda", env = "PARLOR_LAMBDA", value_name = "URL", value_parser = plain_url)]
    pub endpoint: Option<String>,
    /// The SAM or CloudFormation template that says what is wired to what.
    #[arg(long, env = "PARLOR_TEMPLATE", default_value = "template.yaml", value_name = "FILE")]
    pub template: PathBuf,
    /// Value of one of the template's parameters, NAME=VALUE; repeat for more.
    #[arg(long = "parameter", value_name = "NAME=VALUE", value_parser = assignment)]
    pub parameters: Vec<(String, String)>,
    /// The S3-compatible server of the functions' buckets. They, and you, reach it through a door that tells functions of
    /// new objects.
    #[arg(long, env = "AWS_ENDPOINT_URL_S3", value_name = "URL", value_parser = plain_url)]
    pub s3: Option<String>,
    /// Stand in for Parlor's CloudFront in front of the functions, too: its web pages, and sockets by path.
    #[arg(long, env = "PARLOR_EDGE", action = ArgAction::SetTrue, value_parser = BoolishValueParser::new())]
    pub edge: bool,
    /// Environment variable of all functions, NAME=VALUE, whatever the template says; repeat for more.
    #[arg(long = "env", value_name = "NAME=VALUE", value_parser = assignment)]
    pub variables: Vec<(String, String)>,
}

impl FunctionOptions {
    /// Whether there are functions to run or to call.
    pub fn is_wanted(&self) -> bool {
        self.folder.is_some() || self.endpoint.is_some()
    }
}

/// What we call ourselves is called without TLS.
fn plain_url(text: &str) -> Result<String, String> {
    let url = web_address::url(text)?;
    if url.starts_with("http://") { Ok(url) } else { Err("only plain http:// is spoken here".to_owned()) }
}

fn assignment(text: &str) -> Result<(String, String), String> {
    match text.split_once('=') {
        Some((name, value)) if !name.is_empty() => Ok((name.to_owned(), value.to_owned())),
        _ => Err("it is no NAME=VALUE".to_owned()),
    }
}
