//! Runs local-dev in front of the template's functions, with a table and a bucket of their own, for a person to try.
//!
//! `cargo xtask functions` builds everything and starts this. Arguments: local-dev, the folder of the functions' binaries,
//! and whatever else local-dev is to be told.
#![expect(clippy::expect_used, reason = "what cannot start ends with the reason")]

use std::env;
use std::ffi::OsString;
use std::io::Write as _;
use std::process::Stdio;

use real_servers::{DynamoDbLocal, S3Server};
use tokio::io::{AsyncBufReadExt as _, BufReader};
use tokio::process::Command;

/// What local-dev says before the bucket's name.
const BUCKET: &str = "Bucket";

#[tokio::main]
async fn main() -> std::io::Result<()> {
    let database = DynamoDbLocal::start().await;
    let table = database.make_table().await;
    let s3 = S3Server::start().await;
    // Ctrl-C reaches local-dev, too, which ends in good order; we end after it.
    let _interrupted = tokio::spawn(tokio::signal::ctrl_c());
    let mut child = local_dev(&database, &table, &s3).spawn()?;
    let mut lines = BufReader::new(child.stdout.take().expect("a pipe")).lines();
    while let Some(line) = lines.next_line().await? {
        if let Some(bucket) = line.trim().strip_prefix(BUCKET) {
            s3.make_bucket(bucket.trim());
        }
        writeln!(std::io::stdout(), "{line}")?;
    }
    child.wait().await.map(drop)
}

fn local_dev(database: &DynamoDbLocal, table: &str, s3: &S3Server) -> Command {
    let mut arguments = env::args_os().skip(1);
    let (program, folder) = (arguments.next(), arguments.next());
    let mut command = Command::new(program.expect("the path of local-dev"));
    command.arg("--functions").arg(folder.expect("the folder of the functions")).arg("--edge");
    command.args(["--s3", s3.endpoint(), "--env", &format!("TABLE_NAME={table}")]);
    command.args(["--parameter", "MailFrom=parlor@localhost"]);
    command.args(arguments.collect::<Vec<OsString>>());
    command.env("AWS_ENDPOINT_URL_DYNAMODB", database.endpoint()).env("AWS_REGION", S3Server::REGION);
    command.env("AWS_ACCESS_KEY_ID", S3Server::ACCESS_KEY).env("AWS_SECRET_ACCESS_KEY", S3Server::SECRET_KEY);
    command.stdout(Stdio::piped()).kill_on_drop(true);
    command
}
